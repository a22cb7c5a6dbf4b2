"""Rules are drafted by some, published by the branch administrator, and never changed afterwards."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection, connections, transaction
from django.db.utils import IntegrityError

from apps.costing import rules_read
from apps.costing.models import Period, PointRuleSet
from apps.costing.rule_errors import BadRules, DayTaken, RulesMoved, RulesNotFound, RulesSettled, TooManyDrafts
from apps.costing.rules.rulebook import DEFAULT
from apps.costing.seeds import seed_rules
from apps.costing.services import rules
from steppe.kernel import clock
from steppe.kernel.errors import DomainError, NotAllowed
from steppe.kernel.journal.models import AuditEntry
from tenants.context import in_branch
from tests.cast import Branch
from tests.costing.rules import NOTE, changed, draft, new_rules, published, today
from tests.databases import Database
from tests.make import actor, key

FAR = {"travel": {"per_km": "0.08"}}


def test_a_branch_begins_with_the_domains_rules(lotus_db: Branch) -> None:
    assert rules_read.in_force().number == 1 and rules_read.in_force().rules == DEFAULT
    seed_rules(lotus_db.tenant)
    assert PointRuleSet.objects.count() == 1


def test_a_draft_is_a_copy_of_the_newest_and_counts_for_nobody(lotus_db: Branch) -> None:
    row = draft()
    assert (row.number, row.state, row.body) == (2, "draft", DEFAULT.body())
    changed(row, **FAR)
    assert rules_read.in_force().number == 1
    assert draft(by="de", pattern=2).body["travel"]["per_km"] == "0.08"


def test_published_it_counts_from_its_day_on(lotus_db: Branch) -> None:
    row = new_rules(day=today() + timedelta(days=3), **FAR)
    assert (row.state, row.published_by_name, row.note) == ("published", "Bai", NOTE)
    assert rules_read.in_force().number == 1
    begins = datetime.combine(today() + timedelta(days=3), datetime.min.time(), clock.BUSINESS_ZONE)
    assert rules_read.in_force(begins - timedelta(seconds=1)).number == 1
    found = rules_read.in_force(begins)
    assert found.number == 2 and found.rules.travel.per_km == Decimal("0.08")


def test_a_version_for_today_touches_nothing_that_was_finished_before_it_was_published(lotus_db: Branch) -> None:
    before = clock.now()
    row = new_rules(**FAR)
    assert rules_read.in_force(before).number == 1
    assert row.published_at is not None and rules_read.in_force(row.published_at).number == row.number


def test_the_latest_day_counts_whichever_was_published_last(lotus_db: Branch) -> None:
    new_rules(day=today() + timedelta(days=5), **FAR)
    new_rules(day=today() + timedelta(days=2), minutes_per_point=12)
    moment = clock.now() + timedelta(days=3)
    assert rules_read.in_force(moment).number == 3
    assert rules_read.in_force(moment + timedelta(days=3)).number == 2


def test_what_cannot_be_a_rule_is_told_at_its_place_and_nothing_changes(lotus_db: Branch) -> None:
    row = draft()
    with pytest.raises(BadRules) as refusal:
        changed(row, travel={"per_km": "0,08"}, area={"D": "13"})
    assert set(refusal.value.fields) == {"travel.per_km"}  # the shape first
    with pytest.raises(BadRules) as refusal:
        changed(row, area={"D": "13"})
    assert refusal.value.fields == {"area.D": ["At most 5, please."]} or "5" in refusal.value.fields["area.D"][0]
    row.refresh_from_db()
    assert row.body == DEFAULT.body() and row.version == 1


def test_of_two_who_save_the_same_draft_the_second_is_told(lotus_db: Branch) -> None:
    row = draft()
    changed(row, **FAR)
    with pytest.raises(RulesMoved) as refusal:
        changed(row, by="de", minutes_per_point=12)
    assert "Ji" in refusal.value.sentence


def test_without_the_workers_nothing_is_published(lotus_db: Branch) -> None:
    row = draft()
    for note in ("", "   ", "ok"):
        with pytest.raises(BadRules) as refusal:
            published(row, note=note)
        assert "note" in refusal.value.fields
    assert rules_read.in_force().number == 1


def test_it_never_counts_from_the_past(lotus_db: Branch) -> None:
    row = draft()
    for day in (today() - timedelta(days=1), today() + timedelta(days=400)):
        with pytest.raises(BadRules) as refusal:
            published(row, day=day)
        assert "effective_from" in refusal.value.fields


def test_it_counts_from_after_the_months_that_are_calculated(lotus_db: Branch) -> None:
    ends = datetime.combine(today() + timedelta(days=9), datetime.min.time(), clock.BUSINESS_ZONE)
    Period.objects.create(month="2026-11", starts_at=ends - timedelta(days=30), ends_at=ends, state="calculated")
    row = draft()
    with pytest.raises(BadRules) as refusal:
        published(row, day=today() + timedelta(days=8))
    assert (today() + timedelta(days=9)).isoformat() in refusal.value.fields["effective_from"][0]
    published(row, day=today() + timedelta(days=9))


def test_a_day_has_one_version(lotus_db: Branch) -> None:
    day = today() + timedelta(days=3)
    new_rules(day=day)
    row = draft()
    with pytest.raises(DayTaken) as refusal:
        published(row, day=day)
    assert "2" in refusal.value.sentence


@pytest.mark.parametrize("step", [changed, published])
def test_what_is_published_or_withdrawn_stays(lotus_db: Branch, step: object) -> None:
    told = new_rules()
    gone = draft()
    rules.withdraw_rules(number=gone.number, version=1, by=actor("ji"), key=key())
    for row in (told, gone):
        row.refresh_from_db()
        with pytest.raises(RulesSettled):
            step(row)  # type: ignore[operator]
        with pytest.raises(RulesSettled):
            rules.withdraw_rules(number=row.number, version=row.version, by=actor("ji"), key=key())


def test_the_database_itself_keeps_what_is_published(lotus_db: Branch) -> None:
    row = new_rules()
    for change in ({"body": {}}, {"state": "draft"}, {"effective_from": today()}, {"number": 77}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PointRuleSet.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        PointRuleSet.objects.filter(pk=row.pk).delete()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM costing_pointruleset")


def test_who_drafts_who_publishes_and_who_does_neither(lotus_db: Branch) -> None:
    row = draft(by="de")
    changed(row, by="ji", **FAR)
    row.refresh_from_db()
    for name in ("ji", "de", "wu", "yun", "lin", "ku"):
        with pytest.raises(NotAllowed):
            published(row, by=name)
    for name in ("wu", "yun", "lin", "ku", "hui", "cai"):
        with pytest.raises(NotAllowed):
            draft(by=name)
        with pytest.raises(NotAllowed):
            changed(row, by=name)
        with pytest.raises(NotAllowed):
            rules.withdraw_rules(number=row.number, version=row.version, by=actor(name), key=key())


def test_the_same_key_is_one_draft_and_one_publication(lotus_db: Branch) -> None:
    same = key()
    one = rules.draft_rules(by=actor("ji"), key=same)
    assert rules.draft_rules(by=actor("ji"), key=same).entity_id == one.entity_id
    told = {"number": 2, "version": 1, "note": NOTE, "effective_from": today(), "by": actor("bai"), "key": same}
    assert rules.publish_rules(**told).version == rules.publish_rules(**told).version == 2
    assert PointRuleSet.objects.filter(state="published").count() == 2


def test_ten_drafts_are_enough(lotus_db: Branch) -> None:
    for _n in range(10):
        draft()
    with pytest.raises(TooManyDrafts):
        draft()


def test_readers_see_what_counts_and_writers_what_may_come(lotus_db: Branch) -> None:
    draft()
    assert [one.row.number for one in rules_read.versions_for(actor("wu"))] == [1]
    assert [one.row.number for one in rules_read.versions_for(actor("de"))] == [2, 1]
    assert rules_read.version_for(actor("wu"), 1).now
    for number in (2, 3, 0, 2**40):
        with pytest.raises(RulesNotFound):
            rules_read.version_for(actor("wu"), number)
    with pytest.raises(NotAllowed):
        rules_read.versions_for(actor("ku"))


def test_the_audit_says_who_published_what(lotus_db: Branch) -> None:
    new_rules()
    entry = AuditEntry.objects.filter(action="costing.publish_rules").latest("id")
    assert entry.actor == actor("bai").ref


def test_another_branch_sees_nothing_of_it(lotus_db: Branch, maple: Branch) -> None:
    new_rules(**FAR)
    with in_branch(maple.tenant):
        assert [one.row.number for one in rules_read.versions_for(actor("bai"))] == [1]
        with pytest.raises(RulesNotFound):
            rules_read.version_for(actor("bai"), 2)


def test_of_two_who_publish_at_once_for_the_same_day_one_does(committed: Database, lotus: Branch) -> None:
    with in_branch(lotus.tenant):
        rows = [draft(), draft()]
    outcomes = _race(lotus, [lambda row=row: published(row) for row in rows])
    assert sorted(outcomes) == ["costing.day_taken", "done"]


def test_two_drafts_at_once_have_two_numbers(committed: Database, lotus: Branch) -> None:
    assert _race(lotus, [draft] * 6) == ["done"] * 6
    with in_branch(lotus.tenant):
        assert sorted(PointRuleSet.objects.values_list("number", flat=True)) == list(range(1, 8))


def _race(branch: Branch, works: list) -> list[str]:  # type: ignore[type-arg]
    start = threading.Barrier(len(works))

    def one(work) -> str:  # type: ignore[no-untyped-def]
        try:
            with in_branch(branch.tenant):
                start.wait()
                try:
                    work()
                except DomainError as refusal:
                    return refusal.code
                return "done"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))
