"""Keeping the stored clocks equal to what the history says. The truth is the history; the columns are its cache."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from typing import Any

from apps.tickets.models import Breach, ClockNotice, Ticket, TicketEvent
from apps.tickets.rules.calendar import ServiceCalendar
from apps.tickets.rules.clocks import CLOCKS, Run, Step, Terms, current, replay
from apps.tickets.rules.definitions import Definition
from apps.tickets.rules.escalation import DUE, Level, ladder
from steppe.kernel import clock
from steppe.kernel.db import rows_of
from tenants.context import policy

Done = Mapping[tuple[str, int, str], datetime]  # when each (clock, run, level) was told
NOTHING_TOLD: Done = {}
_SPECIAL_DAYS = "SELECT day, opens, closes FROM tickets_serviceday"


def service_calendar() -> ServiceCalendar:
    """The branch's hours, with all it had before and every special day: December's dues must not move in January.

    One query.
    """
    rules, days = policy(), rows_of(_SPECIAL_DAYS)
    before = tuple((datetime.fromisoformat(until), (opens, closes)) for until, opens, closes in rules.service_before)
    return ServiceCalendar(rules.service, {day: hours_of(opens, closes) for day, opens, closes in days}, before)


def hours_of(opens: time | None, closes: time | None) -> tuple[int, int] | None:
    if opens is None or closes is None:
        return None
    return opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute


def terms_for(definition: Definition, *, area_class: str, priority: int) -> Terms:
    """The targets of a ticket of this type, here and this urgent. No query."""
    rules, area = policy(), "ABCD".index(area_class)
    urgent = priority < len(rules.accept_urgent)
    accept = rules.accept_urgent[priority] if urgent else definition.accept_minutes or rules.accept_target(area_class)
    hours = definition.promised(area, priority) or rules.resolve_target(area_class)
    contact = definition.contact_minutes or rules.contact_minutes
    return Terms(
        accept=accept, confirm=rules.confirm_minutes, contact=contact, arrive=rules.arrive_grace_minutes,
        resolve=hours * 60, legal=(definition.legal_hours[area] or rules.legal_hours[area]) * 60,
        callback=rules.callback_minutes, dept=definition.dept_hours * 60, service=not urgent,
    )  # fmt: skip


def history_of(ticket: Ticket) -> list[Step]:
    """The ticket's steps for the clocks. One query."""
    rows = TicketEvent.objects.filter(ticket_id=ticket.pk).order_by("version")
    return [Step(*row) for row in rows.values_list("action", "before", "after", "at", "data")]


def runs_of(ticket: Ticket, calendar: ServiceCalendar) -> list[Run]:
    """Every run of the ticket's clocks, from its history. One query."""
    return replay(history_of(ticket), calendar, Terms.read(ticket.terms))


def settle(ticket: Ticket) -> None:
    """Write the clocks' columns anew after a change of the (locked) ticket. Four queries; more if it was late."""
    calendar = service_calendar()
    runs = runs_of(ticket, calendar)
    columns = columns_of(ticket, runs, calendar, told(ticket))
    Ticket.objects.filter(id=ticket.pk).update(**columns)
    for name, value in columns.items():
        setattr(ticket, name, value)
    if ticket.was_overdue:
        _end_breaches(ticket, runs)
        _go_on_breaches(ticket, runs)


def _go_on_breaches(ticket: Ticket, runs: Sequence[Run]) -> None:
    """A clock that had run out, stopped and runs again (not fixed after all): its breach has no end yet."""
    for run in current(runs).values():
        if run.clock in ticket.overdue_clocks and run.due_at is not None:
            same = Breach.objects.filter(ticket_id=ticket.pk, clock=run.clock, due_at=run.due_at)
            same.filter(ended_at__isnull=False).update(ended_at=None)


def _end_breaches(ticket: Ticket, runs: Sequence[Run]) -> None:
    """Say when a clock that had run out came to its end: when it stopped, or now if a new due overtook it."""
    stopped = {(run.clock, run.due_at): run.stopped_at for run in runs}
    late = Breach.objects.filter(ticket_id=ticket.pk, ended_at__isnull=True)
    for breach in late.exclude(clock__in=ticket.overdue_clocks):
        breach.ended_at = stopped.get((breach.clock, breach.due_at)) or clock.now()
        breach.save(update_fields=["ended_at"])


def opened(ticket: Ticket, first: Step) -> dict[str, Any]:
    """The clocks' columns of a ticket that is about to be written with this first step. One query."""
    calendar = service_calendar()
    return columns_of(ticket, replay([first], calendar), calendar)


def columns_of(
    ticket: Ticket, runs: Sequence[Run], calendar: ServiceCalendar, done: Done = NOTHING_TOLD
) -> dict[str, Any]:
    """What the cache must hold. A flag stays only while its clock runs and is late, and comes back when it runs again.

    No query.
    """
    latest, now = current(runs), clock.now()
    dues: dict[str, Any] = {f"{name}_due_at": latest[name].due_at if name in latest else None for name in CLOCKS}
    late = sorted(run.clock for run in latest.values() if _is_late(run, now) and _is_flagged(ticket, run, done))
    moments = ahead(watched(runs), Terms.read(ticket.terms), calendar, done)
    return dues | {"overdue_clocks": late, "next_clock_at": min((at for *_, at in moments), default=None)}


def watched(runs: Sequence[Run]) -> list[Run]:
    """The runs that may have something to tell: the latest of each clock, and every one that stopped.

    One that ran out and stopped before anybody looked (nobody swept just then) leaves its breach all the same.
    """
    latest = current(runs)
    return [run for run in runs if run.stopped_at is not None or run is latest[run.clock]]


def ahead(
    runs: Iterable[Run], terms: Terms, calendar: ServiceCalendar, done: Done
) -> list[tuple[Run, Level, datetime]]:
    """The levels nobody was told of yet, and when each is reached. No query.

    A level that has moved beyond the moment it was told at (another type, a pause) counts as not told.
    """
    return [
        (run, level, at)
        for run in runs
        for level, at in ladder(run, terms, calendar)
        if not _was_told(run, level.name, at, done)
    ]


def _was_told(run: Run, level: str, at: datetime, done: Done) -> bool:
    told_at = done.get((run.clock, run.number, level))
    return told_at is not None and told_at >= at


def _is_flagged(ticket: Ticket, run: Run, done: Done) -> bool:
    """Was it flagged, for the due it has now?"""
    assert run.due_at is not None
    return run.clock in ticket.overdue_clocks or _was_told(run, DUE, run.due_at, done)


def told(ticket: Ticket) -> Done:
    """Which levels were told already, and when. One query."""
    rows = ClockNotice.objects.filter(ticket_id=ticket.pk).values_list("clock", "run", "level", "at")
    return {(name, run, level): at for name, run, level, at in rows}


def _is_late(run: Run, now: datetime) -> bool:
    return run.running and run.late_at(now)
