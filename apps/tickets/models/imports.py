"""A file of reports that somebody brought, and how far it is taken in."""

from django.db import models
from django.db.models import Q

STATES = ("read", "waiting", "writing", "done", "refused")


class Import(models.Model):
    """`state`: read (shown, nothing written) → waiting → writing → done; or refused, with `refusal`.

    `rows` is what was read, until somebody decides; `chosen` what is to be opened, until it is. `opened` and `refused`
    say what came of each row: [row, ticket number, public id] and [row, sentence]. The file itself is not kept, and no
    name or number stays here once the tickets stand.
    """

    public_id = models.CharField(max_length=32, unique=True)
    state = models.CharField(max_length=12, default="read")
    name = models.CharField(max_length=120)
    fingerprint = models.CharField(max_length=64)
    heads = models.JSONField(default=dict)
    rows = models.JSONField(default=list)
    chosen = models.JSONField(default=list)
    opened = models.JSONField(default=list)
    refused = models.JSONField(default=list)
    refusal = models.CharField(max_length=400, blank=True)
    total = models.PositiveIntegerField(default=0)
    language = models.CharField(max_length=12)
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    touched_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="ticketimport_state_is_known"),
            models.UniqueConstraint(
                fields=["fingerprint"], condition=~Q(state="read"), name="ticketimport_each_file_is_taken_in_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["touched_at"], name="ticketimport_unfinished", condition=Q(state__in=("waiting", "writing"))
            ),
        ]

    @property
    def settled(self) -> int:
        """Rows that are opened or will not be."""
        return len(self.opened) + len(self.refused)
