"""T21 cancel: the request is withdrawn; who may depends on how far it is."""

import pytest

from apps.tickets.errors import OnlyDispatcher, ReasonMissing, TicketNotFound
from apps.tickets.models import Assignment
from apps.tickets.services import cancel_ticket
from steppe.kernel.actors import Actor
from steppe.kernel.errors import NotAllowed
from tests import make
from tests.cast import Branch
from tests.make import actor, make_ticket
from tests.rules import refused, sent_twice
from tests.tickets.steps import do, load_of, now_of

EARLY = ("submitted", "pooled", "assigned")
TAKEN = ("accepted", "in_progress", "on_hold")


@pytest.mark.parametrize("status", EARLY + TAKEN)
def test_the_dispatcher_may_at_every_stage_and_the_place_is_free(lotus_db: Branch, wu: Actor, status: str) -> None:
    ticket = make_ticket(status=status)
    do("cancel", ticket.public_id, reason=" it works again ")
    found, last = now_of(ticket), ticket.history.last()
    assert (found.status, found.close_code, load_of(wu)) == ("cancelled", "cancelled", 0) and found.closed_at
    assert (last.reason, last.data["travelled"]) == ("it works again", status in {"in_progress", "on_hold"})
    assert not Assignment.objects.filter(ended_at=None).exists()


@pytest.mark.parametrize("status", ["pooled", "assigned", "accepted"])
def test_the_customer_may_until_somebody_is_there(lotus_db: Branch, mei: Actor, status: str) -> None:
    ticket = make_ticket(status=status, by=mei)
    do("cancel", ticket.public_id, by=mei)
    assert now_of(ticket).status == "cancelled"


def test_on_site_the_customer_calls(lotus_db: Branch, mei: Actor) -> None:
    for status in ("in_progress", "on_hold"):
        ticket = make_ticket(status=status, by=mei)
        with refused(OnlyDispatcher):
            do("cancel", ticket.public_id, by=mei)


def test_another_customers_ticket_is_not_found(lotus_db: Branch, mei: Actor, na: Actor) -> None:
    ticket = make_ticket(by=mei)
    with refused(TicketNotFound):
        do("cancel", ticket.public_id, by=na)


def test_the_clerk_takes_back_the_own_entry_until_somebody_took_it(lotus_db: Branch, cai: Actor, an: Actor) -> None:
    own, anothers = make_ticket(), make_ticket(by=an)
    with refused(TicketNotFound):
        do("cancel", anothers.public_id, by=cai)
    do("cancel", own.public_id, by=cai)
    assert now_of(own).status == "cancelled"
    taken = make_ticket(status="accepted")
    with refused(OnlyDispatcher):
        do("cancel", taken.public_id, by=cai)


def test_without_a_reason_and_by_the_field_it_is_refused(lotus_db: Branch, wu: Actor, hui: Actor) -> None:
    ticket = make_ticket(status="accepted")
    with refused(ReasonMissing):
        do("cancel", ticket.public_id, reason="  ")
    for who in (wu, hui):
        with refused(NotAllowed):
            do("cancel", ticket.public_id, by=who)


def test_sent_twice_it_is_cancelled_once(lotus_db: Branch, lin: Actor) -> None:
    ticket = make_ticket()
    sent_twice(lambda once: cancel_ticket(public_id=ticket.public_id, reason="ok", by=lin, key=once))
    assert ticket.history.filter(action="cancel").count() == 1


def test_the_screens_are_told(lotus_db: Branch) -> None:
    do("cancel", make_ticket().public_id, by=actor("lin"))
    assert make.events()[-1].kind == "ticket.cancelled"


@pytest.mark.parametrize("status", EARLY)
def test_an_agent_may_before_somebody_took_it_whoever_entered_it(lotus_db: Branch, an: Actor, status: str) -> None:
    ticket = make_ticket(status=status)
    do("cancel", ticket.public_id, by=an)
    assert now_of(ticket).status == "cancelled"


def test_later_the_agent_calls_the_dispatcher(lotus_db: Branch, an: Actor) -> None:
    ticket = make_ticket(status="accepted")
    with refused(OnlyDispatcher):
        do("cancel", ticket.public_id, by=an)
