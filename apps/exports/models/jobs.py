"""A table somebody asked to take away, and how far its file is."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

UNFINISHED = ("asked", "running")
STATES = (*UNFINISHED, "done", "cancelled", "failed", "expired")


class ExportJob(models.Model):
    """`state`: asked → running → done → expired; or cancelled, or failed with `refusal`.

    Who works on it holds `attempt` and touches the row with every page (`touched_at`): one that was left behind is
    begun anew with the next attempt, and the old worker finds that it is no longer its own. `mark`: how far a file that
    grows line by line has come (services/resuming.py), null where it must be begun anew. `size` is bytes; `sha256` is
    the file's. `period`: which moment of a row lies between `first` and `last`. `language`: that of its words.
    """

    public_id = models.CharField(max_length=32, unique=True)
    source = models.CharField(max_length=30)
    form = models.CharField(max_length=8)
    period = models.CharField(max_length=12)
    first = models.DateField()
    last = models.DateField()
    columns = ArrayField(models.CharField(max_length=30))
    language = models.CharField(max_length=12)
    state = models.CharField(max_length=12, default="asked")
    attempt = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    mark = models.JSONField(null=True)
    total = models.PositiveIntegerField(default=0)
    refusal = models.CharField(max_length=400, blank=True)
    path = models.CharField(max_length=200, blank=True)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    downloads = models.PositiveIntegerField(default=0)
    asked_by = models.CharField(max_length=40)
    asked_name = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="exportjob_state_is_known"),
            models.CheckConstraint(
                condition=~Q(state="done") | (~Q(path="") & ~Q(sha256="") & Q(expires_at__isnull=False)),
                name="exportjob_done_has_its_file",
            ),
        ]
        indexes = [
            models.Index(fields=["asked_by", "-id"], name="exportjob_of_a_person"),
            models.Index(fields=["touched_at"], name="exportjob_unfinished", condition=Q(state__in=UNFINISHED)),
            models.Index(fields=["expires_at"], name="exportjob_with_file", condition=Q(state="done")),
        ]
