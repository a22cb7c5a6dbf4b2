"""T3: the technician takes a ticket from the pool. What happens at the same moment: test_grab_race.py."""

import pytest

from apps.people.errors import CapReached, OffDuty
from apps.people.models import Technician
from apps.tickets import selectors
from apps.tickets.errors import AlreadyTaken, SkillMissing, TicketNotFound
from apps.tickets.models import Assignment, GrabAttempt
from apps.tickets.services import grab_ticket
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tests.cast import Branch
from tests.make import grab, key, make_ticket
from tests.rules import refused
from tests.tickets.looks import holders, the_event, the_step


def test_the_ticket_is_theirs_and_counts(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket()
    receipt = grab_ticket(public_id=ticket.public_id, by=wu, key=key())
    assert (receipt.facts["status"], receipt.version) == ("accepted", 2)
    assert the_step(ticket).actor == wu.ref and the_event(ticket, "ticket.grabbed").facts["technician_id"] == 1
    assert holders(ticket) == [wu.technician_id] and ticket.accept_mode == "grab" and ticket.accepted_at
    assert Technician.objects.get(id=wu.technician_id).open_count == 1
    assert GrabAttempt.objects.get().outcome == "won"


def test_the_winner_tapping_again_gets_the_same_answer(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket()
    first = grab_ticket(public_id=ticket.public_id, by=wu, key=key())
    again = grab_ticket(public_id=ticket.public_id, by=wu, key=key())
    assert again.version == first.version and again.facts["status"] == "accepted"
    assert Assignment.objects.count() == 1 and Technician.objects.get(id=wu.technician_id).open_count == 1


def test_the_same_key_is_answered_from_the_record_even_after_the_ticket_has_gone_on(
    lotus_db: Branch, wu: Actor
) -> None:
    ticket, once = make_ticket(), key()
    first = grab_ticket(public_id=ticket.public_id, by=wu, key=once)
    ticket.refresh_from_db()
    type(ticket).objects.filter(id=ticket.pk).update(status="in_progress")
    again = grab_ticket(public_id=ticket.public_id, by=wu, key=once)
    assert again.replayed and again.facts == first.facts


def test_who_comes_second_reads_who_won_and_when(lotus_db: Branch, bo: Actor) -> None:
    ticket = make_ticket(status="accepted", to="wu")
    at = ticket.accepted_at.astimezone(clock.BUSINESS_ZONE).strftime("%H:%M")  # type: ignore[union-attr]
    with refused(AlreadyTaken, winner="Wu", at=at):
        grab_ticket(public_id=ticket.public_id, by=bo, key=key())
    assert GrabAttempt.objects.get(technician_id=bo.technician_id).outcome == "tickets.already_taken"
    assert Technician.objects.get(id=bo.technician_id).open_count == 0


def test_a_refused_grab_may_be_tried_again_under_the_same_key(lotus_db: Branch, wu: Actor) -> None:
    ticket, once = make_ticket(), key()
    Technician.objects.filter(id=wu.technician_id).update(on_duty=False)
    with refused(OffDuty):
        grab_ticket(public_id=ticket.public_id, by=wu, key=once)
    Technician.objects.filter(id=wu.technician_id).update(on_duty=True)
    assert grab_ticket(public_id=ticket.public_id, by=wu, key=once).facts["status"] == "accepted"


def test_the_cap_holds(lotus_db: Branch, wu: Actor) -> None:
    tickets = [make_ticket() for _ in range(4)]
    for ticket in tickets[:3]:
        grab(ticket.public_id)
    with refused(CapReached, name="Wu", cap=3):
        grab_ticket(public_id=tickets[3].public_id, by=wu, key=key())
    assert holders(tickets[3]) == []


def test_off_duty_is_refused(lotus_db: Branch, yun: Actor) -> None:
    ticket = make_ticket()
    with refused(OffDuty, name="Yun"):
        grab_ticket(public_id=ticket.public_id, by=yun, key=key())


def test_a_missing_skill_is_named(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(type_code="line_repair")
    with refused(SkillMissing):
        grab_ticket(public_id=ticket.public_id, by=wu, key=key())


@pytest.mark.parametrize("state", ["submitted", "void", "closed", "awaiting_callback", "assigned"])
def test_only_the_pool_can_be_grabbed(lotus_db: Branch, wu: Actor, state: str) -> None:
    ticket = make_ticket(status=state, to="bo")
    type(ticket).objects.filter(id=ticket.pk).update(org_path="/1/2/4/")
    with pytest.raises(Exception) as caught:
        grab_ticket(public_id=ticket.public_id, by=wu, key=key())
    assert getattr(caught.value, "code", "") in {"tickets.not_in_pool", "tickets.already_taken"}
    assert Technician.objects.get(id=wu.technician_id).open_count == 0


def test_another_sub_branchs_pool_is_not_there(lotus_db: Branch, xi: Actor) -> None:
    ticket = make_ticket()
    with refused(TicketNotFound):
        grab_ticket(public_id=ticket.public_id, by=xi, key=key())


def test_who_is_no_technician_cannot_grab(lotus_db: Branch, lin: Actor, mei: Actor) -> None:
    ticket = make_ticket()
    for who in (lin, mei):
        with refused(NotAllowed):
            grab_ticket(public_id=ticket.public_id, by=who, key=key())


def test_a_ticket_of_another_branch_is_not_there(lotus_db: Branch, maple: Branch) -> None:
    ticket = make_ticket()
    with in_branch(maple.tenant), refused(TicketNotFound):
        grab_ticket(public_id=ticket.public_id, by=maple.wu, key=key())


def test_the_phone_is_seen_only_by_the_winner(lotus_db: Branch, wu: Actor, bo: Actor) -> None:
    ticket = make_ticket()
    assert not selectors.ticket_for(wu, ticket.public_id).reveal
    grab(ticket.public_id)
    assert selectors.ticket_for(wu, ticket.public_id).reveal
    assert bo.technician_id not in holders(ticket)
