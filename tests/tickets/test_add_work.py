"""T15 add work: who helped with which share, what the customer pays; the completion looks at both."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from apps.people.errors import TechnicianNotFound
from apps.tickets.errors import (
    BadShares,
    FeeOpen,
    IllegalTransition,
    NoHelper,
    NoOpenCharge,
    NotYourTicket,
    SameTechnician,
)
from apps.tickets.models import Assignment, Charge, Ticket
from apps.tickets.sentences import facts
from apps.tickets.services import add_charge, add_co_worker, settle_charge, take_off_co_worker
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import Invalid, NotAllowed
from tests.cast import Branch
from tests.make import actor, key, make_ticket
from tests.rules import refused, sent_twice
from tests.tickets.steps import do, now_of


def helped(ticket: Ticket, who: str = "bo", share: int = 30, by: Actor | None = None) -> Receipt:
    names = {"public_id": ticket.public_id, "technician_id": actor(who).technician_id, "share_pct": share}
    return add_co_worker(**names, by=by or actor("wu"), key=key())


def paid(ticket: Ticket, **more: Any) -> Receipt:
    told = {"code": "cable", "name": "Cable", "quantity": Decimal("2.5"), "unit_fen": 300} | more
    return add_charge(public_id=ticket.public_id, by=actor("wu"), key=key(), **told)


def settled(ticket: Ticket, how: str, said: str) -> Receipt:
    """What became of the ticket's only charge."""
    names = {"public_id": ticket.public_id, "charge_id": Charge.objects.get().pk}
    return settle_charge(**names, how=how, said=said, by=actor("wu"), key=key())


def shares(ticket: Ticket) -> dict[str, int]:
    rows = Assignment.objects.filter(ticket=ticket, ended_at=None)
    return dict(rows.values_list("technician__user__username", "share_pct"))


def test_the_main_one_keeps_what_the_helpers_leave_and_the_last_word_counts(lotus_db: Branch) -> None:
    ticket = make_ticket(status="in_progress")
    helped(ticket), helped(ticket, "yun", 20), helped(ticket, "bo", 40)
    assert shares(ticket) == {"wu": 40, "bo": 40, "yun": 20}
    assert now_of(ticket).status == "in_progress" and ticket.history.last().data["share_pct"] == 40
    do("complete", ticket.public_id)


@pytest.mark.parametrize("share", [0, -5, 100, 250])
def test_a_share_that_leaves_nothing_is_refused_at_its_field(lotus_db: Branch, share: int) -> None:
    ticket = make_ticket(status="in_progress")
    with pytest.raises(BadShares) as told:
        helped(ticket, share=share)
    assert list(told.value.fields) == ["share_pct"] and shares(ticket) == {"wu": 100}


def test_two_helpers_do_not_leave_less_than_nothing(lotus_db: Branch) -> None:
    ticket = make_ticket(status="in_progress")
    helped(ticket, "bo", 60)
    with refused(BadShares):
        helped(ticket, "yun", 40)


