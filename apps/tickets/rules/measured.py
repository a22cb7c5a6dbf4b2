"""What one ticket adds to which figure (domain.md §8). Pure; every figure is a whole number, so that they are added up.

Void tickets, duplicates and what went to another branch are in `created`, `voided`, `handed_out` and in nothing else.
The names are those of headquarters' table (apps/headquarters/rules/measures.py), which says on which day each counts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.tickets.rules.calendar import ServiceCalendar
from apps.tickets.rules.clocks import PAUSED_BY, Pause, Step, merged
from apps.tickets.rules.workflow import OPEN, State

HAPPY = 4
COMES_BACK = timedelta(days=30)
EARLY = timedelta(days=15)
TAKEN_FROM = frozenset({State.SUBMITTED, State.POOLED, State.ASSIGNED})
Measures = dict[str, int]


@dataclass(frozen=True, kw_only=True)
class Life:
    """A ticket's own columns, as they stand."""

    status: str
    channel: str
    close_code: str
    cause_code: str
    responsibility: str
    accept_mode: str
    parent_id: int | None
    merged_into_id: int | None
    overdue_clocks: Sequence[str]
    remote: bool
    satisfaction: int | None
    reported_at: datetime
    pooled_at: datetime | None
    accepted_at: datetime | None
    contacted_at: datetime | None
    arrived_at: datetime | None
    finished_at: datetime | None
    closed_at: datetime | None
    appointment_end: datetime | None
    accept_due_at: datetime | None
    contact_due_at: datetime | None
    arrive_due_at: datetime | None
    resolve_due_at: datetime | None
    urge_count: int
    return_count: int
    reassign_count: int
    transfer_count: int
    reopen_count: int


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What stands in other rows. `excused`: its late promise is exempted. `back_after`: how soon after its completion
    the same trouble came back. `since_earlier`: how long after the completion of the one it repeats.
    """

    kind: str
    family: str
    steps: Sequence[Step] = ()
    excused: bool = False
    came_from: bool = False
    answered: bool = False
    calls_reached: int = 0
    calls_missed: int = 0
    back_after: timedelta | None = None
    since_earlier: timedelta | None = None


def measured(life: Life, beside: Beside, calendar: ServiceCalendar) -> Measures:
    """Figure → number, those that are not nought."""
    found: Measures = {"created": 1, "voided": life.status == State.VOID, "handed_out": _left(life)}
    if life.status != State.VOID and life.merged_into_id is None and not _left(life):
        found |= {"volume": 1, "handed_in": beside.came_from} | _open(life, beside)
        if life.closed_at is not None:
            found |= _ended(life, beside, calendar)
    return {name: int(number) for name, number in found.items() if number}


def _left(life: Life) -> bool:
    return life.close_code == "transferred"


def _open(life: Life, beside: Beside) -> Measures:
    late = life.status in OPEN and "resolve" in life.overdue_clocks
    return {"open_late": late, "late_open": late and not beside.excused}


def _ended(life: Life, beside: Beside, calendar: ServiceCalendar) -> Measures:
    found: Measures = {
        "ended": 1, "closed": life.status == State.CLOSED, "urged": life.urge_count > 0,
        "complaints": _is_true_complaint(life, beside),
    }  # fmt: skip
    found |= _called(life, beside) | _held(beside)
    if life.accepted_at is not None:
        found |= _accepted(life, beside, calendar)
    if life.finished_at is not None:
        found |= _finished(life, beside)
    return found | _booked(life, beside) | _by_kind(life, beside)


def _accepted(life: Life, beside: Beside, calendar: ServiceCalendar) -> Measures:
    pooled_at, taken_at = _taken(life, beside.steps)
    waited = life.accept_mode != "self"  # what a technician entered never stood in the pool
    spent = calendar.between(pooled_at, taken_at) if waited and pooled_at and taken_at else None
    found: Measures = {
        "accepted": 1, "grabbed": life.accept_mode == "grab", "dispatched": life.accept_mode == "dispatch",
        "accept_timed": spent is not None, "accept_seconds": _seconds(spent),
        "accept_on_time": _in_time(taken_at, life.accept_due_at),
        "contact_on_time": _in_time(_first(life.contacted_at, life.arrived_at), life.contact_due_at),
        "returns": life.return_count, "reassigns": life.reassign_count, "transfers": life.transfer_count,
    }  # fmt: skip
    if life.arrived_at is not None and not life.remote and life.accepted_at is not None:
        found |= {"arrived": 1, "arrive_seconds": _seconds(max(life.arrived_at - life.accepted_at, timedelta()))}
    return found


def _taken(life: Life, steps: Iterable[Step]) -> tuple[datetime | None, datetime | None]:
    """When it last came into the pool before somebody took it, and when they did; a ticket sent back to the same person
    was not taken anew.
    """
    pooled_at, taken = None, None
    for step in steps:
        if step.after == State.POOLED and (step.before != State.POOLED or step.action == "transfer"):
            pooled_at = step.at
        elif step.after == State.ACCEPTED and step.before in TAKEN_FROM:
            taken = (pooled_at, step.at)
    return taken or (life.pooled_at, life.accepted_at)


def _finished(life: Life, beside: Beside) -> Measures:
    """A child ticket is closed with its work: its customer is asked about the parent."""
    assert life.finished_at is not None
    in_time = _in_time(life.finished_at, life.resolve_due_at)
    return {
        "finished": 1, "on_time": in_time, "late": not in_time and not beside.excused,
        "reopened": life.reopen_count > 0,
        "callbacks_due": life.parent_id is None, "callbacks_done": life.parent_id is None and beside.answered,
    }  # fmt: skip


def _booked(life: Life, beside: Beside) -> Measures:
    """An installation that failed early takes its kept appointment back, and more than that if it was not kept."""
    if life.appointment_end is None:
        return {}
    punctual = life.arrived_at is not None and life.arrived_at <= (life.arrive_due_at or life.appointment_end)
    moved = any(step.data.get("moved") and step.data.get("cause") == "ours" for step in beside.steps)
    return {"booked": 1, "kept": int(punctual) - int(_failed_early(beside)), "rescheduled": moved}


def _by_kind(life: Life, beside: Beside) -> Measures:
    found: Measures = {}
    if beside.family == "install" and life.status == State.CLOSED:
        found |= {"installs": 1, "early_failures": _failed_early(beside)}
    if beside.kind != "trouble":
        return found
    came_back = beside.back_after is not None and beside.back_after <= COMES_BACK
    found |= {
        "trouble": 1, "trouble_direct": life.channel == "tech_direct",
        "repeats": beside.since_earlier is not None and beside.since_earlier <= COMES_BACK,
    }  # fmt: skip
    if life.status == State.CLOSED:
        found |= {"trouble_closed": 1, "fixed_first": life.reopen_count == 0 and not came_back}
    return found | _repaired(life, beside)


def _repaired(life: Life, beside: Beside) -> Measures:
    if life.finished_at is None:
        return {}
    stood = [one for one in _holds(beside.steps) if one.cause in PAUSED_BY["resolve"]]
    spans = ((max(start, life.reported_at), min(end, life.finished_at)) for start, end in merged(stood))
    paused = sum((end - start for start, end in spans if end > start), timedelta())
    gross = life.finished_at - life.reported_at
    return {"repaired": 1, "repair_gross_seconds": _seconds(gross), "repair_seconds": _seconds(gross - paused)}


def _called(life: Life, beside: Beside) -> Measures:
    score = life.satisfaction
    return {
        "calls": beside.calls_reached + beside.calls_missed, "calls_reached": beside.calls_reached,
        "scored": score is not None, "score_sum": score or 0, "satisfied": score is not None and score >= HAPPY,
    }  # fmt: skip


def _held(beside: Beside) -> Measures:
    found: Measures = {}
    for one in _holds(beside.steps):
        spent = _seconds(one.end - one.start)
        for name in ("hold_seconds", f"hold_{one.cause}_seconds"):
            found[name] = found.get(name, 0) + spent
        found["held"] = 1
    return found


def _holds(steps: Iterable[Step]) -> Iterable[Pause]:
    """Every hold that is over."""
    cause, start = "", None
    for step in steps:
        if step.action == "hold":
            cause, start = str(step.data.get("hold_class", "")), step.at
        elif start is not None and step.before == State.ON_HOLD and step.after != State.ON_HOLD:
            yield Pause(cause, start, step.at)
            start = None


def _is_true_complaint(life: Life, beside: Beside) -> bool:
    """Dealt with, and there was something in it."""
    nothing = life.responsibility == "no_fault_found" or life.cause_code == "none_found"
    return beside.family == "complaint" and life.status == State.CLOSED and life.close_code == "done" and not nothing


def _failed_early(beside: Beside) -> bool:
    return beside.family == "install" and beside.back_after is not None and beside.back_after <= EARLY


def _in_time(moment: datetime | None, due: datetime | None) -> bool:
    """A clock that never ran was never late."""
    return moment is not None and (due is None or moment <= due)


def _first(*moments: datetime | None) -> datetime | None:
    return min((one for one in moments if one is not None), default=None)


def _seconds(spent: timedelta | None) -> int:
    return int(spent.total_seconds()) if spent else 0
