"""The clocks as rules over a history: when each starts, stops, stands still and starts anew (domain.md §3.4). Pure."""

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.tickets.rules.calendar import ServiceCalendar
from apps.tickets.rules.clocks import HOLD_CLASSES, Pause, Run, Step, Terms, current, department_before, merged, replay

BEGIN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
OPEN = ServiceCalendar((0, 1440))
TERMS = Terms(accept=30, confirm=15, contact=120, arrive=30, resolve=1440, legal=2880, callback=1440, dept=240)


def at(hours: float) -> datetime:
    return BEGIN + timedelta(hours=hours)


def step(hours: float, action: str, before: str, after: str, **data: Any) -> Step:
    told = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in data.items()}
    return Step(action, before, after, at(hours), told)


def submit(**more: Any) -> Step:
    return step(0, "submit", "", "pooled", **({"terms": asdict(TERMS), "reported_at": BEGIN} | more))


def hold(hours: float, kind: str, until: float, before: str = "in_progress") -> Step:
    return step(hours, "hold", before, "on_hold", hold_class=kind, resume_at=at(until))


def resume(hours: float, after: str = "in_progress") -> Step:
    return step(hours, "resume", "on_hold", after)


GRAB = step(0.2, "grab", "pooled", "accepted")
ARRIVE = step(1, "check_in", "accepted", "in_progress")
WORKING = [submit(), GRAB, ARRIVE]


def clocks(*steps: Step, terms: Terms = TERMS) -> dict[str, Run]:
    """The latest run of each clock after these steps."""
    return current(replay(steps, OPEN, terms))


def left(run: Run) -> float:
    """Hours from the beginning to its due."""
    assert run.due_at is not None
    return (run.due_at - BEGIN) / timedelta(hours=1)


def test_accept_and_the_promise_start_with_the_report() -> None:
    now = clocks(submit())
    assert {name for name, run in now.items() if run.running} == {"accept", "resolve"}
    assert (left(now["accept"]), left(now["resolve"])) == (0.5, 24)
    assert now["resolve"].warn_at == BEGIN + timedelta(hours=24) * 0.8


def test_what_is_entered_later_is_promised_from_the_report() -> None:
    now = clocks(submit(reported_at=at(-3)))
    assert (left(now["accept"]), left(now["resolve"])) == (0.5, 21)


def test_grabbed_the_contact_clock_runs_until_the_first_call_or_appointment() -> None:
    now = clocks(submit(), GRAB)
    assert not now["accept"].running and left(now["contact"]) == pytest.approx(2.2)
    slot = {"start": at(5), "end": at(7)}
    for call in (
        step(1, "contact", "accepted", "accepted"),
        step(1, "book", "accepted", "accepted", **slot),
        step(1, "check_in", "accepted", "in_progress"),
    ):
        assert clocks(submit(), GRAB, call)["contact"].stopped_at == at(1)


def test_arrival_is_due_half_an_hour_after_the_slot_and_a_new_slot_is_a_new_clock() -> None:
    first = step(1, "book", "accepted", "accepted", start=at(5), end=at(7))
    second = step(2, "book", "accepted", "accepted", start=at(9), end=at(10))
    assert left(clocks(submit(), GRAB, first)["arrive"]) == 7.5
    now = clocks(submit(), GRAB, first, second)["arrive"]
    assert (now.number, left(now)) == (2, 10.5)
    assert not clocks(submit(), GRAB, first, step(6, "check_in", "accepted", "in_progress"))["arrive"].running


def test_done_the_promise_stops_and_the_callback_clock_starts() -> None:
    now = clocks(*WORKING, step(3, "complete", "in_progress", "awaiting_callback"))
    assert now["resolve"].stopped_at == at(3) and left(now["callback"]) == 27