def test_nobody_helps_oneself_and_nobody_is_not_there(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(status="in_progress")
    with refused(SameTechnician, name="Wu"):
        helped(ticket, "wu")
    with refused(TechnicianNotFound):
        add_co_worker(public_id=ticket.public_id, technician_id=9999, share_pct=10, by=wu, key=key())


def test_a_fee_without_receipt_holds_up_the_completion_until_it_is_waived(lotus_db: Branch) -> None:
    ticket = make_ticket(status="in_progress")
    paid(ticket)
    assert Charge.objects.get().amount_fen == 750
    with refused(FeeOpen):
        do("complete", ticket.public_id)
    settled(ticket, "waived", "our own fault")
    paid(ticket, receipt_no="R-1"), paid(ticket, waived_why="our own fault"), paid(ticket, unit_fen=0)
    do("complete", ticket.public_id)


@pytest.mark.parametrize(("how", "said", "left", "words"), [
    ("receipt", "R-7", [("R-7", False, "")], "¥7.50 · paid, with a receipt"),
    ("waived", "the line was ours", [("", True, "the line was ours")], "¥7.50 · waived"),
    ("mistake", "entered twice", [], "¥7.50 · entered by mistake"),
])  # fmt: skip
def test_a_fee_that_waits_gets_its_receipt_is_waived_or_was_a_mistake(
    lotus_db: Branch, how: str, said: str, left: list[Any], words: str
) -> None:
    ticket = make_ticket(status="in_progress")
    paid(ticket)
    charge = Charge.objects.get()
    told = {"public_id": ticket.public_id, "charge_id": charge.pk, "how": how, "said": said, "by": actor("wu")}
    sent_twice(lambda once: settle_charge(**told, key=once))
    assert list(Charge.objects.values_list("receipt_no", "waived", "waived_why")) == left
    last = ticket.history.last()
    assert (last.action, last.reason, last.data["settled"], last.data["amount_fen"]) == ("add_work", said, how, 750)
    with override("en"):
        assert facts(last) == words
    with refused(NoOpenCharge):
        settle_charge(**told, key=key())
    do("complete", ticket.public_id)


@pytest.mark.parametrize(("field", "value"), [("how", "later"), ("said", "  "), ("said", "9" * 41)])
def test_what_settles_nothing_is_refused_at_its_field(lotus_db: Branch, field: str, value: str) -> None:
    ticket = make_ticket(status="in_progress")
    paid(ticket)
    with pytest.raises(Invalid) as told:
        settled(ticket, **{"how": "receipt", "said": "R-1"} | {field: value})
    assert list(told.value.fields) == [field] and Charge.objects.get().receipt_no == ""


def test_a_fee_of_another_ticket_is_not_settled_here(lotus_db: Branch, bo: Actor) -> None:
    ticket, other = (make_ticket(status="in_progress", to=who) for who in ("wu", "bo"))
    paid(ticket)
    names = {"charge_id": Charge.objects.get().pk, "how": "receipt", "said": "R-1", "by": bo}
    with refused(NoOpenCharge):
        settle_charge(public_id=other.public_id, key=key(), **names)
    with refused(NotYourTicket, holder="Wu"):
        settle_charge(public_id=ticket.public_id, key=key(), **names)


def test_who_did_not_help_after_all_has_no_share(lotus_db: Branch, wu: Actor, bo: Actor) -> None:
    ticket = make_ticket(status="in_progress")
    helped(ticket), helped(ticket, "yun", 20)
    told = {"public_id": ticket.public_id, "technician_id": bo.technician_id}
    sent_twice(lambda once: take_off_co_worker(**told, by=wu, key=once))
    assert shares(ticket) == {"wu": 80, "yun": 20}
    assert ticket.history.last().data == {"co_worker": "Bo", "share_pct": 0}
    with override("en"):
        assert facts(ticket.history.last()) == "Bo did not help after all"
    with refused(NoHelper):
        take_off_co_worker(**told, by=wu, key=key())
    with refused(NoHelper):
        take_off_co_worker(public_id=ticket.public_id, technician_id=wu.technician_id, by=wu, key=key())
    with refused(NotYourTicket, holder="Wu"):
        take_off_co_worker(**told, by=bo, key=key())
    helped(ticket, "bo", 10)  # and may have helped after all
    do("complete", ticket.public_id)


@pytest.mark.parametrize(("field", "value"), [("quantity", Decimal(0)), ("quantity", Decimal(-1)), ("unit_fen", -1)])
def test_what_cannot_be_paid_is_refused_at_its_field(lotus_db: Branch, field: str, value: Any) -> None:
    ticket = make_ticket(status="in_progress")
    with pytest.raises(Invalid) as told:
        paid(ticket, **{field: value})
    assert list(told.value.fields) == [field] and not Charge.objects.exists()


def test_only_who_has_it_and_only_while_it_is_worked_on(lotus_db: Branch, bo: Actor, lin: Actor) -> None:
    ticket, waiting = make_ticket(status="in_progress"), make_ticket(status="accepted")
    with refused(NotYourTicket, holder="Wu"):
        helped(ticket, "yun", by=bo)
    with refused(NotAllowed):
        helped(ticket, by=lin)
    with refused(IllegalTransition):
        helped(waiting)


def test_sent_twice_it_is_added_once(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(status="in_progress")
    told = {"public_id": ticket.public_id, "code": "visit", "name": "Visit", "unit_fen": 2000, "by": wu}
    sent_twice(lambda once: add_charge(**told, key=once))
    assert Charge.objects.count() == 1
