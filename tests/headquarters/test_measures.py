"""The tables of figures and KPIs: pure."""

from datetime import date
from decimal import Decimal

import pytest

from apps.headquarters.kpi_words import UNITS, WORDS
from apps.headquarters.models import DailyFact
from apps.headquarters.rules.asked import Asked, months_of, previous, year_before
from apps.headquarters.rules.kpis import KPIS, figure
from apps.headquarters.rules.measures import DAILY, by_day, source_of
from apps.headquarters.rules.standard import standard_values


def test_every_kpi_has_a_title_a_definition_and_a_unit() -> None:
    assert set(WORDS) == set(KPIS)
    assert {kpi.unit for kpi in KPIS.values()} <= set(UNITS)


def test_every_figure_of_a_kpi_is_in_a_table_and_every_daily_one_has_its_column() -> None:
    for kpi in KPIS.values():
        for measure in kpi.measures:
            source_of(measure)
    assert {field.name for field in DailyFact._meta.get_fields()} > set(DAILY)


def test_a_rate_shows_both_sides_and_none_where_there_was_nothing() -> None:
    assert figure(KPIS["grab_rate"], {"grabbed": 1, "accepted": 3}).value == Decimal("33.33")
    nothing = figure(KPIS["grab_rate"], {})
    assert (nothing.numerator, nothing.denominator, nothing.value) == (0, 0, None)


def test_a_mean_of_seconds_is_told_in_its_unit() -> None:
    assert figure(KPIS["avg_accept_minutes"], {"accept_seconds": 450, "accept_timed": 3}).value == Decimal("2.50")
    assert figure(KPIS["mttr"], {"repair_seconds": 5400, "repaired": 1}).value == Decimal("1.50")


def test_a_number_by_itself_has_no_lower_side() -> None:
    found = figure(KPIS["ticket_volume"], {"volume": 7})
    assert (found.denominator, found.value) == (None, 7)


def test_a_ticket_adds_to_the_days_it_was_opened_and_closed() -> None:
    days = {"created": "2026-11-01", "closed": "2026-11-03", "due": None}
    assert by_day({"created": 1, "closed": 1, "open_late": 1}, days) == {
        "2026-11-01": {"created": 1}, "2026-11-03": {"closed": 1},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("first", "last", "before", "year_ago"),
    [
        ("2026-10-01", "2026-10-31", ("2026-09-01", "2026-09-30"), ("2025-10-01", "2025-10-31")),
        ("2026-03-05", "2026-03-11", ("2026-02-26", "2026-03-04"), ("2025-03-05", "2025-03-11")),
        ("2025-02-01", "2025-02-28", ("2025-01-01", "2025-01-31"), ("2024-02-01", "2024-02-29")),
        ("2026-01-01", "2026-03-31", ("2025-10-01", "2025-12-31"), ("2025-01-01", "2025-03-31")),
    ],
)
def test_periods_are_compared_with_whole_ones(
    first: str, last: str, before: tuple[str, str], year_ago: tuple[str, str]
) -> None:
    asked = Asked(first=date.fromisoformat(first), last=date.fromisoformat(last))
    for found, (start, end) in ((previous(asked), before), (year_before(asked), year_ago)):
        assert (found.first.isoformat(), found.last.isoformat()) == (start, end)


def test_a_period_ends_after_it_begins_and_within_three_years() -> None:
    for last in (date(2025, 12, 31), date(2029, 2, 1)):
        with pytest.raises(ValueError, match="three years"):
            Asked(first=date(2026, 1, 1), last=last)
    assert months_of(Asked(first=date(2026, 1, 31), last=date(2026, 3, 1))) == ["2026-01", "2026-02", "2026-03"]


def test_at_the_same_mix_a_remote_branch_is_as_good_as_a_near_one() -> None:
    near, far = {"on_time": 9, "finished": 10}, {"on_time": 1, "finished": 2}
    town = {
        "A": {"T": {"on_time": 90, "finished": 100}, "R": near},
        "D": {"T": far, "R": {"on_time": 50, "finished": 100}},
    }
    values = standard_values(KPIS["on_time_rate"], town)
    assert values["T"] == values["R"] == Decimal("70.75")


def test_a_branch_without_a_class_is_weighed_by_the_others() -> None:
    sums = {"A": {"T": {"on_time": 3, "finished": 4}}, "D": {"R": {"on_time": 1, "finished": 4}}}
    assert standard_values(KPIS["on_time_rate"], sums) == {"T": Decimal("75.00"), "R": Decimal("25.00")}
