"""domain.md §12 rule 15: whatever is asked for is decided by another, whoever the asker is; the table says so too."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.people import roles as r
from apps.tickets.errors import OwnRequest
from apps.tickets.models import Ticket, TicketRequest
from apps.tickets.services import approve_request, refuse_request
from apps.tickets.services.requests import KINDS
from steppe.kernel import clock
from steppe.kernel.actors import Actor, Grant
from tests.cast import Branch
from tests.make import actor, key, make_ticket
from tests.rules import refused
from tests.tickets.steps import CHILD, UNIT, ask, grabbed_long_ago, now_of

# Whoever is so many things at once could decide everything, but for what they asked for themselves.
HATS = (r.TECHNICIAN, r.AGENT, r.GRID_LEADER, r.DISPATCHER, r.DEPT_MANAGER, r.BRANCH_ADMIN)


def _told(kind: str) -> dict[str, Any]:
    told: dict[str, dict[str, Any]] = {
        "transfer": UNIT, "spawn_child": CHILD, "reassign": {"technician_id": actor("bo").technician_id},
        "change_type": {"type_code": "fault_tv"},
        "hold": {"hold_class": "customer", "resume_at": clock.now() + timedelta(hours=5)},
    }  # fmt: skip
    return told.get(kind, {})


def everything(who: Actor) -> Actor:
    return replace(who, grants=(*who.grants, *(Grant(role, "/1/") for role in HATS)))


def waiting(kind: str, by: Actor) -> Ticket:
    ticket = make_ticket(status="closed" if kind == "reopen" else "accepted")
    grabbed_long_ago(ticket)  # a return right after the grab needs nobody
    ask(kind, ticket.public_id, by=by, **_told(kind))
    return now_of(ticket)


@pytest.mark.parametrize("kind", KINDS)
def test_who_asked_neither_agrees_nor_refuses_with_any_role(lotus_db: Branch, wu: Actor, kind: str) -> None:
    wu = everything(wu)
    ticket = waiting(kind, wu)
    with refused(OwnRequest):
        approve_request(public_id=ticket.public_id, by=wu, key=key())
    with refused(OwnRequest):
        refuse_request(public_id=ticket.public_id, reason="no", by=wu, key=key())
    assert TicketRequest.objects.get(ticket=ticket).state == "pending"


@pytest.mark.parametrize("kind", KINDS)
def test_another_with_the_same_roles_does(lotus_db: Branch, wu: Actor, lin: Actor, kind: str) -> None:
    """The control: it was the person, and not the role, that was refused."""
    ticket = waiting(kind, everything(wu))
    approve_request(public_id=ticket.public_id, by=everything(lin), key=key())
    request = TicketRequest.objects.get(ticket=ticket)
    assert (request.state, request.requested_by, request.decided_by) == ("approved", wu.ref, lin.ref)


@pytest.mark.parametrize("kind", KINDS)
def test_the_table_takes_no_row_that_says_otherwise(lotus_db: Branch, wu: Actor, kind: str) -> None:
    request = TicketRequest.objects.filter(ticket=waiting(kind, everything(wu)))
    with pytest.raises(IntegrityError, match="request_not_approved_by_requester"), transaction.atomic():
        request.update(state="approved", decided_by=wu.ref)
