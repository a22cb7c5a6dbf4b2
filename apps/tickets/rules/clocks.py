"""The clocks of a ticket, computed from its history (domain.md §3.4). Pure.

The stored due is a cache of this. A clock has runs: it starts, may stop, and may start anew (an internal clock does
after every reassignment; the customer's clock never does, it only goes on). What it runs by are the ticket's *terms*,
which the history records whenever they are set: when it was reported, and when type, priority or place changed.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from apps.tickets.rules.calendar import ServiceCalendar
from apps.tickets.rules.workflow import FINAL, OPEN, State

CLOCKS = ("accept", "contact", "arrive", "resolve", "callback", "hold", "dept")
WARN_AT = 0.8

# Which pauses stop which clock. Material stops nothing; `third_party` is no excuse towards the customer.
PAUSED_BY: dict[str, frozenset[str]] = {
    "resolve": frozenset({"customer", "force_majeure"}),
    "arrive": frozenset({"customer", "force_majeure", "internal"}),
    "dept": frozenset({"customer", "force_majeure", "third_party"}),
}
HOLD_CLASSES = ("customer", "force_majeure", "third_party", "material", "internal")


@dataclass(frozen=True)
class Terms:
    """The targets in minutes; 0: this clock does not run. `legal` is the law's limit, counted like `resolve`.

    `service`: accept and callback run in service hours only (priorities P0 and P1 run round the clock).
    """

    accept: float = 30
    confirm: float = 15
    contact: float = 120
    arrive: float = 30
    resolve: float = 1440
    legal: float = 0
    callback: float = 1440
    dept: float = 0
    service: bool = True

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Terms":
        """From a ticket's `terms`; unknown names are an error (TypeError)."""
        return cls(**stored)


@dataclass(frozen=True)
class Step:
    """One row of the history, as far as clocks care."""

    action: str
    before: str
    after: str
    at: datetime
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Pause:
    """A hold: its class, from when, and to when (the planned end while it lasts)."""

    cause: str
    start: datetime
    end: datetime
    open: bool = False


@dataclass(frozen=True)
class Run:
    """One run of a clock. `number` counts its starts from 1; `stopped_at` is None while it runs.

    `due_at` follows from `start`, `minutes` (or `fixed`, a moment by itself) and the pauses that count for it.
    """

    clock: str
    number: int
    start: datetime
    minutes: float
    fixed: datetime | None = None
    stopped_at: datetime | None = None
    service: bool = False
    due_at: datetime | None = None
    warn_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()

    @property
    def running(self) -> bool:
        return self.stopped_at is None and self.due_at is not None

    @property
    def paused(self) -> bool:
        """Does a pause of this clock last now?"""
        return self.running and any(pause.open for pause in self.pauses)

    def late_at(self, moment: datetime) -> bool:
        """Has the clock run out by `moment` (or by its stop)?"""
        end = moment if self.stopped_at is None else min(moment, self.stopped_at)
        return self.due_at is not None and end >= self.due_at

    def at_minutes(self, minutes: float, calendar: ServiceCalendar) -> datetime:
        """The moment when so many minutes of this clock have passed."""
        return _moment(self, minutes, calendar)


def replay(
    steps: Iterable[Step], calendar: ServiceCalendar, terms: Terms | None = None, *, clocks: Collection[str] = CLOCKS
) -> list[Run]:
    """Every run of these clocks of a ticket, in order of their start. `terms`: for a history that names none.

    What costs is to find when a run is due, day by day through the calendar: who wants one clock names it.
    """
    book = _Book(terms or Terms())
    for step in steps:
        book.read(step)
    return book.runs(calendar, clocks)


def current(runs: Iterable[Run]) -> dict[str, Run]:
    """The latest run of each clock."""
    return {run.clock: run for run in runs}


