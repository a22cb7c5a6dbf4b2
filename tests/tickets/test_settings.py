"""The branch decides its clocks, waves and calendar: judged, once, by its administrator, with a history."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from apps.people.accounts.models import RoleGrant
from apps.people.models import Technician
from apps.tickets import settings_read
from apps.tickets.clock_read import clocks_of
from apps.tickets.errors import BadServiceDay, BadSettings, DayNotFound
from apps.tickets.facts_read import facts_of
from apps.tickets.models import ServiceDay
from apps.tickets.rules.branch_settings import NAMES, complaints, decided
from apps.tickets.selectors import history
from apps.tickets.services import change_settings, remove_service_day, set_service_day, sweep_clocks
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tenants.errors import PolicyMoved
from tenants.models import Tenant
from tenants.policy import Policy
from tests import make
from tests.cast import Branch
from tests.databases import Database
from tests.make import key, make_ticket
from tests.rules import refused, together
from tests.tickets.steps import do, now_of

HOLIDAY = date(2027, 10, 1)


def stamp(by: Actor) -> str:
    return settings_read.settings_for(by).stamp


def decide(by: Actor, **wanted: Any) -> dict[str, Any]:
    return change_settings(wanted=wanted, stamp=stamp(by), by=by, key=key()).facts["changes"]


def stored(branch: Branch) -> dict[str, Any]:
    return Tenant.objects.get(pk=branch.tenant.pk).policy


# --- values


def test_new_tickets_follow_and_old_ones_keep_what_they_had(lotus_db: Branch, bai: Actor) -> None:
    before = make_ticket()
    changes = decide(bai, accept_minutes=45, resolve_hours=[12, 36, 48, 72])
    assert changes == {"accept_minutes": [30, 45], "resolve_hours": [[24, 36, 48, 72], [12, 36, 48, 72]]}
    after = make_ticket(contact_phone="13900002222")
    assert after.accept_due_at - after.pooled_at == timedelta(minutes=45)
    assert after.terms["resolve"] == 24 * 60  # the type has a promise of its own
    assert now_of(before).accept_due_at == before.accept_due_at
    assert stored(lotus_db)["accept_minutes"] == 45


def test_the_law_counts_where_a_type_names_none(lotus_db: Branch, bai: Actor) -> None:
    assert make_ticket(type_code="swap_device").terms["legal"] == 0
    decide(bai, legal_hours=[48, 48, 72, 72])
    assert make_ticket(type_code="swap_device", contact_phone="13900002222").terms["legal"] == 48 * 60


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"wave_size": 0}, "wave_size"),
        ({"wave_size": 2.5}, "wave_size"),
        ({"wave_size": "many"}, "wave_size"),
        ({"waiting_bonus_max_pct": 101}, "waiting_bonus_max_pct"),
        ({"resolve_hours": [24, 36, 0, 72]}, "resolve_hours.2"),
        ({"resolve_hours": [24, 36, 48]}, "resolve_hours"),
        ({"service": [1200, 480]}, "service.1"),
        ({"service": [480, 1441]}, "service.1"),
        ({"wave_minutes": [15, 5]}, "wave_minutes.1"),
        ({"legal_hours": [12, 0, 0, 0]}, "legal_hours.0"),
        ({"waiting_bonus_after_minutes": 480}, "waiting_bonus_full_minutes"),
        ({"contact_returns": 1}, "contact_returns"),
        ({"photo_max_mb": 900}, "photo_max_mb"),  # known, but not decided here
        ({"colour": "red"}, "colour"),
        ({"road_factor": float("nan")}, "road_factor"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_its_name(
    lotus_db: Branch, bai: Actor, wanted: dict[str, Any], field: str
) -> None:
    before, now = stored(lotus_db), stamp(bai)
    with pytest.raises(BadSettings) as refusal:
        change_settings(wanted=wanted, stamp=now, by=bai, key=key())
    assert list(refusal.value.fields) == [field] and refusal.value.fields[field][0]
    assert stored(lotus_db) == before and not settings_read.changes_of(bai)


def test_what_stands_is_sensible_by_its_own_rules() -> None:
    assert complaints({}, Policy()) == []
    assert complaints(decided(Policy()), Policy()) == []
    assert set(NAMES) <= set(Policy.__dataclass_fields__)


@pytest.mark.parametrize("who", ["lin", "gao", "yun", "de", "cai", "wu", "ji"])
def test_only_the_branch_administrator_decides(lotus_db: Branch, bai: Actor, who: str) -> None:
    now = stamp(bai)
    with refused(NotAllowed):
        change_settings(wanted={"wave_size": 3}, stamp=now, by=make.actor(who), key=key())
    with refused(NotAllowed):
        set_service_day(day=HOLIDAY, title="x", opens=None, closes=None, by=make.actor(who), key=key())


def test_the_administrator_of_a_part_does_not_decide_for_the_whole(lotus_db: Branch, bai: Actor) -> None:
    RoleGrant.objects.filter(user_id=bai.id).update(org_path="/1/2/")
    now = settings_read.settings_for(bai).stamp
    with refused(NotAllowed):
        change_settings(wanted={"wave_size": 3}, stamp=now, by=make.actor("bai"), key=key())


def test_who_was_overtaken_is_told_and_nothing_is_lost(lotus_db: Branch, bai: Actor) -> None:
    seen = stamp(bai)
    decide(bai, wave_size=4)
    with pytest.raises(PolicyMoved):
        change_settings(wanted={"wave_size": 9}, stamp=seen, by=bai, key=key())
    assert stored(lotus_db)["wave_size"] == 4


def test_sent_twice_it_is_done_once(lotus_db: Branch, bai: Actor) -> None:
    once, seen = key(), stamp(bai)
    first = change_settings(wanted={"wave_size": 4}, stamp=seen, by=bai, key=once)
    again = change_settings(wanted={"wave_size": 4}, stamp=seen, by=bai, key=once)
    assert again.replayed and again.facts == first.facts
    assert len(settings_read.changes_of(bai)) == 1


def test_of_two_at_once_one_is_told(committed: Database, lotus: Branch, bai: Actor) -> None:
    with in_branch(lotus.tenant):
        seen = stamp(bai)

    def work(size: int) -> object:
        return change_settings(wanted={"wave_size": size}, stamp=seen, by=bai, key=key())

    answers = together(lotus, [lambda: work(7), lambda: work(8)])
    assert [isinstance(one, PolicyMoved) for one in answers].count(True) == 1, answers
    assert stored(lotus)["wave_size"] in {7, 8}


def test_the_history_says_who_what_and_when(lotus_db: Branch, bai: Actor) -> None:
    with clock.frozen(clock.now() - timedelta(hours=1)):
        decide(bai, wave_size=4)
    decide(bai, wave_size=4, wave_minutes=[3, 9])
    set_service_day(day=HOLIDAY, title="National Day", opens=None, closes=None, by=bai, key=key())
    found = [(one.by_name, one.name, one.before, one.after) for one in settings_read.changes_of(bai)]
    assert found == [
        ("Bai", "day_set", "2027-10-01", {"title": "National Day", "hours": None}),
        ("Bai", "wave_minutes", [5, 15], [3, 9]),
        ("Bai", "wave_size", 5, 4),
    ]


def test_another_branch_is_not_touched_and_sees_nothing_of_it(lotus_db: Branch, maple: Branch, bai: Actor) -> None:
    before = stored(maple)
    decide(bai, wave_size=4)
    set_service_day(day=HOLIDAY, title="National Day", opens=None, closes=None, by=bai, key=key())
    with in_branch(maple.tenant):
        assert settings_read.changes_of(maple.bai) == [] and not ServiceDay.objects.exists()
    assert stored(maple) == before


def test_the_usual_cap_counts_for_everybody_without_a_cap_of_their_own(lotus_db: Branch, bai: Actor) -> None:
    Technician.objects.filter(user__username="bo").update(cap=9)
    decide(bai, technician_cap=6)
    caps = dict(Technician.objects.values_list("user__username", "cap"))
    assert (caps["wu"], caps["bo"]) == (6, 9)


# --- the calendar


def day(
    by: Actor, when: date = HOLIDAY, opens: time | None = None, closes: time | None = None, title: str = "x"
) -> None:
    set_service_day(day=when, title=title, opens=opens, closes=closes, by=by, key=key())


def test_a_holiday_moves_the_clocks_that_run(lotus_db: Branch, bai: Actor) -> None:
    lotus_db.tenant.policy = {"technician_cap": 3, "service": [480, 1200]}
    evening = datetime(2027, 9, 30, 19, 50, tzinfo=clock.BUSINESS_ZONE)
    with clock.frozen(evening):
        ticket = make_ticket()
        assert ticket.accept_due_at == evening + timedelta(hours=12, minutes=30)
        day(bai)
        sweep_clocks()
    moved = now_of(ticket)
    assert moved.accept_due_at == ticket.accept_due_at + timedelta(days=1)
    assert moved.resolve_due_at == ticket.resolve_due_at


def test_taken_away_it_counts_again(lotus_db: Branch, bai: Actor) -> None:
    lotus_db.tenant.policy = {"technician_cap": 3, "service": [480, 1200]}
    with clock.frozen(datetime(2027, 9, 30, 19, 50, tzinfo=clock.BUSINESS_ZONE)):
        day(bai)
        ticket = make_ticket()
        remove_service_day(day=HOLIDAY, by=bai, key=key())
        sweep_clocks()
        with refused(DayNotFound):
            remove_service_day(day=HOLIDAY, by=bai, key=key())
    assert now_of(ticket).accept_due_at == ticket.accept_due_at - timedelta(days=1)


def test_a_day_may_have_hours_of_its_own_and_be_changed(lotus_db: Branch, bai: Actor) -> None:
    day(bai, opens=time(10), closes=time(12))
    day(bai, opens=time(9), closes=time(18), title="Sunday at work")
    [known] = ServiceDay.objects.all()
    assert (known.name, known.opens, known.closes) == ("Sunday at work", time(9), time(18))


def test_new_service_hours_count_for_what_runs(lotus_db: Branch, bai: Actor) -> None:
    with clock.frozen(datetime(2027, 9, 30, 19, 50, tzinfo=clock.BUSINESS_ZONE)):
        ticket = make_ticket()
        decide(bai, service=[480, 1200])
        lotus_db.tenant.policy = stored(lotus_db)
        sweep_clocks()
    assert now_of(ticket).accept_due_at == ticket.accept_due_at + timedelta(hours=12)


def by_day(branch: Branch) -> None:
    """The branch serves from eight to eight."""
    branch.tenant.policy = {"technician_cap": 3, "service": [480, 1200]}
    Tenant.objects.filter(pk=branch.tenant.pk).update(policy=branch.tenant.policy)


def test_new_service_hours_do_not_judge_anew_what_was_taken_in_time(lotus_db: Branch, bai: Actor) -> None:
    """Reported in the evening, taken next morning in time; a week later the branch serves round the clock."""
    by_day(lotus_db)
    evening = datetime(2027, 9, 30, 19, 50, tzinfo=clock.BUSINESS_ZONE)
    with clock.frozen(evening):
        ticket = make_ticket()
    with clock.frozen(evening + timedelta(hours=12, minutes=20)):
        make.grab(ticket.public_id)
        do("contact", ticket.public_id)
        make.check_in(ticket.public_id)
    with clock.frozen(evening + timedelta(hours=20)):
        decide(bai, service=[0, 1440])
        sweep_clocks()
        make.complete(ticket.public_id)
        make.close(ticket.public_id)
    found = now_of(ticket)
    assert found.accept_due_at == ticket.accept_due_at and not found.was_overdue
    [accept] = [run for run in clocks_of(found, history(found), reveal=True).runs if run.clock == "accept"]
    assert (accept.state, accept.due_at) == ("kept", ticket.accept_due_at)
    figures = facts_of([ticket.public_id])[0].measures
    assert (figures["accept_on_time"], figures["accept_seconds"]) == (1, 20 * 60)


def test_what_was_late_before_the_new_hours_is_late_once(lotus_db: Branch, bai: Actor) -> None:
    by_day(lotus_db)
    morning = datetime(2027, 9, 30, 8, 0, tzinfo=clock.BUSINESS_ZONE)
    with clock.frozen(morning):
        ticket = make_ticket()
    with clock.frozen(morning + timedelta(minutes=31)):
        sweep_clocks()
    with clock.frozen(morning + timedelta(minutes=40)):
        decide(bai, service=[600, 1080])
        sweep_clocks()
    found = now_of(ticket)
    assert found.overdue_clocks == ["accept"] and found.accept_due_at == ticket.accept_due_at
    assert found.breaches.count() == 1


def test_where_it_stopped_its_due_stays_also_where_that_lay_ahead(lotus_db: Branch, bai: Actor) -> None:
    by_day(lotus_db)
    evening = datetime(2027, 9, 30, 19, 50, tzinfo=clock.BUSINESS_ZONE)
    with clock.frozen(evening):
        ticket = make_ticket()
        make.grab(ticket.public_id)
    with clock.frozen(evening + timedelta(minutes=20)):
        decide(bai, service=[600, 1080])
        sweep_clocks()
    assert now_of(ticket).accept_due_at == ticket.accept_due_at


def test_the_hours_of_today_that_have_passed_stay_as_they_were(lotus_db: Branch, bai: Actor) -> None:
    """A storm at two: closed from now on, not as if nobody had come at eight; at half past seven the whole day."""
    by_day(lotus_db)
    with clock.frozen(datetime(2027, 9, 30, 14, 0, tzinfo=clock.BUSINESS_ZONE)):
        for opens, closes in ((None, None), (time(9), time(20)), (time(6), time(20)), (time(8), time(13))):
            with pytest.raises(BadServiceDay) as caught:
                day(bai, date(2027, 9, 30), opens, closes)
            assert list(caught.value.fields) == ["day"] and not ServiceDay.objects.exists()
        day(bai, date(2027, 9, 30), time(8), time(14, 5))
    with clock.frozen(datetime(2027, 9, 30, 15, 0, tzinfo=clock.BUSINESS_ZONE)), pytest.raises(BadServiceDay):
        remove_service_day(day=date(2027, 9, 30), by=bai, key=key())
    with clock.frozen(datetime(2027, 9, 29, 7, 30, tzinfo=clock.BUSINESS_ZONE)):
        day(bai, date(2027, 9, 29))
        remove_service_day(day=date(2027, 9, 29), by=bai, key=key())


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"day": date(2020, 1, 1)}, "day"),
        ({"title": " "}, "title"),
        ({"opens": time(9)}, "closes"),
        ({"closes": time(9)}, "opens"),
        ({"opens": time(9), "closes": time(9)}, "closes"),
    ],
)
def test_a_day_that_cannot_be_is_refused_by_its_field(
    lotus_db: Branch, bai: Actor, given: dict[str, Any], field: str
) -> None:
    base = {"day": HOLIDAY, "title": "x", "opens": None, "closes": None}
    with pytest.raises(BadServiceDay) as caught:
        set_service_day(**(base | given), by=bai, key=key())
    assert list(caught.value.fields) == [field] and not ServiceDay.objects.exists()
