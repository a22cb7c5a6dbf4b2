"""T26 urge: the customer waits; the second time it becomes urgent, the third time the manager knows."""

from datetime import datetime, timedelta

import pytest

from apps.tickets.errors import IllegalTransition, NotYetAgain, TicketNotFound
from apps.tickets.models import Ticket
from apps.tickets.services import urge_ticket
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import NotAllowed
from tests import make
from tests.cast import Branch
from tests.make import actor, key, make_ticket
from tests.rules import refused, sent_twice
from tests.tickets.steps import now_of

BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=clock.BUSINESS_ZONE)


def reported(**more: object) -> Ticket:
    with clock.frozen(BEGIN):
        return make_ticket(**more)  # type: ignore[arg-type]


def urge(ticket: Ticket, minute: float, by: Actor | None = None) -> Receipt:
    with clock.frozen(BEGIN + timedelta(minutes=minute)):
        return urge_ticket(public_id=ticket.public_id, by=by or actor("cai"), key=key())


def test_it_is_told_higher_each_time_and_urgent_from_the_second(lotus_db: Branch) -> None:
    ticket = reported()
    told = [(urge(ticket, 40 * number).facts["told"], now_of(ticket).priority) for number in (1, 2, 3, 4)]
    assert told == [("technician", 2), ("grid_leader", 1), ("dept_manager", 1), ("dept_manager", 1)]
    found = now_of(ticket)
    assert (found.urge_count, found.status) == (4, "pooled")
    assert found.accept_due_at < ticket.accept_due_at  # P1 is accepted sooner


def test_what_is_more_urgent_already_stays_so(lotus_db: Branch) -> None:
    ticket = reported(priority=0)
    urge(ticket, 40), urge(ticket, 80)
    assert now_of(ticket).priority == 0


def test_not_again_within_half_an_hour(lotus_db: Branch) -> None:
    ticket = reported()
    urge(ticket, 10)
    with refused(NotYetAgain, minutes=2):
        urge(ticket, 39)
    urge(ticket, 40)
    assert now_of(ticket).urge_count == 2


def test_the_customer_urges_the_own_ticket_only(lotus_db: Branch, mei: Actor, na: Actor) -> None:
    ticket = reported(by=mei)
    with refused(TicketNotFound):
        urge(ticket, 10, na)
    urge(ticket, 10, mei)
    assert ticket.history.last().actor == mei.ref


@pytest.mark.parametrize("status", ["closed", "cancelled", "void"])
def test_what_is_over_is_not_urged(lotus_db: Branch, status: str) -> None:
    ticket = make_ticket(status=status)
    with refused(IllegalTransition):
        urge_ticket(public_id=ticket.public_id, by=actor("lin"), key=key())


def test_the_field_does_not_urge_itself(lotus_db: Branch, wu: Actor) -> None:
    ticket = reported(status="accepted")
    with refused(NotAllowed):
        urge(ticket, 10, wu)


def test_sent_twice_it_counts_once(lotus_db: Branch, cai: Actor) -> None:
    ticket = make_ticket()
    sent_twice(lambda once: urge_ticket(public_id=ticket.public_id, by=cai, key=once))
    assert now_of(ticket).urge_count == 1


def test_the_screens_are_told_whom_it_concerns(lotus_db: Branch) -> None:
    ticket = reported()
    urge(ticket, 10)
    told = make.events()[-1]
    assert (told.kind, told.facts["count"], told.facts["told"]) == ("ticket.urged", 1, "technician")
