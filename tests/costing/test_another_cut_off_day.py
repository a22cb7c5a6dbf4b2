"""A branch decides on another cut-off day: no month that may have begun moves, and none overlaps or leaves a gap."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.costing.models import Period
from apps.costing.rules import periods
from apps.costing.services._periods import cut_off
from apps.costing.services._settling import ensure_month
from apps.tickets import settings_read
from apps.tickets.errors import BadSettings
from apps.tickets.services import change_settings
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch, policy
from tenants.errors import PolicyMoved
from tenants.policy import Policy, policy_from, with_days_before
from tests.cast import Branch
from tests.make import key
from tests.rules import refused

NOON = "T12:00:00+08:00"


def at(day: str) -> datetime:
    return datetime.fromisoformat(day + NOON)


def decide(by: Actor, day: object) -> dict[str, object]:
    stamp = settings_read.settings_for(by).stamp
    told = {"wanted": {"settlement_cut_off_day": day}, "stamp": stamp, "by": by, "key": key()}
    changes: dict[str, object] = change_settings(**told).facts["changes"]
    return changes


def spans() -> dict[str, tuple[str, str]]:
    """First and last day of each month that was made."""
    zone = clock.BUSINESS_ZONE
    rows = Period.objects.order_by("month").values_list("month", "starts_at", "ends_at")
    ends = timedelta(seconds=1)
    return {
        month: (f"{begins.astimezone(zone):%m-%d}", f"{(end - ends).astimezone(zone):%m-%d}")
        for month, begins, end in rows
    }


def test_months_that_were_made_keep_their_days_and_the_first_new_one_begins_where_they_end(
    lotus_db: Branch, bai: Actor
) -> None:
    with clock.frozen(at("2026-11-20")):
        ensure_month("2026-11")
        ensure_month("2026-12")
        decide(bai, 25)
        assert periods.period_of(at("2026-11-28"), cut_off()) == "2026-11"
        assert periods.period_of(at("2026-12-28"), cut_off()) == "2026-12"
    with clock.frozen(at("2026-12-31")):
        ensure_month("2027-01")
        ensure_month("2026-12")  # asked for again
    assert spans() == {"2026-11": ("11-01", "11-30"), "2026-12": ("12-01", "12-31"), "2027-01": ("01-01", "01-25")}
    assert periods.period_of(at("2027-01-26"), cut_off()) == "2027-02"


def test_back_to_the_natural_month_leaves_no_day_out(lotus_db: Branch, bai: Actor) -> None:
    lotus_db.tenant.policy |= {"settlement_cut_off_day": 25}
    lotus_db.tenant.save()
    with clock.frozen(at("2026-11-28")):  # already December's settlement month
        decide(bai, 0)
    assert periods.period_of(at("2026-12-26"), cut_off()) == "2027-01"
    begins, ends = periods.bounds("2027-02", cut_off())
    assert (begins.date(), ends.date()) == (date(2027, 1, 26), date(2027, 3, 1))  # one long month, once


def test_decided_twice_before_it_counts_only_the_last_word_does(lotus_db: Branch, bai: Actor) -> None:
    with clock.frozen(at("2026-11-20")):
        decide(bai, 25)
        changes = decide(bai, 10)
    assert changes == {"settlement_cut_off_day": [25, 10]}
    assert [periods.bounds(month, cut_off())[1].day for month in ("2026-12", "2027-01")] == [1, 11]


def test_the_history_names_what_was_decided_and_not_what_follows(lotus_db: Branch, bai: Actor) -> None:
    decide(bai, 25)
    assert [(one.name, one.before, one.after) for one in settings_read.changes_of(bai)] == [
        ("settlement_cut_off_day", 0, 25)
    ]


@pytest.mark.parametrize("day", [-1, 29, 2.5, "25", None])
def test_what_is_no_day_of_every_month_is_refused(lotus_db: Branch, bai: Actor, day: object) -> None:
    with refused(BadSettings):
        decide(bai, day)


def test_each_other_refusal_changes_nothing(lotus_db: Branch, bai: Actor, lin: Actor) -> None:
    stamp = settings_read.settings_for(bai).stamp
    told = {"wanted": {"settlement_cut_off_day": 25}, "stamp": stamp}
    with refused(NotAllowed):
        change_settings(**told, by=lin, key=key())
    with refused(BadSettings):  # no way to write the days before by hand
        change_settings(wanted={"settlement_cut_offs_before": [["2026-12", 3]]}, stamp=stamp, by=bai, key=key())
    decide(bai, 25)
    with pytest.raises(PolicyMoved):  # its row of audit stands in `public`
        change_settings(**told, by=bai, key=key())


def test_sent_twice_it_is_decided_once(lotus_db: Branch, bai: Actor) -> None:
    stamp, once = settings_read.settings_for(bai).stamp, key()
    told = {"wanted": {"settlement_cut_off_day": 25}, "stamp": stamp, "by": bai, "key": once}
    first, second = change_settings(**told), change_settings(**told)
    assert first.facts == second.facts and len(policy().settlement_cut_offs_before) == 1


def test_the_other_branch_keeps_its_own(lotus_db: Branch, maple: Branch, bai: Actor) -> None:
    decide(bai, 25)
    with in_branch(maple.tenant):
        assert policy().settlement_cut_off_day == 0 and not policy().settlement_cut_offs_before


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 28)), max_size=6), st.integers(0, 900))
def test_whatever_is_decided_whenever_every_moment_is_in_one_month(changes: list[tuple[int, int]], day: int) -> None:
    today, known, made = date(2026, 1, 1), Policy(), {}
    for later, wanted in changes:
        today += timedelta(days=later)
        days = known.settlement_cut_off
        running = periods.period_of(at(today.isoformat()), days)
        made |= {month: periods.bounds(month, days) for month in (running, periods.following(running))}
        told = with_days_before({"settlement_cut_off_day": wanted}, known, today)
        known = policy_from({name: told.get(name, getattr(known, name)) for name in told} | _kept(known, told))
    days = known.settlement_cut_off
    assert all(periods.bounds(month, days) == span for month, span in made.items())
    moment = at((date(2026, 1, 1) + timedelta(days=day)).isoformat())
    month = periods.period_of(moment, days)
    begins, ends = periods.bounds(month, days)
    assert begins <= moment < ends == periods.bounds(periods.following(month), days)[0]


def _kept(known: Policy, told: dict[str, object]) -> dict[str, object]:
    names = ("settlement_cut_off_day", "settlement_cut_offs_before")
    return {name: getattr(known, name) for name in names if name not in told}
