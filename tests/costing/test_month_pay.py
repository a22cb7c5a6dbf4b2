"""A month's coefficient, the cap on deductions, and pay by price or by pool; periods and their steps; control."""

from datetime import datetime
from decimal import Decimal
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.costing.rules import control, evenness, month, periods, ticket_cost
from apps.costing.rules.month import FIXED, POOL, Line, Terms, pays
from apps.costing.rules.rulebook import DEFAULT

D = Decimal

HUNDREDTHS = st.integers(0, 200_000).map(lambda n: D(n) / 100)
LINES = st.lists(
    st.builds(
        Line, technician_id=st.integers(1, 99), gross=HUNDREDTHS, deductions=HUNDREDTHS,
        corrections=st.integers(-300_000, 100_000).map(lambda n: D(n) / 100),
        coefficient=st.integers(90, 110).map(lambda n: D(n) / 100), base_fen=st.integers(0, 300_000),
        guarantee_fen=st.integers(0, 300_000),
    ), min_size=1, max_size=12,
)  # fmt: skip


def test_the_fourth_worked_example() -> None:
    line = Line(1, D("812.5"), coefficient=D("1.05"), base_fen=180_000)
    (paid,) = pays([line], Terms(FIXED, price_fen=D(350)))
    assert (paid.points_fen, paid.pay_fen) == (298_594, 478_594)


def test_the_guarantee_is_the_least() -> None:
    (paid,) = pays([Line(1, D(10), base_fen=100_000, guarantee_fen=176_000)], Terms(price_fen=D(350)))
    assert paid.pay_fen == 176_000


def test_deductions_stop_at_a_fifth_of_the_gross() -> None:
    assert month.capped(D(100), D(15), D("0.20")) == D(15)
    assert month.capped(D(100), D(45), D("0.20")) == D(20)
    assert month.capped(D("0.04"), D(5), D("0.20")) == D("0.00")
    assert month.net(Line(1, D(100), D(45), D(-3)), D("0.20")) == D(77)


def test_who_gave_back_more_than_earned_gets_the_base() -> None:
    (paid,) = pays([Line(1, D(10), corrections=D(-40), base_fen=180_000)], Terms(price_fen=D(350)))
    assert (paid.points, paid.points_fen, paid.pay_fen) == (D(-30), 0, 180_000)


def test_a_pool_is_given_out_to_the_fen() -> None:
    lines = [Line(1, D(100)), Line(2, D(100)), Line(3, D(100))]
    terms = Terms(POOL, pool_fen=100_000)
    assert [one.points_fen for one in pays(lines, terms)] == [33_334, 33_333, 33_333]
    assert month.price(lines, terms) == D("333.33")
    assert [one.points_fen for one in pays([Line(1, D(0))], terms)] == [0]


@settings(max_examples=300, deadline=None)
@given(LINES, st.sampled_from([FIXED, POOL]), st.integers(0, 5_000_000), st.integers(0, 100))
def test_pay_is_never_negative_the_cap_holds_and_the_pool_is_exact(
    lines: list[Line], mode: str, money: int, cap: int
) -> None:
    terms = Terms(mode, D(money) / 10_000, money, D(cap) / 100)
    paid = pays(lines, terms)
    for line, one in zip(lines, paid, strict=True):
        assert one.pay_fen >= max(line.guarantee_fen, line.base_fen) >= 0 and one.points_fen >= 0
        assert 0 <= one.deducted <= max(line.gross, D(0)) * terms.deduction_cap
        assert one.points == line.gross - one.deducted + line.corrections
    if mode == POOL:
        assert sum(one.points_fen for one in paid) == (money if any(one.points > 0 for one in paid) else 0)
    assert pays(lines, terms) == paid


