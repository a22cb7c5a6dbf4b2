"""工单查询: the list over all tickets of the reader, narrowed by what is asked (wanted.py), and the tabs' numbers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from apps.people import selectors as people
from apps.tickets import words
from apps.tickets.listed import listed
from apps.tickets.models import SavedView, Ticket, TicketType
from apps.tickets.rules.workflow import OPEN, TABS
from apps.tickets.selectors import PAGE, TicketView, view_of, visible_tickets
from apps.tickets.wanted import Wanted
from steppe.kernel.actors import Actor
from steppe.kernel.db import rows_by_keys, rows_of
from steppe.kernel.errors import Invalid
from steppe.kernel.light import columns, whole

LATE = Q(status__in=OPEN) & ~Q(overdue_clocks=[])
AREAS = ("branch", "sub_branch", "grid")
TYPE_BY_CODE = "SELECT id FROM tickets_tickettype WHERE code = ANY(%s::text[])"
_ALL_TYPES = f"SELECT {columns(TicketType, 't')} FROM tickets_tickettype t ORDER BY t.position, t.id"  # noqa: S608
_KEPT = f"SELECT {columns(SavedView, 'v')} FROM tickets_savedview v WHERE v.owner = %s ORDER BY v.position, v.id"  # noqa: S608
COUNTED = 1000  # further than this nobody counts: the tab says "more"


def _one_of(states: Collection[str]) -> str:
    return "t.status IN (" + ", ".join(f"'{state}'" for state in sorted(states)) + ")"


# `_tab` as SQL over the narrowed rows: the ORM would write these, word for word, for each tab of each page anew.
IN_TAB = {
    "": "true", **{tab: _one_of(states) for tab, states in TABS.items()},
    "overdue": f"{_one_of(OPEN)} AND NOT t.overdue_clocks = '{{}}'",
}  # fmt: skip


@dataclass(frozen=True)
class Page:
    """One page of a list; `next_after` continues it (keyset), None at the end."""

    rows: Sequence[TicketView]
    next_after: str | None


@dataclass(frozen=True)
class Order:
    """A moment of the ticket; without it the report's. Equal moments stand in the order of their ids."""

    column: str
    descending: bool = False

    def placed(self, rows: "QuerySet[Ticket]", *, sorted_anew: bool) -> tuple["QuerySet[Ticket]", str]:
        """The rows, and by which name they have the moment. `sorted_anew`: as an expression that no index has in its
        order, so that none is walked; else a column as it is, which is also the cheapest to write.
        """
        instead = self.column if self.column in {"reported_at", "closed_at"} else "reported_at"
        if instead == self.column and not sorted_anew:
            return rows, self.column
        return rows.annotate(place=Coalesce(self.column, instead)), "place"

    def of(self, ticket: Ticket) -> datetime:
        moment: datetime = getattr(ticket, self.column) or ticket.reported_at
        return moment


NEWEST = Order("reported_at", descending=True)
DUE = {"pooled": Order("accept_due_at"), "awaiting_callback": Order("callback_due_at")}
ORDERS = {"newest": NEWEST, "oldest": Order("reported_at"), "ended": Order("closed_at", descending=True)}


def found(actor: Actor, wanted: Wanted, *, after: str = "", size: int = PAGE, more: Sequence[str] = ()) -> Page:
    """A page of the tickets that fit, stable while others are added. Four to seven queries, whatever their number.

    `more` names columns that the reader shows besides the usual ones. Raises Invalid.
    """
    order = _order(wanted)
    text = words.matching(actor, wanted.text)
    rows, place = order.placed(_narrowed(actor, wanted, text).filter(_tab(wanted.tab)), sorted_anew=text.few)
    if wanted.sort == "ended":
        rows = rows.filter(closed_at__isnull=False)
    if after:
        rows = rows.filter(_beyond(order, place, after))
    rows = rows.order_by(*((f"-{place}", "-id") if order.descending else (place, "id")))
    tickets = listed(rows[: size + 1], *more)
    mark = _mark(order, tickets[size - 1]) if len(tickets) > size else None
    return Page([view_of(actor, ticket) for ticket in tickets[:size]], mark)


def rows_in(actor: Actor, wanted: Wanted, public_ids: Sequence[str]) -> list[TicketView]:
    """Those of the named tickets that fit. One to four queries."""
    rows = _narrowed(actor, wanted, words.matching(actor, wanted.text))
    rows = rows.filter(_tab(wanted.tab), public_id__in=list(public_ids)[:100])
    return [view_of(actor, ticket) for ticket in rows]


def counts(actor: Actor, wanted: Wanted) -> dict[str, int]:
    """How many fit in each tab, and in all ("") of them: exact up to COUNTED, one more for any number beyond.

    One query, and those of the words and names asked for. Raises Invalid.
    """
    text = words.matching(actor, wanted.text, few=20 * COUNTED)
    rows = _narrowed(actor, wanted, text).select_related(None).order_by()
    exact = _counted_once(rows) if text.few else _counted_each(rows)
    return {name: min(number, COUNTED + 1) for name, number in exact.items()}


