"""What lies where, as a table to take away: as it was just before a moment, in the places the actor may look into."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import QuerySet

from apps.inventory.books_read import shelves_at
from apps.inventory.labels import PLACES, word
from apps.inventory.models import Balance
from apps.inventory.permissions import READERS
from apps.inventory.selectors import places_for
from steppe.kernel.actors import Actor, require
from steppe.kernel.tables import Key, Part, Said, Table

TABLE = Table(("item__code", "place__code", "id"), {
    "item_code": "item__code", "item": "item__name", "category": "item__category", "unit": "item__unit",
    "batch": "batch__number", "place_code": "place__code", "place": "place__name",
    "place_kind": Said("place__kind", lambda code: word(PLACES, code)), "quantity": "then",
})  # fmt: skip


def how_many(actor: Actor, moment: datetime) -> int:
    """How many shelves held something then. Raises NotAllowed. One query."""
    return _rows(actor, moment).count()


def shelves(actor: Actor, moment: datetime, codes: Sequence[str], after: Key | None = None) -> Iterator[Part]:
    """These columns of every shelf that held something just before the moment. Raises NotAllowed. One query a page."""
    return TABLE.pages(_rows(actor, moment), codes, after=after)


def _rows(actor: Actor, moment: datetime) -> "QuerySet[Balance]":
    require(actor, READERS)
    places = places_for(actor).filter(physical=True).order_by().values("pk")
    return shelves_at(Balance.objects.filter(place__in=places), moment).select_related(None)
