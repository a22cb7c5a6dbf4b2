"""T18 and T19 by the callback agent: somebody else than who did the work asks whether it is fixed."""

import pytest

from apps.people import roles as r
from apps.people.services import add_user
from apps.tickets.errors import SelfCallback
from apps.tickets.models import Assignment, CallbackRecord, PushWave
from apps.tickets.services import add_co_worker
from steppe.kernel.actors import Actor
from steppe.kernel.errors import Invalid, NotAllowed
from tests import make
from tests.cast import Branch
from tests.make import make_ticket
from tests.rules import refused
from tests.tickets.steps import do, load_of, now_of


def test_fixed_closes_and_keeps_the_score(lotus_db: Branch, hui: Actor) -> None:
    ticket = make_ticket(status="awaiting_callback")
    do("callback_ok", ticket.public_id, score=4, note="friendly")
    found, kept = now_of(ticket), CallbackRecord.objects.get()
    assert (found.status, found.close_code, found.satisfaction) == ("closed", "done", 4) and found.closed_at
    assert (kept.channel, kept.fixed, kept.score, kept.note, kept.actor) == ("phone", True, 4, "friendly", hui.ref)
    assert make.events()[-1].facts["score"] == 4


def test_not_fixed_goes_back_to_the_same_technician(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(status="awaiting_callback")
    do("callback_reject", ticket.public_id, score=1)
    found = now_of(ticket)
    assert (found.status, found.technician_id, found.reopen_count) == ("accepted", wu.technician_id, 1)
    assert (found.finished_at, found.arrived_at, load_of(wu)) == (None, None, 1)
    assert found.resolve_due_at == ticket.resolve_due_at  # from the first report on
    assert Assignment.objects.filter(ticket=ticket, ended_at=None, mode="reopen").count() == 1
    assert not CallbackRecord.objects.get().fixed


def test_the_slot_that_was_kept_is_none_of_the_next_visit(lotus_db: Branch) -> None:
    ticket = make_ticket(status="accepted")
    for action in ("book", "check_in", "complete", "callback_reject"):
        do(action, ticket.public_id)
    assert (now_of(ticket).appointment_start, now_of(ticket).appointment_end) == (None, None)
    do("book", ticket.public_id)  # and a new one is not moved from anywhere
    assert now_of(ticket).reschedule_count == 0


def test_even_a_full_technician_gets_it_back(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(status="awaiting_callback")
    for _ in range(3):
        make_ticket(status="accepted")
    do("callback_reject", ticket.public_id)
    assert load_of(wu) == 4


@pytest.mark.parametrize("action", ["callback_ok", "callback_reject"])
@pytest.mark.parametrize("score", [0, 6])
def test_there_are_one_to_five_stars(lotus_db: Branch, action: str, score: int) -> None:
    ticket = make_ticket(status="awaiting_callback")
    with refused(Invalid):
        do(action, ticket.public_id, score=score)


def test_after_three_times_it_is_the_dispatchers_and_nobody_gets_a_card(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(status="awaiting_callback")
    for _ in range(3):
        do("callback_reject", ticket.public_id)
        do("check_in", ticket.public_id)
        do("complete", ticket.public_id)
    do("callback_reject", ticket.public_id)
    found = now_of(ticket)
    assert (found.status, found.technician_id, found.reopen_count, found.return_count) == ("pooled", None, 4, 0)
    wave = PushWave.objects.filter(ticket=ticket).latest("round")
    assert (wave.reach, wave.candidates.count(), load_of(wu)) == ("alarm", 0, 0)
    assert ticket.history.latest("version").data["to"] == "dispatcher"


def test_what_else_the_customer_said_is_kept_when_it_goes_back(lotus_db: Branch) -> None:
    ticket = make_ticket(status="awaiting_callback")
    said = {"score": 1, "overcharged": True, "on_time": False, "complaint": "charges", "note": "paid twice"}
    do("callback_reject", ticket.public_id, **said)
    kept = CallbackRecord.objects.get(ticket=ticket)
    assert {name: getattr(kept, name) for name in said} == said and kept.fixed is False
    assert ticket.history.latest("version").reason == "still_broken"


@pytest.mark.parametrize("action", ["callback_ok", "callback_reject"])
def test_who_dispatched_does_not_call_back(lotus_db: Branch, lin: Actor, action: str) -> None:
    ticket = make_ticket(status="assigned")
    for step in ("confirm", "check_in", "complete"):
        do(step, ticket.public_id)
    with refused(SelfCallback):
        do(action, ticket.public_id, by=lin)


def test_who_worked_on_it_once_does_not_call_back(lotus_db: Branch, wu: Actor, bo: Actor) -> None:
    add_user(username="wu", name="", grants=[(r.CALLBACK_AGENT, "/1/")])
    ticket = make_ticket(status="in_progress")
    do("reassign", ticket.public_id)
    for step in ("confirm", "check_in", "complete"):
        do(step, ticket.public_id, by=bo)
    with refused(SelfCallback):
        do("callback_ok", ticket.public_id, by=make.actor("wu"))


def test_who_helped_does_not_call_back_either(lotus_db: Branch, bo: Actor) -> None:
    add_user(username="bo", name="", grants=[(r.CALLBACK_AGENT, "/1/")])
    ticket = make_ticket(status="in_progress")
    add_co_worker(
        public_id=ticket.public_id, technician_id=bo.technician_id, share_pct=30, by=make.actor("wu"), key=make.key()
    )
    do("complete", ticket.public_id)
    for action in ("callback_ok", "callback_reject"):
        with refused(SelfCallback):
            do(action, ticket.public_id, by=make.actor("bo"))


def test_who_only_entered_it_may(lotus_db: Branch, an: Actor) -> None:
    ticket = make_ticket(status="awaiting_callback", by=an)
    assert do("callback_ok", ticket.public_id, by=an).facts["status"] == "closed"


def test_others_do_not_call_back(lotus_db: Branch, cai: Actor, wu: Actor, ji: Actor, bai: Actor) -> None:
    ticket = make_ticket(status="awaiting_callback")
    for who in (cai, wu, ji, bai):
        with refused(NotAllowed):
            do("callback_ok", ticket.public_id, by=who)
