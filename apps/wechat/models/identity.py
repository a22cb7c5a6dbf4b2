"""How somebody proves who they are, and is forgotten again: one-time codes, QR scenes, consents, drafts."""

from django.db import models
from django.db.models import Q

from apps.wechat.models.accounts import WxAccount
from apps.wechat.models.people import CustomerIdentity


class Scene(models.Model):
    """A QR code of the account: its random `name` is all that WeChat and the paper know.

    `kind` says what it stands for: a `grid`, a `building` (label, address, point), a `technician`, or `bind`,
    a code on a member of staff's screen. `url` is what the code draws; a permanent one has no `expires_at`.
    """

    KINDS = ("grid", "building", "technician", "bind")

    account = models.ForeignKey(WxAccount, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=12)
    label = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=200, blank=True)
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)
    org_unit = models.ForeignKey("people.OrgUnit", null=True, on_delete=models.CASCADE, related_name="+")
    technician = models.ForeignKey("people.Technician", null=True, on_delete=models.CASCADE, related_name="+")
    url = models.CharField(max_length=200, blank=True)
    expires_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=("grid", "building", "technician", "bind")), name="scene_kind_is_known"
            )
        ]


class BindCode(models.Model):
    """One try to bind a person's WeChat: shown to the signed-in person, claimed by a phone, confirmed on both sides.

    Only the sum of the code is kept. `openid` is the phone that claimed it; bound once `person_agreed_at` and
    `phone_agreed_at` both stand there. A code is good once, for ten minutes, for five wrong tries.
    """

    account = models.ForeignKey(WxAccount, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+", db_index=False)
    code_sum = models.CharField(max_length=64, unique=True)
    scene = models.OneToOneField(Scene, null=True, on_delete=models.CASCADE, related_name="bind_code")
    openid = models.CharField(max_length=64, blank=True)
    claimed_at = models.DateTimeField(null=True)
    person_agreed_at = models.DateTimeField(null=True)
    phone_agreed_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-made_at"], name="bindcode_newest")]


class PhoneCode(models.Model):
    """A customer proves that a phone number is theirs: a code by SMS, good once, ten minutes, five tries."""

    identity = models.ForeignKey(CustomerIdentity, on_delete=models.CASCADE, related_name="+", db_index=False)
    phone = models.CharField(max_length=20)
    code_sum = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["identity", "-made_at"], name="phonecode_newest")]


class Consent(models.Model):
    """Somebody agreed to a use of personal data (PIPL): which text, when, and when it was taken back.

    `who` is the actor's name in the journal (`customer:7`, `staff:3`); `purpose`: `location`, `place_once`, `phone`.
    """

    who = models.CharField(max_length=40)
    purpose = models.CharField(max_length=20)
    version = models.CharField(max_length=20)
    text_sum = models.CharField(max_length=64)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["who", "purpose", "-given_at"], name="consent_newest")]


class Draft(models.Model):
    """A report begun by writing to the account: words, a place, pictures, until it is sent as a form.

    `lat`/`lng` as received, in `datum`. Sent or a day old it is gone.
    """

    identity = models.OneToOneField(CustomerIdentity, on_delete=models.CASCADE, related_name="draft")
    public_id = models.CharField(max_length=16, unique=True)
    text = models.CharField(max_length=500, blank=True)
    address = models.CharField(max_length=200, blank=True)
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)
    datum = models.CharField(max_length=8, blank=True)
    media = models.JSONField(default=list, blank=True)
    scene = models.ForeignKey(Scene, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)


class WrongTry(models.Model):
    """Somebody typed a code that is none. Only a keyed sum says who it was; after a day it is gone."""

    who_sum = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["who_sum", "-at"], name="wrongtry_lately")]


class Erasure(models.Model):
    """A WeChat that was unbound or is to be forgotten: the sweep removes what stands about it, then this row.

    `technician` and `customer` say whose cards went there.
    """

    account = models.ForeignKey(WxAccount, on_delete=models.CASCADE, related_name="+", db_index=False)
    openid = models.CharField(max_length=64)
    technician = models.ForeignKey("people.Technician", null=True, on_delete=models.CASCADE, related_name="+")
    customer = models.ForeignKey("people.Customer", null=True, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "openid"], name="erasure_once")]


class DataRequest(models.Model):
    """A customer asks to be forgotten. The branch's administrator sees it and does it."""

    customer = models.ForeignKey("people.Customer", on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], name="datarequest_open_once", condition=Q(done_at__isnull=True)
            )
        ]
