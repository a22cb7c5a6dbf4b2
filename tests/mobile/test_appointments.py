"""A time that was agreed on is read where it matters: by who goes there, by who waits, at the desk."""

from datetime import datetime, timedelta

import pytest

from apps.tickets.models import Ticket
from apps.tickets.services import book_appointment
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from tests.cast import Branch
from tests.make import actor, client_at, key, make_ticket
from tests.mobile.test_more_steps import ENGLISH
from tests.tickets.steps import do
from tests.tickets.types import publish

SLOT = "14:00–16:00"


def booked(status: str = "accepted", *, to: str = "wu") -> Ticket:
    ticket = make_ticket(status="accepted", by=actor("cai"), to=to)
    tomorrow = clock.now().astimezone(clock.BUSINESS_ZONE).date() + timedelta(days=1)
    start = datetime.combine(tomorrow, datetime.min.time(), clock.BUSINESS_ZONE) + timedelta(hours=14)
    told = {"start": start, "end": start + timedelta(hours=2), "by": actor(to)}
    book_appointment(public_id=ticket.public_id, **told, key=key())
    if status == "in_progress":
        do("check_in", ticket.public_id, by=actor(to))
    return ticket


def page(branch: Branch, who: Actor, where: str) -> str:
    return client_at(branch, who).get(where, headers=ENGLISH).content.decode()


def test_who_goes_there_reads_it_on_the_ticket_and_in_the_list(lotus_db: Branch, wu: Actor) -> None:
    ticket = booked()
    assert SLOT in page(lotus_db, wu, f"/w/t/{ticket.public_id}") and SLOT in page(lotus_db, wu, "/w/mine")


def test_who_takes_over_reads_it_too(lotus_db: Branch, bo: Actor) -> None:
    ticket = booked()
    do("reassign", ticket.public_id)
    do("confirm", ticket.public_id, by=bo)
    assert SLOT in page(lotus_db, bo, f"/w/t/{ticket.public_id}")


def test_the_desk_reads_it_until_somebody_is_there(lotus_db: Branch, lin: Actor) -> None:
    waits, there = booked(), booked("in_progress", to="bo")
    facts = [page(lotus_db, lin, f"/console/t/{one.public_id}/side/") for one in (waits, there)]
    assert ["<dt>Appointment</dt>" in one and SLOT in one for one in facts] == [True, False]


def test_the_customer_reads_when_somebody_comes(lotus_db: Branch, mei: Actor) -> None:
    ticket = make_ticket(status="accepted", by=mei)
    where = f"/h5/t/{ticket.public_id}"
    assert "will call you before coming" in page(lotus_db, mei, where)
    do("book", ticket.public_id)
    told = page(lotus_db, mei, where)
    assert "Appointment</span>" in told and "comes at the time you agreed on" in told
    assert "will call you before coming" not in told


@pytest.mark.parametrize(("needs", "asked"), [("required", True), ("optional", False)])
def test_where_the_type_wants_one_the_phone_asks_for_it_first(
    lotus_db: Branch, wu: Actor, needs: str, asked: bool
) -> None:
    publish("fault_bb", appointment=needs)
    ticket = make_ticket(status="accepted")
    hint = "Agree on a time with the customer before you go"
    assert (hint in page(lotus_db, wu, f"/w/t/{ticket.public_id}")) == asked
    do("book", ticket.public_id)
    assert hint not in page(lotus_db, wu, f"/w/t/{ticket.public_id}")


@pytest.mark.parametrize(("way", "words"), [("complete", "The work is done."), ("fail_work", "could not be done")])
def test_the_customer_reads_whether_it_was_done(lotus_db: Branch, mei: Actor, way: str, words: str) -> None:
    ticket = make_ticket(status="in_progress", by=mei)
    do(way, ticket.public_id)
    told = page(lotus_db, mei, f"/h5/t/{ticket.public_id}")
    assert words in told and ("The work is done." in told) == (way == "complete")
