"""What one asks for and another decides: one at a time, never one's own, decided once."""

from functools import partial

import pytest

from apps.tickets.errors import AlreadyAsked, NothingAsked, OwnRequest, ReasonMissing, TicketNotFound
from apps.tickets.models import Ticket, TicketRequest
from apps.tickets.services import approve_request, ask_for, refuse_request, withdraw_request
from steppe.kernel.actors import Actor
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tests.cast import Branch
from tests.databases import Database
from tests.make import actor, key, make_ticket
from tests.rules import refused, sent_twice
from tests.tickets.hands import at_once
from tests.tickets.steps import CHILD, ask, do, load_of, now_of, ready

DECIDED = ("return", "hold", "transfer")


def waiting(kind: str = "void") -> Ticket:
    """Wu's ticket, for which he asks to have it voided (or another step)."""
    ticket = make_ticket(status="accepted")
    if kind in DECIDED:
        return ready(kind, ticket)
    told = {"technician_id": actor("bo").technician_id} if kind == "reassign" else {}
    ask(kind, ticket.public_id, by=actor("wu"), **told)
    return now_of(ticket)


@pytest.mark.parametrize("kind", ["return", "hold", "transfer", "reassign", "void"])
def test_asking_changes_nothing_but_the_flag(lotus_db: Branch, wu: Actor, kind: str) -> None:
    ticket = waiting(kind)
    assert (ticket.status, ticket.pending_request, load_of(wu)) == ("accepted", kind, 1)
    assert TicketRequest.objects.get(ticket=ticket).state == "pending"


@pytest.mark.parametrize(("kind", "after"), [("void", "void"), ("reassign", "assigned"), ("return", "pooled")])
def test_the_approver_takes_the_step_in_their_own_name(lotus_db: Branch, lin: Actor, kind: str, after: str) -> None:
    ticket = waiting(kind)
    told = sent_twice(lambda once: approve_request(public_id=ticket.public_id, note="fine", by=lin, key=once))
    request = TicketRequest.objects.get(ticket=ticket)
    assert (now_of(ticket).status, now_of(ticket).pending_request, told.facts["request"]) == (after, "", kind)
    assert (request.state, request.decided_by, request.answer) == ("approved", lin.ref, "fine")
    assert [row.actor for row in ticket.history.order_by("version")][-1] == lin.ref


def test_a_child_asked_for_is_born_by_the_approval(lotus_db: Branch, wu: Actor, de: Actor) -> None:
    ticket = make_ticket(status="in_progress")
    ask("spawn_child", ticket.public_id, by=wu, type_code="line_repair", unit="CARE", mandatory=True)
    assert not ticket.children.exists()
    approve_request(public_id=ticket.public_id, by=de, key=key())
    assert ticket.children.get().mandatory


def test_a_refusal_says_why_and_the_work_goes_on(lotus_db: Branch, lin: Actor) -> None:
    ticket = waiting()
    with refused(ReasonMissing):
        refuse_request(public_id=ticket.public_id, reason=" ", by=lin, key=key())
    refuse_request(public_id=ticket.public_id, reason="go on", by=lin, key=key())
    found, request = now_of(ticket), TicketRequest.objects.get(ticket=ticket)
    assert (found.status, found.pending_request, request.state, request.answer) == ("accepted", "", "refused", "go on")
    ask("void", ticket.public_id, by=actor("wu"))  # and may be asked for again
    assert now_of(ticket).pending_request == "void"


def test_one_question_at_a_time(lotus_db: Branch, lin: Actor) -> None:
    ticket = waiting()
    with refused(AlreadyAsked, name="Wu"):
        ask("transfer", ticket.public_id, by=lin, unit="CARE")


def test_nobody_decides_about_the_own_request(lotus_db: Branch, lin: Actor) -> None:
    """domain.md §12 rule 15; the table itself would refuse it too (request_not_approved_by_requester)."""
    ticket = make_ticket()
    ask("transfer", ticket.public_id, by=lin, unit="CARE")
    with refused(OwnRequest):
        approve_request(public_id=ticket.public_id, by=lin, key=key())
    with refused(OwnRequest):
        refuse_request(public_id=ticket.public_id, reason="no", by=lin, key=key())