def test_sent_back_the_promise_goes_on_from_the_beginning() -> None:
    done = step(3, "complete", "in_progress", "awaiting_callback")
    now = clocks(*WORKING, done, step(30, "callback_reject", "awaiting_callback", "accepted"))
    assert now["resolve"].running and now["resolve"].number == 1 and left(now["resolve"]) == 24
    assert not now["callback"].running and now["contact"].number == 2


def test_reopened_the_promise_goes_on_from_the_beginning_too() -> None:
    done = step(3, "complete", "in_progress", "awaiting_callback")
    closed = step(4, "callback_ok", "awaiting_callback", "closed")
    assert not any(run.running for run in clocks(*WORKING, done, closed).values())
    now = clocks(*WORKING, done, closed, step(50, "reopen", "closed", "pooled"))
    assert left(now["resolve"]) == 24 and now["resolve"].running and left(now["accept"]) == 50.5


def test_reassigned_the_internal_clocks_start_anew_and_the_promise_does_not() -> None:
    now = clocks(*WORKING, step(4, "reassign", "in_progress", "assigned"))
    assert left(now["resolve"]) == 24 and left(now["accept"]) == 4.25 and now["accept"].number == 2
    assert not now["contact"].running


def booked(start: float, end: float) -> Step:
    return step(0.5, "book", "accepted", "accepted", start=at(start), end=at(end))


@pytest.mark.parametrize("confirmed", [True, False])
def test_who_takes_over_owes_the_slot_that_was_promised(confirmed: bool) -> None:
    given = step(1, "reassign", "accepted", "assigned" if confirmed else "accepted")
    steps = [submit(), GRAB, booked(5, 7), given, *([step(1.2, "confirm", "assigned", "accepted")] * confirmed)]
    now = clocks(*steps)["arrive"]
    assert now.running and (now.number, left(now)) == (2, 7.5)


@pytest.mark.parametrize(("start", "end", "way"), [
    (2, 3, []),  # nobody came: whose it was then stands in the first run
    (2, 5, [step(3.5, "check_in", "accepted", "in_progress")]),  # somebody came
])  # fmt: skip
def test_a_slot_that_is_over_is_owed_by_nobody(start: float, end: float, way: list[Step]) -> None:
    given = step(4, "reassign", "in_progress" if way else "accepted", "accepted")
    now = clocks(submit(), GRAB, booked(start, end), *way, given)["arrive"]
    assert not now.running and now.number == 1


def test_in_the_pool_no_slot_is_promised_any_more() -> None:
    back = [step(1, "return", "accepted", "pooled"), step(2, "grab", "pooled", "accepted")]
    assert not clocks(submit(), GRAB, booked(5, 7), *back)["arrive"].running


def retyped(hours: float, **terms: float) -> Step:
    return step(hours, "change_type", "accepted", "accepted", terms=asdict(replace(TERMS, **terms)))


def test_a_type_without_a_target_for_departments_or_calls_stops_that_clock_and_breaks_nothing() -> None:
    now = clocks(submit(department="CARE"), GRAB, retyped(1, dept=0, contact=0))
    for name in ("dept", "contact"):
        assert now[name].stopped_at == at(1) and not now[name].late_at(at(1))


def test_a_department_that_gets_a_target_has_had_the_ticket_since_it_came() -> None:
    none = submit(department="CARE", terms=asdict(replace(TERMS, dept=0)))
    assert "dept" not in clocks(none, GRAB)
    now = clocks(none, GRAB, retyped(1, dept=120))["dept"]
    assert now.running and left(now) == 2
    assert "dept" not in clocks(submit(), GRAB, retyped(1, dept=120))  # it is with no department
    done = step(1, "resolve_incident", "accepted", "awaiting_callback")
    urged = step(2, "urge", "awaiting_callback", "awaiting_callback", terms=asdict(replace(TERMS, dept=120)))
    assert "dept" not in clocks(none, GRAB, done, urged)  # it is done there