class _Book:
    """Reads a history step by step."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.rows: list[Run] = []
        self.pauses: list[Pause] = []
        self.done_at: datetime | None = None
        self.with_department: datetime | None = None
        self.slot: tuple[datetime, datetime] | None = None

    def read(self, step: Step) -> None:
        if stored := step.data.get("terms"):
            self._retarget(Terms.read(stored), step)
        self._customer_clock(step)
        self._pool_clocks(step)
        self._work_clocks(step)
        self._hold(step)
        self._department(step)
        if step.after in FINAL and step.before not in FINAL:
            self._stop(step.at, *CLOCKS)

    # --- the customer's clock: from the report to completion, never anew

    def _customer_clock(self, step: Step) -> None:
        if step.action == "submit":
            self._start("resolve", _reported(step), self.terms.resolve)
        if step.action == "merged" and "reported_at" in step.data:
            self._change("resolve", start=_reported(step))
        if step.after == State.AWAITING_CALLBACK and step.before != State.AWAITING_CALLBACK:
            self._stop(step.at, "resolve", "contact", "arrive", "accept", "dept")
            self._start("callback", step.at, self.terms.callback, service=self.terms.service)
            self.done_at = step.at
        if step.before in {State.AWAITING_CALLBACK, State.CLOSED} and step.after in {State.ACCEPTED, State.POOLED}:
            self._stop(step.at, "callback")
            self._change("resolve", stopped_at=None)
            self._work_goes_on()

    def _work_goes_on(self) -> None:
        """Not fixed after all: the department that had finished it goes on with its clock."""
        self.rows = [
            replace(run, stopped_at=None) if run.clock == "dept" and run.stopped_at == self.done_at else run
            for run in self.rows
        ]

    # --- who takes it

    def _pool_clocks(self, step: Step) -> None:
        # Placed while it stood in the pool: nobody could be asked before, whoever is has the whole time.
        if _enters(step, State.POOLED) or step.action in {"transfer", "place"}:
            self.slot = None
            self._stop(step.at, "accept", "contact", "arrive")
            self._start("accept", step.at, self.terms.accept, service=self.terms.service)
        elif step.after == State.SUBMITTED and step.action == "submit":
            return
        elif _enters(step, State.ASSIGNED) or (step.action == "reassign" and step.after == State.ASSIGNED):
            self._stop(step.at, "accept", "contact", "arrive")
            self._start("accept", step.at, self.terms.confirm, service=self.terms.service)

    def _work_clocks(self, step: Step) -> None:
        taken = step.after == State.ACCEPTED and step.before not in {State.ACCEPTED, State.ON_HOLD}
        if taken or (step.action == "reassign" and step.after == State.ACCEPTED):
            self._stop(step.at, "accept", "contact", "arrive")
            self._start("contact", step.at, self.terms.contact)
            self._await_arrival(step.at)
        if step.action in {"contact", "book"}:
            self._stop(step.at, "contact")
        if step.action == "book":
            self._appointment(step)
        if _enters(step, State.IN_PROGRESS):
            self.slot = None
            self._stop(step.at, "contact", "arrive")

    def _appointment(self, step: Step) -> None:
        self.slot = datetime.fromisoformat(step.data["start"]), datetime.fromisoformat(step.data["end"])
        self._stop(step.at, "arrive")
        self._await_arrival(step.at)

    def _await_arrival(self, at: datetime) -> None:
        """The slot and its grace: a hold that cuts into it moves its end, as it does for the others. Whoever takes
        over owes the customer the slot that was promised, as long as it lies ahead and nobody was there."""
        if self.slot is not None and self.slot[1] > at:
            start, end = self.slot
            self._start("arrive", start, (end - start) / timedelta(minutes=1) + self.terms.arrive)

    # --- holds

    def _hold(self, step: Step) -> None:
        if step.action == "hold":
            planned = datetime.fromisoformat(step.data["resume_at"])
            self.pauses.append(Pause(step.data["hold_class"], step.at, planned, open=True))
            self._start("hold", step.at, 0, fixed=planned)
        elif step.before == State.ON_HOLD and step.after != State.ON_HOLD:
            self.pauses = [replace(one, end=step.at, open=False) if one.open else one for one in self.pauses]
            self._stop(step.at, "hold")

    # --- the department of record

    def _department(self, step: Step) -> None:
        if step.action not in {"submit", "transfer", "change_type"} or "department" not in step.data:
            return
        self._stop(step.at, "dept")
        self.with_department = step.at if step.data["department"] else None
        if self.with_department:
            self._start("dept", step.at, self.terms.dept)

    # --- the book itself

    def _start(self, clock: str, at: datetime, minutes: float, **more: Any) -> None:
        if not minutes and "fixed" not in more:
            return
        number = 1 + sum(run.clock == clock for run in self.rows)
        self.rows.append(Run(clock, number, at, minutes, **more))

    def _stop(self, at: datetime, *clocks: str) -> None:
        self.rows = [
            replace(run, stopped_at=at) if run.clock in clocks and run.stopped_at is None else run for run in self.rows
        ]

    def _change(self, clock: str, **changes: Any) -> None:
        self.rows = [replace(run, **changes) if run.clock == clock else run for run in self.rows]

    def _retarget(self, terms: Terms, step: Step) -> None:
        """New terms count for the clocks that run, from their own start."""
        self.terms = terms
        for clock, minutes in (("resolve", terms.resolve), ("contact", terms.contact), ("dept", terms.dept)):
            self._set_target(clock, minutes, step)
        accept = terms.confirm if step.before == State.ASSIGNED else terms.accept
        self._set_open("accept", minutes=accept, service=terms.service)

    def _set_target(self, clock: str, minutes: float, step: Step) -> None:
        """Without a target the clock does not run; a department that gets one has had it since it took the ticket."""
        if not minutes:
            self._stop(step.at, clock)
        self._set_open(clock, minutes=minutes)
        running = any(run.clock == clock and run.stopped_at is None for run in self.rows)
        if clock == "dept" and self.with_department and step.before in OPEN and not running:
            self._start(clock, self.with_department, minutes)

    def _set_open(self, clock: str, **changes: Any) -> None:
        self.rows = [
            replace(run, **changes) if run.clock == clock and run.stopped_at is None else run for run in self.rows
        ]

    def runs(self, calendar: ServiceCalendar, clocks: Collection[str]) -> list[Run]:
        wanted = (run for run in self.rows if run.clock in clocks)
        return [_dated(replace(run, pauses=_counting(run, self.pauses)), calendar) for run in wanted]


def _reported(step: Step) -> datetime:
    told = step.data.get("reported_at")
    return datetime.fromisoformat(told) if told else step.at


def _enters(step: Step, state: State) -> bool:
    return step.after == state and step.before != state


def _counting(run: Run, pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """The pauses that stop this clock, cut to its run."""
    causes = PAUSED_BY.get(run.clock, frozenset())
    end = run.stopped_at
    return tuple(
        one for one in pauses if one.cause in causes and one.end > run.start and (end is None or one.start < end)
    )


def _dated(run: Run, calendar: ServiceCalendar) -> Run:
    """When it is due. Hours that were decided after it stopped say nothing about it."""
    if run.fixed is not None:
        early = run.start + (run.fixed - run.start) * WARN_AT
        return replace(run, due_at=run.fixed, warn_at=early)
    calendar = calendar.known_at(run.stopped_at) if run.stopped_at else calendar
    return replace(
        run, due_at=_moment(run, run.minutes, calendar), warn_at=_moment(run, run.minutes * WARN_AT, calendar)
    )


def _moment(run: Run, minutes: float, calendar: ServiceCalendar) -> datetime:
    """When so many minutes of the run have passed. A pause that begins after that moment does not move it."""
    left = timedelta(minutes=minutes)
    if run.fixed is not None:
        return run.fixed + left
    if run.service:
        return calendar.after(run.start, left)
    at = run.start
    for start, end in merged(run.pauses):
        if start - at >= left:
            break
        left -= max(start - at, timedelta())
        at = max(at, end)
    return at + left


def held_for(steps: Iterable[Step], moment: datetime) -> str:
    """For which class of reason the ticket was held at this moment, if it was."""
    before = [step for step in steps if step.at <= moment]
    if not before or before[-1].after != State.ON_HOLD:
        return ""
    return next((str(step.data["hold_class"]) for step in reversed(before) if step.action == "hold"), "")


def department_before(steps: Iterable[Step], moment: datetime) -> str | None:
    """The code of the department that had the ticket at this moment; None: it has not been handed on since."""
    handed = [step for step in steps if _hands_on(step)]
    if not handed or handed[-1].at <= moment:
        return None
    return next((str(step.data.get("department", "")) for step in reversed(handed) if step.at <= moment), "")


def _hands_on(step: Step) -> bool:
    """A change of type does so only where it moved the ticket to another queue, and then it names it."""
    return step.action in {"submit", "transfer"} or (step.action == "change_type" and "department" in step.data)


def merged(pauses: Iterable[Pause]) -> list[tuple[datetime, datetime]]:
    """The pauses as spans that do not overlap: nobody waits twice at the same time."""
    spans: list[tuple[datetime, datetime]] = []
    for pause in sorted(pauses, key=lambda one: one.start):
        if spans and pause.start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], pause.end))
        else:
            spans.append((pause.start, pause.end))
    return spans
