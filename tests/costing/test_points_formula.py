"""What a ticket is worth and to whom: the worked examples of domain.md §5.2, every factor, every special case."""

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.costing.rules.points import BONUS, EARN, NOTHING, TRAVEL, ZONE, Share, Work, Worked, worked
from apps.costing.rules.rulebook import DEFAULT, Rulebook
from apps.costing.rules.sharing import rounded, split, usual

D = Decimal

NOON = datetime(2026, 11, 4, 12, tzinfo=ZONE)
NIGHT = datetime(2026, 11, 4, 23, tzinfo=ZONE)
SOLO = (Share(1, 100),)


def work(**more: Any) -> Work:
    """A broadband fault in town, alone, in time, at noon, liked well enough: 5 points."""
    usual: dict[str, Any] = {
        "type_code": "fault_bb", "base_points": D(5), "area_class": "A", "worked_at": NOON, "used_pct": D(80),
        "score": 4, "shares": SOLO,
    }  # fmt: skip
    return Work(**usual | more)


def earned(found: Worked, kind: str = EARN) -> list[D]:
    return [one.points for one in found.parts if one.kind == kind]


def factors(found: Worked) -> dict[str, D]:
    return {one.code: one.value for one in found.factors}


# -- the worked examples ----------------------------------------------------------------------------------------


def test_a_herders_household_86_km_away() -> None:
    found = worked(work(area_class="D", trip_km=D(172)), DEFAULT)
    assert earned(found) == [D("6.50")] and earned(found, TRAVEL) == [D("9.12")]
    assert found.everything == D("15.62")


def test_a_combined_installation_by_two() -> None:
    found = worked(
        work(base_points=D(12), quantities={"cable": D(80)}, used_pct=D(40), score=5,
             shares=(Share(1, 60), Share(2, 40))),
        DEFAULT,
    )  # fmt: skip
    assert (found.ticket_points, found.quality, found.total) == (D("13.5"), D("1.1"), D("14.85"))
    assert earned(found) == [D("8.91"), D("5.94")]


def test_a_line_repaired_by_three_in_a_holidays_night() -> None:
    found = worked(
        work(type_code="line_repair", base_points=D(36), area_class="B", priority=0, by_order=True, worked_at=NIGHT,
             day="holiday", quantities={"splice": D(12)}, difficulty="hard", used_pct=D("137.5"), score=None,
             shares=(Share(1, 50), Share(2, 25), Share(3, 25))),
        DEFAULT,
    )  # fmt: skip
    assert (found.ticket_points, found.quality, found.total) == (D("106.92"), D("0.70"), D("74.84"))
    assert earned(found) == [D("37.42"), D("18.71"), D("18.71")]


# -- each factor ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "quantity", "points"), [
    ("cable", 50, "0"), ("cable", 80, "1.5"), ("cable", 85, "1.75"), ("splice", 12, "18.0"), ("extra_outlet", 2, "4"),
    ("outlets", 1, "0"), ("outlets", 3, "4"), ("extra_stb", 1, "1"), ("pole", 1, "2"), ("inspection_point", 4, "9"),
    ("unheard_of", 4, "0"),
])  # fmt: skip
def test_quantity_items_pay_what_goes_beyond(code: str, quantity: int, points: str) -> None:
    assert worked(work(quantities={code: D(quantity)}), DEFAULT).total == 5 + D(points)


@pytest.mark.parametrize(("difficulty", "total"), [
    ("easy", "4.00"), ("", "5.00"), ("normal", "5.00"), ("hard", "6.00"), ("very_hard", "7.50"), ("gone", "5.00"),
])  # fmt: skip
def test_the_difficulty(difficulty: str, total: str) -> None:
    assert worked(work(difficulty=difficulty), DEFAULT).total == D(total)


@pytest.mark.parametrize(("area", "total"), [("A", "5.00"), ("B", "5.50"), ("C", "6.00"), ("D", "6.50"), ("", "5.00")])
def test_the_area(area: str, total: str) -> None:
    assert worked(work(area_class=area), DEFAULT).total == D(total)


