"""Who is told when a clock runs: warned at 80 %, flagged at 100 %, then along the chain (domain.md §3.4). Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.tickets.rules.calendar import ServiceCalendar
from apps.tickets.rules.clocks import Run, Terms


@dataclass(frozen=True)
class Level:
    """Reached at `share` of the target, or `after` minutes of the clock beyond the due. `told` is a role, or who has
    the ticket.
    """

    name: str
    told: str
    share: float | None = None
    after: float | None = None


WARN, DUE = "warn", "due"
_LADDERS: dict[str, tuple[Level, ...]] = {
    "accept": (
        Level(WARN, "dispatcher", share=0.8),
        Level(DUE, "dispatcher", share=1),
        Level("later", "grid_leader", after=15),
        Level("latest", "dept_manager", after=60),
    ),
    "contact": (Level(WARN, "technician", share=0.8), Level(DUE, "dispatcher", share=1)),
    "arrive": (Level(WARN, "technician", share=0.8), Level(DUE, "dispatcher", share=1)),
    "resolve": (
        Level(WARN, "technician", share=0.8),
        Level(DUE, "dispatcher", share=1),
        Level("later", "dept_manager", share=1.25),
        Level("latest", "branch_admin", share=2),
    ),
    "callback": (Level(WARN, "callback_agent", share=0.8), Level(DUE, "callback_agent", share=1)),
    "hold": (Level(WARN, "technician", share=0.8),),  # at its end the work goes on by itself: nobody is late
    "dept": (Level(WARN, "dept_manager", share=0.8), Level(DUE, "dept_manager", share=1)),
}
LEGAL = Level("legal", "branch_admin")
LASTING = frozenset({DUE, LEGAL.name})  # a breach, and what the customer is owed: no use to call anybody afterwards


def ladder(run: Run, terms: Terms, calendar: ServiceCalendar) -> list[tuple[Level, datetime]]:
    """The levels of this run and when each is reached, in order; none while it is paused.

    Of one that stopped too late those that leave something behind, whoever looked in time; of one in time none.
    """
    if run.due_at is None or run.paused or (run.stopped_at is not None and run.stopped_at <= run.due_at):
        return []
    levels = _levels(run, terms, calendar)
    if run.stopped_at is None:
        return levels
    return [(level, at) for level, at in levels if level.name in LASTING and at < run.stopped_at]


def _levels(run: Run, terms: Terms, calendar: ServiceCalendar) -> list[tuple[Level, datetime]]:
    reached = [(level, _moment(level, run, calendar)) for level in _LADDERS[run.clock]]
    if run.clock == "resolve" and terms.legal:
        reached.append((LEGAL, run.at_minutes(terms.legal, calendar)))
    return sorted(reached, key=lambda one: one[1])


def _moment(level: Level, run: Run, calendar: ServiceCalendar) -> datetime:
    assert run.due_at is not None
    assert run.warn_at is not None
    if level.after is not None:
        more = timedelta(minutes=level.after)
        return calendar.after(run.due_at, more) if run.service else run.due_at + more
    if level.name == WARN:
        return run.warn_at
    return run.due_at if level.share == 1 else run.at_minutes(run.minutes * (level.share or 1), calendar)
