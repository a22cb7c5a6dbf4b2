"""A row of the list, ready for the template. No query: everything comes with the ticket."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from apps.console.words import short_number, type_name
from apps.tickets import desk
from apps.tickets.desk import DeskFilter
from apps.tickets.rules.workflow import FINAL, State
from apps.tickets.selectors import TicketView
from steppe.ui.states import look_of

if TYPE_CHECKING:
    from apps.tickets.models import Ticket


@dataclass(frozen=True)
class Row:
    """What one line shows, flat: a template looks up every dot, and there are fifty lines."""

    ticket: "Ticket"
    id: str
    version: int
    status: str
    sort: int
    no: str
    kind: str
    address: str
    description: str
    due_at: datetime | None
    target: timedelta | None
    alarm: str
    technician: str
    word: str

    @property
    def over(self) -> bool:
        """Struck through: it came to nothing."""
        return self.status in {"void", "cancelled"}


def rows_of(views: Iterable[TicketView], wanted: DeskFilter) -> list[Row]:
    """Every ticket as a row of this list."""
    return [_row(view, desk.sort_of(view, wanted)) for view in views]


def row_of(view: TicketView) -> Row:
    """One ticket by itself, where its place does not matter."""
    return _row(view, 0)


def _row(view: TicketView, sort: int) -> Row:
    ticket = view.ticket
    due_at = due_of(ticket)
    return Row(
        ticket, ticket.public_id, ticket.version, ticket.status, sort, short_number(ticket.ticket_no),
        type_name(ticket.type), view.address, view.description, due_at, target_of(ticket, due_at),
        alarm_of(ticket),
        ticket.technician.user.name if ticket.technician else "", str(look_of(ticket.status).word),
    )  # fmt: skip


def alarm_of(ticket: "Ticket") -> str:
    """The clock that has run out; the promise to the customer before all others; empty when none has."""
    if not ticket.overdue:
        return ""
    return "resolve" if "resolve" in ticket.overdue_clocks else ticket.overdue_clocks[0]


def due_of(ticket: "Ticket") -> datetime | None:
    """The clock that matters: the running one, or the promise to the customer once that is broken."""
    promise_broken = alarm_of(ticket) == "resolve" and "accept" not in ticket.overdue_clocks
    if promise_broken or ticket.status == State.SUBMITTED:  # nobody can accept what is not in the pool yet
        return ticket.resolve_due_at
    due_at: datetime | None = None if ticket.status in FINAL else ticket.due_at
    return due_at


def target_of(ticket: "Ticket", due_at: datetime | None) -> timedelta | None:
    """The whole time that was allowed, so that the last fifth can be amber."""
    if due_at is None:
        return None
    starts = {
        ticket.accept_due_at: ticket.assigned_at or ticket.pooled_at or ticket.reported_at,
        ticket.callback_due_at: ticket.finished_at,
    }
    return due_at - (starts.get(due_at) or ticket.reported_at)
