"""Every shelf the reader may look at, now or as it was; and what there is to choose from when something is written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from apps.inventory.books_read import shelves_at
from apps.inventory.models import Balance, Item, Place
from apps.inventory.permissions import KEEPERS
from apps.inventory.rules.documents import KINDS
from apps.inventory.rules.places import ONLY_ONE
from apps.inventory.selectors import MOST, PAGE, Held, Page, drum_of, page_of, place_for, places_for, require_reader
from apps.inventory.services._papers import reaches
from steppe.kernel.actors import Actor

ORDER = ("item__code", "place__code", "pk")
MOST_TO_CHOOSE = 2000


@dataclass(frozen=True)
class Choices:
    """Where a document of one kind may lead from and to; empty where the branch has only one such place."""

    sources: Sequence[Place]
    targets: Sequence[Place]


@dataclass(frozen=True)
class PlaceLine:
    """A place and how many kinds of goods lie there."""

    place: Place
    kinds: int


def shelves_for(
    actor: Actor, *, place: str = "", query: str = "", category: str = "", moment: datetime | None = None,
    after: str = "", limit: int = PAGE,
) -> Page[Held]:  # fmt: skip
    """What lies where, by item and place: in the places of goods, or in the one that is named.

    Raises NotAllowed, PlaceNotFound. One query; one more for a named place, and one for a further page.
    """
    limit = min(limit, MOST)
    rows = _after(_shelves(actor, place, query, category, moment), after).order_by(*ORDER)
    found = list(rows[: limit + 1])
    return Page([_held(one) for one in found[:limit]], page_of(found, limit, "pk").next_after if found else None)


def all_shelves(
    actor: Actor, *, place: str = "", query: str = "", category: str = "", moment: datetime | None = None
) -> Iterable[Held]:
    """The same, all of it, row by row: for a file. Raises NotAllowed, PlaceNotFound."""
    rows = _shelves(actor, place, query, category, moment).order_by(*ORDER)
    return (_held(one) for one in rows.iterator(chunk_size=2000))


def _shelves(actor: Actor, place: str, query: str, category: str, moment: datetime | None) -> QuerySet[Balance]:
    where = Q(place=place_for(actor, place)) if place else Q(place__in=places_for(actor), place__physical=True)
    rows = Balance.objects.filter(where)
    if query:
        rows = rows.filter(
            Q(item__code__icontains=query) | Q(item__name__icontains=query) | Q(item__barcode=query)
        )  # fmt: skip
    if category:
        rows = rows.filter(item__category=category)
    if moment is not None:
        return shelves_at(rows, moment)
    return rows.exclude(quantity=0, reserved=0).select_related("place", "item", "batch")


def _after(rows: QuerySet[Balance], after: str) -> QuerySet[Balance]:
    last = Balance.objects.filter(pk=int(after)).values_list(*ORDER).first() if after.isdigit() else None
    if last is None:
        return rows
    item, place, pk = last
    later = Q(item__code=item, place__code__gt=place) | Q(item__code=item, place__code=place, pk__gt=pk)
    return rows.filter(Q(item__code__gt=item) | later)


def _held(row: Balance) -> Held:
    then = getattr(row, "then", None)
    if then is not None:
        return Held(row.place, row.item, drum_of(row), then)
    return Held(row.place, row.item, drum_of(row), row.quantity, row.reserved)


def place_lines(actor: Actor) -> list[PlaceLine]:
    """Every place the actor may look into, and how many kinds of goods lie there. Raises NotAllowed. One query."""
    lying = Count("balances__item", filter=~Q(balances__quantity=0), distinct=True)
    rows = places_for(actor).select_related("technician__user").annotate(lying=Coalesce(lying, 0))
    return [PlaceLine(one, one.lying) for one in rows.order_by("kind", F("code"))]


def choices_for(actor: Actor, kind: str) -> Choices:
    """Where a keeper's document of this kind may lead from and to. One query."""
    rule = KINDS[kind]
    rows = list(Place.objects.filter(kind__in={*rule.sources, *rule.targets}, enabled=True).order_by("code"))
    paths = actor.scopes(KEEPERS)
    near = [one for one in rows if reaches(paths, one)]
    sources = [one for one in near if one.kind in rule.sources]
    targets = [one for one in (rows if rule.far else near) if one.kind in rule.targets]
    return Choices(_several(sources, rule.sources), _several(targets, rule.targets))


def _several(places: list[Place], kinds: Sequence[str]) -> list[Place]:
    """Nothing to choose where the branch has one of its kind."""
    return [] if len(kinds) == 1 and kinds[0] in ONLY_ONE else places


def categories(actor: Actor) -> list[str]:
    """The categories there are. Raises NotAllowed. One query."""
    require_reader(actor)
    return list(Item.objects.order_by("category").values_list("category", flat=True).distinct())


def goods_to_choose(actor: Actor) -> list[Item]:
    """Every item that is on, to choose from when a line is written. Raises NotAllowed. One query."""
    require_reader(actor)
    rows = Item.objects.filter(enabled=True).order_by("code")
    return list(rows.only("code", "name", "kind", "unit", "barcode")[:MOST_TO_CHOOSE])


def items_named(actor: Actor, words: Iterable[str]) -> dict[str, Item]:
    """What people mean by these words: a code, else a bar code, else the whole name. Raises NotAllowed. One query."""
    require_reader(actor)
    wanted = {word for word in words if word}
    rows = list(Item.objects.filter(Q(code__in=wanted) | Q(barcode__in=wanted) | Q(name__in=wanted)).order_by("-code"))
    named = {one.name: one for one in rows} | {one.barcode: one for one in rows} | {one.code: one for one in rows}
    return {word: named[word] for word in wanted if word in named}
