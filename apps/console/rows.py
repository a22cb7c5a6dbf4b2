"""A row of the list, ready for the template. No query: everything comes with the ticket."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from apps.console.words import short_number, type_name
from apps.tickets import desk
from apps.tickets.desk import DeskFilter
from apps.tickets.selectors import TicketView
from apps.tickets.workflow import FINAL

if TYPE_CHECKING:
    from apps.tickets.models import Ticket


@dataclass(frozen=True)
class Row:
    """What one line shows."""

    view: TicketView
    sort: int
    no: str
    kind: str
    due_at: datetime | None
    target: timedelta | None
    alarm: str

    @property
    def ticket(self) -> "Ticket":
        return self.view.ticket

    @property
    def over(self) -> bool:
        """Struck through: it came to nothing."""
        return self.ticket.status in {"void", "cancelled"}


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
        view, sort, short_number(ticket.ticket_no), type_name(ticket.type), due_at, target_of(ticket, due_at),
        ("resolve" if ticket.resolve_overdue else "accept") if ticket.overdue else "",
    )  # fmt: skip


def due_of(ticket: "Ticket") -> datetime | None:
    """The clock that matters: the running one, or the promise to the customer once that is broken."""
    if ticket.resolve_overdue and ticket.is_open and not ticket.accept_overdue:
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
