"""A clock runs out: a flag, a breach for ever, an event for the alarm; the state stays as it is."""

from datetime import timedelta

import pytest

from apps.tickets.models import Breach, Ticket
from apps.tickets.rules.workflow import State
from apps.tickets.services import sweep_clocks, tick_clocks
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM
from tenants.context import in_branch
from tests.cast import Branch
from tests.make import grab, key, make_ticket
from tests.tickets.looks import the_event, the_step
from tests.tickets.steps import do, now_of


def test_nobody_took_it_in_time(lotus_db: Branch) -> None:
    ticket = make_ticket()
    with clock.frozen(clock.now() + timedelta(minutes=29)):
        sweep_clocks()
    assert not now_of(ticket).overdue
    with clock.frozen(clock.now() + timedelta(minutes=31)):
        assert sweep_clocks() == 1
    ticket = now_of(ticket)
    assert ticket.overdue_clocks == ["accept"] and ticket.was_overdue
    assert (ticket.status, ticket.version) == (State.POOLED, 2)
    assert the_event(ticket, "ticket.overdue").facts["clock"] == "accept" and the_step(ticket).actor == SYSTEM.ref
    breach = Breach.objects.get(ticket=ticket)
    assert (breach.clock, breach.due_at, breach.ended_at) == ("accept", ticket.accept_due_at, None)


def test_a_second_sweep_and_a_second_sweeper_change_nothing(lotus_db: Branch) -> None:
    ticket = make_ticket()
    with clock.frozen(clock.now() + timedelta(minutes=31)):
        assert sweep_clocks() == 1
        assert sweep_clocks() == 0
        assert tick_clocks(public_id=ticket.public_id, by=SYSTEM, key=key()).facts["told"] == 0
    assert now_of(ticket).version == 2 and Breach.objects.count() == 1


def test_taken_in_time_the_accept_clock_stands_still(lotus_db: Branch) -> None:
    ticket = make_ticket()
    grab(ticket.public_id)
    with clock.frozen(clock.now() + timedelta(hours=1)):
        sweep_clocks()
    assert not now_of(ticket).overdue


def test_taken_too_late_the_flag_goes_and_the_breach_stays(lotus_db: Branch) -> None:
    ticket = make_ticket()
    with clock.frozen(clock.now() + timedelta(minutes=31)):
        sweep_clocks()
    with clock.frozen(clock.now() + timedelta(minutes=40)):
        grab(ticket.public_id)
    with clock.frozen(clock.now() + timedelta(minutes=50)):
        do("contact", ticket.public_id)
    ticket = now_of(ticket)
    assert not ticket.overdue and ticket.was_overdue
    assert Breach.objects.get(ticket=ticket).ended_at == ticket.accepted_at


def test_the_customers_clock_runs_on_through_the_work(lotus_db: Branch) -> None:
    ticket = make_ticket(status="in_progress")
    with clock.frozen(clock.now() + timedelta(hours=25)):
        sweep_clocks()
    ticket = now_of(ticket)
    assert ticket.overdue_clocks == ["resolve"] and ticket.status == State.IN_PROGRESS


def test_late_and_then_done_it_keeps_the_breach_and_leaves_the_list(lotus_db: Branch) -> None:
    ticket = make_ticket(status="in_progress")
    with clock.frozen(clock.now() + timedelta(hours=25)):
        sweep_clocks()
        do("complete", ticket.public_id)
    ticket = now_of(ticket)
    assert (ticket.status, ticket.overdue_clocks, ticket.was_overdue) == (State.AWAITING_CALLBACK, [], True)
    breach = Breach.objects.get(ticket=ticket)
    assert (breach.clock, breach.ended_at) == ("resolve", ticket.finished_at)


@pytest.mark.parametrize("state", ["closed", "void", "cancelled"])
def test_a_finished_ticket_is_never_overdue(lotus_db: Branch, state: str) -> None:
    ticket = make_ticket(status=state)
    with clock.frozen(clock.now() + timedelta(days=90)):
        assert sweep_clocks() == 0
    assert not now_of(ticket).overdue_clocks and not Breach.objects.exists()


def test_a_callback_that_nobody_makes_is_late_too_but_the_promise_was_kept(lotus_db: Branch) -> None:
    ticket = make_ticket(status="awaiting_callback")
    with clock.frozen(clock.now() + timedelta(days=9)):
        sweep_clocks()
    ticket = now_of(ticket)
    assert ticket.overdue_clocks == ["callback"] and not ticket.overdue  # the 超时 list is of open tickets


def test_two_clocks_can_run_out_each_once(lotus_db: Branch) -> None:
    ticket = make_ticket()
    with clock.frozen(clock.now() + timedelta(days=2)):
        sweep_clocks()
        sweep_clocks()
    assert set(Breach.objects.filter(ticket=ticket).values_list("clock", flat=True)) == {"accept", "resolve"}
    assert now_of(ticket).version == 3


@pytest.mark.parametrize(
    ("status", "name"),
    [("assigned", "accept"), ("accepted", "contact"), ("in_progress", "resolve"), ("submitted", "resolve")],
)
def test_the_flag_comes_with_the_minute_not_before(lotus_db: Branch, status: str, name: str) -> None:
    ticket = make_ticket(status=status)
    due = getattr(ticket, f"{name}_due_at")
    with clock.frozen(due - timedelta(minutes=1)):
        sweep_clocks()
    assert not now_of(ticket).overdue_clocks
    with clock.frozen(due):
        assert sweep_clocks() == 1
    found = now_of(ticket)
    assert found.overdue_clocks == [name] and found.status == status and Breach.objects.get().due_at == due


def test_while_it_is_held_for_the_customer_nothing_runs_out(lotus_db: Branch) -> None:
    with clock.frozen(clock.now()):
        ticket = make_ticket(status="on_hold")
    assert ticket.resolve_due_at - ticket.reported_at == timedelta(hours=24 + 5)
    Ticket.objects.filter(id=ticket.pk).update(next_clock_at=clock.now())
    with clock.frozen(ticket.hold_due_at - timedelta(hours=2)):
        assert sweep_clocks() == 0
    assert not now_of(ticket).overdue_clocks


def test_each_branch_minds_its_own_clocks(lotus_db: Branch, maple: Branch) -> None:
    ticket = make_ticket()
    with in_branch(maple.tenant), clock.frozen(clock.now() + timedelta(days=1)):
        assert sweep_clocks() == 0
    assert not Ticket.objects.get(id=ticket.pk).overdue