@settings(max_examples=200, deadline=None)
@given(LINES, HUNDREDTHS)
def test_more_points_never_pay_less(lines: list[Line], more: D) -> None:
    for terms in (Terms(FIXED, D(350)), Terms(POOL, pool_fen=1_000_000)):
        richer = [Line(**{**vars(lines[0]), "gross": lines[0].gross + more}), *lines[1:]]
        # One fen of largest remainder may go to another when everybody's part moves.
        assert pays(richer, terms)[0].pay_fen >= pays(lines, terms)[0].pay_fen - (terms.mode == POOL)


# -- coefficient ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rate", "found"), [(100, "1.10"), (90, "1.00"), (80, "0.90"), (0, "0.90"), (95, "1.05")])
def test_the_coefficient_goes_evenly_from_floor_to_ceiling(rate: int, found: str) -> None:
    rates: dict[str, D | None] = dict.fromkeys(("timely", "first_fix", "satisfaction", "data"), D(rate))
    assert month.coefficient(rates, DEFAULT.month) == D(found)


def test_a_rate_nobody_measured_leaves_the_others_to_say() -> None:
    assert month.coefficient({"timely": D(100), "stock": None}, DEFAULT.month) == D("1.10")
    assert month.coefficient({}, DEFAULT.month) == D("1.00")
    assert month.coefficient({"timely": D(100), "first_fix": D(80)}, DEFAULT.month) == D("1.03")  # 40 of 60


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(["timely", "first_fix", "stock"]), st.integers(0, 100).map(D)))
def test_the_coefficient_stays_between_its_limits_and_never_falls_with_a_rate(rates: dict[str, D | None]) -> None:
    found = [month.coefficient({**rates, "data": D(rate)}, DEFAULT.month) for rate in range(0, 101, 5)]
    assert all(D("0.90") <= one <= D("1.10") for one in found)
    assert all(one <= after for one, after in pairwise(found))


# -- periods ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("moment", "cut_off", "period"), [
    ("2026-11-30T15:59:59+00:00", 0, "2026-11"), ("2026-11-30T16:00:00+00:00", 0, "2026-12"),
    ("2026-11-25T23:59:59+08:00", 25, "2026-11"), ("2026-11-26T00:00:00+08:00", 25, "2026-12"),
    ("2026-12-26T00:00:00+08:00", 25, "2027-01"),
])  # fmt: skip
def test_a_moment_belongs_to_one_period(moment: str, cut_off: int, period: str) -> None:
    at = datetime.fromisoformat(moment)
    begins, ends = periods.bounds(period, cut_off)
    assert periods.period_of(at, cut_off) == period and begins <= at < ends


@settings(max_examples=200, deadline=None)
@given(st.datetimes(datetime(2001, 1, 1), datetime(2090, 1, 1)), st.integers(0, 28))
def test_periods_follow_each_other_without_a_gap(at: datetime, cut_off: int) -> None:
    name = periods.period_of(at.replace(tzinfo=periods.ZONE), cut_off)
    assert periods.is_period(name) and periods.preceding(periods.following(name)) == name
    assert periods.bounds(name, cut_off)[1] == periods.bounds(periods.following(name), cut_off)[0]
    assert periods.bounds(name, cut_off)[0] <= at.replace(tzinfo=periods.ZONE) < periods.bounds(name, cut_off)[1]


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-00", "2026-1", "20261-1", "abcd-01", "2026-11-01", "１２"]
)
def test_what_is_no_month_is_none(text: str) -> None:
    assert not periods.is_period(text)


def test_a_late_entry_goes_to_the_oldest_later_period_that_takes_any() -> None:
    states = {"2026-10": "locked", "2026-11": "published", "2026-12": "calculated"}
    assert periods.booked_in("2026-10", states) == ("2026-12", True)
    assert periods.booked_in("2026-12", states) == ("2026-12", False)
    assert periods.booked_in("2027-01", states) == ("2027-01", False)


