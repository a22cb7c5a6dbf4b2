"""T11 hold and T12 resume: some reasons stop the customer's clock, each has a limit, and every pause ends."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from apps.tickets.errors import BadHold, HoldOver, HoldTooLong, NotAllowedClass, TicketNotFound
from apps.tickets.models import Ticket
from apps.tickets.services import approve_request, refuse_request, resume_ticket, sweep_holds
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM, Actor
from steppe.kernel.errors import NotAllowed
from tests import make
from tests.cast import Branch
from tests.make import actor, key, make_ticket
from tests.rules import refused, sent_twice
from tests.tickets.steps import ask, do, load_of, now_of

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=clock.BUSINESS_ZONE)


def hour(hours: float) -> Any:
    return clock.frozen(MONDAY + timedelta(hours=hours))


def held(ticket: Ticket, kind: str, *, since: float, until: float) -> None:
    """Held for one class of reason between two hours of the Monday."""
    with hour(since):
        wished(ticket, kind, until)
        approve_request(public_id=ticket.public_id, by=actor("bai"), key=key())
    with hour(until):
        do("resume", ticket.public_id)


def wished(ticket: Ticket, kind: str, until: float, who: str = "wu") -> None:
    ask("hold", ticket.public_id, by=actor(who), hold_class=kind, resume_at=MONDAY + timedelta(hours=until))


def at_work() -> Ticket:
    with hour(0):
        return make_ticket(status="in_progress")


@pytest.mark.parametrize(("kind", "moved"), [("customer", 5), ("force_majeure", 5), ("material", 0), ("internal", 0)])
def test_five_hours_move_the_promise_by_five_hours_or_by_nothing(lotus_db: Branch, kind: str, moved: float) -> None:
    """domain.md §12 rule 4."""
    ticket = at_work()
    held(ticket, kind, since=1, until=6)
    found = now_of(ticket)
    assert found.resolve_due_at == ticket.resolve_due_at + timedelta(hours=moved)
    assert (found.status, found.hold_class, found.held_from) == ("in_progress", "", "")


def test_two_holds_add_up_and_the_time_between_them_counts(lotus_db: Branch) -> None:
    ticket = at_work()
    held(ticket, "customer", since=1, until=2)
    held(ticket, "material", since=2, until=3)
    held(ticket, "customer", since=3.5, until=4)
    assert now_of(ticket).resolve_due_at == ticket.resolve_due_at + timedelta(hours=1.5)


def test_it_rests_where_it_was_and_stays_with_who_has_it(lotus_db: Branch, wu: Actor) -> None:
    for status in ("accepted", "in_progress"):
        ticket = make_ticket(status=status)
        load = load_of(wu)
        make.hold(ticket.public_id)
        found, last = now_of(ticket), ticket.history.last()
        assert (found.status, found.held_from, found.technician_id) == ("on_hold", status, wu.technician_id)
        assert (last.action, last.before, last.after, last.reason) == ("hold", status, "on_hold", "not at home")
        assert load_of(wu) == load and found.hold_due_at is not None
        do("resume", ticket.public_id)
        assert now_of(ticket).status == status


def test_the_sweeper_ends_what_is_due_and_nothing_else_and_only_once(lotus_db: Branch) -> None:
    first, second = at_work(), at_work()
    with hour(1):
        for ticket, until in ((first, 3), (second, 4)):
            wished(ticket, "customer", until)
            approve_request(public_id=ticket.public_id, by=actor("lin"), key=key())
    with hour(2.9):
        assert sweep_holds() == 0
    with hour(3):
        assert (sweep_holds(), sweep_holds()) == (1, 0)
    assert (now_of(first).status, now_of(second).status) == ("in_progress", "on_hold")
    assert first.history.last().actor == SYSTEM.ref


def test_who_has_it_ends_it_and_nobody_else_of_the_field(lotus_db: Branch, wu: Actor, bo: Actor) -> None:
    ticket = make_ticket(status="on_hold")
    with refused(TicketNotFound):
        do("resume", ticket.public_id, by=bo)
    sent_twice(lambda once: resume_ticket(public_id=ticket.public_id, by=wu, key=once))
    assert now_of(ticket).status == "in_progress"


@pytest.mark.parametrize(
    ("kind", "until"), [("lunch", 2.0), ("", 2.0), ("customer", -1.0), ("customer", 0.0), ("customer", None)]
)
def test_without_a_known_reason_and_an_end_ahead_nothing_is_asked(
    lotus_db: Branch, wu: Actor, kind: str, until: float | None
) -> None:
    ticket = at_work()
    resume_at = None if until is None else MONDAY + timedelta(hours=until)
    with hour(0), refused(BadHold):
        ask("hold", ticket.public_id, by=wu, hold_class=kind, resume_at=resume_at)


def test_what_a_reason_may_take_in_all_is_used_up_over_several_holds(lotus_db: Branch, wu: Actor) -> None:
    lotus_db.tenant.policy = {
        "hold_max_hours": [("customer", 6), ("material", 6), ("force_majeure", 6), ("internal", 6)]
    }
    ticket = at_work()
    held(ticket, "customer", since=1, until=5)
    with hour(5), refused(HoldTooLong, hours="6"):
        wished(ticket, "customer", 7.5)
    held(ticket, "material", since=5, until=10)  # another reason has its own hours
    held(ticket, "customer", since=10, until=12)
    assert now_of(ticket).status == "in_progress"


def test_a_storm_is_declared_by_the_branch_only(lotus_db: Branch, lin: Actor, bai: Actor) -> None:
    ticket = at_work()
    with hour(1):
        wished(ticket, "force_majeure", 4)
        with refused(NotAllowedClass):
            approve_request(public_id=ticket.public_id, by=lin, key=key())
        approve_request(public_id=ticket.public_id, by=bai, key=key())
    assert now_of(ticket).status == "on_hold"


def test_only_who_has_it_or_the_desk_asks(lotus_db: Branch, bo: Actor, cai: Actor, lin: Actor) -> None:
    ticket = at_work()
    with hour(1):
        for who, error in (("bo", TicketNotFound), ("cai", NotAllowed)):
            with refused(error):
                wished(ticket, "customer", 4, who)
        wished(ticket, "customer", 4, "lin")
    assert now_of(ticket).pending_request == "hold" and now_of(ticket).status == "in_progress"


def test_the_screens_are_told_of_both(lotus_db: Branch) -> None:
    ticket = make_ticket(status="on_hold")
    do("resume", ticket.public_id)
    *_, held_, resumed = make.events()
    assert (held_.kind, held_.facts["hold_class"], resumed.kind) == ("ticket.held", "customer", "ticket.resumed")


def test_an_end_that_passed_while_the_question_waited_is_not_approved(lotus_db: Branch, lin: Actor) -> None:
    ticket = at_work()
    with hour(1):
        wished(ticket, "customer", 3)
    with hour(3), refused(HoldOver):
        approve_request(public_id=ticket.public_id, by=lin, key=key())
    with hour(3):
        refuse_request(public_id=ticket.public_id, reason="go_on", by=lin, key=key())
    assert (now_of(ticket).status, now_of(ticket).pending_request) == ("in_progress", "")
