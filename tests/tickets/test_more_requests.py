"""What others ask for (domain.md §1.3): a technician another type, a customer or agent to open again, an agent a hold
of what they entered, a grid leader that it be made void."""

from datetime import timedelta

import pytest

from apps.people.errors import TechnicianNotFound
from apps.tickets.errors import (
    AlreadyAsked,
    NothingAsked,
    OnlyDispatcher,
    ReopenTooLate,
    SameType,
    TicketNotFound,
    UnknownType,
)
from apps.tickets.models import Ticket, TicketRequest
from apps.tickets.requests_read import waiting_for
from apps.tickets.selectors import actions_for
from apps.tickets.services import approve_request, archive_ticket, ask_for, refuse_request, withdraw_request
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM, Actor
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tests.cast import Branch
from tests.make import actor, key, make_ticket
from tests.rules import refused, sent_twice
from tests.tickets.steps import ask, now_of


def held(ticket: Ticket, by: Actor) -> None:
    told = {"hold_class": "customer", "resume_at": clock.now() + timedelta(hours=5)}
    ask_for(public_id=ticket.public_id, kind="hold", reason="away", asked=told, by=by, key=key())


def test_a_technicians_other_type_is_decided_by_the_dispatcher(lotus_db: Branch, wu: Actor, lin: Actor) -> None:
    ticket = make_ticket(status="in_progress")
    old = ticket.type.code
    ask("change_type", ticket.public_id, by=wu, type_code="fault_tv")
    assert now_of(ticket).type.code == old
    sent_twice(lambda once: approve_request(public_id=ticket.public_id, by=lin, key=once))
    found = now_of(ticket)
    assert (found.type.code, found.status, found.pending_request) == ("fault_tv", "in_progress", "")
    step = ticket.history.latest("version")
    assert (step.action, step.actor, step.data["from"], step.data["to"]) == ("change_type", lin.ref, old, "fault_tv")


def test_an_agent_does_not_change_the_type_of_what_somebody_took(lotus_db: Branch, wu: Actor, an: Actor) -> None:
    ticket = make_ticket(status="accepted")
    ask("change_type", ticket.public_id, by=wu, type_code="fault_tv")
    with refused(OnlyDispatcher):
        approve_request(public_id=ticket.public_id, by=an, key=key())


def test_nor_does_an_agent_agree_that_it_be_made_void(lotus_db: Branch, wu: Actor, an: Actor, lin: Actor) -> None:
    ticket, sent = make_ticket(status="accepted"), make_ticket(status="assigned", contact_phone="13900006666")
    for one in (ticket, sent):
        ask("void", one.public_id, by=wu)
    with refused(OnlyDispatcher):
        approve_request(public_id=ticket.public_id, by=an, key=key())
    approve_request(public_id=ticket.public_id, by=lin, key=key())
    approve_request(public_id=sent.public_id, by=an, key=key())  # nobody had accepted it
    assert now_of(ticket).status == now_of(sent).status == "void"


def test_nobody_agrees_that_somebody_goes_whom_they_could_not_send(
    lotus_db: Branch, wu: Actor, xi: Actor, yun: Actor, lin: Actor
) -> None:
    ticket = make_ticket(status="accepted")
    ask("reassign", ticket.public_id, by=wu, technician_id=xi.technician_id)
    with refused(TechnicianNotFound):
        approve_request(public_id=ticket.public_id, by=yun, key=key())  # she leads the east, Xi works in the west
    approve_request(public_id=ticket.public_id, by=lin, key=key())
    assert now_of(ticket).technician_id == xi.technician_id