@pytest.mark.parametrize(("hour", "day", "factor"), [
    ("07:59", "work", "1.2"), ("08:00", "work", "1"), ("19:59", "work", "1"), ("20:00", "work", "1.2"),
    ("12:00", "rest", "1.2"), ("23:00", "rest", "1.2"), ("12:00", "holiday", "1.5"), ("23:00", "holiday", "1.5"),
])  # fmt: skip
def test_the_hour_and_the_day_by_order(hour: str, day: str, factor: str) -> None:
    at = datetime.fromisoformat(f"2026-11-04T{hour}+08:00")
    assert factors(worked(work(by_order=True, worked_at=at, day=day), DEFAULT))["time"] == D(factor)
    assert factors(worked(work(worked_at=at, day=day), DEFAULT))["time"] == 1  # by choice: as at noon


def test_the_hour_is_the_branchs_whatever_zone_it_is_told_in() -> None:
    at = datetime.fromisoformat("2026-11-04T13:00+00:00")  # 21:00 in Shanghai
    assert factors(worked(work(by_order=True, worked_at=at), DEFAULT))["time"] == D("1.2")


@pytest.mark.parametrize(("used", "factor"), [
    (None, "1"), ("0", "1.05"), ("50", "1.05"), ("50.01", "1"), ("100", "1"), ("100.01", "0.9"), ("125", "0.9"),
    ("126", "0.7"), ("200", "0.7"), ("200.1", "0.5"), ("9999", "0.5"),
])  # fmt: skip
def test_timeliness(used: str | None, factor: str) -> None:
    found = worked(work(used_pct=None if used is None else D(used)), DEFAULT)
    assert factors(found)["timeliness"] == D(factor)


@pytest.mark.parametrize(("score", "factor"), [(None, "1"), (5, "1.05"), (4, "1"), (3, ".95"), (2, ".8"), (1, ".6")])
def test_satisfaction(score: int | None, factor: str) -> None:
    assert factors(worked(work(score=score), DEFAULT))["satisfaction"] == D(factor)


def test_the_worst_quality_is_half_and_the_best_a_tenth_more() -> None:
    assert worked(work(used_pct=D(300), score=1), DEFAULT).quality == D("0.5")
    assert worked(work(used_pct=D(10), score=5), DEFAULT).quality == D("1.1")


def test_the_first_20_km_are_free_and_a_trip_is_paid_once_over_its_tickets() -> None:
    assert earned(worked(work(trip_km=D(20)), DEFAULT), TRAVEL) == []
    near = worked(work(trip_km=D(120), own_km=D(20), all_km=D(80)), DEFAULT)
    far = worked(work(trip_km=D(120), own_km=D(60), all_km=D(80)), DEFAULT)
    assert (earned(near, TRAVEL), earned(far, TRAVEL)) == ([D("1.50")], [D("4.50")])  # 6.00 together


def test_the_road_is_the_teams_or_the_main_technicians() -> None:
    two = work(trip_km=D(120), shares=(Share(1, 60), Share(2, 40)))
    assert earned(worked(two, DEFAULT), TRAVEL) == [D("3.60"), D("2.40")]
    mine = Rulebook.read({**DEFAULT.body(), "travel": {"free_km": "20", "per_km": "0.06", "who": "main"}})
    assert earned(worked(two, mine), TRAVEL) == [D("6.00")]


def test_having_waited_is_a_bonus_of_its_own() -> None:
    found = worked(work(waiting_bonus_pct=30, shares=(Share(1, 60), Share(2, 40))), DEFAULT)
    assert earned(found) == [D("3.00"), D("2.00")] and earned(found, BONUS) == [D("0.90"), D("0.60")]


def test_the_branch_may_pay_a_type_otherwise_than_its_version_says() -> None:
    own = Rulebook.read({**DEFAULT.body(), "base": {"fault_bb": "7.5"}})
    assert worked(work(), own).total == D("7.50") and worked(work(type_code="fault_tv"), own).total == D("5.00")


# -- special cases ----------------------------------------------------------------------------------------------


def test_a_solution_from_afar_is_one_flat_point_without_a_road() -> None:
    found = worked(work(remote=True, area_class="D", trip_km=D(172), used_pct=D(10), score=5), DEFAULT)
    assert (found.total, found.everything) == (D("1.00"), D("1.00"))


