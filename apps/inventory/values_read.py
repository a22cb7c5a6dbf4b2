"""What the branch's stock is worth, item by item: for who keeps its accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from apps.inventory.models import Item, Valuation
from apps.inventory.permissions import READERS
from apps.inventory.rules.valuation import Book
from apps.inventory.selectors import MOST
from steppe.kernel.actors import Actor, require
from steppe.kernel.money import Fen


@dataclass(frozen=True)
class Worth:
    """So much of an item (of a drum) in the whole branch, its value, and the fen of one unit."""

    item: Item
    batch: str
    quantity: Decimal
    value: Fen

    @property
    def average(self) -> Decimal:
        return round(Book(self.quantity, self.value).average, 4)

    @property
    def name(self) -> str:
        """As a line is called: `drum/D1`."""
        return f"{self.item.code}/{self.batch}" if self.batch else self.item.code


def worth_for(actor: Actor, *, query: str = "") -> Sequence[Worth]:
    """What there is, by code: the first so many that fit a part of code or name. Raises NotAllowed. One query."""
    require(actor, READERS)
    rows = Valuation.objects.filter(quantity__gt=0).select_related("item", "batch")
    if query:
        rows = rows.filter(Q(item__code__icontains=query) | Q(item__name__icontains=query))
    found = rows.order_by("item__code", "batch__number")[:MOST]
    return [Worth(one.item, one.batch.number if one.batch else "", one.quantity, one.value) for one in found]
