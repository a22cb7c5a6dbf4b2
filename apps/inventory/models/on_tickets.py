"""Material on a ticket: what its type may use, what was entered, what came back from the customer."""

from django.db import models
from django.db.models import Q

from apps.inventory.models.documents import Document
from apps.inventory.models.items import Batch, Item, Place, Serial
from apps.inventory.rules.material import CONDITIONS, STATES, TOLERANCE_PCT, WHY_NOT


class MaterialRule(models.Model):
    """What tickets of a type (its code) may use. Without lines everything but tools; without a row the same.

    `recovery`: such a ticket brings a device back, or says why not. Above `tolerance_pct` of a norm it takes a reason.
    """

    type_code = models.CharField(max_length=30, unique=True)
    recovery = models.BooleanField(default=False)
    tolerance_pct = models.PositiveSmallIntegerField(default=TOLERANCE_PCT)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(tolerance_pct__gte=100), name="materialrule_tolerates_the_norm")
        ]


class MaterialNorm(models.Model):
    """One item, or all of a category: allowed, and how much is usual; null: as much as it takes."""

    rule = models.ForeignKey(MaterialRule, on_delete=models.CASCADE, related_name="norms", db_index=False)
    item = models.ForeignKey(Item, null=True, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=30, blank=True)
    quantity = models.DecimalField(max_digits=12, decimal_places=2, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "item", "category"], name="norm_once", nulls_distinct=False),
            models.CheckConstraint(
                condition=Q(item__isnull=False, category="") | (Q(item__isnull=True) & ~Q(category="")),
                name="norm_is_of_an_item_or_a_category",
            ),
            models.CheckConstraint(condition=Q(quantity__isnull=True) | Q(quantity__gt=0), name="norm_is_positive"),
        ]


class Material(models.Model):
    """A line of material on a ticket, from one place: reserved there, posted when the ticket is finished.

    Lines are never deleted: what was taken off again is `released`. `round` is the ticket's when it was entered: what
    an earlier round put in stays with the ticket when it goes to somebody else.
    """

    ticket = models.CharField(max_length=16)
    round = models.PositiveSmallIntegerField(default=0)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="+")
    serial = models.ForeignKey(Serial, null=True, on_delete=models.PROTECT, related_name="+")
    quantity = models.DecimalField(max_digits=12, decimal_places=2)
    state = models.CharField(max_length=10, default="reserved")
    reason = models.CharField(max_length=200, blank=True)
    document = models.ForeignKey(Document, null=True, on_delete=models.PROTECT, related_name="+")
    entered_by = models.CharField(max_length=40)
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "round", "place", "item", "batch", "serial"], condition=~Q(state="released"),
                name="material_once_in_a_round", nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["serial"], condition=Q(state="reserved"), name="material_a_number_on_one_ticket"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="material_quantity_is_positive"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="material_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="posted", document__isnull=False)
                | (~Q(state="posted") & Q(document__isnull=True)),
                name="material_posted_has_its_document",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["ticket"], name="material_by_ticket")]


class Recovered(models.Model):
    """A device that came back from the customer, or (`why`) one that did not, and what was agreed to be paid for it."""

    ticket = models.CharField(max_length=16)
    item = models.ForeignKey(Item, null=True, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=40, blank=True)
    condition = models.CharField(max_length=10, blank=True)
    why = models.CharField(max_length=10, blank=True)
    fee = models.PositiveBigIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, default="reserved")
    document = models.ForeignKey(Document, null=True, on_delete=models.PROTECT, related_name="+")
    entered_by = models.CharField(max_length=40)
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(item__isnull=False, condition__in=CONDITIONS, why="") & ~Q(number=""))
                | Q(item__isnull=True, number="", condition="", why__in=WHY_NOT),
                name="recovered_is_a_device_or_a_reason",
            ),
            models.UniqueConstraint(
                fields=["ticket", "item", "number"], condition=~Q(state="released") & ~Q(number=""),
                name="recovered_once",
            ),
            models.CheckConstraint(condition=Q(state__in=STATES), name="recovered_state_is_known"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["ticket"], name="recovered_by_ticket")]
