"""Whom a running clock is told to, and when: 80 %, 100 %, then up the chain (domain.md §3.4). Pure."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from apps.tickets.rules.calendar import ZONE, ServiceCalendar
from apps.tickets.rules.clocks import CLOCKS, WARN_AT, Pause, Run, Terms
from apps.tickets.rules.escalation import ladder

BEGIN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
OPEN = ServiceCalendar((0, 1440))


def run_of(clock: str, minutes: float = 100) -> Run:
    due, warn = BEGIN + timedelta(minutes=minutes), BEGIN + timedelta(minutes=minutes * WARN_AT)
    return Run(clock, 1, BEGIN, minutes, due_at=due, warn_at=warn)


def told(run: Run, terms: Terms | None = None) -> list[tuple[str, str, float]]:
    """Level, whom, and after how many minutes."""
    found = ladder(run, terms or Terms(), OPEN)
    return [(level.name, level.told, (at - BEGIN) / timedelta(minutes=1)) for level, at in found]


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        ("accept", [("warn", "dispatcher", 80), ("due", "dispatcher", 100), ("later", "grid_leader", 115),
                    ("latest", "dept_manager", 160)]),
        ("contact", [("warn", "technician", 80), ("due", "dispatcher", 100)]),
        ("arrive", [("warn", "technician", 80), ("due", "dispatcher", 100)]),
        ("resolve", [("warn", "technician", 80), ("due", "dispatcher", 100), ("later", "dept_manager", 125),
                     ("latest", "branch_admin", 200)]),
        ("callback", [("warn", "callback_agent", 80), ("due", "callback_agent", 100)]),
        ("hold", [("warn", "technician", 80)]),  # at 100 % it resumes by itself
        ("dept", [("warn", "dept_manager", 80), ("due", "dept_manager", 100)]),
    ],
)  # fmt: skip
def test_the_chain_of_each_clock(clock: str, expected: list[tuple[str, str, float]]) -> None:
    assert told(run_of(clock)) == expected


def test_every_clock_has_a_chain() -> None:
    assert all(told(run_of(clock)) for clock in CLOCKS)


def test_the_law_is_a_level_of_its_own_in_its_place() -> None:
    assert [name for name, *_ in told(run_of("resolve"), Terms(legal=150))] == [
        "warn", "due", "later", "legal", "latest",
    ]  # fmt: skip
    assert ("legal", "branch_admin", 150) in told(run_of("resolve"), Terms(legal=150))
    assert all(name != "legal" for name, *_ in told(run_of("accept"), Terms(legal=150)))


def test_a_clock_that_stopped_or_stands_still_tells_nobody() -> None:
    run = run_of("resolve")
    still = Pause("customer", BEGIN, BEGIN + timedelta(days=1), open=True)
    assert told(replace(run, stopped_at=BEGIN + timedelta(minutes=1))) == []
    assert told(replace(run, pauses=(still,))) == []


def test_a_clock_that_stands_still_at_night_goes_up_the_chain_in_the_morning() -> None:
    """Due at 20:00, the end of the day's service: nobody who takes tickets is there before eight."""
    evening = datetime(2026, 3, 2, 20, 0, tzinfo=ZONE)
    run = Run("accept", 1, evening - timedelta(minutes=30), 30, service=True, due_at=evening, warn_at=evening)
    day = ServiceCalendar((480, 1200))
    found = {level.name: at for level, at in ladder(run, Terms(), day)}
    assert found["later"] == evening + timedelta(hours=12, minutes=15)
    assert found["latest"] == evening + timedelta(hours=13)
    urgent = {level.name: at for level, at in ladder(replace(run, service=False), Terms(), day)}
    assert urgent["later"] == evening + timedelta(minutes=15)


def test_a_clock_that_stopped_too_late_leaves_its_breach_and_what_is_owed_and_calls_nobody() -> None:
    stopped = replace(run_of("resolve"), stopped_at=BEGIN + timedelta(minutes=160))
    assert [name for name, *_ in told(stopped, Terms(legal=150))] == ["due", "legal"]
    assert [name for name, *_ in told(stopped, Terms(legal=160))] == ["due"]  # in the last second
    assert told(replace(stopped, stopped_at=stopped.due_at)) == []


def test_an_hour_later_is_an_hour_of_the_wall_and_a_quarter_more_is_of_the_clock() -> None:
    """+25 % of a promise that stood still for ten hours comes ten hours later."""
    stood = (Pause("customer", BEGIN, BEGIN + timedelta(hours=10)),)
    run = replace(run_of("resolve"), pauses=stood)
    assert {name: at for name, _, at in told(run)}["later"] == 600 + 125
