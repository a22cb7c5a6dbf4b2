"""What people write to the account and what it answers: taken in once, answered by a small outbox, counted."""

from django.db import models
from django.db.models import Q

from apps.wechat.models.accounts import WxAccount


class Heard(models.Model):
    """A callback that had its effect here. Written in the same transaction, so the effect happens once.

    `cause` is the inbox row's own name of the callback. Kept longer than the inbox keeps what is done.
    """

    cause = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()


class ChatAnswer(models.Model):
    """A customer-service message (客服消息) to one person, written with what caused it and sent later by a worker.

    WeChat knows no repetition of these: whose answer got lost on the way is `unknown` and never sent again.
    Outside its window (`expires_at`, WeChat's 45015 and 45047) it is `dropped` with the reason.
    """

    STATES = ("pending", "sending", "sent", "dropped", "unknown")

    account = models.ForeignKey(WxAccount, on_delete=models.CASCADE, related_name="+", db_index=False)
    openid = models.CharField(max_length=64)
    cause = models.CharField(max_length=64, unique=True)
    about = models.CharField(max_length=20)
    text = models.CharField(max_length=1000)
    status = models.CharField(max_length=8, default="pending")
    reason = models.CharField(max_length=30, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=("pending", "sending", "sent", "dropped", "unknown")),
                name="chatanswer_status_is_known",
            )
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], name="chatanswer_waiting", condition=Q(status__in=("pending", "sending"))
            ),
            models.Index(fields=["account", "openid"], name="chatanswer_of_person"),
        ]


class Tally(models.Model):
    """How often something happened on a day in Shanghai: a menu page opened (`view`), a code scanned (`scan`)."""

    account = models.ForeignKey(WxAccount, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=128)
    day = models.DateField()
    times = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "kind", "name", "day"], name="tally_once_per_day")]


class TakenMedia(models.Model):
    """A picture at WeChat, named by its sum: whoever names it first has it; `photo` once it is kept here."""

    account = models.ForeignKey(WxAccount, on_delete=models.CASCADE, related_name="+", db_index=False)
    media_sum = models.CharField(max_length=64)
    whom = models.CharField(max_length=40)
    photo = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "media_sum"], name="takenmedia_once")]
