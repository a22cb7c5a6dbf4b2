"""The pure side of the pages of figures: addresses, levels, alarms, values in words, the drawn map."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.utils import translation

from apps.headquarters.reporting.figures import change, number, shown
from apps.headquarters.reporting.told import told
from apps.headquarters.rules.alarms import Alarm, Measured, Seen, alarms
from apps.headquarters.rules.kpis import KPIS
from apps.headquarters.rules.levels import level
from steppe.kernel import clock
from steppe.ui.sketch import Sheet

D = Decimal
WEEK = {"from": "2026-03-01", "to": "2026-03-07"}


def test_an_address_leads_down_from_branch_to_grid_to_type_and_then_to_tickets() -> None:
    at, steps = told(WEEK), []
    for key in ("XL", "G1", "fault_bb"):
        steps.append(at.dimension)
        at = at.narrowed(at.dimension, key)
    assert steps == ["branch", "grid", "type_code"] and at.dimension == ""
    assert at.query == "from=2026-03-01&to=2026-03-07&branch=XL&grid=G1&type_code=fault_bb"


def test_a_grid_of_all_branches_grids_names_its_branch() -> None:
    at = told(WEEK | {"by": "grid"}).narrowed("grid", "XL/G1")
    assert (at.asked.branch, at.asked.grid, at.dimension) == ("XL", "G1", "type_code")


def test_without_its_branch_a_grid_means_nothing() -> None:
    at = told(WEEK | {"branch": "XL", "grid": "G1", "area_class": "A"})
    assert at.without("branch") == "from=2026-03-01&to=2026-03-07&area_class=A"
    assert at.without("grid") == "from=2026-03-01&to=2026-03-07&branch=XL&area_class=A"


def test_the_branch_of_ones_own_site_stands_in_no_address_and_cannot_be_changed() -> None:
    at = told(WEEK | {"branch": "MA"}, fixed="LO")
    assert at.asked.branch == "LO" and "branch" not in at.query and at.dimension == "grid"
    assert list(at.steps()) == [] and "branch" not in at.open_dimensions()


def test_a_month_narrows_as_far_as_the_period_goes() -> None:
    at = told({"from": "2026-02-10", "to": "2026-03-07"}).narrowed("month", "2026-02")
    assert (at.asked.first, at.asked.last) == (date(2026, 2, 10), date(2026, 2, 28))


@pytest.mark.parametrize(
    "nonsense",
    [{"from": "x"}, {"from": "2026-03-07", "to": "2026-03-01"}, {"from": "1900-01-01", "to": "2026-01-01"},
     {"from": "0001-01-01", "to": "0001-01-02"}, {"by": "drop table"}, {"grid": "\x00" * 30}],
)  # fmt: skip
def test_nonsense_in_an_address_is_left_out(nonsense: dict[str, str]) -> None:
    at, today = told(nonsense), date.fromisoformat(clock.today())
    assert at.asked.last == today and at.by == "" and at.asked.grid == ""
    assert (at.asked.last - at.asked.first).days == 29


def test_the_usual_periods_are_marked_when_one_is_on_them() -> None:
    with clock.frozen(datetime(2026, 3, 18, 4, tzinfo=UTC)):
        assert [here for _word, _query, here in told({}).periods()] == [False, True, False, False, False]
        assert [here for _w, _q, here in told({"from": "2026-02-01", "to": "2026-02-28"}).periods()][3]


@pytest.mark.parametrize(
    ("direction", "value", "whole", "expected"),
    [
        ("up", D(90), D(80), "good"), ("up", D(80), D(80), "good"), ("up", D(75), D(80), "near"),
        ("up", D(60), D(80), "bad"), ("down", D(5), D(10), "good"), ("down", D(11), D(10), "near"),
        ("down", D(12), D(10), "bad"), ("down", D(1), D(0), "bad"), ("down", D(0), D(0), "good"),
        ("", D(5), D(1), "plain"), ("up", D(5), None, "plain"), ("up", None, D(5), "none"),
    ],
)  # fmt: skip
def test_a_level_says_how_one_stands_beside_all(direction: str, value: D, whole: D, expected: str) -> None:
    assert level(direction, value, whole) == expected


def seen(code: str = "XL", **more: object) -> Seen:
    return Seen(**({"code": code, "active": True, "open": 100, "overdue": 0, "age": timedelta(minutes=1)} | more))


def test_a_quiet_branch_raises_no_alarm() -> None:
    assert alarms([seen(), seen("OR", open=0)]) == []


def test_much_overdue_no_fresh_figures_and_a_closed_branch_are_alarms_the_gravest_first() -> None:
    found = alarms([
        seen("A", active=False, overdue=50), seen("B", age=timedelta(minutes=16)), seen("C", overdue=20),
        seen("D", open=4, overdue=1), seen("E", open=100, overdue=19), seen("F", age=None),
    ])  # fmt: skip
    assert found == [
        Alarm("C", "overdue", 20), Alarm("D", "overdue", 1), Alarm("B", "stale", 16), Alarm("F", "stale", 0),
        Alarm("A", "closed"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "direction", "now", "before", "weight", "odd"),
    [
        ("percent", "up", 70, 80, 20, True), ("percent", "up", 71, 80, 20, False), ("percent", "up", 90, 80, 99, False),
        ("percent", "up", 10, 80, 19, False), ("percent", "down", 30, 20, 20, True),
        ("hours", "down", 13, 10, 20, True), ("hours", "down", 12, 10, 20, False),
("hours", "down", 5, 10, 20, False), ("hours", "down", 0, 0, 20, False),
    ],
)  # fmt: skip
def test_a_figure_that_jumped_is_odd_only_if_there_is_enough_below_the_line(
    unit: str, direction: str, now: int, before: int, weight: int, odd: bool
) -> None:
    figure = Measured(unit, direction, D(now), D(before), weight, weight)
    assert bool(alarms([seen(figures={"x": figure})])) is odd


def test_values_carry_their_unit_and_changes_their_sense() -> None:
    with translation.override("en"):
        assert shown(KPIS["overdue_rate"], D("12.345")) == "12.3 %"
        assert shown(KPIS["mttr"], D("5")) == "5.0 h" and shown(KPIS["csat"], None) == "—"
        assert number(KPIS["ticket_volume"], D("1204.00")) == "1,204"
        assert number(KPIS["fault_per_100"], D("1.5")) == "1.50"
        better = change(KPIS["overdue_rate"], D(10), D(12))
        assert better and (better.text, better.way, better.mood) == ("2.0 points", "down", "good")
        more = change(KPIS["ticket_volume"], D(150), D(100))
        assert more and (more.text, more.mood) == ("50 %", "plain")
        assert change(KPIS["csat"], None, D(1)) is None


def test_three_hundred_branches_have_fields_that_cover_each_place_once() -> None:
    chance, sheet = Random(7), Sheet(720, 380)
    sites = [(round(chance.uniform(40, 680), 1), round(chance.uniform(40, 340), 1)) for _ in range(300)]
    fields = sheet.fields(sites)
    assert all(fields) and len(set(fields)) == 300
    assert sheet.fields(sites[:1]) == [""] and sheet.fields([]) == []
    assert all(sheet.fields([sites[0], sites[0], sites[1]])), "two in the very same place share it"
