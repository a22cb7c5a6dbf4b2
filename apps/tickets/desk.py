"""Reads of the dispatch screen: tiles, lists by urgency, points of the map. Each takes the actor; no actor, no rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, F, Min, Q, QuerySet, When
from django.db.models.functions import Coalesce
from django.utils.dateparse import parse_datetime

from apps.tickets import words
from apps.tickets.models import Ticket
from apps.tickets.rules.sampling import SELF
from apps.tickets.rules.workflow import OPEN, TABS, State
from apps.tickets.selectors import Reader, TicketView, revealed, visible_tickets
from steppe.kernel import clock
from steppe.kernel.actors import Actor

PAGE = 50
LONGEST = 500  # rows of one snapshot, however far somebody has scrolled
IN_POOL = TABS["pooled"]
UNFINISHED = [*OPEN, State.AWAITING_CALLBACK]  # named, not "all but the final ones": an index can find them
LATE = ~Q(overdue_clocks=[])
_OVER_SINCE = Case(
    When(status__in=IN_POOL, overdue_clocks__contains=["accept"], then=F("accept_due_at")), default=F("resolve_due_at")
)


@dataclass(frozen=True)
class Tile:
    """One number of the strip and the list behind it: which tickets, in which order."""

    rows: Q
    order: Any
    descending: bool = False
    today: bool = False


def _only(state: State) -> Tile:
    return Tile(Q(status=state), Coalesce("resolve_due_at", "reported_at"))


# Order of the strip; most urgent first in every list, newest first among what is over.
TILES: dict[str, Tile] = {
    "overdue": Tile(Q(status__in=OPEN) & LATE, Coalesce(_OVER_SINCE, "reported_at")),
    "pooled": Tile(Q(status__in=IN_POOL), Coalesce("accept_due_at", "reported_at")),
    "accepted": _only(State.ACCEPTED),
    "in_progress": _only(State.IN_PROGRESS),
    "on_hold": _only(State.ON_HOLD),
    "awaiting_callback": Tile(Q(status=State.AWAITING_CALLBACK), Coalesce("callback_due_at", "reported_at")),
    "closed": Tile(Q(status=State.CLOSED), F("closed_at"), descending=True, today=True),
    "void": Tile(Q(status__in=TABS["void"]), F("closed_at"), descending=True, today=True),
}
EVERYTHING = Tile(Q(), F("reported_at"), descending=True)  # a search looks everywhere


@dataclass(frozen=True)
class DeskFilter:
    """What the screen shows: a tile, or a search over everything; below a node; of one type.

    `calls`: of what waits for an answer only what the branch calls about (`phone`) or customers rate (`self`).
    """

    tile: str = "pooled"
    text: str = ""
    unit_path: str = ""
    type_code: str = ""
    calls: str = ""

    @property
    def chosen(self) -> Tile:
        return EVERYTHING if self.text else TILES[self.tile]


@dataclass(frozen=True)
class DeskPage:
    """Rows in their order; `sort_of` gives each its place, `next_after` continues the list."""

    rows: Sequence[TicketView]
    next_after: str | None


def desk_page(actor: Actor, wanted: DeskFilter, *, after: str = "", upto: str = "") -> DeskPage:
    """A page of the list, stable under change (keyset); with `upto` everything up to it. One query, two for words."""
    rows = _ordered(actor, wanted)
    size = LONGEST if upto else PAGE
    if after:
        rows = rows.filter(_place(wanted.chosen, after, beyond=True))
    if upto:
        rows = rows.filter(_place(wanted.chosen, upto, beyond=False))
    found = list(rows[: size + 1])
    more = _mark(found[size - 1]) if len(found) > size else None
    return DeskPage(Reader(actor).views(found[:size]), more)


def desk_rows(actor: Actor, wanted: DeskFilter, public_ids: Sequence[str]) -> list[TicketView]:
    """Those of the named tickets that are in this list now, in its order. One query, two for words."""
    rows = _ordered(actor, wanted).filter(public_id__in=list(public_ids)[:100])
    return Reader(actor).views(rows)


def sort_of(view: TicketView, wanted: DeskFilter) -> int:
    """The row's place in its list as one number, ascending. No query for a row of this module."""
    moment: datetime | None = getattr(view.ticket, "place", None)
    number = int(moment.timestamp() * 1000) if moment else 0
    return -number if wanted.chosen.descending else number