def _counted_once(rows: "QuerySet[Ticket]") -> dict[str, int]:
    """Few enough to look at each."""
    found = list(rows.values_list("status").annotate(n=Count("id"), late=Count("id", filter=LATE)))
    numbers = {tab: sum(n for status, n, _late in found if status in states) for tab, states in TABS.items()}
    return {"": sum(n for _status, n, _late in found)} | numbers | {"overdue": sum(late for *_rest, late in found)}


def _counted_each(rows: "QuerySet[Ticket]") -> dict[str, int]:
    """Tab by tab, each no further than need be: of a hundred thousand only the first thousand are read."""
    try:
        asked, params = rows.values_list("status", "overdue_clocks").query.sql_with_params()
    except EmptyResultSet:
        return dict.fromkeys(IN_TAB, 0)
    parts = [
        f"(SELECT count(*) FROM (SELECT 1 FROM ({asked}) AS t WHERE {fits} LIMIT {COUNTED + 1}) AS n)"  # noqa: S608
        for fits in IN_TAB.values()
    ]
    statement = "SELECT " + ", ".join(parts)  # Django's own SQL and our constants; values are parameters
    with connection.cursor() as cursor:
        cursor.execute(statement, params * len(parts))
        return dict(zip(IN_TAB, cursor.fetchone(), strict=True))


def saved_views(actor: Actor) -> list[SavedView]:
    """The searches this person keeps, in their order. One query."""
    return [whole(SavedView, row) for row in rows_of(_KEPT, actor.ref)]


def all_types() -> list[TicketType]:
    """Every type of the branch: old tickets have types that nobody may choose any more. One query."""
    return [whole(TicketType, row) for row in rows_of(_ALL_TYPES)]


def _order(wanted: Wanted) -> Order:
    return DUE.get(wanted.tab, Order("resolve_due_at")) if wanted.sort == "due" else ORDERS[wanted.sort]


def _tab(tab: str) -> Q:
    if not tab:
        return Q()
    return LATE if tab == "overdue" else Q(status__in=TABS[tab])


def _narrowed(actor: Actor, wanted: Wanted, text: words.Found) -> "QuerySet[Ticket]":
    """Everything that is asked, but for the tab. At most two queries: type, units."""
    asked = {name: getattr(wanted, name) for name in ("technician_id", "channel", "priority")}
    plain = {name: value for name, value in asked.items() if value not in (None, "")}  # P0 is a priority too
    rows = visible_tickets(actor).filter(_named(wanted), **plain)
    if wanted.overdue:
        rows = rows.filter(LATE if wanted.overdue == "now" else Q(was_overdue=True))
    return rows.filter(text.where, **_within(wanted))


def _within(wanted: Wanted) -> dict[str, datetime]:
    """The period; what was closed before a day was also reported before it, which tells the list where to begin."""
    since, before = wanted.between()
    ends = {f"{wanted.period}_at__gte": since, f"{wanted.period}_at__lt": before, "reported_at__lt": before}
    return {name: moment for name, moment in ends.items() if moment}


def _named(wanted: Wanted) -> Q:
    """Type, area and department by their ids: by a joined code PostgreSQL would not know how many there are."""
    fits = Q()
    if wanted.type:
        kinds = rows_by_keys(TYPE_BY_CODE, [wanted.type])
        fits &= Q(type_id=_known("type", kinds[0][0] if kinds else None))
    if wanted.grid or wanted.department:
        units = people.units_by_code([wanted.grid, wanted.department])
        if wanted.grid:
            area = _known("grid", units.get(wanted.grid), AREAS)
            fits &= Q(grid_id=area.pk) if area.kind == "grid" else Q(org_path__startswith=area.path)
        if wanted.department:
            fits &= Q(department_id=_known("department", units.get(wanted.department), ("department",)).pk)
    return fits


def _known(name: str, thing: Any, kinds: Sequence[str] = ()) -> Any:
    if thing is None or (kinds and thing.kind not in kinds):
        raise Invalid({name: [_("This branch has none of that name.")]})
    return thing


def _mark(order: Order, ticket: Ticket) -> str:
    return f"{order.of(ticket).isoformat()}|{ticket.pk}"


def _beyond(order: Order, place: str, after: str) -> Q:
    """The place in the list that `next_after` named. Raises Invalid for a name we never gave."""
    try:
        moment, pk = after.replace(" ", "+").rsplit("|", 1)
        at, last = datetime.fromisoformat(moment), int(pk)
        if at.tzinfo is None or not 2000 <= at.year <= 3000 or not 0 < last < 2**63:
            raise ValueError
    except ValueError as error:
        raise Invalid({"after": [_("This page of the list cannot be found. Please start again.")]}) from error
    way = "lt" if order.descending else "gt"
    # "not before" says nothing more, but lets an index begin at the mark
    return Q(**{f"{place}__{way}e": at}) & (Q(**{f"{place}__{way}": at}) | Q(**{f"id__{way}": last}))
