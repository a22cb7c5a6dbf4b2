"""T5: the technician takes on what was dispatched."""

from apps.tickets.errors import NotYourTicket
from steppe.kernel.actors import Actor
from steppe.kernel.errors import NotAllowed
from tests import make
from tests.cast import Branch
from tests.make import make_ticket
from tests.rules import refused
from tests.tickets.steps import do, load_of, now_of


def test_the_ticket_is_accepted_by_its_own_technician(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(status="assigned")
    do("confirm", ticket.public_id)
    found = now_of(ticket)
    assert (found.status, found.technician_id) == ("accepted", wu.technician_id) and found.accepted_at
    assert load_of(wu) == 1 and make.events()[-1].kind == "ticket.confirmed"


def test_nobody_confirms_for_another(lotus_db: Branch, bo: Actor, lin: Actor) -> None:
    ticket = make_ticket(status="assigned")
    with refused(NotYourTicket, holder="Wu"):
        do("confirm", ticket.public_id, by=bo)
    with refused(NotAllowed):
        do("confirm", ticket.public_id, by=lin)


def test_a_leader_who_is_no_technician_cannot_confirm(lotus_db: Branch) -> None:
    from dataclasses import replace

    ticket = make_ticket(status="assigned")
    with refused(NotAllowed):
        do("confirm", ticket.public_id, by=replace(lotus_db.yun, technician_id=None))
