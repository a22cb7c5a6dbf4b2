"""The life of a ticket as a table: who may do what, from where, to where (domain.md §3.1, §3.2). Pure.

Overdue is a flag with a history, never a state. The rest of T1–T28 joins this table with its own issue.
"""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """The ten states."""

    SUBMITTED = "submitted"
    POOLED = "pooled"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    AWAITING_CALLBACK = "awaiting_callback"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    VOID = "void"


OPEN = frozenset({State.SUBMITTED, State.POOLED, State.ASSIGNED, State.ACCEPTED, State.IN_PROGRESS, State.ON_HOLD})
HELD = frozenset({State.ASSIGNED, State.ACCEPTED, State.IN_PROGRESS, State.ON_HOLD})  # counts for the cap
FINAL = frozenset({State.CLOSED, State.CANCELLED, State.VOID})

# The tabs users know, in their order; a tab is a filter, 超时 is the flag.
TABS: dict[str, frozenset[State]] = {
    "pooled": frozenset({State.SUBMITTED, State.POOLED, State.ASSIGNED}),
    "accepted": frozenset({State.ACCEPTED, State.IN_PROGRESS, State.ON_HOLD}),
    "awaiting_callback": frozenset({State.AWAITING_CALLBACK}),
    "closed": frozenset({State.CLOSED}),
    "overdue": OPEN,
    "void": frozenset({State.CANCELLED, State.VOID}),
}


@dataclass(frozen=True)
class Transition:
    """One row of the table; `targets` has two where a branch's policy or the case decides."""

    code: str
    action: str
    sources: frozenset[State]
    targets: frozenset[State]
    needs_reason: bool = False


def _row(code: str, action: str, sources: str, targets: str, needs_reason: bool = False) -> Transition:
    def states(words: str) -> frozenset[State]:
        return frozenset(State(word) for word in words.split())

    return Transition(code, action, states(sources), states(targets), needs_reason)


TRANSITIONS: dict[str, Transition] = {
    row.action: row
    for row in (
        _row("T1", "submit", "", "submitted pooled"),
        _row("T2", "release", "submitted", "pooled"),
        _row("T2b", "place", "submitted pooled", "pooled"),
        _row("T3", "grab", "pooled", "accepted"),
        _row("T4", "dispatch", "submitted pooled", "assigned accepted", needs_reason=True),
        _row("T5", "confirm", "assigned", "accepted"),
        _row("T6", "decline", "assigned", "pooled", needs_reason=True),
        _row("T7", "reassign", "assigned accepted in_progress on_hold", "assigned accepted", needs_reason=True),
        _row("T13", "check_in", "accepted", "in_progress"),
        _row("T16", "complete", "in_progress", "awaiting_callback"),
        _row("T18", "callback_ok", "awaiting_callback", "closed"),
        _row("T19", "callback_reject", "awaiting_callback", "accepted pooled", needs_reason=True),
        _row("T22", "void", "submitted pooled assigned accepted", "void", needs_reason=True),
    )
}


def may(action: str, state: str) -> bool:
    """Is the action legal from this state?"""
    return state in TRANSITIONS[action].sources


def actions_from(state: str) -> list[str]:
    """Every action legal from this state, in the table's order."""
    return [row.action for row in TRANSITIONS.values() if state in row.sources]
