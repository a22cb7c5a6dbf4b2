"""The books as somebody looks things up in them: the card of a shelf, a place at a past moment, the life of a unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Case, Q, QuerySet, Subquery, When
from django.db.models.expressions import OuterRef
from django.utils.translation import gettext as _

from apps.inventory.errors import BadQuestion, SerialNotFound
from apps.inventory.models import Balance, Batch, Item, Movement, Place, Serial, SerialStep
from apps.inventory.rules.serials import normal
from apps.inventory.selectors import (
    MOST,
    PAGE,
    Held,
    Page,
    after_row,
    drum_of,
    item_for,
    page_of,
    place_for,
    places_for,
)
from steppe.kernel.actors import Actor

# The index's own order, drum and all: "no drum" is to the planner no constant, and it would sort the shelf's history.
NEWEST = ("batch_id", "-at", "-id")
OLDEST = ("-batch_id", "at", "id")


@dataclass(frozen=True)
class Card:
    """What happened to an item in a place: `opening` before the first line, each line with the balance after it."""

    place: Place
    item: Item
    opening: Decimal
    lines: Page[Movement]


@dataclass(frozen=True)
class Life:
    """One unit and every step it took, the first one first."""

    unit: Serial
    steps: Sequence[SerialStep]


def card(
    actor: Actor, *, place: str, item: str, batch: str = "", start: datetime | None = None,
    until: datetime | None = None, after: str = "", limit: int = PAGE,
) -> Card:  # fmt: skip
    """The stock card from `start` until before `until`; of drums, one drum's. Raises NotAllowed, PlaceNotFound,
    ItemNotFound, BadQuestion. At most six queries.
    """
    where, what = place_for(actor, place), item_for(actor, item)
    rows = Movement.objects.filter(place=where, item=what, batch=_drum(what, batch))
    opening = _before(rows, start) if start else Decimal(0)
    some = rows.filter(_period(start, until)).select_related("entry__document").order_by(*OLDEST)
    if after.isdigit() and (last := rows.filter(pk=int(after)).first()):
        opening = last.balance
        some = some.filter(Q(at__gt=last.at) | Q(at=last.at, pk__gt=last.pk), at__gte=last.at)
    limit = min(limit, MOST)
    found = list(some[: limit + 1])
    return Card(where, what, opening, page_of(found, limit, "pk") if found else Page([], None))


def _drum(item: Item, number: str) -> Batch | None:
    found = Batch.objects.filter(item=item, number=number).first() if number else None
    if (item.kind == "batch" or number) and found is None:
        raise BadQuestion({"batch": [_("Which drum? Name one of this item.")]})
    return found


def _period(start: datetime | None, until: datetime | None) -> Q:
    return (Q(at__gte=start) if start else Q()) & (Q(at__lt=until) if until else Q())


def _before(rows: QuerySet[Movement], moment: datetime) -> Decimal:
    """The balance after the last movement before the moment: one look at the index movement_before."""
    return rows.filter(at__lt=moment).order_by(*NEWEST).values_list("balance", flat=True).first() or Decimal(0)


def place_at(actor: Actor, place: str, moment: datetime, *, after: str = "", limit: int = PAGE) -> Page[Held]:
    """What was in a place just before a moment, by item: for each shelf one look at movement_before, whatever came
    later. Raises NotAllowed, PlaceNotFound. Two queries.
    """
    limit = min(limit, MOST)
    rows = shelves_at(Balance.objects.filter(place=place_for(actor, place)), moment)
    found = list(after_row(rows, after, "item__code")[: limit + 1])
    held = [Held(one.place, one.item, drum_of(one), one.then) for one in found]  # type: ignore[attr-defined]
    return Page(held[:limit], page_of(found, limit, "pk").next_after if found else None)


def shelves_at(rows: QuerySet[Balance], moment: datetime) -> QuerySet[Balance]:
    """The shelves that held something before the moment, with `then`, how much. No query by itself."""
    before = Movement.objects.filter(place=OuterRef("place"), item=OuterRef("item"), at__lt=moment)
    newest = before.order_by(*NEWEST).values("balance")
    drums, others = newest.filter(batch=OuterRef("batch"))[:1], newest.filter(batch__isnull=True)[:1]
    then = Case(When(batch__isnull=True, then=Subquery(others)), default=Subquery(drums))
    return rows.annotate(then=then).exclude(then=0).exclude(then=None).select_related("place", "item", "batch")


def lives_of(actor: Actor, number: str) -> list[Life]:
    """The units of this number (two items may have the same) that are or were where the actor may look.

    Raises NotAllowed, SerialNotFound. Two queries.
    """
    seen = places_for(actor).order_by().values("pk")
    touched = SerialStep.objects.filter(Q(source__in=seen) | Q(target__in=seen), serial__number=_normal(number))
    units = Serial.objects.filter(Q(place__in=seen) | Q(pk__in=touched.values("serial")), number=_normal(number))
    found = list(units.select_related("item", "place").order_by("item__code"))
    if not found:
        raise SerialNotFound
    steps = SerialStep.objects.filter(serial__in=found).select_related("entry__document", "source", "target")
    rows = list(steps.order_by("id"))
    return [Life(unit, [one for one in rows if one.serial_id == unit.pk]) for unit in found]


def _normal(number: str) -> str:
    return normal(number) or ""
