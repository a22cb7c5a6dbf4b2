"""Every card that was to be sent, and WeChat's word about it."""

from django.db import models
from django.db.models import Q

from apps.wechat.models.accounts import WxAccount


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

    `round` is the wave's for a card of a wave, the ticket's version for the others; a card about no ticket goes to a
    member of `staff` and is counted by its day. `payload` holds the facts;
    the template is looked up when it is sent. `sent_at` is when the card may first have reached WeChat: from
    then on it may only be repeated with the same `client_msg_id`, and only for eight minutes; on a channel that
    does not know a repetition, never. At `watch_at` the sweep asks whether another channel must help
    (push/fallback.py); null: nothing to look for. `sent_as` is the message's name at WeCom or the SMS gateway,
    `msgid` WeChat's number. `consent` is the yes that this notice used up.
    """

    public_id = models.CharField(max_length=16, unique=True)
    account = models.ForeignKey(WxAccount, null=True, on_delete=models.PROTECT, related_name="+")
    ticket = models.CharField(max_length=16)
    round = models.PositiveIntegerField()
    recipient = models.CharField(max_length=40)
    technician = models.ForeignKey(
        "people.Technician", null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    staff = models.ForeignKey("accounts.User", null=True, on_delete=models.CASCADE, related_name="+")
    customer = models.ForeignKey("people.Customer", null=True, on_delete=models.CASCADE, related_name="+")
    instead_of = models.OneToOneField("self", null=True, on_delete=models.CASCADE, related_name="instead")
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
    sent_as = models.CharField(max_length=80, blank=True)
    consent = models.ForeignKey("NoticeConsent", null=True, on_delete=models.SET_NULL, related_name="+")
    watch_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
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
                condition=~Q(status__in=["accepted", "delivered"], channel="wx_template") | Q(msgid__isnull=False),
                name="pushoutbox_card_has_msgid",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], name="pushoutbox_waiting", condition=Q(status__in=["pending", "sending"])
            ),
            models.Index(fields=["account", "msgid"], name="pushoutbox_by_msgid", condition=Q(msgid__isnull=False)),
            models.Index(fields=["watch_at"], name="pushoutbox_watched", condition=Q(watch_at__isnull=False)),
            models.Index(fields=["technician", "made_at"], name="pushoutbox_of_technician"),
        ]


class NoticeConsent(models.Model):
    """A customer said yes to one message of one kind (订阅通知): one consent, one message.

    Waiting while `used_at` is null. `card` is our card, `template_id` WeChat's; `ticket` is what the person looked at.
    """

    account = models.ForeignKey(WxAccount, on_delete=models.CASCADE, related_name="+", db_index=False)
    openid = models.CharField(max_length=64)
    template_id = models.CharField(max_length=64)
    card = models.CharField(max_length=20)
    ticket = models.CharField(max_length=16, blank=True)
    given_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "openid", "template_id", "given_at"], name="noticeconsent_once_per_tap"
            )
        ]
        indexes = [
            models.Index(
                fields=["account", "openid", "template_id"],
                name="noticeconsent_unused",
                condition=Q(used_at__isnull=True, withdrawn_at__isnull=True),
            )
        ]


class Receipt(models.Model):
    """WeChat's word about a card (TEMPLATESENDJOBFINISH); it may come before we saved the card's number."""

    account = models.ForeignKey(WxAccount, on_delete=models.CASCADE, related_name="+", db_index=False)
    msgid = models.BigIntegerField()
    status = models.CharField(max_length=60)
    at = models.DateTimeField()
    joined = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "msgid"], name="receipt_once_per_message")]
        indexes = [models.Index(fields=["at"], name="receipt_orphan", condition=Q(joined=False))]