def test_another_type_must_be_one_and_another(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(status="accepted")
    with refused(UnknownType):
        ask("change_type", ticket.public_id, by=wu, type_code="nothing")
    with refused(SameType):
        ask("change_type", ticket.public_id, by=wu, type_code=ticket.type.code)
    assert now_of(ticket).pending_request == "" and not TicketRequest.objects.exists()


def test_a_customer_asks_to_open_the_own_ticket_again(lotus_db: Branch, hui: Actor) -> None:
    ticket = make_ticket(by=lotus_db.mei, status="closed")
    assert "request_reopen" in actions_for(lotus_db.mei, ticket)
    ask("reopen", ticket.public_id, by=lotus_db.mei)
    assert (now_of(ticket).status, now_of(ticket).pending_request) == ("closed", "reopen")
    assert "request_reopen" not in actions_for(lotus_db.mei, now_of(ticket))
    assert [one.request.kind for one in waiting_for(hui)] == ["reopen"]
    approve_request(public_id=ticket.public_id, by=hui, key=key())
    assert (now_of(ticket).status, now_of(ticket).reopen_count, now_of(ticket).pending_request) == ("pooled", 1, "")


@pytest.mark.parametrize("who", ["mei", "an"])
def test_a_customer_takes_the_wish_to_open_it_again_back_whoever_wrote_it_down(lotus_db: Branch, who: str) -> None:
    ticket, other = make_ticket(by=lotus_db.mei, status="closed"), make_ticket(by=lotus_db.na, status="closed")
    for one, by in ((ticket, lotus_db.people.get(who, lotus_db.mei)), (other, lotus_db.na)):
        ask("reopen", one.public_id, by=by)
    assert "withdraw" in actions_for(lotus_db.mei, now_of(ticket))
    withdraw_request(public_id=ticket.public_id, by=lotus_db.mei, key=key())
    assert (now_of(ticket).status, now_of(ticket).pending_request) == ("closed", "")
    assert {"withdraw", "request_reopen"} & set(actions_for(lotus_db.mei, now_of(ticket))) == {"request_reopen"}
    with refused(NothingAsked):
        withdraw_request(public_id=ticket.public_id, by=lotus_db.mei, key=key())
    with refused(TicketNotFound):  # another's
        withdraw_request(public_id=other.public_id, by=lotus_db.mei, key=key())


def test_what_the_house_asked_of_itself_is_not_the_customers_to_take_back(lotus_db: Branch, lin: Actor) -> None:
    ticket = make_ticket(by=lotus_db.mei, status="accepted")
    ask("hold", ticket.public_id, by=lin, hold_class="customer", resume_at=clock.now() + timedelta(hours=3))
    assert "withdraw" not in actions_for(lotus_db.mei, now_of(ticket))
    with refused(NothingAsked):
        withdraw_request(public_id=ticket.public_id, by=lotus_db.mei, key=key())
    assert now_of(ticket).pending_request == "hold"


def test_who_may_not_reopen_does_not_decide_and_a_no_leaves_it_closed(
    lotus_db: Branch, an: Actor, lin: Actor, hui: Actor, yun: Actor
) -> None:
    ticket = make_ticket(by=lotus_db.mei, status="closed")
    ask("reopen", ticket.public_id, by=an)
    with refused(NotAllowed):
        approve_request(public_id=ticket.public_id, by=yun, key=key())
    refuse_request(public_id=ticket.public_id, reason="it was another matter", by=hui, key=key())
    assert (now_of(ticket).status, now_of(ticket).pending_request) == ("closed", "")


def test_neither_anothers_nor_twice_nor_too_late_is_it_asked_to_open_again(lotus_db: Branch) -> None:
    ticket = make_ticket(by=lotus_db.mei, status="closed")
    with refused(TicketNotFound):
        ask("reopen", ticket.public_id, by=lotus_db.na)
    ask("reopen", ticket.public_id, by=lotus_db.mei)
    with refused(AlreadyAsked):
        ask("reopen", ticket.public_id, by=lotus_db.mei)
    old = make_ticket(by=lotus_db.mei, status="closed", contact_phone="13900006666")
    Ticket.objects.filter(pk=old.pk).update(closed_at=clock.now() - timedelta(days=30))
    with refused(ReopenTooLate):
        ask("reopen", old.public_id, by=lotus_db.mei)


def test_a_customer_asks_for_nothing_else(lotus_db: Branch) -> None:
    ticket = make_ticket(by=lotus_db.mei, status="accepted")
    with refused(NotAllowed):
        held(ticket, lotus_db.mei)


def test_the_archive_ends_what_nobody_decided(lotus_db: Branch) -> None:
    ticket = make_ticket(by=lotus_db.mei, status="closed")
    ask("reopen", ticket.public_id, by=lotus_db.mei)
    archive_ticket(public_id=ticket.public_id, by=SYSTEM, key=key())
    assert now_of(ticket).pending_request == "" and TicketRequest.objects.get().state == "withdrawn"


def test_an_agent_asks_for_a_hold_of_what_they_entered_and_of_nothing_else(lotus_db: Branch, an: Actor) -> None:
    hers, other = make_ticket(by=an, status="accepted"), make_ticket(status="accepted", contact_phone="13900006666")
    assert "request_hold" in actions_for(an, hers) and "request_hold" not in actions_for(an, other)
    held(hers, an)
    assert now_of(hers).pending_request == "hold"
    with refused(TicketNotFound):
        held(other, an)


@pytest.mark.parametrize("status", ["assigned", "accepted"])
def test_a_leader_asks_that_a_colleagues_ticket_be_made_void(
    lotus_db: Branch, yun: Actor, bo: Actor, lin: Actor, status: str
) -> None:
    ticket = make_ticket(status=status)
    with refused(TicketNotFound):
        ask("void", ticket.public_id, by=bo)  # a colleague does not
    ask("void", ticket.public_id, by=yun)
    approve_request(public_id=ticket.public_id, by=lin, key=key())
    assert now_of(ticket).status == "void"


def test_the_other_branchs_closed_ticket_is_not_found(lotus_db: Branch, maple: Branch) -> None:
    ticket = make_ticket(by=lotus_db.mei, status="closed")
    with in_branch(maple.tenant):
        make_ticket(by=maple.mei, status="closed")  # the same ids are taken there
        with refused(TicketNotFound):
            ask("reopen", ticket.public_id, by=actor("an"))
