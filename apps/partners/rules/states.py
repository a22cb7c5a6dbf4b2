"""Our states in TM Forum's words, and which of them a step passes through (domain.md §3.1, its five differences). Pure.

A ticket that somebody had taken once keeps `inProgress` when it goes back to the pool, and is `cancelled`, no longer
`rejected`, when it is voided. `taken` says so; it is read from the history, because the columns forget it.
TM Forum's `closed` is final and ours can be opened again: then the same ticket is `inProgress` once more, by agreement
with the partner (docs/partners.md).
"""

from collections.abc import Callable
from dataclasses import dataclass

ACKNOWLEDGED, IN_PROGRESS, PENDING, HELD = "acknowledged", "inProgress", "pending", "held"
RESOLVED, CLOSED, CANCELLED, REJECTED = "resolved", "closed", "cancelled", "rejected"
COMPLETED, FAILED, PARTIAL = "completed", "failed", "partial"
TROUBLE = (ACKNOWLEDGED, REJECTED, PENDING, HELD, IN_PROGRESS, CANCELLED, CLOSED, RESOLVED)
WORK = (ACKNOWLEDGED, REJECTED, PENDING, HELD, IN_PROGRESS, CANCELLED, COMPLETED, FAILED, PARTIAL)

WAITING = frozenset({"submitted", "pooled", "assigned"})
THEIRS = "customer"  # the class of a hold that waits for the customer; all others wait for us
HANDED_OVER = "ticket.handed_over"
FAILURES = {"not_done": FAILED, "partial": PARTIAL}
_PLAIN = {"accepted": IN_PROGRESS, "in_progress": IN_PROGRESS, "cancelled": CANCELLED}


@dataclass(frozen=True)
class Standing:
    """What the words depend on. `taken`: has anybody accepted it, ever? `result`: its close code."""

    state: str
    taken: bool = False
    hold_class: str = ""
    result: str = ""


def trouble(at: Standing) -> str:
    """TMF621's `TroubleTicketStatusType`."""
    if at.state == "awaiting_callback":
        return RESOLVED
    return CLOSED if at.state == "closed" else _common(at)


def work(at: Standing) -> str:
    """TMF697's `WorkOrderStateType`: it is completed with the work, whatever the callback says later."""
    if at.state in {"awaiting_callback", "closed"}:
        return FAILURES.get(at.result, COMPLETED)
    return _common(at)


def _common(at: Standing) -> str:
    if at.state in WAITING:
        return IN_PROGRESS if at.taken else ACKNOWLEDGED
    if at.state == "on_hold":
        return PENDING if at.hold_class == THEIRS else HELD
    if at.state == "void":
        return CANCELLED if at.taken else REJECTED
    return _PLAIN[at.state]


def passed(kind: str, before: Standing, after: Standing, word: Callable[[Standing], str]) -> tuple[str, ...]:
    """The words a partner is told, in their order, when our event `kind` led from one standing to the other.

    Nothing when the partner would not see a difference. A case that another branch has now was resolved for us before
    it was closed; a held one is taken up before it is cancelled.
    """
    said, now = word(before), word(after)
    if before.state == after.state or said == now:
        return ()
    if kind == HANDED_OVER and now == CLOSED:
        return (RESOLVED, CLOSED)
    if said == HELD and now == CANCELLED:
        return (IN_PROGRESS, CANCELLED)
    return (now,)
