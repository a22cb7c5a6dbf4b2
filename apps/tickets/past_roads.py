"""The ways a ticket of the past went: the straight one to each state, and what came in between (past.py). Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from apps.tickets.rules.workflow import State

DESK, DISPATCHER, TECHNICIAN, CALLBACK = "desk", "dispatcher", "technician", "callback"
CALL_AFTER = 5.0  # minutes after taking it
AGAIN = 90.0  # minutes until the technician is back


@dataclass(frozen=True)
class Leg:
    """One step of a way: what, to which state, by whom. `gap`: minutes after the one before; None: the teller says."""

    action: str
    after: State
    who: str
    gap: float | None = None


@dataclass(frozen=True)
class Turns:
    """What did not go straight with a ticket that was closed.

    `hold_hours` for `hold_class`, with a reason; `failed`: why it could not be done; `sent_back`: why the customer said
    it was not fixed; `urged` and `missed`: how often the customer urged, and how many calls nobody answered; `silent`:
    at last nobody did.
    """

    dispatched: bool = False
    hold_class: str = ""
    hold_reason: str = ""
    hold_hours: float = 0.0
    failed: str = ""
    sent_back: str = ""
    urged: int = 0
    missed: int = 0
    silent: bool = False


STRAIGHT = Turns()
_OPEN = Leg("submit", State.POOLED, DESK)
_GRAB = Leg("grab", State.ACCEPTED, TECHNICIAN)
_GIVEN = (Leg("dispatch", State.ASSIGNED, DISPATCHER), Leg("confirm", State.ACCEPTED, TECHNICIAN, CALL_AFTER))
_CALL = Leg("contact", State.ACCEPTED, TECHNICIAN, CALL_AFTER)
_ARRIVE = Leg("check_in", State.IN_PROGRESS, TECHNICIAN)
_DONE = Leg("complete", State.AWAITING_CALLBACK, TECHNICIAN)
_HELD = Leg("hold", State.ON_HOLD, DISPATCHER)
_ASKED = Leg("callback_ok", State.CLOSED, CALLBACK)
ROADS: dict[State, tuple[Leg, ...]] = {
    State.SUBMITTED: (Leg("submit", State.SUBMITTED, DESK),),
    State.POOLED: (_OPEN,),
    State.ASSIGNED: (_OPEN, _GIVEN[0]),
    State.ACCEPTED: (_OPEN, _GRAB, _CALL),
    State.IN_PROGRESS: (_OPEN, _GRAB, _CALL, _ARRIVE),
    State.ON_HOLD: (_OPEN, _GRAB, _CALL, _ARRIVE, _HELD),
    State.AWAITING_CALLBACK: (_OPEN, _GRAB, _CALL, _ARRIVE, _DONE),
    State.CANCELLED: (_OPEN, Leg("cancel", State.CANCELLED, DESK)),
    State.VOID: (_OPEN, Leg("void", State.VOID, DISPATCHER)),
}


def road(state: State, turns: Turns = STRAIGHT) -> tuple[Leg, ...]:
    """The steps that led to this state. Turns are those of a closed ticket."""
    return tuple(_closed(turns)) if state == State.CLOSED else ROADS[state]


def _closed(turns: Turns) -> Iterator[Leg]:
    yield _OPEN
    yield from (_GIVEN if turns.dispatched else (_GRAB,))
    yield _CALL
    for number in range(turns.urged):
        yield Leg("urge", State.ACCEPTED, DESK, 40.0 * (number + 1))
    if turns.hold_class:
        yield replace(_HELD, gap=CALL_AFTER)
        yield Leg("resume", State.ACCEPTED, TECHNICIAN, turns.hold_hours * 60)
    yield _ARRIVE
    yield replace(_DONE, action="fail_work") if turns.failed else _DONE
    if turns.sent_back:
        yield Leg("callback_reject", State.ACCEPTED, CALLBACK, AGAIN)
        yield from (_CALL, replace(_ARRIVE, gap=AGAIN), replace(_DONE, gap=AGAIN / 2))
    for _ in range(turns.missed):
        yield Leg("callback_attempt", State.AWAITING_CALLBACK, CALLBACK, AGAIN)
    yield replace(_ASKED, gap=0.0) if turns.silent else _ASKED