def test_an_empty_trip_is_a_flat_point_and_a_half_and_the_road() -> None:
    found = worked(work(absent=True, result="not_done", area_class="D", trip_km=D(172), waiting_bonus_pct=30), DEFAULT)
    assert earned(found) == [D("1.50")] and earned(found, TRAVEL) == [D("9.12")] and not earned(found, BONUS)


def test_no_fault_found_is_60_per_cent_of_the_base_and_not_done_half() -> None:
    assert worked(work(result="no_fault_found"), DEFAULT).total == D("3.00")
    assert worked(work(result="not_done", quantities={"pole": D(3)}), DEFAULT).total == D("2.50")
    assert worked(work(result="not_done", area_class="D"), DEFAULT).total == D("3.25")


@pytest.mark.parametrize("nothing", NOTHING)
def test_what_is_anothers_work_or_none_has_no_entries(nothing: str) -> None:
    found = worked(work(nothing=nothing, trip_km=D(200), waiting_bonus_pct=30), DEFAULT)
    assert found.parts == () and found.total == 0 and factors(found) == {"nothing": 0}


@pytest.mark.parametrize(("nothing", "total"), [
    ("incident", "1.50"), ("handed_over", "1.50"), ("void", "0"), ("merged", "0"), ("parent", "0"),
])  # fmt: skip
def test_who_was_there_for_an_outage_or_before_a_hand_over_gets_the_trip(nothing: str, total: str) -> None:
    assert worked(work(nothing=nothing, absent=True), DEFAULT).total == D(total)


def test_who_repairs_the_own_bad_work_gets_nothing() -> None:
    assert worked(work(repeat="same", trip_km=D(172)), DEFAULT).parts == ()


def test_a_ticket_nobody_is_on_pays_nobody() -> None:
    assert worked(work(shares=()), DEFAULT).parts == ()


# -- explanation and keeping ------------------------------------------------------------------------------------


def test_the_factors_stand_in_the_order_of_the_formula_and_make_the_total() -> None:
    found = worked(work(area_class="D", quantities={"cable": D(80)}, trip_km=D(172), waiting_bonus_pct=10), DEFAULT)
    assert [one.code for one in found.factors] == [
        "base", "quantity.cable", "difficulty", "area", "time", "timeliness", "satisfaction", "quality", "travel",
        "waiting_bonus",
    ]  # fmt: skip
    by = factors(found)
    points = (by["base"] + by["quantity.cable"]) * by["difficulty"] * by["area"] * by["time"] * by["quality"]
    assert found.total == rounded(points) and found.factors[0].detail == "fault_bb"


def test_the_inputs_of_an_entry_say_the_same_again() -> None:
    told = work(quantities={"cable": D("80.5")}, by_order=True)
    kept = json.loads(json.dumps(told.body()))
    assert Work.read(kept) == told and worked(Work.read(kept), DEFAULT) == worked(told, DEFAULT)


def test_a_fact_nobody_knows_is_refused() -> None:
    with pytest.raises(TypeError, match="weather"):
        Work.read({"weather": "fine"})


# -- by chance --------------------------------------------------------------------------------------------------

HUNDREDTHS = st.integers(0, 20_000).map(lambda n: D(n) / 100)
TEAMS = st.lists(st.integers(0, 100), min_size=1, max_size=6).filter(any)
PCT = st.none() | st.integers(0, 400).map(D)
WORKS = st.builds(
    lambda team, **more: work(shares=tuple(Share(i, pct) for i, pct in enumerate(team, 1)), **more),
    team=TEAMS, base_points=HUNDREDTHS, area_class=st.sampled_from("ABCD"),
    result=st.sampled_from(["done", "not_done", "no_fault_found"]), remote=st.booleans(), absent=st.booleans(),
    nothing=st.sampled_from(["", "", "", *NOTHING]), by_order=st.booleans(), day=st.sampled_from(["work", "holiday"]),
    used_pct=PCT, score=st.none() | st.integers(1, 5), waiting_bonus_pct=st.integers(0, 60),
    difficulty=st.sampled_from(["", "easy", "hard", "very_hard"]),
    quantities=st.dictionaries(st.sampled_from(["cable", "splice", "pole"]), HUNDREDTHS),
    trip_km=HUNDREDTHS, repeat=st.sampled_from(["", "", "", "same"]),
)  # fmt: skip
FACTORS = st.integers(0, 300).map(lambda n: D(n) / 100)


