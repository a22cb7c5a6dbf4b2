"""One ticket of a branch as headquarters sees it: live, masked, read-only, and every look in that branch's audit."""

import pytest
from django.db import DatabaseError

from apps.headquarters.services import looking
from apps.headquarters.services.looking import LOOK, look_at_ticket
from apps.tickets.errors import TicketNotFound
from apps.tickets.models import Ticket
from apps.tickets.outside_read import masked_ticket
from steppe.kernel.actors import SYSTEM
from steppe.kernel.errors import NotAllowed
from steppe.kernel.journal.models import AuditEntry
from tenants.context import in_branch, in_public
from tenants.models import Tenant
from tests.make import PHONE, client_at, make_ticket, void
from tests.queries import asking

SECRETS = ("Mei", "Birch Court 7-2-301", PHONE, "no light on the box", "new plug", "a test")


def at(ticket: Ticket, code: str = "LO") -> str:
    return f"/hq/tickets/{code}/{ticket.public_id}/"


def looks() -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(action=LOOK).order_by("id"))


@pytest.fixture
def eye(lotus_db, headquarters):
    return client_at(headquarters, headquarters.eye, HTTP_ACCEPT_LANGUAGE="en")


def test_it_shows_state_clocks_and_history_and_nothing_of_the_customer(eye):
    ticket = make_ticket(status="closed")
    body = eye.get(at(ticket)).content.decode()
    assert ticket.ticket_no in body and "Closed" in body and "Grabbed" in body and "139****1234" in body
    for secret in SECRETS:
        assert secret not in body, secret


def test_reasons_that_somebody_wrote_stay_in_the_branch(eye):
    ticket = make_ticket()
    void(ticket.public_id)
    assert "a test" not in eye.get(at(ticket)).content.decode()


def test_there_is_nothing_to_press(eye):
    body = eye.get(at(make_ticket())).content.decode()
    main = body[body.index("<main") : body.index("</main>")]
    assert "<form" not in main and "hx-post" not in main


def test_each_look_leaves_one_line_in_the_branchs_audit(eye, headquarters):
    ticket = make_ticket()
    eye.get(at(ticket))
    eye.get(at(ticket))
    first, second = looks()
    assert (first.actor, first.actor_name) == (headquarters.eye.ref, "Eye") and first.actor.startswith("hq:")
    assert (first.entity, first.entity_id, second.entity_id) == ("ticket", ticket.pk, ticket.pk)
    with in_public():
        assert not looks()


def test_without_the_line_nothing_is_shown(lotus_db, headquarters, monkeypatch):
    ticket = make_ticket()

    def broken(*_args, **_more):
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(looking, "write_note", broken)
    with pytest.raises(DatabaseError):
        look_at_ticket(branch=lotus_db.tenant, public_id=ticket.public_id, by=headquarters.eye)


def test_a_ticket_that_is_not_there_and_that_of_another_branch_leave_no_line(eye, maple):
    with in_branch(maple.tenant):
        theirs = make_ticket()
    assert eye.get(at(theirs)).status_code == 404
    assert eye.get(at(theirs, "NOBODY")).status_code == 404
    assert not looks()
    with in_branch(maple.tenant):
        assert not looks()
    assert eye.get(at(theirs, "MA")).status_code == 200


def test_a_closed_branch_keeps_its_tickets(eye, lotus):
    ticket = make_ticket()
    with in_public():
        Tenant.objects.filter(pk=lotus.tenant.pk).update(status="suspended")
    page = eye.get(at(ticket))
    assert page.status_code == 409 and "not open" in page.content.decode()
    with in_branch(lotus.tenant):
        assert not looks()


@pytest.mark.parametrize("who", ["lin", "bai", "wu", "mei"])
def test_nobody_of_a_branch_comes_in_by_this_door(lotus_db, who):
    with pytest.raises(NotAllowed):
        masked_ticket(getattr(lotus_db, who), make_ticket().public_id)
    with pytest.raises(NotAllowed):
        masked_ticket(SYSTEM, "whatever-ticket")


def test_it_costs_as_many_queries_with_a_long_history(lotus_db, headquarters):
    ticket = make_ticket(status="closed")
    with asking(6):
        masked_ticket(headquarters.eye, ticket.public_id)
    with asking(1), pytest.raises(TicketNotFound):
        masked_ticket(headquarters.eye, "whatever-ticket")
