"""T16: the work is done; the technician has room again, the callback begins."""

from datetime import timedelta

import pytest

from apps.tickets import selectors, services
from apps.tickets.errors import NotYourTicket
from apps.tickets.models import Assignment
from apps.tickets.services import sweep_clocks
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.errors import Invalid
from tests.cast import Branch
from tests.make import key, make_ticket, picture
from tests.rules import refused
from tests.tickets.steps import do, load_of, moment, now_of


def test_it_waits_for_the_callback_and_the_slot_is_free(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(status="in_progress")
    assert load_of(wu) == 1
    do("complete", ticket.public_id, solution="  new plug ")
    found = now_of(ticket)
    assert (found.status, found.solution, load_of(wu)) == ("awaiting_callback", "new plug", 0)
    assert found.callback_due_at == moment(found, "complete") + timedelta(days=1)
    assert Assignment.objects.get().end_reason == "completed"


def test_the_customers_clock_stops(lotus_db: Branch) -> None:
    """What was done in time stays in time; only the callback can be late now."""
    ticket = make_ticket(status="awaiting_callback")
    with clock.frozen(clock.now() + timedelta(days=30)):
        sweep_clocks()
    assert now_of(ticket).overdue_clocks == ["callback"]


@pytest.mark.parametrize("words", ["", "   "])
def test_what_was_done_must_be_said(lotus_db: Branch, words: str) -> None:
    ticket = make_ticket(status="in_progress")
    with refused(Invalid):
        do("complete", ticket.public_id, solution=words)


def test_the_pictures_of_the_work_hang_on_the_ticket(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(status="in_progress")
    photo = services.upload_photo(content=picture(), stage="finish", by=wu, key=key())
    do("complete", ticket.public_id, photos=(photo.public_id,))
    [found] = selectors.photos(ticket)
    assert (found.public_id, found.stage) == (photo.public_id, "finish")


def test_only_who_has_the_ticket(lotus_db: Branch, bo: Actor) -> None:
    ticket = make_ticket(status="in_progress")
    with refused(NotYourTicket, holder="Wu"):
        do("complete", ticket.public_id, by=bo)
