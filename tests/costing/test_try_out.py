"""A draft is tried out on a month's real tickets: who gains, who loses; nothing is booked, and it can be stopped."""

from decimal import Decimal
from typing import Any

import pytest

from apps.costing import tries_read
from apps.costing.models import Period, TryOut, WorkPointEntry
from apps.costing.rule_errors import BadMonth, RulesNotFound, RulesSettled, TryOutNotFound, TryOutRunning
from apps.costing.rules.periods import bounds, following, period_of
from apps.costing.services import _tried, tryouts
from steppe.kernel import clock
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tests.cast import Branch
from tests.costing.rules import changed, draft, new_rules
from tests.make import actor, key, make_ticket
from tests.queries import asking


def month() -> str:
    return period_of(clock.now())


def asked(number: int, *, by: str = "ji", of: str = "") -> str:
    return tryouts.try_rules(number=number, month=of or month(), by=actor(by), key=key()).public_id


def tried(number: int, **more: Any) -> tries_read.Trial:
    name = asked(number, **more)
    assert tryouts.try_out(name) == "done"
    return tries_read.trial_for(actor("ji"), name)


@pytest.fixture
def worked(lotus_db: Branch) -> None:
    """Two faults by Wu and one by Bo, closed in this month."""
    for to in ("wu", "wu", "bo"):
        make_ticket(status="closed", to=to)


def test_it_shows_who_gains_and_who_loses_and_books_nothing(worked: None) -> None:
    row = draft()
    changed(row, base={"fault_bb": "10"})
    entries = WorkPointEntry.objects.count()
    trial = tried(row.number)
    lines = {one.name: one for one in trial.people}
    assert set(lines) == {"Wu", "Bo"} and (lines["Wu"].tickets, lines["Bo"].tickets) == (2, 1)
    assert lines["Wu"].before > 0 and lines["Wu"].after == lines["Wu"].before * 2
    assert lines["Wu"].after_fen == lines["Wu"].after * 350 and lines["Wu"].gain_pct == 100
    assert (trial.winners, trial.losers) == (2, 0)
    assert trial.total.tickets == 3 and trial.total.after == sum(one.after for one in trial.people)
    assert [(one.name, one.tickets) for one in trial.types] == [("fault_bb", 3)]
    assert trial.types[0].after == trial.total.after
    assert WorkPointEntry.objects.count() == entries


def test_the_same_rules_change_nothing(worked: None) -> None:
    trial = tried(draft().number)
    assert all(one.gain == 0 and one.gain_fen == 0 for one in trial.people) and (trial.winners, trial.losers) == (0, 0)


def test_before_is_what_counted_when_each_ticket_was_finished(worked: None) -> None:
    first = tried(draft().number).total.before
    new_rules(base={"fault_bb": "10"})
    make_ticket(status="closed", to="bo")
    after = tried(draft(pattern=1).number)
    assert after.total.tickets == 4 and after.total.before > first + after.total.after - first - Decimal("0.01")
    bo = next(one for one in after.people if one.name == "Bo")
    assert bo.gain < 0  # one of the two was finished under the dearer rules


def test_money_is_as_the_month_is_paid(worked: None) -> None:
    starts, ends = bounds(month())
    Period.objects.update_or_create(
        month=month(), defaults={"starts_at": starts, "ends_at": ends, "mode": "pool", "pool_fen": 100_000}
    )
    row = draft()
    changed(row, area={"A": "2.0"})
    trial = tried(row.number)
    assert trial.total.before_fen == trial.total.after_fen == 100_000


def test_a_month_without_tickets_says_so(lotus_db: Branch) -> None:
    trial = tried(draft().number, of="2020-01")
    assert trial.people == [] and trial.total.tickets == 0


def test_what_cannot_be_tried(lotus_db: Branch) -> None:
    row = draft()
    for text in ("2026-13", "", following(month())):
        with pytest.raises(BadMonth):
            tryouts.try_rules(number=row.number, month=text, by=actor("ji"), key=key())
    for number in (99, 0, 2**40):
        with pytest.raises(RulesNotFound):
            asked(number)
    with pytest.raises(RulesSettled):
        asked(1)
    for name in ("wu", "yun", "de", "lin", "ku"):
        with pytest.raises(NotAllowed):
            asked(row.number, by=name)


def test_one_at_a_time_for_a_draft(lotus_db: Branch) -> None:
    row = draft()
    name = asked(row.number)
    with pytest.raises(TryOutRunning):
        asked(row.number)
    assert tryouts.try_out(name) == "done" and tryouts.try_out(name) == "done"
    asked(row.number)


def test_stopped_it_stops_after_the_batch(worked: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_tried, "BATCH", 1)
    row = draft()
    name = asked(row.number)
    counted: list[int] = []

    def valued(names: list[str], book: Any) -> list[_tried.Valued]:
        counted.append(len(names))
        tryouts.stop_trying(public_id=name, by=actor("bai"), key=key())
        return _tried.valued(names, book)

    monkeypatch.setattr(tryouts, "valued", valued)
    assert tryouts.try_out(name) == "cancelled" and counted == [1]
    assert TryOut.objects.get(public_id=name).result == {}
    assert tryouts.try_out(name) == "cancelled"
    assert not tryouts.stop_trying(public_id=name, by=actor("ji"), key=key()).facts["stopped"]


def test_who_died_is_followed_by_who_begins_anew(worked: None) -> None:
    name = asked(draft().number)
    TryOut.objects.filter(public_id=name).update(state="running", beat_at=clock.now(), done=2)
    assert tryouts.try_out(name) == "running" and tryouts.waiting_tries() == []
    TryOut.objects.filter(public_id=name).update(beat_at=clock.now() - tryouts.LOST * 2)
    assert tryouts.waiting_tries() == [name]
    assert tryouts.try_out(name) == "done"
    assert TryOut.objects.get(public_id=name).done == 3


def test_a_fault_is_told_and_the_next_one_may_begin(worked: None, monkeypatch: pytest.MonkeyPatch) -> None:
    row = draft()
    name = asked(row.number)
    monkeypatch.setattr(tryouts, "valued", lambda names, book: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        tryouts.try_out(name)
    assert TryOut.objects.get(public_id=name).state == "failed"
    asked(row.number)


def test_more_tickets_are_not_more_queries(lotus_db: Branch) -> None:
    make_ticket(status="closed")
    names = [asked(draft().number) for _n in range(2)]
    with asking(24):
        tryouts.try_out(names[0])
    for _n in range(4):
        make_ticket(status="closed")
    with asking(24):
        tryouts.try_out(names[1])


def test_only_who_sees_everybodys_points_sees_it(worked: None, maple: Branch) -> None:
    name = asked(draft().number)
    for person in ("wu", "yun", "de"):
        with pytest.raises(NotAllowed):
            tries_read.trial_for(actor(person), name)
        with pytest.raises(NotAllowed):
            tryouts.stop_trying(public_id=name, by=actor(person), key=key())
    assert tries_read.trials_of(actor("de"), 2) == []
    with pytest.raises(TryOutNotFound):
        tries_read.trial_for(actor("ji"), "nobody-s")
    with in_branch(maple.tenant), pytest.raises(TryOutNotFound):
        tries_read.trial_for(actor("ji"), name)
