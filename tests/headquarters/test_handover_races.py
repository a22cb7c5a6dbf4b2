"""Two at once about one case that goes: whoever asks first at the source is heard, and nobody undoes it for them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction

from apps.headquarters import services
from apps.tickets import services as tickets
from apps.tickets.errors import ChildrenOpen
from apps.tickets.models import Arrival, Departure, Ticket
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import Busy
from tenants.context import in_branch
from tests.cast import Branch
from tests.databases import Database
from tests.headquarters.test_handover import accept, bring, offer, open_tickets, the_record
from tests.make import actor, key
from tests.rules import together
from tests.tickets.steps import do, now_of

ROUNDS = 3


def agreed_by_both(lotus: Branch, maple: Branch, headquarters: Branch) -> tuple[Ticket, str]:
    """A ticket of Lotus that Maple will take, not closed yet; its link."""
    ticket, link = offer(lotus, maple, headquarters)
    accept(maple, link)
    bring(maple)
    return ticket, link


@pytest.fixture
def yes(committed: Database, lotus: Branch, maple: Branch, headquarters: Branch) -> Iterator[tuple[Ticket, str]]:
    """Inside Lotus, with real commits."""
    with in_branch(lotus.tenant):
        yield agreed_by_both(lotus, maple, headquarters)


@contextmanager
def somebody_holds(branch: Branch, ticket: Ticket) -> Iterator[None]:
    """Another connection has the ticket locked for as long as the block runs."""
    held, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with in_branch(branch.tenant), transaction.atomic():
                Ticket.objects.select_for_update().get(pk=ticket.pk)
                held.set()
                may_end.wait(25)
        finally:
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert held.wait(10)
        yield
    finally:
        may_end.set()
        thread.join(30)


def arrival_at(branch: Branch) -> str:
    with in_branch(branch.tenant):
        return Arrival.objects.get().state


def test_a_ticket_that_is_locked_for_a_moment_goes_the_next_time(
    yes: tuple[Ticket, str], lotus: Branch, maple: Branch
) -> None:
    ticket, link = yes
    with somebody_holds(lotus, ticket):
        assert services.drive(link) == "accepted"
    record = the_record()
    assert (record.state, record.moving, record.trouble) == ("accepted", True, str(Busy.message))
    assert (now_of(ticket).status, arrival_at(maple)) == ("accepted", "accepted")
    assert services.moving_from(lotus.tenant) == [link] and services.drive(link) == "done"
    assert (the_record().trouble, arrival_at(maple), open_tickets(lotus, maple)) == ("", "opened", 1)


def test_of_two_drivers_that_wait_too_long_neither_calls_it_off(
    yes: tuple[Ticket, str], lotus: Branch, maple: Branch
) -> None:
    ticket, link = yes
    with somebody_holds(lotus, ticket):
        assert together(lotus, [lambda: services.drive(link)] * 2) == ["accepted", "accepted"]
    assert services.drive(link) == "done" and open_tickets(lotus, maple) == 1


def test_two_drivers_at_once_make_one_ticket(
    committed: Database, lotus: Branch, maple: Branch, headquarters: Branch
) -> None:
    with in_branch(lotus.tenant):
        for done in range(1, ROUNDS + 1):
            ticket, link = agreed_by_both(lotus, maple, headquarters)
            together(lotus, [lambda name=link: services.drive(name)] * 4)
            services.drive(link)
            assert now_of(ticket).close_code == "transferred" and open_tickets(lotus, maple) == done


def test_what_one_driver_closed_another_does_not_call_off(
    yes: tuple[Ticket, str], lotus: Branch, maple: Branch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The slower one was refused a moment before the part was over, and comes back to a case that has gone."""
    ticket, link = yes
    part = do("spawn_child", ticket.public_id).facts["child"]
    close = tickets.hand_over_ticket

    def refused_a_moment_before(**told: Any) -> Receipt:
        try:
            return close(**told)
        except ChildrenOpen:
            do("cancel", part)
            close(**told)
            raise

    with monkeypatch.context() as patch:
        patch.setattr(tickets, "hand_over_ticket", refused_a_moment_before)
        assert services.drive(link) == "done"
    assert (the_record().state, arrival_at(maple), open_tickets(lotus, maple)) == ("done", "opened", 1)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_kept_and_gone_at_once_is_one_of_both(
    yes: tuple[Ticket, str], lotus: Branch, maple: Branch, _round: int
) -> None:
    ticket, link = yes

    def keep() -> Receipt:
        return tickets.withdraw_hand_over(link_id=link, by=actor("lin"), key=key())

    kept, _drove = together(lotus, [keep, lambda: services.drive(link)])
    bring(lotus)
    services.drive(link)
    ends = (now_of(ticket).status, Departure.objects.get().state, the_record().state, arrival_at(maple))
    if isinstance(kept, Receipt):
        assert ends == ("accepted", "withdrawn", "withdrawn", "withdrawn")
    else:
        assert ends == ("closed", "gone", "done", "opened")
    assert open_tickets(lotus, maple) == 1 and not the_record().moving