@pytest.mark.parametrize("end", ["cancelled", "void", "closed"])
def test_when_it_is_over_no_clock_runs(end: str) -> None:
    assert not any(run.running for run in clocks(submit(), step(1, "void", "pooled", end)).values())


# --- pauses by class of reason

MOVES = {  # which clock a hold of this class moves
    "customer": {"resolve", "arrive", "dept"},
    "force_majeure": {"resolve", "arrive", "dept"},
    "third_party": {"dept"},
    "material": set(),
    "internal": {"arrive"},
}


def test_every_class_of_a_hold_is_asked_here() -> None:
    assert set(MOVES) == set(HOLD_CLASSES)


@pytest.mark.parametrize("kind", HOLD_CLASSES)
@pytest.mark.parametrize("name", ["resolve", "arrive", "dept"])
def test_a_hold_of_five_hours_moves_a_clock_by_exactly_five_hours_or_not_at_all(kind: str, name: str) -> None:
    slot = step(0.5, "book", "accepted", "accepted", start=at(1), end=at(4))
    handed = submit(department="CARE")
    before = clocks(handed, GRAB, slot)[name]
    after = clocks(handed, GRAB, slot, hold(2, kind, 7, "accepted"), resume(7, "accepted"))[name]
    assert left(after) - left(before) == (5 if name in MOVES[kind] else 0)


def test_a_hold_that_ends_early_moves_it_only_so_far() -> None:
    assert left(clocks(*WORKING, hold(2, "customer", 10))["resolve"]) == 32  # as it was planned
    assert left(clocks(*WORKING, hold(2, "customer", 10), resume(3))["resolve"]) == 25


def test_the_time_before_and_between_two_holds_counts() -> None:
    now = clocks(*WORKING, hold(2, "customer", 4), resume(4), hold(6, "force_majeure", 9), resume(9))
    assert left(now["resolve"]) == 24 + 2 + 3


def test_while_it_stands_still_it_says_so() -> None:
    assert clocks(*WORKING, hold(2, "customer", 10))["resolve"].paused
    assert not clocks(*WORKING, hold(2, "material", 10))["resolve"].paused
    assert not clocks(*WORKING, hold(2, "customer", 10), resume(3))["resolve"].paused


def test_a_hold_after_the_clock_ran_out_makes_nothing_good() -> None:
    assert left(clocks(*WORKING, hold(25, "customer", 30), resume(30))["resolve"]) == 24


def test_the_hold_has_a_clock_of_its_own_up_to_its_planned_end() -> None:
    now = clocks(*WORKING, hold(2, "material", 10))["hold"]
    assert (left(now), now.warn_at) == (10, at(2 + 8 * 0.8))
    assert clocks(*WORKING, hold(2, "material", 10), resume(3))["hold"].stopped_at == at(3)


spans = st.tuples(st.integers(0, 200), st.integers(1, 50)).map(lambda one: (one[0], sum(one)))


@given(st.lists(spans, max_size=8))
def test_nobody_waits_twice_at_the_same_time(given_spans: list[tuple[int, int]]) -> None:
    """Overlapping holds move the due by the length of their union, minute for minute."""
    pauses = [Pause("customer", at(start / 60), at(end / 60)) for start, end in given_spans]
    minutes = {minute for start, end in given_spans for minute in range(start, end)}
    spans_found = merged(pauses)
    assert sum((end - start for start, end in spans_found), timedelta()) == timedelta(minutes=len(minutes))
    assert all(one[1] < two[0] for one, two in pairwise(spans_found))


@given(st.lists(spans, max_size=6), st.integers(1, 600))
def test_a_due_leaves_exactly_the_target_outside_the_pauses(given_spans: list[tuple[int, int]], target: int) -> None:
    pauses = tuple(Pause("customer", at(start / 60), at(end / 60)) for start, end in given_spans)
    run = Run("resolve", 1, BEGIN, target, pauses=pauses)
    due = (run.at_minutes(target, OPEN) - BEGIN) // timedelta(minutes=1)
    stood = {minute for start, end in given_spans for minute in range(start, end)}
    assert sum(minute not in stood for minute in range(due)) == target


