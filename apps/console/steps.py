"""The history of a ticket as people read it: what, who, when, why."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from apps.tickets import selectors
from apps.tickets.reasons import reason_word
from apps.tickets.states import ACTION_LABELS
from steppe.ui.states import look_of

if TYPE_CHECKING:
    from apps.tickets.models import Ticket, TicketEvent


@dataclass(frozen=True)
class Step:
    """One line of the history."""

    what: str
    who: str
    at: datetime
    why: str
    icon: str
    css: str


def steps_of(ticket: "Ticket") -> list[Step]:
    """Newest first. One query."""
    return [_step(event) for event in reversed(selectors.history(ticket))]


def _step(event: "TicketEvent") -> Step:
    look = look_of("overdue" if event.action == "overdue" else event.after)
    what = str(ACTION_LABELS.get(event.action, event.action))
    who = "" if event.actor.startswith("system") else event.actor_name
    return Step(what, who, event.at, reason_word(event.action, event.reason), look.icon, look.css)
