"""Somebody who left gets no more work."""

import pytest

from apps.people import services as people
from apps.people.errors import TechnicianNotFound
from apps.people.models import Technician
from apps.tickets import services
from apps.tickets.models import Ticket
from steppe.kernel.actors import Actor
from tests.cast import Branch
from tests.make import key, make_ticket


def test_a_dispatch_to_a_switched_off_account_is_refused(lotus_db: Branch, lin: Actor, wu: Actor) -> None:
    ticket = make_ticket()
    people.set_active(user_id=wu.id or 0, active=False)
    with pytest.raises(TechnicianNotFound):
        services.dispatch_ticket(
            public_id=ticket.public_id, technician_id=wu.technician_id, reason="nearest", by=lin, key=key()
        )
    assert Ticket.objects.get(id=ticket.pk).status == "pooled"


def test_what_they_did_badly_goes_back_to_the_pool(lotus_db: Branch, hui: Actor, wu: Actor) -> None:
    ticket = make_ticket(status="awaiting_callback")
    people.set_active(user_id=wu.id or 0, active=False)
    services.callback_reject(public_id=ticket.public_id, reason="still_broken", by=hui, key=key())
    found = Ticket.objects.get(id=ticket.pk)
    assert (found.status, found.technician_id) == ("pooled", None)
    assert Technician.objects.get(id=wu.technician_id).open_count == 0
