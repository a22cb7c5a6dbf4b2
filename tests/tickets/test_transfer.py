"""T8 transfer: another unit takes over, if its own people accept; to and fro has an end."""

import pytest

from apps.people.models import OrgUnit
from apps.tickets.errors import OwnRequest, SameUnit, TicketNotFound, TransferLocked, UnknownUnit
from apps.tickets.models import Ticket
from apps.tickets.services import approve_request, refuse_request
from steppe.kernel.actors import Actor
from tests import make
from tests.cast import Branch
from tests.make import actor, key, make_ticket
from tests.rules import refused
from tests.tickets.steps import ask, load_of, now_of


def unit(code: str) -> OrgUnit:
    return OrgUnit.objects.get(code=code)


def transfer(ticket: Ticket, to: str, *, asks: str = "lin", decides: str = "bai") -> None:
    ask("transfer", ticket.public_id, by=actor(asks), unit=to)
    approve_request(public_id=ticket.public_id, by=actor(decides), key=key())


@pytest.mark.parametrize("status", ["pooled", "assigned", "accepted", "in_progress", "on_hold"])
def test_it_lies_in_the_others_pool_and_who_had_it_is_free(lotus_db: Branch, wu: Actor, status: str) -> None:
    ticket = make_ticket(status=status)
    transfer(ticket, "CARE")
    found = now_of(ticket)
    assert (found.status, found.org_path, found.department_id) == ("pooled", unit("CARE").path, unit("CARE").pk)
    assert (found.technician_id, found.transfer_count, load_of(wu)) == (None, 1, 0)
    assert ticket.history.last().data["to"] == "CARE"


def test_the_customers_promise_stands_and_the_department_has_its_own_clock(lotus_db: Branch) -> None:
    ticket = make_ticket(status="accepted")
    transfer(ticket, "CARE")
    found = now_of(ticket)
    assert found.resolve_due_at == ticket.resolve_due_at
    assert found.dept_due_at is not None and found.accept_due_at is not None


def test_into_another_grid_it_changes_the_grid(lotus_db: Branch) -> None:
    ticket = make_ticket()
    transfer(ticket, "W1", decides="gao")
    found = now_of(ticket)
    assert (found.grid_id, found.department_id, found.org_path) == (unit("W1").pk, None, unit("W1").path)


def test_the_receiver_decides_and_not_the_sender(lotus_db: Branch, lin: Actor, gao: Actor) -> None:
    ticket = make_ticket()
    ask("transfer", ticket.public_id, by=actor("bai"), unit="CARE")
    with refused(TicketNotFound):
        approve_request(public_id=ticket.public_id, by=gao, key=key())
    refuse_request(public_id=ticket.public_id, reason="not ours", by=lin, key=key())
    found = now_of(ticket)
    assert (found.status, found.org_path, found.transfer_count) == ("pooled", ticket.org_path, 0)


def test_nobody_accepts_what_they_sent(lotus_db: Branch, lin: Actor) -> None:
    ticket = make_ticket()
    ask("transfer", ticket.public_id, by=lin, unit="CARE")
    with refused(OwnRequest):
        approve_request(public_id=ticket.public_id, by=lin, key=key())


@pytest.mark.parametrize("to", ["ROOT", "NOWHERE", ""])
def test_a_unit_without_a_queue_takes_nothing(lotus_db: Branch, lin: Actor, to: str) -> None:
    ticket = make_ticket()
    with refused(UnknownUnit):
        ask("transfer", ticket.public_id, by=lin, unit=to)


def test_where_it_is_already_it_need_not_go(lotus_db: Branch, lin: Actor) -> None:
    ticket = make_ticket()
    with refused(SameUnit):
        ask("transfer", ticket.public_id, by=lin, unit="E1")


def test_after_three_times_only_the_branch_decides(lotus_db: Branch, lin: Actor, bai: Actor, de: Actor) -> None:
    ticket = make_ticket()
    for to in ("CARE", "E1", "CARE"):
        transfer(ticket, to)
    ask("transfer", ticket.public_id, by=de, unit="E1")
    with refused(TransferLocked, times=3):
        approve_request(public_id=ticket.public_id, by=lin, key=key())
    approve_request(public_id=ticket.public_id, by=bai, key=key())
    assert now_of(ticket).transfer_count == 4


def test_who_holds_it_may_ask_and_a_bystander_may_not(lotus_db: Branch, wu: Actor, bo: Actor) -> None:
    ticket = make_ticket(status="accepted")
    with refused(TicketNotFound):
        ask("transfer", ticket.public_id, by=bo, unit="CARE")
    ask("transfer", ticket.public_id, by=wu, unit="CARE")
    assert now_of(ticket).pending_request == "transfer"


def test_the_screens_are_told_who_had_it(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(status="accepted")
    transfer(ticket, "CARE")
    told = next(one for one in make.events() if one.kind == "ticket.transferred")
    assert told.facts["former_technician_id"] == wu.technician_id
