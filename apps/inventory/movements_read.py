"""Movements of a period as rows to take away: what each entry changed in each place the actor may look into.

Read in pages by moment and id. A page is a list of columns, each as long as the page. Values are fen.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from apps.inventory.labels import KINDS, word
from apps.inventory.models import Movement
from apps.inventory.permissions import READERS
from apps.inventory.selectors import places_for
from steppe.kernel.actors import Actor, require

PAGE = 5000
FIELDS = {
    "at": "at", "document": "entry__document__number", "kind": "entry__document__kind", "ticket": "entry__ticket",
    "place_code": "place__code", "place": "place__name", "item_code": "item__code", "item": "item__name",
    "category": "item__category", "batch": "batch__number", "unit": "item__unit", "delta": "delta",
    "balance": "balance", "value_fen": "value", "by": "entry__by_name",
}  # fmt: skip
Columns = list[list[Any]]


def how_many(actor: Actor, start: datetime, end: datetime) -> int:
    """How many movements these are. Raises NotAllowed. One query."""
    return _rows(actor, start, end).count()


def movements(actor: Actor, start: datetime, end: datetime, codes: Sequence[str]) -> Iterator[Columns]:
    """These columns of the movements from `start` until before `end`, page by page, the earliest first.

    Raises NotAllowed. One query a page.
    """
    rows = _rows(actor, start, end).order_by("at", "id")
    fields = [FIELDS[code] for code in codes]
    names = tuple(dict.fromkeys(("id", "at", *fields)))
    page = list(rows.values_list(*names)[:PAGE])
    while page:
        found = dict(zip(names, map(list, zip(*page, strict=True)), strict=True))
        yield [_column(code, found[FIELDS[code]]) for code in codes]
        if len(page) < PAGE:
            return
        page = list(rows.filter(_beyond(page[-1])).values_list(*names)[:PAGE])


def _rows(actor: Actor, start: datetime, end: datetime) -> "QuerySet[Movement]":
    require(actor, READERS)
    return Movement.objects.filter(place__in=places_for(actor).order_by().values("pk"), at__gte=start, at__lt=end)


def _column(code: str, values: list[Any]) -> list[Any]:
    return [word(KINDS, one) for one in values] if code == "kind" else values


def _beyond(last: tuple[Any, ...]) -> Q:
    return Q(at__gte=last[1]) & (Q(at__gt=last[1]) | Q(id__gt=last[0]))
