"""The life of a ticket as a table: who may do what, from where, to where (domain.md §3.1, §3.2). Pure.

Overdue is a flag with a history, never a state. What somebody asks for and somebody else decides is two rows: the
request leaves the state as it is, the step itself is taken by who approves.
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
    """One row of the table; `targets` has two where policy or the case decides, none where the state stays."""

    code: str
    action: str
    sources: frozenset[State]
    targets: frozenset[State]
    needs_reason: bool = False

    @property
    def stays(self) -> bool:
        """Does the ticket keep its state?"""
        return not self.targets


def _states(words: str) -> frozenset[State]:
    groups = {"running": OPEN, "unfinished": OPEN | {State.AWAITING_CALLBACK}, "final": FINAL}
    named = (groups.get(word) or {State(word)} for word in words.split())
    return frozenset().union(*named)


def _row(code: str, action: str, sources: str, targets: str = "", needs_reason: bool = False) -> Transition:
    return Transition(code, action, _states(sources), _states(targets), needs_reason)


_ROWS = (
    _row("T1", "submit", "", "submitted pooled"),
    _row("T2", "release", "submitted", "pooled"),
    _row("T2b", "place", "submitted pooled", "pooled"),
    _row("T3", "grab", "pooled", "accepted"),
    _row("T4", "dispatch", "submitted pooled", "assigned accepted", needs_reason=True),
    _row("T5", "confirm", "assigned", "accepted"),
    _row("T6", "decline", "assigned", "pooled", needs_reason=True),
    _row("T7", "reassign", "assigned accepted in_progress on_hold", "assigned accepted", needs_reason=True),
    _row("T8", "transfer", "running", "pooled", needs_reason=True),
    _row("T8b", "hand_over", "running", "closed", needs_reason=True),
    _row("T9", "return", "accepted in_progress", "pooled", needs_reason=True),
    _row("T10", "book", "accepted on_hold"),
    _row("T10b", "contact", "accepted in_progress on_hold"),
    _row("T11", "hold", "accepted in_progress", "on_hold", needs_reason=True),
    _row("T12", "resume", "on_hold", "accepted in_progress"),
    _row("T13", "check_in", "accepted", "in_progress"),
    _row("T14", "start_remote", "accepted", "in_progress"),
    _row("T15", "add_work", "in_progress"),
    _row("T16", "complete", "in_progress", "awaiting_callback closed"),
    _row("T17", "fail_work", "in_progress", "awaiting_callback closed", needs_reason=True),
    _row("T18", "callback_ok", "awaiting_callback", "closed"),
    _row("T19", "callback_reject", "awaiting_callback", "accepted pooled", needs_reason=True),
    _row("T20", "reopen", "closed", "pooled", needs_reason=True),
    _row("T21", "cancel", "running", "cancelled", needs_reason=True),
    _row("T22", "void", "submitted pooled assigned accepted", "void", needs_reason=True),
    _row("T23", "merge", "running", "void"),
    _row("T24", "link_incident", "running"),
    _row("T24b", "resolve_incident", "running", "awaiting_callback closed"),
    _row("T24c", "unlink_incident", "running", needs_reason=True),
    _row("T25", "spawn_child", "accepted in_progress on_hold"),
    _row("T26", "urge", "unfinished"),
    _row("T27", "change_type", "running", needs_reason=True),
    _row("T27b", "change_priority", "running", needs_reason=True),
    _row("T28", "archive", "final"),
    # Asking for a step that somebody else decides, and the decision against it.
    _row("T7a", "request_reassign", "assigned accepted in_progress on_hold", needs_reason=True),
    _row("T8a", "request_transfer", "running", needs_reason=True),
    _row("T8c", "request_hand_over", "running", needs_reason=True),
    _row("T8d", "let_go", "running"),
    _row("T9a", "request_return", "accepted in_progress", needs_reason=True),
    _row("T11a", "request_hold", "accepted in_progress", needs_reason=True),
    _row("T22a", "request_void", "assigned accepted", needs_reason=True),
    _row("T25a", "request_child", "accepted in_progress on_hold", needs_reason=True),
    _row("T27a", "request_type", "accepted in_progress on_hold", needs_reason=True),
    _row("T20a", "request_reopen", "closed", needs_reason=True),
    _row("T9c", "refuse", "running closed", needs_reason=True),
    _row("T9d", "withdraw", "running closed"),
)
TRANSITIONS: dict[str, Transition] = {row.action: row for row in _ROWS}
# Kinds of request, by the step asked for.
REQUESTS = ("reassign", "transfer", "return", "hold", "void", "spawn_child", "change_type", "reopen", "let_go")


def may(action: str, state: str) -> bool:
    """Is the action legal from this state?"""
    return state in TRANSITIONS[action].sources


def actions_from(state: str) -> list[str]:
    """Every action legal from this state, in the table's order."""
    return [row.action for row in TRANSITIONS.values() if state in row.sources]