def test_only_who_asked_takes_it_back(lotus_db: Branch, lin: Actor, wu: Actor) -> None:
    ticket = waiting()
    with refused(NothingAsked):
        withdraw_request(public_id=ticket.public_id, by=lin, key=key())
    sent_twice(lambda once: withdraw_request(public_id=ticket.public_id, by=wu, key=once))
    assert TicketRequest.objects.get(ticket=ticket).state == "withdrawn"
    with refused(NothingAsked):
        approve_request(public_id=ticket.public_id, by=lin, key=key())


def test_who_does_not_lead_does_not_decide(lotus_db: Branch, bo: Actor, cai: Actor, gao: Actor) -> None:
    ticket = waiting()
    for who in (bo, cai):
        with refused(NotAllowed):
            approve_request(public_id=ticket.public_id, by=who, key=key())
    with refused(TicketNotFound):
        approve_request(public_id=ticket.public_id, by=gao, key=key())


def test_a_step_taken_meanwhile_ends_the_question(lotus_db: Branch, lin: Actor) -> None:
    ticket = waiting()
    do("check_in", ticket.public_id)  # work has begun: what was asked no longer fits
    assert now_of(ticket).pending_request == "" and not TicketRequest.objects.filter(state="pending").exists()
    with refused(NothingAsked):
        approve_request(public_id=ticket.public_id, by=lin, key=key())


def test_what_fits_any_stage_of_the_work_waits_on_while_the_work_goes_on(lotus_db: Branch, lin: Actor) -> None:
    ticket = make_ticket(status="accepted")
    ask("spawn_child", ticket.public_id, by=actor("wu"), **CHILD)
    do("check_in", ticket.public_id)
    assert now_of(ticket).pending_request == "spawn_child"
    approve_request(public_id=ticket.public_id, by=lin, key=key())
    assert Ticket.objects.filter(parent=ticket).exists() and now_of(ticket).status == "in_progress"


def test_in_other_hands_it_waits_no_longer(lotus_db: Branch) -> None:
    ticket = make_ticket(status="accepted")
    ask("transfer", ticket.public_id, by=actor("wu"), unit="CARE")
    do("reassign", ticket.public_id)
    assert now_of(ticket).pending_request == ""
    assert TicketRequest.objects.get(ticket=ticket, kind="transfer").answer == "overtaken"


def test_who_grabs_it_meanwhile_keeps_it(lotus_db: Branch, lin: Actor, bai: Actor) -> None:
    ticket = make_ticket()
    ask("transfer", ticket.public_id, by=lin, unit="CARE")
    do("grab", ticket.public_id)
    assert now_of(ticket).pending_request == ""
    with refused(NothingAsked):
        approve_request(public_id=ticket.public_id, by=bai, key=key())


def test_two_decide_at_once_and_one_decision_counts(committed: Database, lotus: Branch) -> None:
    with in_branch(lotus.tenant):
        for _ in range(3):  # as many as Wu may have
            name = waiting().public_id
            yes = partial(approve_request, public_id=name, by=lotus.lin, key=key())
            no = partial(refuse_request, public_id=name, reason="no", by=lotus.bai, key=key())
            told = at_once(lotus, [yes, no, partial(approve_request, public_id=name, by=lotus.bai, key=key())])
            assert told["done"] == 1 and set(told) <= {"done", "tickets.nothing_asked", "tickets.illegal_transition"}
            request = TicketRequest.objects.get(ticket__public_id=name)
            status = Ticket.objects.get(public_id=name).status
            assert (request.state, status) in {("approved", "void"), ("refused", "accepted")}


def test_two_ask_at_once_and_one_question_waits(committed: Database, lotus: Branch) -> None:
    with in_branch(lotus.tenant):
        name = make_ticket(status="accepted").public_id
        asks = [
            partial(ask_for, public_id=name, kind="transfer", reason="?", asked={"unit": "CARE"}, by=who, key=key())
            for who in (lotus.lin, lotus.bai, lotus.de)
        ]
        assert at_once(lotus, asks) == {"done": 1, "tickets.already_asked": 2}


def test_the_other_branchs_request_is_not_found(lotus_db: Branch, maple: Branch) -> None:
    ticket = waiting()
    with in_branch(maple.tenant):
        make_ticket(status="accepted")  # the same ids are taken there
        with refused(TicketNotFound):
            approve_request(public_id=ticket.public_id, by=maple.lin, key=key())