@dataclass(frozen=True)
class DeskCounts:
    """The strip: number by tile; since when the oldest overdue and the oldest pooled ticket wait."""

    numbers: dict[str, int]
    overdue_since: datetime | None
    pooled_since: datetime | None
    unconfirmed: int


def desk_counts(actor: Actor, wanted: DeskFilter) -> DeskCounts:
    """The numbers of all tiles below the chosen node; the last two count today only. One query."""
    rows = _scoped(actor, wanted).filter(Q(status__in=UNFINISHED) | Q(closed_at__gte=_midnight()))
    found = rows.select_related(None).order_by().aggregate(
        **{name: Count("id", filter=tile.rows) for name, tile in TILES.items()},
        overdue_since=Min(_OVER_SINCE, filter=TILES["overdue"].rows),
        pooled_since=Min("pooled_at", filter=Q(status=State.POOLED)),
        unconfirmed=Count("id", filter=Q(status=State.ASSIGNED)),
    )  # fmt: skip
    numbers = {name: found.pop(name) for name in TILES}
    return DeskCounts(numbers, **found)


@dataclass(frozen=True)
class Point:
    """A ticket on the map."""

    public_id: str
    lat: float
    lng: float
    status: str
    late: bool


def desk_points(actor: Actor, wanted: DeskFilter, *, limit: int = 400) -> list[Point]:
    """Where the unfinished tickets of the chosen node are, most urgent last (it is drawn on top). One query.

    A point tells the door: only of tickets whose contact the reader may see.
    """
    rows = _scoped(actor, wanted).filter(revealed(actor), lat__isnull=False, lng__isnull=False)
    rows = rows.filter(status__in=UNFINISHED)
    fields = ("public_id", "lat", "lng", "status", "overdue_clocks")
    found = rows.select_related(None).order_by("-resolve_due_at").values_list(*fields)[:limit]
    return [
        Point(public_id, lat or 0.0, lng or 0.0, status, late=status in OPEN and bool(late))
        for public_id, lat, lng, status, late in found
    ]


def _scoped(actor: Actor, wanted: DeskFilter) -> QuerySet[Ticket]:
    rows = visible_tickets(actor)
    if wanted.unit_path:
        rows = rows.filter(org_path__startswith=wanted.unit_path)
    if wanted.type_code:
        rows = rows.filter(type__code=wanted.type_code)
    return rows


def _ordered(actor: Actor, wanted: DeskFilter) -> QuerySet[Ticket]:
    tile = wanted.chosen
    rows = _scoped(actor, wanted).filter(tile.rows).annotate(place=tile.order)
    if tile.today:
        rows = rows.filter(closed_at__gte=_midnight())
    if wanted.calls:
        rated = Q(callback_mode=SELF)  # nothing noted: from before there was sampling, so it is called
        rows = rows.filter(rated if wanted.calls == SELF else ~rated)
    if wanted.text:
        rows = rows.filter(words.matching(actor, wanted.text).condition(actor))
    order = ("-place", "-public_id") if tile.descending else ("place", "public_id")
    return rows.order_by(*order)


def _mark(ticket: Ticket) -> str:
    return f"{ticket.place.isoformat()}|{ticket.public_id}"  # type: ignore[attr-defined]


def _place(tile: Tile, mark: str, *, beyond: bool) -> Q:
    """Rows after the marked one, or up to it; a mark nobody can read changes nothing."""
    moment, _, public_id = mark.rpartition("|")
    try:
        at = parse_datetime(moment.replace(" ", "+"))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        return Q()
    way = "gt" if beyond != tile.descending else "lt"
    at_mark = {f"public_id__{way}": public_id} if beyond else {f"public_id__{way}e": public_id}
    return Q(**{f"place__{way}": at}) | Q(place=at, **at_mark)


def _midnight() -> datetime:
    """When the business day began."""
    return clock.now().astimezone(clock.BUSINESS_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