def test_each_step_has_its_states_and_its_people() -> None:
    assert periods.may("publish", "calculated", ["accountant"]) and not periods.may("publish", "open", ["accountant"])
    assert periods.may("approve", "reviewed", ["branch_admin"]) and not periods.may(
        "approve", "reviewed", ["accountant"]
    )
    assert periods.may("unlock", "exported", ["hq_admin"]) and not periods.may("unlock", "locked", ["branch_admin"])
    assert not any(periods.may(step, "locked", ["technician", "dispatcher"]) for step in periods.STEPS)


# -- evenness, control, the money of a ticket -------------------------------------------------------------------


def test_evenness() -> None:
    assert evenness.gini([D(5), D(5), D(5)]) == 0
    assert evenness.gini([D(0), D(0), D(0), D(8)]) == D("0.75")
    assert evenness.gini([]) is None and evenness.gini([D(0), D(-3)]) is None
    assert evenness.utilisation(D(300), D(480)) == D("62.5") and evenness.utilisation(D(300), D(0)) is None
    assert evenness.ranks([D(3), D(9), D(3), D(1)]) == [2, 1, 2, 4]


@given(st.lists(HUNDREDTHS, max_size=20))
def test_gini_is_between_even_and_all_to_one(points: list[D]) -> None:
    found = evenness.gini(points)
    assert found is None or 0 <= found < 1


@given(st.lists(HUNDREDTHS, max_size=12))
def test_the_sides_of_a_gini_are_all_pairs_and_all_points_times_people(points: list[D]) -> None:
    apart, below = evenness.gini_sides(points)
    sizes = [max(one, D(0)) for one in points]
    assert apart == sum((abs(one - other) for one, other in combinations(sizes, 2)), D(0))
    assert below == len(sizes) * sum(sizes, D(0))


@pytest.mark.parametrize(("actual", "budget", "light"), [
    (0, 0, "none"), (1, 0, "red"), (79, 100, "green"), (80, 100, "amber"), (99, 100, "amber"), (100, 100, "red"),
])  # fmt: skip
def test_the_traffic_light(actual: int, budget: int, light: str) -> None:
    assert control.light(actual, budget) == light


SPENT = st.builds(control.Spent, st.integers(0, 500), HUNDREDTHS, HUNDREDTHS)


@given(SPENT, SPENT, st.none() | st.integers(0, 10**9))
def test_the_three_reasons_add_up_to_the_difference(
    plan: control.Spent, actual: control.Spent, fen: int | None
) -> None:
    assert control.variance(plan, actual, fen).total == (actual.fen if fen is None else fen) - plan.fen


def test_the_reasons_of_a_difference() -> None:
    plan, actual = control.Spent(100, D(5), D(350)), control.Spent(120, D("5.5"), D(360))
    assert control.variance(plan, actual) == control.Variance(price=6_600, quantity=21_000, volume=35_000)


def test_more_than_the_norm_bears() -> None:
    assert not control.over_norm(D("19.5"), D(15)) and control.over_norm(D("19.51"), D(15))
    assert control.per(D(300), 4) == 75 and control.per(3, 0) is None and control.per(3, 150, of=100) == 2


def test_the_money_of_a_ticket() -> None:
    rates = DEFAULT.rates
    assert ticket_cost.labour(D("15.62"), rates) == 7_107  # 15.62 × 3.50 × 1.30 = 71.071
    assert ticket_cost.labour(D("15.62"), rates, outsourced=True) == 0
    assert (
        ticket_cost.road(D(172), rates) == 15_480 and ticket_cost.road(D(10), rates, car="company", tolls=500) == 2_100
    )
    assert ticket_cost.lodging(D(250), 12_000, rates) == 0 and ticket_cost.lodging(D(251), 12_000, rates) == 12_000
    assert ticket_cost.service_share(4_900, rates) == 1_470  # 49 yuan × 3 months × 10 %
    assert ticket_cost.recovered(10_000, D(2), rates) == 6_000 and ticket_cost.outsourced(8_050, D("1.5")) == 12_075
    assert ticket_cost.contribution([10_000], [7_107, 1_000], [1_470]) == 3_363
