"""Reports by mail: what is sent when to whom, each period that was sent, and a letter for each who gets it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from apps.exports.models.jobs import ExportJob

RULES = ("yesterday", "last_week", "last_month")
SCHEDULE_STATES = ("active", "paused", "removed")
MAILING_STATES = ("making", "sending", "sent", "failed")
LETTER_STATES = ("waiting", "sending", "sent", "failed", "unsure")


class MailAddress(models.Model):
    """Where mail reaches somebody of the staff; entered by the branch's administrator."""

    user_id = models.BigIntegerField(unique=True)
    address = models.EmailField(max_length=254)
    changed_by = models.CharField(max_length=40)
    changed_at = models.DateTimeField()


class Schedule(models.Model):
    """A table that goes out again and again. `rule`: which days it has; `day`: of the week (1–7) or month (1–28),
    0 every day; `minute` of the branch's day. `next_at` is null unless active. `trouble`: why it stands still.

    `staff`: user ids. `outside`: addresses of nobody here. Who left is in neither any more.
    """

    public_id = models.CharField(max_length=32, unique=True)
    source = models.CharField(max_length=30)
    form = models.CharField(max_length=8)
    period = models.CharField(max_length=12)
    rule = models.CharField(max_length=12)
    day = models.PositiveSmallIntegerField(default=0)
    minute = models.PositiveSmallIntegerField()
    columns = ArrayField(models.CharField(max_length=30))
    language = models.CharField(max_length=12)
    staff = ArrayField(models.BigIntegerField(), default=list)
    outside = ArrayField(models.EmailField(max_length=254), default=list)
    state = models.CharField(max_length=8, default="active")
    trouble = models.CharField(max_length=400, blank=True)
    next_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    asked_by = models.CharField(max_length=40)
    asked_name = models.CharField(max_length=60)
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SCHEDULE_STATES), name="schedule_state_is_known"),
            models.CheckConstraint(condition=Q(rule__in=RULES), name="schedule_rule_is_known"),
            models.CheckConstraint(
                condition=Q(state="active", next_at__isnull=False) | ~Q(state="active") & Q(next_at__isnull=True),
                name="schedule_active_has_its_next",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="schedule_due", condition=Q(state="active")),
            models.Index(fields=["asked_by", "-id"], name="schedule_of_a_person"),
        ]


class Mailing(models.Model):
    """One period of a schedule: made and sent once, never twice."""

    schedule = models.ForeignKey(Schedule, on_delete=models.PROTECT, related_name="mailings", db_index=False)
    first = models.DateField()
    last = models.DateField()
    export = models.ForeignKey(ExportJob, null=True, on_delete=models.SET_NULL, related_name="mailings")
    state = models.CharField(max_length=8, default="making")
    refusal = models.CharField(max_length=400, blank=True)
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["schedule", "first", "last"], name="mailing_once_for_a_period"),
            models.CheckConstraint(condition=Q(state__in=MAILING_STATES), name="mailing_state_is_known"),
        ]
        indexes = [
            models.Index(fields=["id"], name="mailing_unfinished", condition=Q(state__in=("making", "sending"))),
            models.Index(fields=["schedule", "-id"], name="mailing_newest"),
        ]


class Letter(models.Model):
    """A mailing's letter to one address. `user_id`: of the staff; null outside.

    waiting → sending → sent; back to waiting after a fault that passes, failed after one that does not, or the last
    try. `unsure`: the line broke after the letter was handed over: it may have arrived, and is not sent again.
    """

    public_id = models.CharField(max_length=32, unique=True)
    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="letters", db_index=False)
    user_id = models.BigIntegerField(null=True, db_index=True)
    address = models.EmailField(max_length=254)
    state = models.CharField(max_length=8, default="waiting")
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=400, blank=True)
    touched_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailing", "address"], name="letter_once_to_an_address"),
            models.CheckConstraint(condition=Q(state__in=LETTER_STATES), name="letter_state_is_known"),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], name="letter_to_send", condition=Q(state__in=("waiting", "sending"))),
        ]
