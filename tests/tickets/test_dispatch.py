"""T4: the dispatcher's hand. Over duty and cap if need be, always with a reason."""

from datetime import timedelta

import pytest

from apps.people.errors import TechnicianNotFound
from apps.people.models import Technician
from apps.tickets import selectors, services
from apps.tickets.models import Assignment
from steppe.kernel.actors import Actor
from steppe.kernel.errors import NotAllowed
from tests import make
from tests.cast import Branch
from tests.make import PHONE, make_ticket
from tests.rules import refused
from tests.tickets.steps import do, load_of, moment, now_of


@pytest.mark.parametrize("status", ["submitted", "pooled"])
def test_the_ticket_waits_for_the_technicians_word(lotus_db: Branch, wu: Actor, lin: Actor, status: str) -> None:
    ticket = make_ticket(status=status)
    do("dispatch", ticket.public_id)
    found, last = now_of(ticket), ticket.history.last()
    assert (found.status, found.technician_id, found.accept_mode) == ("assigned", wu.technician_id, "dispatch")
    assert found.assigned_at and found.accepted_at is None and load_of(wu) == 1
    assert (last.reason, last.actor, last.data) == ("nearest", lin.ref, {"technician_id": wu.technician_id})


def test_the_confirm_clock_begins(lotus_db: Branch) -> None:
    ticket = make_ticket()
    do("dispatch", ticket.public_id)
    found = now_of(ticket)
    assert found.accept_due_at == moment(found, "dispatch") + timedelta(minutes=15)


def test_a_branch_may_spare_the_word(lotus_db: Branch) -> None:
    lotus_db.tenant.policy = {"dispatch_needs_confirm": False}
    ticket = make_ticket()
    do("dispatch", ticket.public_id)
    assert now_of(ticket).status == "accepted" and now_of(ticket).accepted_at


def test_duty_and_cap_do_not_stop_a_dispatcher(lotus_db: Branch, wu: Actor) -> None:
    Technician.objects.filter(id=wu.technician_id).update(on_duty=False, open_count=3)
    do("dispatch", make_ticket().public_id)
    assert load_of(wu) == 4


def test_the_skill_is_the_dispatchers_own_judgement(lotus_db: Branch, wu: Actor) -> None:
    do("dispatch", make_ticket(type_code="line_repair").public_id)
    assert load_of(wu) == 1


def test_a_technician_nobody_knows_is_refused(lotus_db: Branch, lin: Actor) -> None:
    ticket = make_ticket()
    with refused(TechnicianNotFound):
        services.dispatch_ticket(public_id=ticket.public_id, technician_id=9999, reason="skill", by=lin, key=make.key())


def test_only_who_leads_dispatches(lotus_db: Branch, cai: Actor, wu: Actor, hui: Actor, an: Actor) -> None:
    ticket = make_ticket()
    for who in (cai, wu, hui, an):
        with refused(NotAllowed):
            do("dispatch", ticket.public_id, by=who)


def test_a_grid_leader_dispatches_in_the_own_grid(lotus_db: Branch, yun: Actor) -> None:
    assert do("dispatch", make_ticket().public_id, by=yun).facts["status"] == "assigned"


def test_the_phone_stays_hidden_until_the_technician_confirms(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(status="assigned")
    assert not selectors.ticket_for(wu, ticket.public_id).reveal
    do("confirm", ticket.public_id)
    view = selectors.ticket_for(wu, ticket.public_id)
    assert view.reveal and view.ticket.contact_phone == PHONE


def test_there_is_one_active_assignment(lotus_db: Branch) -> None:
    ticket = make_ticket(status="assigned")
    assert Assignment.objects.filter(ticket=ticket, ended_at=None).count() == 1


def test_a_dispatcher_sends_only_people_of_her_own_reach(lotus_db: Branch, gao: Actor, wu: Actor) -> None:
    """Gao leads the west; Wu works in the east, however free he is."""
    ticket = make_ticket(address="Willow Lane 3", by=lotus_db.lin)
    with refused(TechnicianNotFound):
        do("dispatch", ticket.public_id, by=gao, to="wu")
    assert load_of(wu) == 0
