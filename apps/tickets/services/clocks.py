"""The clocks that reach a level: warned, run out, escalated. Overdue is a flag and a breach, never a state."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from apps.people import selectors as people
from apps.tickets.events import ClockEscalated, ClockWarned, TicketOverdue
from apps.tickets.models import Assignment, Breach, ClockNotice, Ticket
from apps.tickets.rules.clocks import Run, Terms, department_before, held_for
from apps.tickets.rules.escalation import DUE, WARN, Level
from apps.tickets.rules.reaches import ALARM
from apps.tickets.rules.workflow import State
from apps.tickets.services import _clocks as book
from apps.tickets.services import _steps as step
from apps.tickets.services.waves import push_wider
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM, Actor
from steppe.kernel.commands import Receipt, command, emit

log = logging.getLogger("steppe.sweep")
BATCH = 50
PUT_OFF = 5  # minutes
Reached = tuple[Run, Level, datetime]


def sweep_clocks() -> int:
    """Tell every level that was reached; how many tickets. Idempotent: one notice per ticket, clock, run and level.

    At most 50 tickets of a branch in one turn, the longest waiting first, so that no branch keeps the others waiting.
    """
    due = Ticket.objects.filter(next_clock_at__lte=clock.now()).order_by("next_clock_at", "id")
    return sum(map(_tick_one, due.values_list("public_id", flat=True)[:BATCH]))


def _tick_one(public_id: str) -> bool:
    """One ticket that cannot be told now must not keep the others from their alarm; it comes again later."""
    try:
        return bool(tick_clocks(public_id=public_id, by=SYSTEM, key=uuid4().hex).facts["told"])
    except Exception:
        log.exception("a clock was not told", extra={"ticket": public_id})
        Ticket.objects.filter(public_id=public_id).update(next_clock_at=clock.now() + clock.minutes(PUT_OFF))
        return False


@command("tickets.tick_clocks")
def tick_clocks(*, public_id: str, by: Actor) -> Receipt:
    """Every level of this ticket's clocks that was reached and not told yet, also of one that stopped. Locks: it."""
    rows = Ticket.objects.select_for_update(of=("self",), no_key=True).select_related("type", "type_version")
    ticket = rows.get(public_id=public_id)
    calendar, done = book.service_calendar(), book.told(ticket)
    runs = book.watched(book.runs_of(ticket, calendar))
    now = clock.now()
    ahead = book.ahead(runs, Terms.read(ticket.terms), calendar, done)
    reached = [one for one in ahead if one[2] <= now]
    _note(ticket, reached)
    late = [run for run, level, _ in reached if level.name == DUE]
    if late:
        _flag(ticket, late, by)
    book.settle(ticket)
    _call_out(ticket, reached)
    _tell(ticket, reached)
    return step.receipt(ticket, told=len(reached))


def _note(ticket: Ticket, reached: Sequence[Reached]) -> None:
    """One row per level; of one that was told for an earlier due the latest telling."""
    now = clock.now()
    rows = [
        ClockNotice(ticket=ticket, clock=run.clock, run=run.number, level=level.name, told=level.told, at=now)
        for run, level, _ in reached
    ]
    ClockNotice.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["ticket", "clock", "run", "level"], update_fields=["told", "at"]
    )


def _call_out(ticket: Ticket, reached: Sequence[Reached]) -> None:
    """Nobody takes it: at 80 % of the accept clock the next wave does not wait, at 100 % the dispatcher must act."""
    levels = {level.name for run, level, _ in reached if run.clock == "accept" and run.running}
    if ticket.status != State.POOLED or not levels & {WARN, DUE}:
        return
    if DUE in levels:
        push_wider(ticket, ALARM)
    elif ticket.next_wave_at is not None:
        push_wider(ticket)


def _flag(ticket: Ticket, late: Sequence[Run], by: Actor) -> None:
    """The flag while the clock runs, the breach, the step in the history."""
    names = [run.clock for run in late if run.running]
    for run in late:
        _keep_breach(ticket, run)
    before = step.flag(ticket, overdue_clocks=sorted({*ticket.overdue_clocks, *names}), was_overdue=True)
    for run in late:
        step.record(ticket, "overdue", before, by, data={"clock": run.clock, "due_at": _due(run).isoformat()})
        step.announce(TicketOverdue, ticket, before, clock=run.clock)
        if run is not late[-1]:
            step.flag(ticket)


def _keep_breach(ticket: Ticket, run: Run) -> None:
    """Whose it was, and for which class of reason the ticket was held then, if it was."""
    facts: dict[str, Any] = {
        "technician_id": ticket.technician_id, "department_id": ticket.department_id, "cause_class": ticket.hold_class,
    }  # fmt: skip
    if not run.running:
        facts = _at_the_due(ticket, _due(run)) | {"ended_at": run.stopped_at}
    facts["breached_at"] = clock.now()  # when it was found: the day's count of its event says the same
    Breach.objects.get_or_create(ticket=ticket, clock=run.clock, due_at=_due(run), defaults=facts)


def _at_the_due(ticket: Ticket, due: datetime) -> dict[str, Any]:
    """Who had it when a clock ran out that stands still by now: somebody else may have it since. Two queries or three.

    Whoever took it out of the pool too late was not late themselves.
    """
    steps = book.history_of(ticket)
    main = Assignment.objects.filter(ticket_id=ticket.pk, role="main", started_at__lte=due).exclude(ended_at__lte=due)
    code, department_id = department_before(steps, due), ticket.department_id
    if code is not None:
        unit = people.unit_by_code(code) if code else None
        department_id = unit.pk if unit else None
    holder = main.order_by("-started_at").values_list("technician_id", flat=True).first()
    return {"technician_id": holder, "department_id": department_id, "cause_class": held_for(steps, due)}


def _due(run: Run) -> datetime:
    assert run.due_at is not None
    return run.due_at


def _tell(ticket: Ticket, reached: Sequence[Reached]) -> None:
    """The highest level of each run; running out has told of itself."""
    for run, level, _ in {(run.clock, run.number): (run, level, at) for run, level, at in reached}.values():
        if level.name == DUE:
            continue
        kind = ClockWarned if level.name == WARN else ClockEscalated
        emit(
            kind(
                entity_id=ticket.pk, public_id=ticket.public_id, version=ticket.version, clock=run.clock,
                level=level.name, told=level.told, technician_id=ticket.technician_id,
            )
        )  # fmt: skip
