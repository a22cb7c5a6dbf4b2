"""T10 appointment and first contact: the customer knows when somebody comes, and who moved it."""

from datetime import datetime, timedelta

import pytest

from apps.tickets.errors import BadSlot, NotYourTicket, TicketNotFound
from apps.tickets.models import Ticket
from apps.tickets.services import book_appointment, log_contact
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import NotAllowed
from tests import make
from tests.cast import Branch
from tests.make import actor, key, make_ticket
from tests.rules import refused, sent_twice
from tests.tickets.steps import do, moment, now_of

BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=clock.BUSINESS_ZONE)


def accepted() -> Ticket:
    with clock.frozen(BEGIN):
        return make_ticket(status="accepted")


def book(
    ticket: Ticket, start: float, end: float, *, by: Actor | None = None, once: str = "", cause: str = ""
) -> Receipt:
    """A slot in hours after the beginning, booked ten minutes after it."""
    with clock.frozen(BEGIN + timedelta(minutes=10)):
        return book_appointment(
            public_id=ticket.public_id, start=BEGIN + timedelta(hours=start), end=BEGIN + timedelta(hours=end),
            cause=cause, by=by or actor("wu"), key=once or key(),
        )  # fmt: skip


def test_it_counts_as_the_first_contact_and_sets_when_to_arrive(lotus_db: Branch) -> None:
    ticket = accepted()
    sent_twice(lambda once: book(ticket, 3, 5, once=once))
    found = now_of(ticket)
    assert (found.appointment_start, found.appointment_end) == (BEGIN + timedelta(hours=3), BEGIN + timedelta(hours=5))
    assert found.contacted_at == BEGIN + timedelta(minutes=10) and found.reschedule_count == 0
    assert found.arrive_due_at >= BEGIN + timedelta(hours=5) and found.status == "accepted"


def test_moved_it_is_counted_and_says_by_whom(lotus_db: Branch) -> None:
    ticket = accepted()
    book(ticket, 3, 5)
    with clock.frozen(BEGIN + timedelta(minutes=10)), refused(BadSlot):
        book(ticket, 4, 6)  # another one instead says why
    book(ticket, 4, 6, cause="customer")
    found, last = now_of(ticket), ticket.history.last()
    assert found.reschedule_count == 1 and found.appointment_start == BEGIN + timedelta(hours=4)
    assert (last.data["cause"], last.data["moved"]) == ("customer", True)
    assert found.contacted_at == BEGIN + timedelta(minutes=10)


@pytest.mark.parametrize(("start", "end"), [(5, 3), (3, 3), (-3, -1), (1, 26)])
def test_a_slot_that_cannot_be_is_refused(lotus_db: Branch, start: float, end: float) -> None:
    ticket = accepted()
    with refused(BadSlot):
        book(ticket, start, end)


def test_the_customer_books_the_own_ticket_only(lotus_db: Branch, mei: Actor, na: Actor) -> None:
    with clock.frozen(BEGIN):
        ticket = make_ticket(by=mei)
        make.grab(ticket.public_id)
    with refused(TicketNotFound):
        book(ticket, 3, 5, by=na)
    book(ticket, 3, 5, by=mei)
    assert now_of(ticket).appointment_start is not None


def test_who_does_not_have_it_books_nothing(lotus_db: Branch, bo: Actor, ku: Actor) -> None:
    ticket = accepted()
    for who, error in ((bo, TicketNotFound), (ku, NotAllowed)):
        with refused(error):
            book(ticket, 3, 5, by=who)


def test_the_first_call_stops_the_contact_clock_and_the_second_is_kept_too(lotus_db: Branch) -> None:
    ticket = accepted()
    for minute in (30, 40):
        with clock.frozen(BEGIN + timedelta(minutes=minute)):
            do("contact", ticket.public_id, note=f"call {minute}")
    found = now_of(ticket)
    assert found.contacted_at == BEGIN + timedelta(minutes=30)
    assert [row.reason for row in ticket.history.filter(action="contact")] == ["call 30", "call 40"]
    assert moment(ticket, "contact") == BEGIN + timedelta(minutes=40)


def test_only_who_has_it_has_called(lotus_db: Branch, bo: Actor, lin: Actor) -> None:
    ticket = accepted()
    with refused(NotYourTicket, holder="Wu"):
        log_contact(public_id=ticket.public_id, by=bo, key=key())
    with refused(NotAllowed):
        log_contact(public_id=ticket.public_id, by=lin, key=key())


def test_the_screens_are_told(lotus_db: Branch) -> None:
    ticket = accepted()
    do("contact", ticket.public_id)
    do("book", ticket.public_id)
    assert [one.kind for one in make.events()[-2:]] == ["ticket.contacted", "ticket.booked"]
