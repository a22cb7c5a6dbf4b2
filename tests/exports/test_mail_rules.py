"""When a report goes out and which days it has: pure."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.exports.rules import mailing as rule_of
from apps.exports.rules.mailing import HOME

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(HOME))


def at(*told):
    return datetime(*told, tzinfo=HOME)


@pytest.mark.parametrize(
    ("rule", "day", "after", "due", "first", "last"),
    [
        ("yesterday", 0, at(2026, 11, 2, 7, 59), at(2026, 11, 2, 8), date(2026, 11, 1), date(2026, 11, 1)),
        ("yesterday", 0, at(2026, 11, 2, 8), at(2026, 11, 3, 8), date(2026, 11, 2), date(2026, 11, 2)),
        ("last_week", 1, at(2026, 11, 2, 9), at(2026, 11, 9, 8), date(2026, 11, 2), date(2026, 11, 8)),
        ("last_week", 7, at(2026, 11, 2, 9), at(2026, 11, 8, 8), date(2026, 10, 26), date(2026, 11, 1)),
        ("last_month", 28, at(2026, 2, 28, 9), at(2026, 3, 28, 8), date(2026, 2, 1), date(2026, 2, 28)),
        ("last_month", 1, at(2026, 12, 31, 9), at(2027, 1, 1, 8), date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_examples(rule, day, after, due, first, last):
    assert rule_of.due(rule, day, 480, after) == due
    assert rule_of.days_of(rule, due) == (first, last)


RULED = st.one_of(
    st.just(("yesterday", 0)),
    st.tuples(st.just("last_week"), st.integers(1, 7)),
    st.tuples(st.just("last_month"), st.integers(1, 28)),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(RULED, st.integers(0, 1439), MOMENTS)
def test_periods_follow_each_other_without_a_gap_or_an_overlap(ruled, minute, after):
    rule, day = ruled
    first = rule_of.due(rule, day, minute, after)
    second = rule_of.due(rule, day, minute, first)
    assert after < first < second
    assert rule_of.days_of(rule, second)[0] == rule_of.days_of(rule, first)[1] + timedelta(days=1)
    assert rule_of.days_of(rule, first)[1] < first.date()


@pytest.mark.parametrize(("rule", "day"), [("yesterday", 1), ("last_week", 0), ("last_week", 8), ("last_month", 29), ("never", 0)])  # fmt: skip  # noqa: E501
def test_a_day_must_fit_its_rule(rule, day):
    assert not rule_of.fits(rule, day)


def test_tries_come_later_and_later_and_end():
    waits = [rule_of.wait_after(n) for n in range(1, rule_of.TRIES + 1)]
    assert waits[-1] is None and waits[:-1] == sorted(waits[:-1])
