"""Grabbed and not followed by a call: after the contact clock the ticket goes back, and not to the same person."""

from datetime import timedelta

import pytest

from apps.tickets.errors import GaveItBack
from apps.tickets.models import Breach, PushWave, Ticket
from apps.tickets.rules.workflow import State
from apps.tickets.services import return_silent, sweep_clocks, sweep_hoarded
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM
from tenants.context import in_branch
from tests.cast import Branch
from tests.make import actor, grab, key, make_ticket
from tests.rules import refused
from tests.tickets.looks import the_event, the_step
from tests.tickets.steps import do, load_of, now_of


def sweep(ticket: Ticket, minutes: float) -> int:
    """What the branch does so many minutes after the grab."""
    with clock.frozen(ticket.accepted_at + timedelta(minutes=minutes)):
        sweep_clocks()
        return sweep_hoarded()


def test_two_hours_without_a_call_and_it_is_back_in_the_pool(lotus_db: Branch) -> None:
    ticket = make_ticket(status="accepted")
    assert [sweep(ticket, 119), sweep(ticket, 121), sweep(ticket, 122)] == [0, 1, 0]
    found = now_of(ticket)
    assert (found.status, found.technician_id, found.return_count) == (State.POOLED, None, 1)
    step = the_step(ticket)
    assert (step.action, step.reason, step.actor) == ("return", "no_contact", SYSTEM.ref)
    assert the_event(ticket, "ticket.returned").facts["former_technician_id"] == actor("wu").technician_id
    assert load_of(actor("wu")) == 0 and PushWave.objects.filter(ticket=ticket).count() == 2
    assert Breach.objects.get(ticket=ticket, clock="contact").technician_id == actor("wu").technician_id


def test_whoever_hoarded_it_does_not_get_it_again_so_soon(lotus_db: Branch) -> None:
    ticket = make_ticket(status="accepted")
    sweep(ticket, 121)
    with clock.frozen(ticket.accepted_at + timedelta(minutes=130)):
        with refused(GaveItBack):
            grab(ticket.public_id)
        grab(ticket.public_id, "bo")


@pytest.mark.parametrize("step", ["contact", "book", "check_in"])
def test_who_called_booked_or_went_keeps_it(lotus_db: Branch, step: str) -> None:
    ticket = make_ticket(status="accepted")
    do(step, ticket.public_id)
    assert sweep(ticket, 300) == 0
    assert now_of(ticket).technician_id == actor("wu").technician_id


def test_who_calls_late_but_before_the_sweep_keeps_it(lotus_db: Branch) -> None:
    ticket = make_ticket(status="accepted")
    with clock.frozen(ticket.accepted_at + timedelta(minutes=121)):
        sweep_clocks()
        do("contact", ticket.public_id)
        assert sweep_hoarded() == 0
        assert not return_silent(public_id=ticket.public_id, by=SYSTEM, key=key()).facts["returned"]


def test_a_branch_may_leave_it_at_the_flag(lotus_db: Branch) -> None:
    lotus_db.tenant.policy = {"contact_returns": False}
    ticket = make_ticket(status="accepted")
    assert sweep(ticket, 121) == 0
    assert now_of(ticket).overdue_clocks == ["contact"]


def test_another_branch_puts_nothing_of_ours_back(lotus_db: Branch, maple: Branch) -> None:
    ticket = make_ticket(status="accepted")
    with clock.frozen(ticket.accepted_at + timedelta(minutes=121)):
        sweep_clocks()
        with in_branch(maple.tenant):
            assert sweep_hoarded() == 0
