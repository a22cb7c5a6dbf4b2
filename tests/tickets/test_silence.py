"""Nobody answers: after the branch's patience the ticket closes as not reached, and says nothing about satisfaction."""

from datetime import timedelta

import pytest

from apps.tickets.models import CallbackRecord, Ticket
from apps.tickets.services import close_silent, log_attempt, rate_ticket, sweep_silence
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM, Actor
from tenants.context import in_branch
from tests.cast import Branch
from tests.make import key, make_ticket
from tests.tickets.steps import do, now_of


def later(ticket: Ticket, hours: float):  # type: ignore[no-untyped-def]  # a context manager
    done = now_of(ticket).finished_at
    assert done is not None
    return clock.frozen(done + timedelta(hours=hours))


@pytest.mark.parametrize("mode", ["phone", "self"])
def test_after_three_days_of_silence_it_is_closed_as_not_reached(lotus_db: Branch, mode: str) -> None:
    ticket = make_ticket(status="awaiting_callback")
    Ticket.objects.filter(id=ticket.pk).update(callback_mode=mode)
    with later(ticket, 71.9):
        assert sweep_silence() == 0
    with later(ticket, 72):
        assert (sweep_silence(), sweep_silence()) == (1, 0)
    found, kept = now_of(ticket), CallbackRecord.objects.get()
    assert (found.status, found.close_code, found.satisfaction) == ("closed", "done", None)
    assert (kept.channel, kept.fixed, kept.score, kept.actor) == ("none", None, None, SYSTEM.ref)
    assert ticket.history.latest("version").data == {"score": None, "reached": False}


def test_the_branch_decides_how_long_it_waits(lotus_db: Branch) -> None:
    lotus_db.tenant.policy = {"callback_silence_hours": 24}
    ticket = make_ticket(status="awaiting_callback")
    with later(ticket, 24):
        assert sweep_silence() == 1


def test_a_try_in_vain_does_not_prolong_it_and_a_second_visit_does(lotus_db: Branch, hui: Actor) -> None:
    tried, again = make_ticket(status="awaiting_callback"), make_ticket(status="awaiting_callback", to="bo")
    log_attempt(public_id=tried.public_id, outcome="busy", by=hui, key=key())
    with later(again, 48):
        do("callback_reject", again.public_id)
        for step in ("check_in", "complete"):
            do(step, again.public_id, by=lotus_db.bo)
    with later(tried, 73):
        assert sweep_silence() == 1
    assert (now_of(tried).status, now_of(again).status) == ("closed", "awaiting_callback")
    assert now_of(again).unreached_count == 0


def test_who_answers_in_time_is_not_closed_by_silence(lotus_db: Branch, mei: Actor) -> None:
    ticket = make_ticket(by=mei, status="awaiting_callback")
    rate_ticket(public_id=ticket.public_id, fixed=True, score=5, by=mei, key=key())
    with later(ticket, 100):
        assert sweep_silence() == 0
    assert CallbackRecord.objects.get().channel == "wechat"


def test_too_early_by_hand_nothing_happens(lotus_db: Branch) -> None:
    ticket = make_ticket(status="awaiting_callback")
    assert close_silent(public_id=ticket.public_id, by=SYSTEM, key=key()).facts["closed"] is False
    assert now_of(ticket).status == "awaiting_callback"


def test_another_branch_closes_nothing_of_ours(lotus_db: Branch, maple: Branch) -> None:
    ticket = make_ticket(status="awaiting_callback")
    with later(ticket, 100), in_branch(maple.tenant):
        assert sweep_silence() == 0
    assert now_of(ticket).status == "awaiting_callback"


def test_who_rated_it_low_is_not_silent_and_the_stars_outlive_nobody_calling(lotus_db: Branch, mei: Actor) -> None:
    ticket = make_ticket(by=mei, status="awaiting_callback")
    with later(ticket, 71):
        rate_ticket(public_id=ticket.public_id, fixed=True, score=2, complaint="late", by=mei, key=key())
    with later(ticket, 142):
        assert sweep_silence() == 0
        assert close_silent(public_id=ticket.public_id, by=SYSTEM, key=key()).facts["closed"] is False
    with later(ticket, 143):
        assert sweep_silence() == 1
    found, kept = now_of(ticket), CallbackRecord.objects.get()
    assert (found.status, found.satisfaction) == ("closed", 2)
    assert (kept.channel, kept.fixed, kept.score, kept.complaint, kept.actor) == ("wechat", True, 2, "late", mei.ref)


def test_the_last_try_in_vain_keeps_the_stars_too(lotus_db: Branch, mei: Actor, hui: Actor) -> None:
    ticket = make_ticket(by=mei, status="awaiting_callback")
    rate_ticket(public_id=ticket.public_id, fixed=True, score=1, complaint="other", by=mei, key=key())
    for _ in range(3):
        log_attempt(public_id=ticket.public_id, outcome="busy", by=hui, key=key())
    assert (now_of(ticket).status, CallbackRecord.objects.get().score) == ("closed", 1)
