"""T27 change of type and priority: the clocks are counted anew from the report, the old due is kept."""

from datetime import datetime, timedelta

import pytest

from apps.tickets.errors import BadPriority, OnlyDispatcher, ReasonMissing, SameType, UnknownType
from apps.tickets.models import TicketType
from apps.tickets.services import change_priority, change_type, enable_type
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.errors import NotAllowed
from tests import make
from tests.cast import Branch
from tests.make import key, make_ticket
from tests.rules import refused, sent_twice
from tests.tickets.steps import do, now_of

BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=clock.BUSINESS_ZONE)


def test_it_is_as_if_it_had_been_reported_so_and_the_old_due_is_kept(lotus_db: Branch) -> None:
    with clock.frozen(BEGIN):
        ticket, other = make_ticket(), make_ticket(type_code="install_bb")
    with clock.frozen(BEGIN + timedelta(minutes=20)):
        do("change_type", ticket.public_id, type_code="install_bb")
    found, last = now_of(ticket), ticket.history.last()
    assert found.type.code == "install_bb" and found.type_version_id == other.type_version_id
    assert found.resolve_due_at == other.resolve_due_at != ticket.resolve_due_at
    assert (last.data["from"], last.data["to"]) == ("fault_bb", "install_bb")
    assert datetime.fromisoformat(last.data["was_due"]) == ticket.resolve_due_at


@pytest.mark.parametrize("status", ["pooled", "assigned", "accepted", "in_progress", "on_hold"])
def test_it_stays_where_it_is(lotus_db: Branch, status: str) -> None:
    ticket = make_ticket(status=status)
    do("change_type", ticket.public_id)
    found = now_of(ticket)
    assert (found.status, found.technician_id, found.type.code) == (status, ticket.technician_id, "fault_tv")


def test_more_urgent_is_due_earlier_and_less_urgent_later(lotus_db: Branch) -> None:
    ticket = make_ticket()
    do("change_priority", ticket.public_id, priority=1)
    urgent = now_of(ticket)
    do("change_priority", ticket.public_id, priority=3)
    idle = now_of(ticket)
    assert urgent.accept_due_at < ticket.accept_due_at <= idle.accept_due_at
    assert (urgent.priority, idle.priority) == (1, 3)
    assert [row.data["to"] for row in ticket.history.filter(action="change_priority")] == [1, 3]


@pytest.mark.parametrize("priority", [-1, 4, 2])
def test_another_priority_is_one_of_four(lotus_db: Branch, priority: int) -> None:
    ticket = make_ticket()
    with refused(BadPriority):
        do("change_priority", ticket.public_id, priority=priority)


def test_a_type_that_is_unknown_off_or_the_same_is_refused(lotus_db: Branch, bai: Actor) -> None:
    ticket = make_ticket()
    enable_type(code="fault_tv", enabled=False, by=bai, key=key())
    for code in ("nonsense", "fault_tv", ""):
        with refused(UnknownType):
            do("change_type", ticket.public_id, type_code=code)
    with refused(SameType, name=TicketType.objects.get(code="fault_bb").name):
        do("change_type", ticket.public_id, type_code="fault_bb")
    with refused(ReasonMissing):
        do("change_type", ticket.public_id, reason="")


def test_an_agent_decides_until_somebody_has_accepted(lotus_db: Branch, an: Actor, lin: Actor) -> None:
    do("change_type", make_ticket(status="assigned").public_id, by=an)
    taken = make_ticket(status="accepted")
    with refused(OnlyDispatcher):
        do("change_type", taken.public_id, by=an)
    with refused(OnlyDispatcher):
        do("change_priority", taken.public_id, by=an)
    do("change_type", taken.public_id, by=lin)


def test_nobody_of_the_field_does(lotus_db: Branch, wu: Actor, cai: Actor) -> None:
    ticket = make_ticket(status="accepted")
    for who in (wu, cai):
        with refused(NotAllowed):
            do("change_type", ticket.public_id, by=who)


def test_sent_twice_it_changes_once(lotus_db: Branch, lin: Actor) -> None:
    ticket = make_ticket()
    more = {"public_id": ticket.public_id, "reason": "the TV", "by": lin}
    sent_twice(lambda once: change_type(type_code="fault_tv", key=once, **more))
    sent_twice(lambda once: change_priority(priority=1, key=once, **more))
    assert ticket.history.count() == 3


def test_the_screens_are_told(lotus_db: Branch) -> None:
    ticket = make_ticket()
    do("change_type", ticket.public_id)
    do("change_priority", ticket.public_id)
    assert [one.kind for one in make.events()[-2:]] == ["ticket.retyped", "ticket.reprioritised"]
