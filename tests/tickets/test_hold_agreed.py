"""T11: a pause that is for the customer's own sake is theirs to agree to; nobody else at the branch has to."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from apps.tickets.errors import HoldOver, IllegalTransition, NothingAsked, TicketNotFound
from apps.tickets.models import Ticket, TicketRequest
from apps.tickets.requests_read import pause_to_agree
from apps.tickets.services import answer_hold, approve_request
from steppe.kernel import clock
from steppe.kernel.actors import ANONYMOUS, Actor
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tests import make
from tests.cast import Branch
from tests.databases import Database
from tests.make import key, make_ticket
from tests.rules import refused, sent_twice
from tests.tickets.hands import at_once
from tests.tickets.steps import ask, now_of


def wished(branch: Branch, status: str = "in_progress", kind: str = "customer") -> Ticket:
    """Mei's ticket, that Wu would leave for three hours."""
    ticket = make_ticket(status=status, by=branch.mei)
    until = clock.now() + timedelta(hours=3)
    ask("hold", ticket.public_id, by=branch.wu, hold_class=kind, resume_at=until)
    return now_of(ticket)


def answered(ticket: Ticket, by: Actor, agree: bool = True, once: str = "") -> Receipt:
    return answer_hold(public_id=ticket.public_id, agree=agree, by=by, key=once or key())


@pytest.mark.parametrize("status", ["accepted", "in_progress"])
def test_later_is_fine_and_the_clock_stands_at_once(lotus_db: Branch, mei: Actor, status: str) -> None:
    ticket = wished(lotus_db, status)
    assert pause_to_agree(ticket) is not None
    sent_twice(lambda once: answered(ticket, mei, once=once))
    found, request = now_of(ticket), TicketRequest.objects.get(ticket=ticket)
    assert (found.status, found.hold_class, found.held_from, found.pending_request) == (
        "on_hold",
        "customer",
        status,
        "",
    )
    assert (request.state, request.decided_by, ticket.history.last().actor) == ("approved", mei.ref, mei.ref)
    assert pause_to_agree(found) is None
    with refused(IllegalTransition):
        answered(ticket, mei)


def test_please_come_is_a_refusal_and_who_asked_is_told(lotus_db: Branch, mei: Actor) -> None:
    ticket = wished(lotus_db)
    answered(ticket, mei, agree=False)
    assert (now_of(ticket).status, now_of(ticket).pending_request) == ("in_progress", "")
    assert TicketRequest.objects.get(ticket=ticket).state == "refused"
    last = ticket.history.last()
    assert (last.action, last.reason) == ("refuse", "come_as_agreed")
    assert (make.events()[-1].kind, make.events()[-1].facts["state"]) == ("ticket.request_refused", "refused")


def test_who_holds_the_signed_link_answers_without_an_account(lotus_db: Branch) -> None:
    ticket = wished(lotus_db)
    answered(ticket, ANONYMOUS)
    assert (now_of(ticket).status, ticket.history.last().actor) == ("on_hold", "anonymous:0")


@pytest.mark.parametrize("kind", ["material", "internal", "third_party", "force_majeure"])
def test_any_other_pause_is_not_theirs_to_answer(lotus_db: Branch, mei: Actor, kind: str) -> None:
    ticket = wished(lotus_db, kind=kind)
    assert pause_to_agree(ticket) is None
    for agree in (True, False):
        with refused(NothingAsked):
            answered(ticket, mei, agree)


def test_nothing_asked_nothing_to_answer(lotus_db: Branch, mei: Actor) -> None:
    ticket = make_ticket(status="accepted", by=mei)
    with refused(NothingAsked):
        answered(ticket, mei)


def test_staff_another_customer_and_the_other_branch_do_not_answer(lotus_db: Branch, maple: Branch) -> None:
    ticket = wished(lotus_db)
    for who, error in ((lotus_db.wu, NotAllowed), (lotus_db.lin, NotAllowed), (lotus_db.na, TicketNotFound)):
        with refused(error):
            answered(ticket, who)
    with in_branch(maple.tenant):
        wished(maple)  # the same ids are taken there
        with refused(TicketNotFound):
            answered(ticket, maple.mei)


def test_an_end_that_has_passed_is_asked_for_anew(lotus_db: Branch, mei: Actor) -> None:
    ticket = wished(lotus_db)
    with clock.frozen(clock.now() + timedelta(hours=4)):
        assert pause_to_agree(ticket) is None
        with refused(HoldOver):
            answered(ticket, mei)


def test_customer_and_dispatcher_at_once_and_one_answer_counts(committed: Database, lotus: Branch) -> None:
    with in_branch(lotus.tenant):
        ticket = wished(lotus)
        told: list[Callable[[], Receipt]] = [
            partial(answered, ticket, lotus.mei, False),
            partial(approve_request, public_id=ticket.public_id, by=lotus.lin, key=key()),
        ]
        found = at_once(lotus, told)
        assert found["done"] == 1
        request = TicketRequest.objects.get(ticket=ticket)
        assert (request.state, now_of(ticket).status) in {("approved", "on_hold"), ("refused", "in_progress")}
