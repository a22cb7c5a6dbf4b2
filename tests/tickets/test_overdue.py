"""A clock runs out: a flag, a breach for ever, an event for the alarm; the state stays as it is."""

from datetime import timedelta

import pytest

from apps.tickets.models import Breach, Ticket
from apps.tickets.services import mark_overdue, sweep_clocks
from apps.tickets.workflow import State
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM
from tenants.context import in_branch
from tests.cast import Branch
from tests.make import grab, key, make_ticket
from tests.tickets.looks import the_event, the_step


def test_nobody_took_it_in_time(lotus_db: Branch) -> None:
    ticket = make_ticket()
    with clock.frozen(clock.now() + timedelta(minutes=29)):
        sweep_clocks()
    assert not Ticket.objects.get(id=ticket.pk).overdue
    with clock.frozen(clock.now() + timedelta(minutes=31)):
        assert sweep_clocks() == 1
    ticket.refresh_from_db()
    assert ticket.overdue and ticket.status == State.POOLED and ticket.version == 2
    assert the_event(ticket, "ticket.overdue").facts["clock"] == "accept" and the_step(ticket).actor == SYSTEM.ref
    assert Breach.objects.get(ticket=ticket).clock == "accept"


def test_a_second_sweep_and_a_second_sweeper_change_nothing(lotus_db: Branch) -> None:
    ticket = make_ticket()
    with clock.frozen(clock.now() + timedelta(minutes=31)):
        sweep_clocks()
        sweep_clocks()
        due = ticket.accept_due_at
        mark_overdue(public_id=ticket.public_id, clock_name="accept", due_at=due, by=SYSTEM, key=key())
    assert Ticket.objects.get(id=ticket.pk).version == 2 and Breach.objects.count() == 1


def test_taken_in_time_the_accept_clock_stands_still(lotus_db: Branch) -> None:
    ticket = make_ticket()
    grab(ticket.public_id)
    with clock.frozen(clock.now() + timedelta(hours=1)):
        sweep_clocks()
    assert not Ticket.objects.get(id=ticket.pk).overdue


def test_the_customers_clock_runs_on_through_the_work(lotus_db: Branch) -> None:
    ticket = make_ticket(status="in_progress")
    with clock.frozen(clock.now() + timedelta(hours=25)):
        sweep_clocks()
    ticket.refresh_from_db()
    assert ticket.resolve_overdue and ticket.status == State.IN_PROGRESS


def test_a_finished_ticket_is_never_overdue(lotus_db: Branch) -> None:
    finished = [make_ticket(status=state) for state in ("closed", "void", "awaiting_callback")]
    with clock.frozen(clock.now() + timedelta(days=9)):
        sweep_clocks()
    assert not Ticket.objects.filter(id__in=[one.pk for one in finished], resolve_overdue=True).exists()


def test_both_clocks_can_run_out_each_once(lotus_db: Branch) -> None:
    ticket = make_ticket()
    with clock.frozen(clock.now() + timedelta(days=2)):
        sweep_clocks()
        sweep_clocks()
    assert set(Breach.objects.filter(ticket=ticket).values_list("clock", flat=True)) == {"accept", "resolve"}
    assert Ticket.objects.get(id=ticket.pk).version == 3


@pytest.mark.parametrize(
    ("status", "name"),
    [("assigned", "accept"), ("accepted", "resolve"), ("on_hold", "resolve"), ("submitted", "resolve")],
)
def test_the_flag_comes_with_the_minute_not_before(lotus_db: Branch, status: str, name: str) -> None:
    ticket = make_ticket(status=status)
    due = getattr(ticket, f"{name}_due_at")
    with clock.frozen(due - timedelta(minutes=1)):
        assert sweep_clocks() == 0
    with clock.frozen(due):
        assert sweep_clocks() == 1
    found = Ticket.objects.get(id=ticket.pk)
    assert getattr(found, f"{name}_overdue") and found.status == status and Breach.objects.get().due_at == due


@pytest.mark.parametrize("status", ["awaiting_callback", "closed", "void", "cancelled"])
def test_a_clock_that_has_stopped_runs_out_no_more(lotus_db: Branch, status: str) -> None:
    make_ticket(status=status)
    with clock.frozen(clock.now() + timedelta(days=90)):
        assert sweep_clocks() == 0 and not Breach.objects.exists()


def test_each_branch_minds_its_own_clocks(lotus_db: Branch, maple: Branch) -> None:
    make_ticket()
    with in_branch(maple.tenant), clock.frozen(clock.now() + timedelta(days=1)):
        assert sweep_clocks() == 0
