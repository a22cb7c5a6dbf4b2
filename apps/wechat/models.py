"""A branch's service account, who is known to it, and every card that was to be sent."""

from django.db import models
from django.db.models import Q

SEALED = ("app_secret", "token", "aes_key", "previous_aes_key")


class WxAccount(models.Model):
    """A verified service account (服务号) of this branch. The four secrets are sealed: see vault.py.

    `templates` maps our card to WeChat's template: {card: {"template_id", "title", "keywords": {fact: "thing2"}}};
    `broken` in an entry keeps the number that switched it off. While `paused_until` lies ahead nothing is sent.
    """

    appid = models.CharField(max_length=40, unique=True)
    original_id = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    app_secret = models.TextField()
    token = models.TextField()
    aes_key = models.TextField()
    previous_aes_key = models.TextField(blank=True)
    templates = models.JSONField(default=dict, blank=True)
    enabled = models.BooleanField(default=True)
    paused_until = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=240, blank=True)

    def __str__(self) -> str:
        return self.name


class Known(models.Model):
    """Somebody known to an account by an openid, which means nothing under any other account.

    `followed` is what WeChat told last, at `follow_seen_at` (its own clock, so late events change nothing).
    `refused` keeps until when a template is not tried, by template id.
    """

    account = models.ForeignKey(WxAccount, on_delete=models.CASCADE, related_name="+")
    openid = models.CharField(max_length=64)
    followed = models.BooleanField(default=True)
    follow_seen_at = models.DateTimeField(null=True)
    refused = models.JSONField(default=dict, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class StaffBinding(Known):
    """A member of staff reads cards and signs in by WeChat. One person and one openid to each other."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "openid"], name="staffbinding_openid_once"),
            models.UniqueConstraint(fields=["account", "user"], name="staffbinding_person_once"),
        ]


class CustomerIdentity(Known):
    """A customer as WeChat knows them, made at the first visit."""

    customer = models.ForeignKey("people.Customer", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "openid"], name="customeridentity_openid_once")]


class Status(models.TextChoices):
    """pending → sending → accepted → delivered | blocked | failed | unknown; → skipped; → expired."""

    PENDING = "pending"
    SENDING = "sending"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    BLOCKED = "blocked"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"
    EXPIRED = "expired"


class PushOutbox(models.Model):
    """One card for one person, decided with the event that caused it and sent later by a worker.

    `round` is the wave's for a card of a wave, the ticket's version for the others. `payload` holds the facts;
    the template is looked up when it is sent. `sent_at` is when the card may first have reached WeChat: from
    then on it may only be repeated with the same `client_msg_id`, and only for eight minutes.
    """

    public_id = models.CharField(max_length=16, unique=True)
    account = models.ForeignKey(WxAccount, null=True, on_delete=models.PROTECT, related_name="+")
    ticket = models.CharField(max_length=16)
    round = models.PositiveIntegerField()
    recipient = models.CharField(max_length=40)
    technician = models.ForeignKey("people.Technician", null=True, on_delete=models.CASCADE, related_name="+")
    customer = models.ForeignKey("people.Customer", null=True, on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=16, default="wx_template")
    template_key = models.CharField(max_length=20)
    payload = models.JSONField(default=dict)
    client_msg_id = models.CharField(max_length=32, unique=True)

    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    reason = models.CharField(max_length=30, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)
    msgid = models.BigIntegerField(null=True)
    errcode = models.IntegerField(null=True)
    rid = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    receipt_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "template_key", "round", "recipient", "channel"], name="pushoutbox_once_per_person"
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="pushoutbox_status_is_known"),
            models.CheckConstraint(
                condition=~Q(status__in=["accepted", "delivered"]) | Q(msgid__isnull=False),
                name="pushoutbox_accepted_has_msgid",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], name="pushoutbox_waiting", condition=Q(status__in=["pending", "sending"])
            ),
            models.Index(fields=["account", "msgid"], name="pushoutbox_by_msgid", condition=Q(msgid__isnull=False)),
        ]


class Receipt(models.Model):
    """WeChat's word about a card (TEMPLATESENDJOBFINISH); it may come before we saved the card's number."""

    account = models.ForeignKey(WxAccount, on_delete=models.CASCADE, related_name="+")
    msgid = models.BigIntegerField()
    status = models.CharField(max_length=60)
    at = models.DateTimeField()
    joined = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "msgid"], name="receipt_once_per_message")]
        indexes = [models.Index(fields=["at"], name="receipt_orphan", condition=Q(joined=False))]
