"""The raw inbox of WeChat's callbacks. Public schema: a callback writes one row here and nothing else."""

from django.db import models
from django.db.models import Q


class Inbox(models.Model):
    """One callback of one branch's account; `dedupe` makes its repetitions the same row.

    Waiting while `done_at` is null; after MOST_TRIES attempts it is a dead letter, which blocks nobody.
    `outcome` is `done` or `ignored`.
    """

    appid = models.CharField(max_length=40)
    dedupe = models.CharField(max_length=64, unique=True)
    schema_name = models.CharField(max_length=63)
    payload = models.JSONField()
    received_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["schema_name", "next_try_at"], name="inbox_waiting", condition=Q(done_at__isnull=True))
        ]
