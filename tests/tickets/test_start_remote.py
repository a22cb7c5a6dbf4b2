"""T14: handled from afar, where the type allows it; nobody drives there, nothing has to be shown."""

import pytest

from apps.tickets.errors import IllegalTransition, RemoteNotAllowed, TicketNotFound
from apps.tickets.services import start_remote
from steppe.kernel.actors import Actor
from steppe.kernel.errors import NotAllowed
from tests import make
from tests.cast import Branch
from tests.make import make_ticket
from tests.rules import refused, sent_twice
from tests.tickets.steps import do, now_of
from tests.tickets.types import publish


@pytest.mark.parametrize("who", ["wu", "an"])
def test_who_has_it_or_the_call_centre_begins_and_the_ticket_says_so(lotus_db: Branch, who: str) -> None:
    ticket = make_ticket(status="accepted")
    do("start_remote", ticket.public_id, by=make.actor(who), note="restarted the port")
    found, last = now_of(ticket), ticket.history.last()
    assert (found.status, found.remote, bool(found.arrived_at)) == ("in_progress", True, True)
    assert (last.action, last.reason, last.actor) == ("start_remote", "restarted the port", make.actor(who).ref)
    assert found.contact_due_at == ticket.contact_due_at and not found.overdue_clocks


def test_it_stays_with_the_technician_who_ends_it_without_photos(lotus_db: Branch, wu: Actor) -> None:
    publish("fault_bb", photos=2, remote_allowed=True)
    ticket = make_ticket(status="accepted")
    do("start_remote", ticket.public_id)
    do("complete", ticket.public_id)
    assert (now_of(ticket).status, now_of(ticket).technician_id) == ("awaiting_callback", wu.technician_id)


def test_a_type_that_needs_somebody_there_refuses(lotus_db: Branch) -> None:
    publish("fault_bb", remote_allowed=False)
    ticket = make_ticket(status="accepted")
    with refused(RemoteNotAllowed):
        do("start_remote", ticket.public_id)


@pytest.mark.parametrize("status", ["pooled", "assigned", "in_progress", "on_hold", "closed"])
def test_only_what_was_accepted_and_not_begun(lotus_db: Branch, an: Actor, status: str) -> None:
    ticket = make_ticket(status=status)
    with refused(IllegalTransition):
        do("start_remote", ticket.public_id, by=an)


def test_nobody_else_of_the_field_and_no_clerk(lotus_db: Branch, bo: Actor, cai: Actor) -> None:
    ticket = make_ticket(status="accepted")
    with refused(TicketNotFound):
        do("start_remote", ticket.public_id, by=bo)
    with refused(NotAllowed):
        do("start_remote", ticket.public_id, by=cai)


def test_sent_twice_it_begins_once(lotus_db: Branch, an: Actor) -> None:
    ticket = make_ticket(status="accepted")
    sent_twice(lambda once: start_remote(public_id=ticket.public_id, by=an, key=once))
    assert ticket.history.filter(action="start_remote").count() == 1
