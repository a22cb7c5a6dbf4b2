"""Stocktakes: what was frozen, what people counted, what came out of it. rules/counting.py has the arithmetic.

Nobody is kept from moving goods meanwhile: each count remembers up to which movement its shelf had come.
"""

from django.db import models
from django.db.models import Q

from apps.inventory.models.items import Batch, Item, Place, Serial
from apps.inventory.rules.counting import STATES


class Count(models.Model):
    """A count of one place, of one category of it or of all (`category` empty). Of a place only one at a time can be
    open for the same goods.

    `frozen_steps`: the newest step of a numbered unit when the list was frozen. `papers`: the documents it posted.
    """

    number = models.CharField(max_length=24, unique=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=30, blank=True)
    state = models.CharField(max_length=12, default="counting")
    version = models.PositiveIntegerField(default=1)
    frozen_steps = models.BigIntegerField(default=0)
    opened_by = models.CharField(max_length=40)
    opened_name = models.CharField(max_length=60)
    opened_at = models.DateTimeField()
    closed_by = models.CharField(max_length=40, blank=True)
    closed_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=40, blank=True)
    decided_name = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    lines_counted = models.PositiveIntegerField(default=0)
    lines_right = models.PositiveIntegerField(default=0)
    value = models.BigIntegerField(default=0)
    papers = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="count_state_is_known"),
            models.CheckConstraint(
                condition=~Q(state="posted")
                | (~Q(decided_by=models.F("opened_by")) & ~Q(decided_by=models.F("closed_by"))),
                name="count_not_approved_by_who_opened_it",
            ),
            models.CheckConstraint(
                condition=Q(lines_right__lte=models.F("lines_counted")), name="count_right_of_those_counted"
            ),
            models.UniqueConstraint(
                fields=["place", "category"], condition=Q(state__in=("counting", "closed")), name="count_one_of_a_place"
            ),
        ]
        indexes = [models.Index(fields=["-opened_at", "-id"], name="count_newest")]

    def __str__(self) -> str:
        return self.number


class CountLine(models.Model):
    """One shelf of a count: what the books said when it was frozen (`frozen`, up to movement `frozen_upto`), and from
    the closing on what was counted, what the books said to that, and the difference in units and fen.

    `listed`: it stood on the frozen list; others were found. `turn` grows when the shelf is to be counted again: only
    the last turn's tallies hold. `moved`: goods went in or out while it was being counted.
    """

    count = models.ForeignKey(Count, on_delete=models.CASCADE, related_name="lines", db_index=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="+")
    listed = models.BooleanField(default=True)
    frozen = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    frozen_upto = models.BigIntegerField(default=0)
    turn = models.PositiveSmallIntegerField(default=1)
    counted = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    expected = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    difference = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    value = models.BigIntegerField(default=0)
    moved = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["count", "item", "batch"], name="countline_once", nulls_distinct=False)
        ]


class CountUnit(models.Model):
    """A numbered unit of the frozen list, with the newest step (0: none) it had taken by then."""

    line = models.ForeignKey(CountLine, on_delete=models.CASCADE, related_name="units", db_index=False)
    serial = models.ForeignKey(Serial, on_delete=models.PROTECT, related_name="+")
    step = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "serial"], name="countunit_once")]


class CountFinding(models.Model):
    """What came out for one number at the closing: `missing`, `new` (in no books) or `elsewhere` (`place` says where).

    `movable`: an approval can bring it here in the books; otherwise its own paper has to be written first.
    """

    KINDS = ("missing", "new", "elsewhere")

    line = models.ForeignKey(CountLine, on_delete=models.CASCADE, related_name="findings", db_index=False)
    number = models.CharField(max_length=40)
    kind = models.CharField(max_length=12)
    place = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+")
    movable = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "number"], name="countfinding_once"),
            models.CheckConstraint(
                condition=Q(kind__in=("missing", "new", "elsewhere")), name="countfinding_kind_is_known"
            ),
        ]


class Tally(models.Model):
    """One thing somebody counted: so many, or one number. `upto`: the newest movement of the shelf by then, `reserved`:
    how much of it was spoken for.

    Taken back (`undone`), not deleted; tallies of earlier turns stay as they were.
    """

    line = models.ForeignKey(CountLine, on_delete=models.CASCADE, related_name="tallies")
    turn = models.PositiveSmallIntegerField()
    quantity = models.DecimalField(max_digits=12, decimal_places=2)
    number = models.CharField(max_length=40, blank=True)
    upto = models.BigIntegerField(default=0)
    reserved = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    by = models.CharField(max_length=40)
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()
    undone = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=0), name="tally_not_negative"),
            models.UniqueConstraint(
                fields=["line", "turn", "number"], condition=Q(undone=False) & ~Q(number=""), name="tally_number_once"
            ),
        ]
        indexes = [models.Index(fields=["line", "turn"], name="tally_of_a_turn", condition=Q(undone=False))]
