"""The history of a ticket as people read it: what, which facts, who, when, why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from apps.tickets import sentences
from apps.tickets.sentences import Names
from steppe.ui.states import look_of

if TYPE_CHECKING:
    from apps.tickets.models import TicketEvent


@dataclass(frozen=True)
class Step:
    """One line of the history."""

    what: str
    facts: str
    who: str
    at: datetime
    why: str
    icon: str
    css: str


def steps_of(history: "Sequence[TicketEvent]", *, reveal: bool, names: Names | None = None) -> list[Step]:
    """Newest first. What a person wrote goes with the contact (`reveal`). No query."""
    return [_step(event, reveal, names) for event in reversed(history)]


def _step(event: "TicketEvent", reveal: bool, names: Names | None) -> Step:
    look = look_of("overdue" if event.action == "overdue" else event.after)
    who = sentences.who(event.actor_name, event.actor, reveal=reveal)
    why = sentences.reason(event) if reveal else ""
    return Step(
        sentences.headline(event), sentences.facts(event, names), who, event.at, why, look.icon, look.css
    )  # fmt: skip
