"""补录: what a customer told the technician directly is the technician's, marked, sampled, and only so often."""

from functools import partial
from typing import Any

import pytest
from django.utils.translation import override

from apps.people.errors import CapReached, OffDuty
from apps.people.models import Technician
from apps.tickets.errors import BadAnswers, DirectTooOften, LikelyDuplicate, OutOfReach, SkillMissing
from apps.tickets.facts_read import facts_of
from apps.tickets.models import Assignment, PushWave, Ticket
from apps.tickets.selectors import may_reveal, visible_tickets
from apps.tickets.sentences import facts
from apps.tickets.services import enter_direct
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tests import make
from tests.cast import FAR, Branch
from tests.databases import Database
from tests.make import actor, key, make_ticket, report
from tests.rules import refused, sent_twice
from tests.tickets.hands import at_once
from tests.tickets.steps import ask, do, load_of, now_of
from tests.tickets.test_open_counts import reconcile
from tests.tickets.test_types_completion import DBM
from tests.tickets.types import publish


def told(by: Actor, once: str = "", **fields: Any) -> Receipt:
    return enter_direct(report=report(**fields), by=by, key=once or key())


def found(receipt: Receipt) -> Ticket:
    return Ticket.objects.get(id=receipt.entity_id)


def test_it_is_the_technicians_at_once_and_marked(lotus_db: Branch, wu: Actor) -> None:
    ticket = found(sent_twice(lambda once: told(wu, once)))
    assert (ticket.status, ticket.channel, ticket.accept_mode) == ("accepted", "tech_direct", "self")
    assert (ticket.technician_id, ticket.created_by, load_of(wu)) == (wu.technician_id, wu.ref, 1)
    assert [one.action for one in ticket.history.order_by("version")] == ["submit", "grab"]
    with override("en"):
        assert facts(ticket.history.latest("version")) == "told directly by the customer"
    assert ticket.contact_due_at and not PushWave.objects.exists() and may_reveal(wu, ticket)
    assert [one.kind for one in make.events()] == ["ticket.opened", "ticket.grabbed"]
    reconcile()


def test_everyone_of_them_is_called_about(lotus_db: Branch, wu: Actor) -> None:
    publish("fault_bb", callback_pct=0)
    ticket = found(told(wu))
    for action in ("check_in", "complete"):
        do(action, ticket.public_id)
    assert now_of(ticket).callback_mode == "phone"


def test_what_is_in_anothers_area_or_nowhere_known_is_the_desks(lotus_db: Branch, wu: Actor) -> None:
    for place in (
        {"address": "Willow 1", "lat": FAR[0], "lng": FAR[1]}, {"address": "somewhere", "lat": None, "lng": None}
    ):  # fmt: skip
        with refused(OutOfReach):
            told(wu, **place)
    assert not Ticket.objects.exists()


def test_as_for_a_grab_it_takes_duty_room_and_skill(lotus_db: Branch, wu: Actor) -> None:
    with refused(SkillMissing):
        told(wu, type_code="line_repair")
    Technician.objects.filter(id=wu.technician_id).update(on_duty=False)
    with refused(OffDuty):
        told(wu)
    Technician.objects.filter(id=wu.technician_id).update(on_duty=True, cap=0)
    with refused(CapReached):
        told(wu)


def test_the_types_own_fields_are_asked_and_a_second_report_is_pointed_out(lotus_db: Branch, wu: Actor) -> None:
    told(wu, anyway=False)
    with refused(LikelyDuplicate):
        told(wu, anyway=False)
    publish("fault_bb", DBM | {"stage": "report"})
    with refused(BadAnswers):
        told(wu)


def test_only_the_branchs_share_of_a_month_comes_this_way(lotus_db: Branch, wu: Actor, bo: Actor) -> None:
    lotus_db.tenant.policy |= {"direct_share_pct": 50}
    Technician.objects.update(cap=50)
    for _ in range(3):
        told(wu)
    with refused(DirectTooOften, times=3):
        told(wu)
    told(bo)  # each for themselves
    for number in range(5):
        make_ticket(status="accepted", contact_phone=f"1390000{number:04d}")
    told(wu)  # the fourth of nine
    with refused(DirectTooOften, times=4):
        told(wu)


def test_it_says_nothing_of_how_fast_the_pool_is_emptied(lotus_db: Branch, wu: Actor) -> None:
    mine, grabbed = found(told(wu)), make_ticket(status="closed", to="bo")
    for action in ("check_in", "complete", "callback_ok"):
        do(action, mine.public_id)
    timed = {one.ticket: one.measures.get("accept_timed") for one in facts_of([mine.public_id, grabbed.public_id])}
    assert timed == {mine.public_id: None, grabbed.public_id: 1}


def test_it_is_not_given_back_just_so(lotus_db: Branch, wu: Actor) -> None:
    ticket = found(told(wu))
    assert not ask("return", ticket.public_id, by=wu).facts["approved"]


@pytest.mark.parametrize("who", ["cai", "lin", "bai"])
def test_the_desk_enters_into_the_pool(lotus_db: Branch, who: str) -> None:
    with refused(NotAllowed):
        told(actor(who))


def test_two_at_once_do_not_both_take_the_last_one(committed: Database, lotus: Branch) -> None:
    with in_branch(lotus.tenant):
        for _ in range(2):
            ticket = found(told(lotus.wu))
            do("check_in", ticket.public_id)
            do("complete", ticket.public_id)
    works = [partial(enter_direct, report=report(), by=lotus.wu, key=key()) for _ in range(2)]
    assert at_once(lotus, works) == {"done": 1, "tickets.direct_too_often": 1}
    with in_branch(lotus.tenant):
        assert Assignment.objects.filter(mode="self").count() == 3
        reconcile()


def test_the_other_branch_sees_nothing_of_it(lotus_db: Branch, maple: Branch, wu: Actor) -> None:
    ticket = found(told(wu))
    with in_branch(maple.tenant):
        assert not visible_tickets(maple.lin).filter(public_id=ticket.public_id).exists()
