"""What a customer said with one or two stars, while somebody of ours has yet to call them (domain.md §4).

Such stars close nothing by themselves. Until the call they stand at the ticket (`satisfaction`) and with all that was
said in its history; the one record of the callback is written when the ticket closes or goes back, so the score
counts once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from apps.tickets.models import Ticket, TicketEvent
from apps.tickets.rules.workflow import State

RATE = "rate"  # the step of the history; the state stays


@dataclass(frozen=True)
class Rating:
    """The customer's own words; `by` is who said them."""

    score: int | None
    complaint: str
    overcharged: bool | None
    on_time: bool | None
    note: str
    by: str
    at: datetime


def is_waiting(ticket: Ticket) -> bool:
    """Has the customer rated this visit low, and nobody called yet? No query."""
    return ticket.status == State.AWAITING_CALLBACK and ticket.satisfaction is not None


def rating_of(ticket: Ticket) -> Rating | None:
    """What waits for the call; None for nothing. One query for a ticket where something does."""
    return rating_in(ticket, TicketEvent.objects.filter(ticket_id=ticket.pk, action=RATE).order_by("version"))


def rating_in(ticket: Ticket, history: Iterable[TicketEvent]) -> Rating | None:
    """The same from a history that was read already. No query."""
    if not is_waiting(ticket):
        return None
    said = [step for step in history if step.action == RATE]
    return _rating(said[-1]) if said else None


def _rating(step: TicketEvent) -> Rating:
    told = step.data
    return Rating(
        told.get("score"), told.get("complaint", ""), told.get("overcharged"), told.get("on_time"), step.reason,
        step.actor, step.at,
    )  # fmt: skip
