"""The four steps a customer sees: 接单 联系 到场 完工. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

WORDS: tuple[Promise, ...] = (
    pgettext_lazy("customer step", "Accepted"),
    pgettext_lazy("customer step", "Call"),
    pgettext_lazy("customer step", "On site"),
    pgettext_lazy("customer step", "Done"),
)
# How many steps lie behind, by state; the next one is going on. Finished states have all four behind them.
BEHIND = {
    "submitted": 0, "pooled": 0, "assigned": 0, "accepted": 1, "in_progress": 2, "on_hold": 2,
    "awaiting_callback": 4, "closed": 4,
}  # fmt: skip


class Dated(Protocol):
    """The times a ticket keeps."""

    status: str
    accepted_at: datetime | None
    arrived_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True)
class Step:
    """One step: its word, whether it is done, going on or to come, and when it happened."""

    word: Promise
    mood: str  # "done", "now", "todo"
    at: datetime | None = None

    @property
    def icon(self) -> str:
        return {"done": "s-closed", "now": "s-in_progress", "todo": "s-pooled"}[self.mood]


def steps_of(ticket: Dated) -> list[Step]:
    """The bar of a ticket; empty when it was cancelled or voided: nothing is going to happen."""
    if ticket.status not in BEHIND:
        return []
    behind = BEHIND[ticket.status]
    times = (ticket.accepted_at, None, ticket.arrived_at, ticket.finished_at)
    return [
        Step(word, "done" if place < behind else "now" if place == behind else "todo", at if place <= behind else None)
        for place, (word, at) in enumerate(zip(WORDS, times, strict=True))
    ]
