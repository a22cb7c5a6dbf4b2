"""A clock runs out: a flag, a breach for ever, an event for the alarm; the state stays as it is."""

from datetime import datetime, timedelta

import pytest

from apps.tickets.models import Breach, ClockNotice, Ticket
from apps.tickets.rules.workflow import State
from apps.tickets.services import approve_request, exempt_breach, sweep_clocks, tick_clocks
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM, Actor
from tenants.context import in_branch
from tests.cast import Branch
from tests.make import actor, events, grab, key, make_ticket
from tests.tickets.looks import the_event, the_step
from tests.tickets.steps import ask, do, now_of


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


# --- it ran out and stopped before anybody looked


def sweep_at(moment: datetime) -> int:
    with clock.frozen(moment):
        return sweep_clocks()


def test_done_late_while_nobody_swept_it_is_broken_all_the_same(lotus_db: Branch, bai: Actor, wu: Actor) -> None:
    """Due at ten, the worker starts anew, done at four past: late on the page, so late in every list and figure."""
    ticket = make_ticket(status="in_progress")
    due = ticket.resolve_due_at
    with clock.frozen(due + timedelta(minutes=4)):
        do("complete", ticket.public_id)
    assert sweep_at(due + timedelta(minutes=5)) == 1 and sweep_at(due + timedelta(minutes=6)) == 0
    found, breach = now_of(ticket), Breach.objects.get(ticket=ticket)
    assert (found.status, found.overdue_clocks, found.was_overdue) == (State.AWAITING_CALLBACK, [], True)
    assert (breach.clock, breach.due_at, breach.ended_at) == ("resolve", due, found.finished_at)
    assert breach.technician_id == wu.technician_id
    assert the_event(ticket, "ticket.overdue").facts["clock"] == "resolve" and the_step(ticket).actor == SYSTEM.ref
    assert found.next_clock_at > due + timedelta(hours=1)  # the callback's own clock
    exempt_breach(public_id=ticket.public_id, breach_id=breach.pk, reason="a storm", by=bai, key=key())
    assert Breach.objects.get().exempted_by_name == "Bai"


def test_grabbed_late_while_nobody_swept_the_pool_is_blamed_and_not_who_took_it(lotus_db: Branch) -> None:
    ticket = make_ticket()
    with clock.frozen(ticket.accept_due_at + timedelta(minutes=3)):
        grab(ticket.public_id)
    assert sweep_at(ticket.accept_due_at + timedelta(minutes=4)) == 1
    found, breach = now_of(ticket), Breach.objects.get(ticket=ticket)
    assert (breach.clock, breach.due_at, breach.ended_at) == ("accept", ticket.accept_due_at, found.accepted_at)
    assert breach.technician_id is None and found.was_overdue and not found.overdue_clocks


def test_in_the_last_second_is_in_time_and_nobody_looks_again(lotus_db: Branch) -> None:
    taken, done = make_ticket(), make_ticket(status="in_progress", to="bo")
    with clock.frozen(taken.accept_due_at):
        grab(taken.public_id)
    with clock.frozen(done.resolve_due_at):
        do("complete", done.public_id, by=actor("bo"))
    sweep_at(done.resolve_due_at + timedelta(minutes=1))
    assert not Breach.objects.filter(ticket=done).exists()
    assert not Breach.objects.filter(ticket=taken, clock="accept").exists()


def test_a_confirmation_that_came_too_late_is_kept_though_the_clock_starts_anew(lotus_db: Branch, wu: Actor) -> None:
    """Whose it was then: the ticket is somebody else's by the time it is found."""
    ticket = make_ticket(status="assigned")
    with clock.frozen(ticket.accept_due_at + timedelta(minutes=2)):
        do("reassign", ticket.public_id, to="bo")
    assert sweep_at(ticket.accept_due_at + timedelta(minutes=3)) == 1
    breach = Breach.objects.get(ticket=ticket)
    assert (breach.clock, breach.due_at, breach.technician_id) == ("accept", ticket.accept_due_at, wu.technician_id)
    found = now_of(ticket)
    assert breach.ended_at is not None and not found.overdue_clocks and found.accept_due_at > ticket.accept_due_at


def test_what_it_waited_for_then_is_kept_too(lotus_db: Branch) -> None:
    """Held for parts when it ran out; they came, it was done, and only then somebody looked."""
    ticket = make_ticket(status="in_progress")
    due = ticket.resolve_due_at
    with clock.frozen(due - timedelta(hours=1)):
        until = due + timedelta(hours=9)
        ask("hold", ticket.public_id, by=actor("wu"), hold_class="material", resume_at=until)
        approve_request(public_id=ticket.public_id, by=actor("bai"), key=key())
    with clock.frozen(due + timedelta(minutes=5)):
        do("resume", ticket.public_id)
        do("complete", ticket.public_id)
    sweep_at(due + timedelta(minutes=6))
    assert Breach.objects.get(clock="resolve").cause_class == "material"


def test_not_fixed_after_all_the_breach_that_was_found_late_goes_on(lotus_db: Branch) -> None:
    ticket = make_ticket(status="in_progress")
    due = ticket.resolve_due_at
    with clock.frozen(due + timedelta(minutes=4)):
        do("complete", ticket.public_id)
        sweep_clocks()
    with clock.frozen(due + timedelta(hours=1)):
        do("callback_reject", ticket.public_id)
    assert now_of(ticket).overdue_clocks == ["resolve"] and Breach.objects.get().ended_at is None


def test_nobody_is_called_to_a_ticket_that_was_taken_meanwhile(lotus_db: Branch) -> None:
    """Two hours nobody swept: the breach is written, the leader and the manager are left in peace."""
    ticket = make_ticket()
    late = ticket.accept_due_at + timedelta(hours=2)
    with clock.frozen(late):
        grab(ticket.public_id)
        sweep_clocks()
    levels = list(ClockNotice.objects.filter(ticket=ticket, clock="accept").values_list("level", flat=True))
    kinds = [event.kind for event in events()]
    assert levels == ["due"] and kinds.count("ticket.overdue") == 1 and "ticket.clock_escalated" not in kinds


def test_each_branch_minds_its_own_clocks(lotus_db: Branch, maple: Branch) -> None:
    ticket = make_ticket()
    with in_branch(maple.tenant), clock.frozen(clock.now() + timedelta(days=1)):
        assert sweep_clocks() == 0
    assert not Ticket.objects.get(id=ticket.pk).overdue
