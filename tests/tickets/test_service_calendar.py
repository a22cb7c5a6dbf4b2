"""The branch's service hours: a clock that runs in them stands still at night and on holidays. Pure."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.tickets.rules.calendar import ZONE, ServiceCalendar

DAY = ServiceCalendar((480, 1200))  # 08:00 to 20:00
FESTIVAL = ServiceCalendar(
    (480, 1200), {date(2026, 2, 17): None, date(2026, 2, 18): None, date(2026, 2, 19): (600, 720)}
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-03-02 10:00", 30, "2026-03-02 10:30"),
        ("2026-03-02 19:45", 15, "2026-03-02 20:00"),  # to the last minute of the day
        ("2026-03-02 19:45", 30, "2026-03-03 08:15"),
        ("2026-03-02 23:30", 30, "2026-03-03 08:30"),
        ("2026-03-02 03:00", 30, "2026-03-02 08:30"),
        ("2026-03-02 10:00", 24 * 60, "2026-03-04 10:00"),  # two service days
    ],
)
def test_nights_are_not_counted(start: str, minutes: int, due: str) -> None:
    assert DAY.after(at(start), timedelta(minutes=minutes)) == at(due)


def test_a_holiday_is_not_counted_and_a_day_with_hours_of_its_own_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert FESTIVAL.after(at("2026-02-16 19:30"), timedelta(minutes=60)) == at("2026-02-19 10:30")
    assert FESTIVAL.after(at("2026-02-16 19:30"), timedelta(minutes=30 + 120 + 1)) == at("2026-02-20 08:01")


def test_a_working_day_by_exception_is_counted() -> None:
    sunday = ServiceCalendar((0, 0), {date(2026, 2, 15): (540, 1080)})
    assert sunday.after(at("2026-02-10 12:00"), timedelta(minutes=5)) == at("2026-02-15 09:05")


def test_around_the_clock_is_the_clock_on_the_wall() -> None:
    start = at("2026-03-02 23:59")
    assert ServiceCalendar((0, 1440)).after(start, timedelta(days=3, minutes=7)) == start + timedelta(days=3, minutes=7)


def test_a_calendar_that_never_opens_is_an_error_and_not_an_endless_search() -> None:
    with pytest.raises(ValueError, match="never opens"):
        ServiceCalendar((0, 0)).after(at("2026-03-02 10:00"), timedelta(minutes=1))


def test_new_hours_count_from_when_they_were_decided() -> None:
    """Round the clock until Tuesday noon, from eight to eight since."""
    noon = at("2026-03-03 12:00")
    now = ServiceCalendar((480, 1200), before=((noon, (0, 1440)),))
    assert now.after(at("2026-03-02 23:00"), timedelta(hours=1)) == at("2026-03-03 00:00")
    assert now.after(at("2026-03-03 11:45"), timedelta(minutes=30)) == at("2026-03-03 12:15")
    assert now.after(at("2026-03-03 11:00"), timedelta(hours=10)) == at("2026-03-04 09:00")
    assert now.between(at("2026-03-03 00:00"), at("2026-03-04 00:00")) == timedelta(hours=20)
    assert now.served(noon.date(), at("2026-03-03 13:00")) == [(at("2026-03-03 00:00"), at("2026-03-03 13:00"))]
    assert now.known_at(noon) == ServiceCalendar((0, 1440)) and now.known_at(noon + timedelta(seconds=1)) == now


def test_hours_that_were_changed_twice_are_each_known_for_their_time() -> None:
    first, second = at("2026-03-03 12:00"), at("2026-03-05 12:00")
    now = ServiceCalendar((540, 1080), before=((first, (0, 1440)), (second, (480, 1200))))
    assert now.known_at(first) == ServiceCalendar((0, 1440))
    assert now.known_at(second) == ServiceCalendar((480, 1200), before=((first, (0, 1440)),))
    assert now.served(at("2026-03-04 00:00").date(), at("2026-03-09 00:00")) == [
        (at("2026-03-04 08:00"), at("2026-03-04 20:00"))
    ]


moments = st.datetimes(datetime(2026, 2, 1), datetime(2026, 3, 1)).map(lambda one: one.replace(tzinfo=ZONE))
spans = st.integers(1, 6000).map(lambda minutes: timedelta(minutes=minutes))


@given(moments, spans)
def test_after_and_between_say_the_same(start: datetime, served: timedelta) -> None:
    assert FESTIVAL.between(start, FESTIVAL.after(start, served)) == served


@given(moments, spans, spans)
def test_two_steps_are_one_longer_step(start: datetime, first: timedelta, second: timedelta) -> None:
    assert FESTIVAL.after(FESTIVAL.after(start, first), second) == FESTIVAL.after(start, first + second)


@given(moments, spans, moments, st.sampled_from([(0, 1440), (360, 1320), (600, 720)]))
def test_no_new_hours_move_a_moment_that_had_passed(
    start: datetime, served: timedelta, decided: datetime, hours: tuple[int, int]
) -> None:
    """Who was in time stays in time, who was late stays late; what lay ahead still does."""
    now = ServiceCalendar(hours, FESTIVAL.special, ((decided, FESTIVAL.ordinary),))
    was, due = FESTIVAL.after(start, served), now.after(start, served)
    assert due == was if was <= decided else due >= decided
    assert now.between(start, due) == served
    assert now.known_at(decided) == FESTIVAL
