"""What is kept in stock, and where."""

from django.db import models
from django.db.models import Q

from apps.inventory.rules.places import KINDS as PLACE_KINDS


class Item(models.Model):
    """An article. `kind`: `quantity`, `serialized` (each unit by its number), `batch` (drums by the metre), `tool`.

    `usual_cost` is fen of one unit, for goods whose cost nobody named. `min_level` is for a whole branch; a place may
    have its own. Quantities have two decimals; serialised ones and tools only whole ones. `picture`: where its file is.
    """

    KINDS = ("quantity", "serialized", "batch", "tool")
    BY_NUMBER = ("serialized", "tool")

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=60)
    category = models.CharField(max_length=30)
    kind = models.CharField(max_length=12)
    unit = models.CharField(max_length=8)
    usual_cost = models.PositiveBigIntegerField(default=0)
    warranty_months = models.PositiveSmallIntegerField(default=0)
    min_level = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    barcode = models.CharField(max_length=40, blank=True, db_index=True)
    picture = models.CharField(max_length=200, blank=True, db_default="")
    picture_small = models.CharField(max_length=200, blank=True, db_default="")
    enabled = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=("quantity", "serialized", "batch", "tool")), name="item_kind_is_known"
            ),
            models.CheckConstraint(condition=Q(min_level__gte=0), name="item_min_level_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def by_number(self) -> bool:
        return self.kind in self.BY_NUMBER


class Place(models.Model):
    """Where goods can be: rules/places.py has the kinds. A van belongs to one technician, and has one.

    `org_path` is the node whose people may use it; the places of which a branch has one stand at its root.
    """

    kind = models.CharField(max_length=12)
    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=60)
    org_path = models.CharField(max_length=120, default="/")
    technician = models.OneToOneField("people.Technician", null=True, on_delete=models.PROTECT, related_name="+")
    physical = models.BooleanField()
    valued = models.BooleanField()
    enabled = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=tuple(PLACE_KINDS)), name="place_kind_is_known"),
            models.CheckConstraint(
                condition=Q(kind="van", technician__isnull=False) | (~Q(kind="van") & Q(technician__isnull=True)),
                name="place_van_has_its_technician",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Batch(models.Model):
    """A drum of cable: its number, bought at its own cost and counted in metres."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="batches", db_index=False)
    number = models.CharField(max_length=40)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="batch_number_once")]


class Serial(models.Model):
    """One unit with a number, in exactly one place: where it is, is this row; where it was, its steps.

    `state` follows from the place (rules/places.py). `ticket` and `account` say at whom it is installed; `held_for` is
    the ticket it is meant for while it still lies in the van: no other ticket or document takes it.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="serials", db_index=False)
    number = models.CharField(max_length=40)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=16)
    ticket = models.CharField(max_length=16, blank=True)
    account = models.CharField(max_length=30, blank=True, db_default="")
    held_for = models.CharField(max_length=16, blank=True, db_default="")
    moved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="serial_number_once"),
            models.CheckConstraint(
                condition=Q(held_for="") | Q(state__in=("with_technician", "in_stock")),
                name="serial_held_where_it_lies",
            ),
        ]
        indexes = [
            models.Index(fields=["number"], name="serial_by_number"),
            models.Index(fields=["place", "item"], name="serial_by_place"),
        ]
