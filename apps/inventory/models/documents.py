"""The papers of stock: what is to move, who says so, how far it is. rules/documents.py has the kinds and states."""

from django.db import models
from django.db.models import Q

from apps.inventory.models.items import Batch, Item, Place
from apps.inventory.rules.documents import KINDS, STATES


class Document(models.Model):
    """A document with lines. `ticket` is the public id of the ticket it was written for; `follows` another document:
    the claim its transfer, the reversal what it takes back.

    `submitted_by` and `approved_by` are names of the journal and never the same; nor are, of what is handed over in
    two steps, `shipped_by` and `posted_by`.
    """

    number = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=16)
    state = models.CharField(max_length=12, default="draft")
    version = models.PositiveIntegerField(default=1)
    source = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    ticket = models.CharField(max_length=16, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    reversed_because = models.CharField(max_length=200, blank=True)
    origin = models.CharField(max_length=20, blank=True)
    follows = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followers")
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    submitted_by = models.CharField(max_length=40, blank=True)
    approved_by = models.CharField(max_length=40, blank=True)
    shipped_by = models.CharField(max_length=40, blank=True)
    shipped_at = models.DateTimeField(null=True)
    posted_by = models.CharField(max_length=40, blank=True)
    posted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=tuple(KINDS)), name="document_kind_is_known"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="document_state_is_known"),
            models.CheckConstraint(
                condition=Q(approved_by="") | ~Q(approved_by=models.F("submitted_by")),
                name="document_not_approved_by_who_submitted",
            ),
            models.CheckConstraint(
                condition=Q(shipped_by="") | ~Q(posted_by=models.F("shipped_by")),
                name="document_not_received_by_who_shipped",
            ),
        ]
        indexes = [
            models.Index(fields=["-made_at", "-id"], name="document_newest"),
            models.Index(fields=["ticket"], name="document_by_ticket", condition=~Q(ticket="")),
        ]

    def __str__(self) -> str:
        return self.number


class Line(models.Model):
    """So much of an item (of a drum). `unit_cost` is fen of one unit where the document names its own cost.

    `received` is what arrived of a transfer, null until its receiver has said so.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="lines", db_index=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="+")
    quantity = models.DecimalField(max_digits=12, decimal_places=2)
    unit_cost = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    received = models.DecimalField(max_digits=12, decimal_places=2, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "item", "batch"], name="line_once", nulls_distinct=False),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="line_quantity_is_positive"),
            models.CheckConstraint(
                condition=Q(received__isnull=True) | Q(received__gte=0, received__lte=models.F("quantity")),
                name="line_received_at_most_what_was_sent",
            ),
        ]


class LineSerial(models.Model):
    """One number of a line. `arrived` as the receiver of a transfer scanned it."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="serials", db_index=False)
    number = models.CharField(max_length=40)
    arrived = models.BooleanField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "number"], name="lineserial_once")]
