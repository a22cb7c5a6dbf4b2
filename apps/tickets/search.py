"""工单查询: the list over all tickets of the reader, narrowed by what is asked (wanted.py), and the tabs' numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, QuerySet

from apps.tickets import words
from apps.tickets.asked import (
    COUNTED,
    IN_TAB,
    LATE,
    in_tab,
    look_up,
    narrowed,
    numbers_among,
    numbers_of,
    page_of,
)
from apps.tickets.listed import Known as Known
from apps.tickets.listed import Question, listed
from apps.tickets.models import SavedView, Ticket, TicketType
from apps.tickets.ordered import order_of
from apps.tickets.rules.workflow import TABS
from apps.tickets.selectors import PAGE, Reader, TicketView
from apps.tickets.wanted import Wanted
from steppe.kernel.actors import Actor
from steppe.kernel.db import rows_of
from steppe.kernel.light import columns, whole

_ALL_TYPES = f"SELECT {columns(TicketType, 't')} FROM tickets_tickettype t ORDER BY t.position, t.id"  # noqa: S608
_KEPT = f"SELECT {columns(SavedView, 'v')} FROM tickets_savedview v WHERE v.owner = %s ORDER BY v.position, v.id"  # noqa: S608


@dataclass(frozen=True)
class Page:
    """One page of a list; `next_after` continues it (keyset), None at the end."""

    rows: Sequence[TicketView]
    next_after: str | None


def found(
    actor: Actor, wanted: Wanted, *, after: str = "", size: int = PAGE, more: Sequence[str] = (),
    known: Known | None = None,
) -> Page:  # fmt: skip
    """A page of the tickets that fit, stable while others are added. Three to six queries, whatever their number.

    `more` names columns that the reader shows besides the usual ones; what is `known` already is not read again.
    Raises Invalid.
    """
    known = known or Known()
    question = page_of(actor, look_up(wanted, known), words.matching(actor, wanted.text), after, size)
    tickets = listed(question, *more, known=known)
    mark = order_of(wanted.tab, wanted.sort).mark(tickets[size - 1]) if len(tickets) > size else None
    return Page(Reader(actor).views(tickets[:size]), mark)


def rows_in(actor: Actor, wanted: Wanted, public_ids: Sequence[str]) -> list[TicketView]:
    """Those of the named tickets that fit. One to four queries."""
    rows = narrowed(actor, look_up(wanted), words.matching(actor, wanted.text))
    return Reader(actor).views(rows.filter(in_tab(wanted.tab), public_id__in=list(public_ids)[:100]))


def counts(actor: Actor, wanted: Wanted, *, known: Known | None = None) -> dict[str, int]:
    """How many fit in each tab, and in all ("") of them: exact up to COUNTED, one more for any number beyond.

    One query, and those of the words and names asked for. Raises Invalid.
    """
    asked, text = look_up(wanted, known), words.matching(actor, wanted.text, few=20 * COUNTED)
    if text is words.ANYTHING:
        exact = _answered(numbers_of(actor, asked))
    else:
        rows = narrowed(actor, asked, text)
        exact = _counted_once(rows) if text.few else _answered(numbers_among(rows))
    return {name: min(number, COUNTED + 1) for name, number in exact.items()}


def saved_views(actor: Actor) -> list[SavedView]:
    """The searches this person keeps, in their order. One query."""
    return [whole(SavedView, row) for row in rows_of(_KEPT, actor.ref)]


def all_types() -> list[TicketType]:
    """Every type of the branch: old tickets have types that nobody may choose any more. One query."""
    return [whole(TicketType, row) for row in rows_of(_ALL_TYPES)]


def _counted_once(rows: "QuerySet[Ticket]") -> dict[str, int]:
    """Few enough to look at each."""
    plain = rows.select_related(None).order_by()
    met = list(plain.values_list("status").annotate(n=Count("id"), late=Count("id", filter=LATE)))
    numbers = {tab: sum(n for status, n, _late in met if status in states) for tab, states in TABS.items()}
    return {"": sum(n for _status, n, _late in met)} | numbers | {"overdue": sum(late for *_rest, late in met)}


def _answered(question: Question | None) -> dict[str, int]:
    if question is None:
        return dict.fromkeys(IN_TAB, 0)
    with connection.cursor() as cursor:
        cursor.execute(*question)
        return dict(zip(IN_TAB, cursor.fetchone(), strict=True))
