"""The books: entries of movements that only grow, the balances beside them, the value."""

from django.db import models
from django.db.models import F, Q

from apps.inventory.models.documents import Document
from apps.inventory.models.items import Batch, Item, Place, Serial


class Entry(models.Model):
    """One posting. `key` is what was posted, as `RK-2026-000012/post`: posted once, however often it is tried."""

    key = models.CharField(max_length=60, unique=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="entries")
    ticket = models.CharField(max_length=16, blank=True)
    by = models.CharField(max_length=40)
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()


class Movement(models.Model):
    """What one entry changed in one place: `delta` more or less of an item (of a drum), `balance` after it.

    All deltas of an item in an entry sum to nothing (a deferred trigger refuses the commit otherwise). `value` is fen
    that entered (or left, negative) the branch's stock with this line: nothing between two valued places. A line that
    moves nothing changes only what the branch's stock of the item is worth.
    """

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="movements", db_index=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", db_index=False)
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="+")
    delta = models.DecimalField(max_digits=12, decimal_places=2)
    balance = models.DecimalField(max_digits=14, decimal_places=2)
    value = models.BigIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "place", "item", "batch"], name="movement_once_in_an_entry", nulls_distinct=False
            ),
            models.CheckConstraint(condition=~Q(delta=0) | ~Q(value=0), name="movement_moves_something"),
        ]
        indexes = [
            models.Index(fields=["place", "item", "batch", "-id"], name="movement_newest"),
            models.Index(fields=["place", "item", "batch", "-at", "-id"], name="movement_before"),
            models.Index(fields=["item", "-at"], name="movement_of_an_item"),
        ]


class SerialStep(models.Model):
    """One move of one unit: its life is the list of these."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="steps", db_index=False)
    serial = models.ForeignKey(Serial, on_delete=models.PROTECT, related_name="steps", db_index=False)
    source = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "serial"], name="serialstep_once_in_an_entry")]
        indexes = [models.Index(fields=["serial", "-id"], name="serialstep_newest")]


class Balance(models.Model):
    """How much of an item (of a drum) is in a place now: the sum of its movements. `reserved` of it is spoken for.

    Physical places never hold less than nothing; what is reserved is never more than what is there.
    """

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="balances", db_index=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="balances")
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="+")
    physical = models.BooleanField()
    quantity = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    reserved = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "item", "batch"], name="balance_once", nulls_distinct=False),
            models.CheckConstraint(condition=Q(physical=False) | Q(quantity__gte=0), name="balance_not_negative"),
            models.CheckConstraint(
                condition=Q(reserved__gte=0) & (Q(physical=False) | Q(reserved__lte=F("quantity"))),
                name="balance_reserved_is_there",
            ),
        ]


class Valuation(models.Model):
    """What the branch's stock of an item (of a drum) is worth: quantity in valued places, and fen (rules/valuation)."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="valuations", db_index=False)
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="+")
    quantity = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    value = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "batch"], name="valuation_once", nulls_distinct=False),
            models.CheckConstraint(condition=Q(quantity__gte=0, value__gte=0), name="valuation_not_negative"),
            models.CheckConstraint(condition=Q(quantity__gt=0) | Q(value=0), name="valuation_of_nothing_is_nothing"),
        ]