@st.composite
def books(draw: st.DrawFn) -> Rulebook:
    """Rules as a branch could write them: steps that fall, scores that rise, a floor below the ceiling."""
    falling = sorted((draw(FACTORS) for _ in range(5)), reverse=True)
    rising = sorted(draw(FACTORS) for _ in range(5))
    floor, ceiling = sorted((draw(FACTORS), draw(FACTORS)))
    body = DEFAULT.body()
    body["quality"] = {
        "steps": [{"until_pct": str(until), "factor": str(one)}
                  for until, one in zip((50, 100, 125, 200), falling, strict=False)],
        "later": str(falling[4]), "scores": {str(i): str(one) for i, one in enumerate(rising, 1)},
        "floor": str(floor), "ceiling": str(ceiling),
    }  # fmt: skip
    body["area"] = {area: str(draw(FACTORS)) for area in "ABCD"}
    body["travel"] = {"free_km": "20", "per_km": str(draw(FACTORS)), "who": draw(st.sampled_from(["team", "main"]))}
    return Rulebook.read(body)


@settings(max_examples=400, deadline=None)
@given(WORKS, books())
def test_shares_add_up_exactly_and_nobody_gets_less_than_nothing(one: Work, book: Rulebook) -> None:
    found = worked(one, book)
    assert sum(earned(found), D(0)) == found.total
    assert all(part.points > 0 and part.points == rounded(part.points) for part in found.parts)
    for kind, code in ((TRAVEL, "travel"), (BONUS, "waiting_bonus")):
        whole = factors(found).get(code, D(0))
        assert sum(earned(found, kind), D(0)) in (whole, 0)  # none only where the main technician has no share
    assert len({(part.technician_id, part.kind) for part in found.parts}) == len(found.parts)


@settings(max_examples=300, deadline=None)
@given(WORKS, books())
def test_floor_and_ceiling_hold(one: Work, book: Rulebook) -> None:
    found = worked(one, book)
    if "quality" in factors(found):
        assert book.quality.floor <= found.quality <= book.quality.ceiling


@settings(max_examples=300, deadline=None)
@given(WORKS, books(), st.integers(1, 4), st.integers(0, 300), st.integers(1, 100))
def test_to_be_liked_more_or_sooner_never_pays_less(
    one: Work, book: Rulebook, score: int, used: int, later: int
) -> None:
    def total(**more: Any) -> D:
        return worked(Work(**{**vars(one), **more}), book).total

    assert total(score=score + 1) >= total(score=score)
    assert total(used_pct=D(used)) >= total(used_pct=D(used + later))


@settings(max_examples=300, deadline=None)
@given(st.integers(-100_000, 100_000), TEAMS)
def test_any_points_are_split_to_the_hundredth_and_near_to_their_weight(hundredths: int, team: list[int]) -> None:
    points = D(hundredths) / 100
    parts = split(points, team)
    assert sum(parts) == points
    assert all(abs(part - points * pct / sum(team)) < D("0.01") for part, pct in zip(parts, team, strict=True))


def test_a_team_shares_as_laid_down_and_evenly_beyond() -> None:
    assert [usual(size, DEFAULT.shares) for size in (1, 2, 3, 4, 6)] == [
        (100,), (60, 40), (50, 25, 25), (25, 25, 25, 25), (17, 17, 17, 17, 16, 16),
    ]  # fmt: skip


def test_points_with_more_than_two_decimals_are_not_shared() -> None:
    with pytest.raises(ValueError, match="rounded"):
        split(D("1.005"), [1])


@pytest.mark.parametrize(("points", "found"), [
    ("4.005", "4.01"), ("4.0049", "4.00"), ("0.004", "0.00"), ("0.005", "0.01"), ("-4.005", "-4.01"),
])  # fmt: skip
def test_points_are_rounded_half_up(points: str, found: str) -> None:
    assert rounded(D(points)) == D(found)
