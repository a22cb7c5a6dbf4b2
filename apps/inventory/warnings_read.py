"""What somebody ought to look at, as far as the reader's places go; what belongs to no place, for the whole branch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet

from apps.inventory.models import Level, StockWarning
from apps.inventory.permissions import KEEPERS, READERS
from apps.inventory.rules.places import is_whole_branch
from apps.inventory.rules.watching import KINDS
from apps.inventory.selectors import MOST, PAGE, Page, page_of, place_for, places_for
from steppe.kernel.actors import Actor, require


@dataclass(frozen=True)
class Counts:
    """How many there are of each kind, and when somebody last looked."""

    of: dict[str, int]
    seen_at: datetime | None

    @property
    def total(self) -> int:
        return sum(self.of.values())


def warnings_for(
    actor: Actor, *, kind: str = "", place: str = "", since: datetime | None = None, after: str = "", limit: int = PAGE
) -> Page[StockWarning]:
    """The open ones, those of the first kind first, the oldest first. Raises NotAllowed. One query."""
    rows = _open(actor).select_related("place", "item", "batch")
    told = {"kind": kind, "place__code": place, "since": since}
    rows = rows.filter(**{field: value for field, value in told.items() if value})
    if after.isdigit():
        rows = rows.filter(pk__gt=int(after))
    limit = min(limit, MOST)
    found = list(rows.order_by("id")[: limit + 1])
    return page_of(found, limit, "pk") if found else Page([], None)


def counts_for(actor: Actor, *, since: datetime | None = None) -> Counts:
    """Of each kind; with `since` only those that began with that look. Raises NotAllowed. One query."""
    rows = _open(actor).filter(since=since) if since else _open(actor)
    found = {kind: (n, seen) for kind, n, seen in rows.values_list("kind").annotate(Count("id"), Max("seen_at"))}
    last = max((seen for _n, seen in found.values()), default=None)
    return Counts({kind: found[kind][0] if kind in found else 0 for kind in KINDS}, last)


def levels_of(actor: Actor, place: str) -> Sequence[Level]:
    """What a place should have, by item. Raises NotAllowed, PlaceNotFound. Two queries."""
    require(actor, READERS)
    rows = Level.objects.filter(place=place_for(actor, place)).select_related("item", "place")
    return list(rows.order_by("item__code"))


def _open(actor: Actor) -> QuerySet[StockWarning]:
    require(actor, READERS)
    seen = Q(place__in=places_for(actor).order_by().values("pk"))
    if actor.kind == "system" or any(is_whole_branch(path) for path in actor.scopes(READERS)):
        seen |= Q(place=None)
    return StockWarning.objects.filter(seen, ended_at=None)


def may_look_now(actor: Actor) -> bool:
    """May this reader have all shelves looked at now?"""
    return actor.kind == "system" or actor.holds(*KEEPERS)
