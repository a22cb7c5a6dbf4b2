"""What there should be in a place, and what somebody ought to look at. rules/watching.py has the arithmetic."""

from django.db import models
from django.db.models import Q

from apps.inventory.models.items import Batch, Item, Place
from apps.inventory.rules.watching import KINDS


class Level(models.Model):
    """How much of an item a place should have at least. `lead_days`: until more comes, where it is not the branch's."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="levels", db_index=False)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="levels")
    min_level = models.DecimalField(max_digits=12, decimal_places=2)
    lead_days = models.PositiveSmallIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "item"], name="level_once"),
            models.CheckConstraint(condition=Q(min_level__gt=0), name="level_is_something"),
        ]


class StockWarning(models.Model):
    """One shelf that needs somebody's eye, from the night it was first seen (`since`) until it was not (`ended_at`).

    Without a place it is the whole branch's. `quantity` is what there is to it: free (`low`), or lying too long;
    `suggested` what to order.
    """

    kind = models.CharField(max_length=8)
    place = models.ForeignKey(Place, null=True, on_delete=models.CASCADE, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")
    batch = models.ForeignKey(Batch, null=True, on_delete=models.CASCADE, related_name="+")
    quantity = models.DecimalField(max_digits=14, decimal_places=2)
    level = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    suggested = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    since = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="warning_kind_is_known"),
            models.UniqueConstraint(
                fields=["kind", "place", "item", "batch"], condition=Q(ended_at__isnull=True),
                name="warning_open_once", nulls_distinct=False,
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["ended_at", "kind", "id"], name="warning_open")]
