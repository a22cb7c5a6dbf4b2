"""Work hours: standard minutes beside the hours on duty; even or not; the ranking and who sees whom."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from apps.costing import hours_read
from apps.costing.models import PointRuleSet, WorkPointEntry
from apps.people.duty_read import duty_between
from apps.people.models import DutySpan
from steppe.kernel import clock
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tests.cast import Branch
from tests.costing.rules import new_rules
from tests.make import actor, key
from tests.queries import asking

MONTH = "2026-10"
BEGIN = datetime(2026, 10, 1, tzinfo=clock.BUSINESS_ZONE)


def earned(name: str, points: str, *, kind: str = "earn", number: int = 1, month: str = MONTH) -> None:
    WorkPointEntry.objects.create(
        technician_id=actor(name).technician_id, kind=kind, stage="earned", points=Decimal(points), period=month,
        rule_set=PointRuleSet.objects.get(number=number), key=key(), by="system:0", by_name="system", at=BEGIN,
    )  # fmt: skip


def on_duty(name: str, start: datetime, hours: float | None) -> None:
    DutySpan.objects.filter(technician_id=actor(name).technician_id, ended_at=None).delete()
    ended = start + timedelta(hours=hours) if hours is not None else None
    DutySpan.objects.create(technician_id=actor(name).technician_id, started_at=start, ended_at=ended)


def lines(by: str = "bai", **more: str) -> dict[str, hours_read.Line]:
    return {one.name: one for one in hours_read.hours_for(actor(by), MONTH, **more).lines}


def test_standard_minutes_are_the_points_of_work_and_road(lotus_db: Branch) -> None:
    earned("wu", "30.00")
    earned("wu", "6.00", kind="travel")
    earned("wu", "5.00", kind="bonus")
    earned("wu", "-3.00", kind="deduction")
    on_duty("wu", BEGIN + timedelta(days=3), 8)
    wu = lines()["Wu"]
    assert (wu.points, wu.minutes) == (Decimal("38.00"), Decimal(360))
    assert wu.duty == timedelta(hours=8) and wu.used_pct == Decimal("75.0")


def test_each_entry_has_the_minutes_of_its_own_rules(lotus_db: Branch) -> None:
    new_rules(minutes_per_point=12)
    earned("wu", "10.00")
    earned("wu", "10.00", number=2)
    assert lines()["Wu"].minutes == 220


def test_other_months_and_unearned_points_do_not_count(lotus_db: Branch) -> None:
    earned("wu", "10.00", month="2026-09")
    assert "Wu" not in lines()


def test_the_hours_on_duty_are_those_inside_the_month(lotus_db: Branch) -> None:
    on_duty("wu", BEGIN - timedelta(hours=2), 5)
    assert lines()["Wu"].duty == timedelta(hours=3)
    until = BEGIN + timedelta(days=31)
    on_duty("bo", until - timedelta(hours=1), 5)
    assert lines()["Bo"].duty == timedelta(hours=1)
    assert lines()["Bo"].used_pct == 0


def test_who_is_still_on_duty_counts_up_to_now(lotus_db: Branch) -> None:
    now = clock.now()
    on_duty("wu", now - timedelta(hours=4), None)
    who = actor("wu").technician_id
    assert who is not None
    with clock.frozen(now):
        found = duty_between(now - timedelta(hours=1), now + timedelta(days=9), [who])
    assert found == {who: timedelta(hours=1)}


def test_everybody_together_is_a_sum_and_never_an_average_of_rates(lotus_db: Branch) -> None:
    earned("wu", "48.00")
    on_duty("wu", BEGIN, 8)
    on_duty("bo", BEGIN, 2)
    found = hours_read.hours_for(actor("bai"), MONTH)
    assert (found.points, found.minutes, found.duty) == (48, 480, timedelta(hours=10))
    assert found.used_pct == Decimal("80.0")
    assert [(one.name, one.people, one.gini) for one in found.grids] == [("E1", 2, Decimal("0.50"))]


def test_leaders_see_their_own_people(lotus_db: Branch) -> None:
    for name in ("wu", "xi"):
        earned(name, "10.00")
    assert set(lines()) == {"Wu", "Xi"} and set(lines("yun")) == {"Wu"}
    assert set(lines(unit="WEST")) == {"Xi"} and lines("yun", unit="WEST") == {} and lines(unit="nobody-s") == {}
    for name in ("wu", "lin", "ku", "cai"):
        with pytest.raises(NotAllowed):
            hours_read.hours_for(actor(name), MONTH)


def test_a_technician_sees_the_own_place_and_no_names(lotus_db: Branch) -> None:
    earned("wu", "10.00")
    earned("bo", "12.00")
    earned("xi", "99.00")
    mine = hours_read.hours_of(actor("wu"), MONTH)
    assert mine.anonymous and mine.line.points == 10
    assert [(one.rank, one.name, one.points, one.mine) for one in mine.places] == [
        (1, "", Decimal("12.00"), False), (2, "Wu", Decimal("10.00"), True),
    ]  # fmt: skip


def test_names_stand_there_where_the_branch_says_so(lotus_db: Branch) -> None:
    lotus_db.tenant.policy = {"ranking_anonymous": False}
    earned("bo", "12.00")
    assert [one.name for one in hours_read.hours_of(actor("wu"), MONTH).places] == ["Bo", "Wu"]


def test_equal_points_share_a_place(lotus_db: Branch) -> None:
    earned("wu", "10.00")
    earned("bo", "10.00")
    assert [one.rank for one in hours_read.hours_of(actor("wu"), MONTH).places] == [1, 1]


def test_who_is_no_technician_has_no_place(lotus_db: Branch) -> None:
    for name in ("bai", "lin", "ku"):
        with pytest.raises(NotAllowed):
            hours_read.hours_of(actor(name), MONTH)


def test_the_page_asks_six_times_however_many_entries_there_are(lotus_db: Branch) -> None:
    bai = actor("bai")
    earned("wu", "1.00")
    with asking(6):
        hours_read.hours_for(bai, MONTH)
    for name in ("wu", "bo", "xi"):
        earned(name, "1.00")
        on_duty(name, BEGIN, 3)
    with asking(6):
        hours_read.hours_for(bai, MONTH)
    wu = actor("wu")
    with asking(6):
        hours_read.hours_of(wu, MONTH)


def test_another_branch_has_hours_of_its_own(lotus_db: Branch, maple: Branch) -> None:
    earned("wu", "10.00")
    with in_branch(maple.tenant):
        assert hours_read.hours_for(actor("bai"), MONTH).lines == []
