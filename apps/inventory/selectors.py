"""What each actor may see of stock. Storekeeper, accountant, manager: the places at or below the node of the role;
who goes out: the own van. Lists are pages; `next_after` continues one, None at the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from django.db.models import Q, QuerySet

from apps.inventory.errors import ItemNotFound, PlaceNotFound
from apps.inventory.models import Balance, Item, Place
from apps.inventory.permissions import HANDS, READERS
from apps.inventory.rules.places import is_whole_branch
from steppe.kernel.actors import Actor, require

PAGE = 50
MOST = 200
Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows in their order; `next_after` is what the next page is asked with."""

    rows: Sequence[Row]
    next_after: str | None


@dataclass(frozen=True)
class Held:
    """So much of an item (of a drum) in a place; `reserved` of it is spoken for."""

    place: Place
    item: Item
    batch: str
    quantity: Decimal
    reserved: Decimal = Decimal(0)


def page_of(rows: Sequence[Row], limit: int, name: str) -> Page[Row]:
    """A page from one row more than it holds; `name` is the attribute that names its last row."""
    shown = rows[:limit]
    return Page(shown, str(getattr(shown[-1], name)) if len(rows) > limit else None)


def require_reader(actor: Actor) -> None:
    """Raises Unauthenticated, NotAllowed for who has nothing to do with stock."""
    require(actor, (*READERS, *HANDS))


def sees_costs(actor: Actor) -> bool:
    """May this actor know what goods cost?"""
    return actor.kind == "system" or actor.holds(*READERS)


def places_for(actor: Actor) -> QuerySet[Place]:
    """The places this actor may look into, by code. Raises NotAllowed. No query by itself."""
    require_reader(actor)
    paths = actor.scopes(READERS)
    if actor.kind == "system" or any(is_whole_branch(path) for path in paths):
        return Place.objects.order_by("code")
    seen = Q(pk__in=[])
    for path in paths:
        seen |= Q(org_path__startswith=path)
    if actor.technician_id and actor.holds(*HANDS):
        seen |= Q(technician_id=actor.technician_id)
    return Place.objects.filter(seen).order_by("code")


def place_for(actor: Actor, code: str) -> Place:
    """One place. Raises NotAllowed, PlaceNotFound, also for what exists but is not theirs. One query."""
    found = places_for(actor).filter(code=code).first()
    if found is None:
        raise PlaceNotFound
    return found


def items_for(
    actor: Actor, *, query: str = "", category: str = "", enabled: bool | None = None, after: str = "",
    limit: int = PAGE,
) -> Page[Item]:  # fmt: skip
    """Items by code, found by a part of code, name or bar code. Raises NotAllowed. One query."""
    limit = min(limit, MOST)
    rows = all_items(actor, query=query, category=category, enabled=enabled).filter(code__gt=after)
    return page_of(list(rows[: limit + 1]), limit, "code")


def all_items(
    actor: Actor, *, query: str = "", category: str = "", enabled: bool | None = None
) -> QuerySet[Item]:  # fmt: skip
    """The same, all of them: for a file. Raises NotAllowed. No query by itself."""
    require_reader(actor)
    rows = Item.objects.order_by("code")
    if query:
        rows = rows.filter(Q(code__icontains=query) | Q(name__icontains=query) | Q(barcode=query))
    if category:
        rows = rows.filter(category=category)
    return rows if enabled is None else rows.filter(enabled=enabled)


def item_for(actor: Actor, code: str) -> Item:
    """One item. Raises NotAllowed, ItemNotFound. One query."""
    require_reader(actor)
    found = Item.objects.filter(code=code).first()
    if found is None:
        raise ItemNotFound
    return found


def balances_in(actor: Actor, place_code: str, *, after: str = "", limit: int = PAGE) -> Page[Held]:
    """What is in a place now, by item. Raises NotAllowed, PlaceNotFound. Two queries."""
    place = place_for(actor, place_code)
    return _held(Balance.objects.filter(place=place), after, limit, "item__code")


def balances_of(actor: Actor, item_code: str, *, after: str = "", limit: int = PAGE) -> Page[Held]:
    """Where an item is now, as far as the actor sees. Raises NotAllowed, ItemNotFound. Two queries."""
    item = item_for(actor, item_code)
    return _held(Balance.objects.filter(item=item, place__in=places_for(actor)), after, limit, "place__code")


def _held(rows: QuerySet[Balance], after: str, limit: int, by: str) -> Page[Held]:
    limit = min(limit, MOST)
    some = rows.exclude(quantity=0, reserved=0).select_related("place", "item", "batch")
    found = list(after_row(some, after, by)[: limit + 1])
    held = [Held(one.place, one.item, drum_of(one), one.quantity, one.reserved) for one in found]
    return Page(held[:limit], page_of(found, limit, "pk").next_after if found else None)


def after_row(rows: QuerySet[Balance], after: str, by: str) -> QuerySet[Balance]:
    """The rows in the order of a code, then of their id, from the row on that `after` (an id) names."""
    if after.isdigit():
        last = Balance.objects.filter(pk=int(after)).values(by)[:1]
        rows = rows.filter(Q(**{f"{by}__gt": last}) | Q(**{by: last}, pk__gt=int(after)))
    return rows.order_by(by, "pk")


def drum_of(row: Balance) -> str:
    return row.batch.number if row.batch else ""
