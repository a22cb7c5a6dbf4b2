"""Movements of a period as rows to take away: what each entry changed in each place the actor may look into.

Read in pages by moment and id. A page is a list of columns, each as long as the page. Values are fen.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import QuerySet

from apps.inventory.labels import KINDS, word
from apps.inventory.models import Movement
from apps.inventory.permissions import READERS
from apps.inventory.selectors import places_for
from steppe.kernel.actors import Actor, require
from steppe.kernel.tables import Key, Part, Said, Table

TABLE = Table(("at", "id"), {
    "at": "at", "document": "entry__document__number", "ticket": "entry__ticket",
    "kind": Said("entry__document__kind", lambda code: word(KINDS, code)),
    "place_code": "place__code", "place": "place__name", "item_code": "item__code", "item": "item__name",
    "category": "item__category", "batch": "batch__number", "unit": "item__unit", "delta": "delta",
    "balance": "balance", "value_fen": "value", "by": "entry__by_name",
})  # fmt: skip


def how_many(actor: Actor, start: datetime, end: datetime) -> int:
    """How many movements these are. Raises NotAllowed. One query."""
    return _rows(actor, start, end).count()


def movements(
    actor: Actor, start: datetime, end: datetime, codes: Sequence[str], after: Key | None = None
) -> Iterator[Part]:
    """These columns of the movements from `start` until before `end`, page by page, the earliest first.

    Raises NotAllowed. One query a page.
    """
    return TABLE.pages(_rows(actor, start, end), codes, after=after)


def _rows(actor: Actor, start: datetime, end: datetime) -> "QuerySet[Movement]":
    require(actor, READERS)
    return Movement.objects.filter(place__in=places_for(actor).order_by().values("pk"), at__gte=start, at__lt=end)
