"""A file somebody brought, and how far it is taken in."""

from django.db import models
from django.db.models import Q


class Import(models.Model):
    """`state`: waiting → reading → writing → done; or refused, with `wrong` (row, column, sentence) or `refusal`.

    `asked` is what was chosen beside the file, `facts` what came of it. The file stays for a week, to be marked.
    """

    STATES = ("waiting", "reading", "writing", "done", "refused")

    public_id = models.CharField(max_length=32, unique=True)
    what = models.CharField(max_length=12)
    state = models.CharField(max_length=12, default="waiting")
    name = models.CharField(max_length=120)
    path = models.CharField(max_length=200, blank=True)
    asked = models.JSONField(default=dict)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    wrong = models.JSONField(default=list)
    wrong_rows = models.PositiveIntegerField(default=0)
    refusal = models.CharField(max_length=400, blank=True)
    facts = models.JSONField(default=dict)
    language = models.CharField(max_length=12)
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    touched_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "reading", "writing", "done", "refused")),
                name="import_state_is_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["touched_at"],
                name="import_unfinished",
                condition=Q(state__in=("waiting", "reading", "writing")),
            ),
        ]
