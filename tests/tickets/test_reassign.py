"""T7: another technician takes over; the customer's clock goes on, the internal ones start anew."""

import pytest

from apps.people.errors import TechnicianNotFound
from apps.tickets.errors import PhotosMissing, SameTechnician
from apps.tickets.models import Assignment
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from tests import make
from tests.cast import Branch
from tests.make import make_ticket
from tests.rules import refused
from tests.tickets.steps import do, load_of, now_of
from tests.tickets.types import publish


@pytest.mark.parametrize("status", ["assigned", "accepted", "in_progress", "on_hold"])
def test_the_other_one_has_it_now_and_the_counts_follow(lotus_db: Branch, wu: Actor, bo: Actor, status: str) -> None:
    ticket = make_ticket(status=status)
    do("reassign", ticket.public_id)
    found = now_of(ticket)
    assert (found.status, found.technician_id, found.reassign_count) == ("assigned", bo.technician_id, 1)
    assert (load_of(wu), load_of(bo)) == (0, 1)
    former, present = Assignment.objects.order_by("id")
    assert (former.technician_id, former.end_reason, present.ended_at) == (wu.technician_id, "overloaded", None)


def test_the_promise_to_the_customer_stands(lotus_db: Branch) -> None:
    ticket = make_ticket(status="in_progress")
    do("reassign", ticket.public_id)
    found = now_of(ticket)
    assert found.resolve_due_at == ticket.resolve_due_at and found.reported_at == ticket.reported_at
    assert found.accept_due_at != ticket.accept_due_at and (found.arrived_at, found.accepted_at) == (None, None)


def test_a_slot_that_lies_ahead_stays_promised_and_one_that_was_kept_is_over(lotus_db: Branch) -> None:
    ahead, kept = make_ticket(status="accepted"), make_ticket(status="accepted", contact_phone="13900006666")
    for one in (ahead, kept):
        do("book", one.public_id)
    do("check_in", kept.public_id)
    for one in (ahead, kept):
        do("reassign", one.public_id)
        do("confirm", one.public_id, by=make.actor("bo"))
    found = now_of(ahead)
    assert found.appointment_end is not None and found.arrive_due_at == found.appointment_end + clock.minutes(30)
    assert (now_of(kept).appointment_start, now_of(kept).appointment_end) == (None, None)


def test_where_nobody_has_to_confirm_it_is_accepted_at_once(lotus_db: Branch) -> None:
    lotus_db.tenant.policy = {"dispatch_needs_confirm": False}
    ticket = make_ticket(status="accepted")
    do("reassign", ticket.public_id)
    assert now_of(ticket).status == "accepted" and now_of(ticket).accepted_at


def test_the_same_technician_is_no_change(lotus_db: Branch) -> None:
    ticket = make_ticket(status="accepted")
    with refused(SameTechnician, name="Wu"):
        do("reassign", ticket.public_id, to="wu")


def test_nobody_is_not_a_technician(lotus_db: Branch, lin: Actor) -> None:
    from apps.tickets import services

    ticket = make_ticket(status="accepted")
    with refused(TechnicianNotFound):
        services.reassign_ticket(public_id=ticket.public_id, technician_id=9999, reason="skill", by=lin, key=make.key())


def test_a_dispatcher_passes_over_duty_and_cap(lotus_db: Branch, bo: Actor) -> None:
    from apps.people.models import Technician

    Technician.objects.filter(id=bo.technician_id).update(on_duty=False, open_count=3)
    do("reassign", make_ticket(status="accepted").public_id)
    assert load_of(bo) == 4


def test_history_and_screens_name_both(lotus_db: Branch, wu: Actor, bo: Actor) -> None:
    ticket = make_ticket(status="accepted")
    do("reassign", ticket.public_id)
    assert ticket.history.last().data == {"from": wu.technician_id, "to": bo.technician_id}
    facts = make.events()[-1].facts
    assert (facts["former_technician_id"], facts["technician_id"]) == (wu.technician_id, bo.technician_id)


def test_who_takes_over_what_was_handled_from_afar_goes_there_and_proves_it(lotus_db: Branch, wu: Actor) -> None:
    publish("fault_bb", photos=1, remote_allowed=True)
    ticket = make_ticket(status="accepted")
    do("start_remote", ticket.public_id)
    do("reassign", ticket.public_id)
    do("confirm", ticket.public_id, by=make.actor("bo"))
    do("check_in", ticket.public_id, by=make.actor("bo"))
    assert not now_of(ticket).remote
    with refused(PhotosMissing):
        do("complete", ticket.public_id, by=make.actor("bo"))


def test_sent_back_it_is_no_longer_handled_from_afar(lotus_db: Branch) -> None:
    ticket = make_ticket(status="accepted")
    do("start_remote", ticket.public_id)
    do("complete", ticket.public_id)
    do("callback_reject", ticket.public_id)
    assert (now_of(ticket).status, now_of(ticket).remote) == ("accepted", False)
