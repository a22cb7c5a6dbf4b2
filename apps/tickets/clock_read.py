"""The clocks of a ticket for who looks at it: every run with its pauses, and what was told and broken because of it.

Replayed from the history like the stored dues (services/_clocks.py), so page and cache cannot disagree.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.tickets.models import Breach, ClockNotice, Ticket, TicketEvent
from apps.tickets.rules.calendar import ServiceCalendar
from apps.tickets.rules.clocks import CLOCKS, Pause, Run, Step, Terms, merged, replay
from apps.tickets.services._clocks import service_calendar
from steppe.kernel import clock

STATES = ("running", "paused", "late", "kept", "missed")


@dataclass(frozen=True)
class ClockRun:
    """One run of a clock. `late` counts like the clock itself: in service hours where it runs in them."""

    clock: str
    number: int
    started_at: datetime
    minutes: float
    due_at: datetime | None
    stopped_at: datetime | None
    state: str
    late: timedelta
    paused: timedelta
    pauses: tuple[Pause, ...]
    notices: tuple[ClockNotice, ...]
    cause: str = ""  # of a hold

    @property
    def open(self) -> bool:
        """Does it still run?"""
        return self.stopped_at is None


@dataclass(frozen=True)
class Clock:
    """One clock of the ticket: its latest run, the runs before it, and what it broke."""

    name: str
    now: ClockRun
    before: tuple[ClockRun, ...]
    breaches: tuple[Breach, ...]


@dataclass(frozen=True)
class Clocks:
    """All clocks, those that run now first; `legal_due_at` is the law's limit where the type names one."""

    rows: tuple[Clock, ...]
    legal_due_at: datetime | None = None

    @property
    def runs(self) -> list[ClockRun]:
        """Every run, in order of their start."""
        found = [run for row in self.rows for run in (*row.before, row.now)]
        return sorted(found, key=lambda run: (run.started_at, CLOCKS.index(run.clock), run.number))

    @property
    def breaches(self) -> list[Breach]:
        return sorted((one for row in self.rows for one in row.breaches), key=lambda one: one.breached_at)


def clocks_of(ticket: Ticket, history: Sequence[TicketEvent], *, reveal: bool) -> Clocks:
    """The ticket's clocks as its history has them. Three queries; the caller has shown the right to the ticket.

    Why somebody exempted a breach names people and doors, so it goes with the contact (`reveal`).
    """
    calendar, terms = service_calendar(), Terms.read(ticket.terms)
    steps = [Step(one.action, one.before, one.after, one.at, one.data) for one in history]
    runs = replay(steps, calendar, terms)
    notices = list(ClockNotice.objects.filter(ticket_id=ticket.pk).order_by("at", "id"))
    breaches = list(Breach.objects.filter(ticket_id=ticket.pk).order_by("breached_at"))
    for breach in () if reveal else breaches:
        breach.exemption = "…" if breach.exemption else ""
    shown = [_shown(run, calendar, notices, _cause(run, steps)) for run in runs]
    rows = [_clock(name, [run for run in shown if run.clock == name], breaches) for name in CLOCKS]
    found = sorted((row for row in rows if row), key=lambda row: not row.now.open)
    return Clocks(tuple(found), _legal(runs, terms, calendar))


def _clock(name: str, runs: Sequence[ClockRun], breaches: Iterable[Breach]) -> Clock | None:
    if not runs:
        return None
    return Clock(name, runs[-1], tuple(runs[:-1]), tuple(one for one in breaches if one.clock == name))


def _shown(run: Run, calendar: ServiceCalendar, notices: Iterable[ClockNotice], cause: str) -> ClockRun:
    end = run.stopped_at or clock.now()
    late = _late(run, end, calendar)
    told = tuple(one for one in notices if (one.clock, one.run) == (run.clock, run.number))
    return ClockRun(
        run.clock, run.number, run.start, run.minutes, run.due_at, run.stopped_at, _state(run, late), late,
        _paused(run, end), run.pauses, told, cause,
    )  # fmt: skip


def _state(run: Run, late: timedelta) -> str:
    if run.stopped_at is not None:
        return "missed" if late else "kept"
    if run.paused:
        return "paused"
    return "late" if late else "running"


def _late(run: Run, end: datetime, calendar: ServiceCalendar) -> timedelta:
    """How long it had run out, or has by now; nothing while it is paused."""
    if run.due_at is None or end <= run.due_at or (run.stopped_at is None and run.paused):
        return timedelta()
    return calendar.between(run.due_at, end) if run.service else end - run.due_at


def _paused(run: Run, end: datetime) -> timedelta:
    """How long it stood still until `end`, overlaps counted once; the part that lies ahead not at all."""
    spans = ((max(start, run.start), min(stop, end)) for start, stop in merged(run.pauses))
    return sum((stop - start for start, stop in spans if stop > start), timedelta())


def _cause(run: Run, steps: Iterable[Step]) -> str:
    """Why the hold that this run belongs to was made."""
    if run.clock != "hold":
        return ""
    made = (one.data for one in steps if one.action == "hold" and one.at == run.start)
    return next((str(data.get("hold_class", "")) for data in made), "")


def _legal(runs: Iterable[Run], terms: Terms, calendar: ServiceCalendar) -> datetime | None:
    promise = next((run for run in runs if run.clock == "resolve"), None)
    return promise.at_minutes(terms.legal, calendar) if promise and terms.legal else None