# --- what changes the terms


def test_a_change_of_type_counts_from_the_report_and_only_for_what_still_runs() -> None:
    new = replace(TERMS, resolve=2880, contact=60)
    changed = step(2, "change_type", "in_progress", "in_progress", terms=asdict(new))
    now = clocks(*WORKING, changed)
    assert left(now["resolve"]) == 48 and now["contact"].minutes == 120


def test_merged_the_earliest_report_wins() -> None:
    now = clocks(*WORKING, step(2, "merged", "in_progress", "in_progress", reported_at=at(-6)))
    assert left(now["resolve"]) == 18


def test_a_transfer_starts_the_departments_clock_and_the_accept_clock_anew() -> None:
    moved = step(3, "transfer", "in_progress", "pooled", department="CARE")
    now = clocks(*WORKING, moved)
    assert left(now["dept"]) == 7 and left(now["accept"]) == 3.5 and left(now["resolve"]) == 24
    back = step(4, "transfer", "pooled", "pooled", department="")
    assert not clocks(*WORKING, moved, back)["dept"].running


def test_whose_it_was_at_a_moment_is_said_by_whoever_handed_it_on_after() -> None:
    opened, plain = submit(department="CARE"), retyped(2)
    queued = step(3, "change_type", "pooled", "pooled", department="LINE")
    moved = step(5, "transfer", "pooled", "pooled", department="")
    assert department_before([opened, plain], at(4)) is None  # nobody has moved it since
    assert department_before([opened, plain, queued], at(2.5)) == "CARE"
    assert department_before([opened, plain, queued, moved], at(4)) == "LINE"


def test_the_department_is_done_with_the_work_not_with_the_callback_and_goes_on_if_it_was_not_fixed() -> None:
    moved = step(3, "transfer", "in_progress", "pooled", department="CARE")
    done = step(5, "complete", "in_progress", "awaiting_callback")
    assert clocks(*WORKING, moved, done)["dept"].stopped_at == at(5)
    now = clocks(*WORKING, moved, done, step(6, "callback_reject", "awaiting_callback", "accepted"))["dept"]
    assert now.running and (now.number, left(now)) == (1, 7)
    closed = step(7, "callback_ok", "awaiting_callback", "closed")
    assert clocks(*WORKING, moved, done, closed)["dept"].stopped_at == at(5)


def test_a_department_that_gave_it_away_does_not_begin_again() -> None:
    moved = step(3, "transfer", "in_progress", "pooled", department="CARE")
    back = step(4, "transfer", "pooled", "pooled", department="")
    done = step(5, "complete", "in_progress", "awaiting_callback")
    sent_back = step(6, "callback_reject", "awaiting_callback", "pooled")
    assert not clocks(*WORKING, moved, back, done, sent_back)["dept"].running


def test_a_target_of_nothing_is_no_clock() -> None:
    off = replace(TERMS, contact=0)
    assert "contact" not in clocks(submit(terms=asdict(off)), GRAB)


def test_accept_and_callback_run_in_service_hours_and_nothing_else_does() -> None:
    night = ServiceCalendar((480, 1200))
    evening = datetime(2026, 3, 2, 11, 45, tzinfo=UTC)  # 19:45 in the branch
    first = Step("submit", "", "pooled", evening, {"terms": asdict(TERMS), "reported_at": evening.isoformat()})
    now = current(replay([first], night))
    assert now["accept"].due_at == evening + timedelta(hours=12, minutes=30)
    assert now["resolve"].due_at == evening + timedelta(hours=24)
    urgent = Step("submit", "", "pooled", evening, {"terms": asdict(replace(TERMS, service=False))})
    assert current(replay([urgent], night))["accept"].due_at == evening + timedelta(minutes=30)
