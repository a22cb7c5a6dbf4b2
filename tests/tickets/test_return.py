"""T9 return: the ticket goes back to the pool. Right after the grab freely, later by consent."""

from datetime import datetime, timedelta

from apps.people.models import Technician
from apps.tickets.errors import GaveItBack, NotYourTicket, OwnRequest, PhotoMissing, ReasonMissing
from apps.tickets.models import Assignment, Ticket, TicketRequest
from apps.tickets.services import approve_request, ask_for
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM, Actor
from tests import make
from tests.cast import Branch
from tests.make import actor, key, make_ticket
from tests.rules import refused, sent_twice
from tests.tickets.steps import ask, do, grabbed_long_ago, load_of, now_of, ready, shown

BEGIN = datetime(2026, 3, 10, 9, 0, tzinfo=clock.BUSINESS_ZONE)


def grabbed(minute: float = 0) -> Ticket:
    with clock.frozen(BEGIN + timedelta(minutes=minute)):
        return make_ticket(status="accepted")


def give_back(ticket: Ticket, minute: float, reason: str = "too far") -> str:
    with clock.frozen(BEGIN + timedelta(minutes=minute)):
        ask("return", ticket.public_id, by=actor("wu"), reason=reason)
    return str(now_of(ticket).status)


def test_right_after_the_grab_nobody_has_to_agree(lotus_db: Branch, wu: Actor) -> None:
    ticket = grabbed()
    assert give_back(ticket, 5) == "pooled"
    found = now_of(ticket)
    assert (found.technician_id, found.return_count, load_of(wu)) == (None, 1, 0)
    assert Assignment.objects.get(ticket=ticket).end_reason == "too far"
    asked = TicketRequest.objects.get(ticket=ticket)
    assert (asked.state, asked.decided_by) == ("approved", SYSTEM.ref)


def test_later_it_is_asked_for_and_nothing_moves_until_somebody_agrees(lotus_db: Branch, wu: Actor, lin: Actor) -> None:
    ticket = grabbed()
    assert give_back(ticket, 60) == "accepted"
    assert now_of(ticket).pending_request == "return" and load_of(wu) == 1
    approve_request(public_id=ticket.public_id, by=lin, key=key())
    assert (now_of(ticket).status, now_of(ticket).pending_request, load_of(wu)) == ("pooled", "", 0)
    assert ticket.history.last().actor == lin.ref  # who decided took the step


def test_the_free_ones_are_counted_by_the_month(lotus_db: Branch) -> None:
    lotus_db.tenant.policy = {"return_quota": 1}
    first, second = grabbed(), grabbed(1)
    assert (give_back(first, 2), give_back(second, 3)) == ("pooled", "accepted")
    month = 31 * 24 * 60
    third = grabbed(month)
    assert give_back(third, month + 1) == "pooled"


def test_what_was_dispatched_is_never_given_back_freely(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(status="assigned")
    do("confirm", ticket.public_id)
    ask("return", ticket.public_id, by=wu)
    assert now_of(ticket).status == "accepted"


def test_what_came_back_from_the_callback_is_not_given_back_freely(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(status="awaiting_callback")
    do("callback_reject", ticket.public_id)
    ask("return", ticket.public_id, by=wu)
    assert (now_of(ticket).status, now_of(ticket).pending_request) == ("accepted", "return")


def test_who_was_on_site_shows_what_they_found(lotus_db: Branch, wu: Actor, lin: Actor) -> None:
    ticket = make_ticket(status="in_progress")
    with refused(PhotoMissing):
        ask("return", ticket.public_id, by=wu)
    ready("return", ticket)
    approve_request(public_id=ticket.public_id, by=lin, key=key())
    assert now_of(ticket).status == "pooled"


def test_without_a_reason_and_by_somebody_else_nothing_happens(lotus_db: Branch, wu: Actor, bo: Actor) -> None:
    ticket = make_ticket(status="accepted")
    with refused(ReasonMissing):
        ask("return", ticket.public_id, by=wu, reason=" ")
    with refused(NotYourTicket, holder="Wu"):
        ask("return", ticket.public_id, by=bo)


def test_a_grid_leader_does_not_agree_to_the_own_return(lotus_db: Branch, yun: Actor) -> None:
    Technician.objects.filter(id=yun.technician_id).update(on_duty=True)
    ticket = make_ticket(status="accepted", to="yun")
    grabbed_long_ago(ticket)
    ask("return", ticket.public_id, by=yun)
    with refused(OwnRequest):
        approve_request(public_id=ticket.public_id, by=yun, key=key())


def test_who_gave_it_back_waits_others_do_not(lotus_db: Branch, wu: Actor, bo: Actor) -> None:
    ticket = grabbed()
    give_back(ticket, 5)
    with clock.frozen(BEGIN + timedelta(minutes=6)):
        with refused(GaveItBack):
            do("grab", ticket.public_id, by=wu)
        do("grab", ticket.public_id, by=bo)
    assert now_of(ticket).technician_id == bo.technician_id


def test_the_customers_promise_stands(lotus_db: Branch) -> None:
    ticket = grabbed()
    give_back(ticket, 5)
    assert now_of(ticket).resolve_due_at == ticket.resolve_due_at


def test_sent_twice_it_is_given_back_once(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(status="accepted")
    told = sent_twice(
        lambda once: ask_for(public_id=ticket.public_id, kind="return", reason="far", asked={}, by=wu, key=once)
    )
    assert told.facts["approved"] and now_of(ticket).return_count == 1


def test_the_screens_are_told_who_had_it(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(status="accepted")
    ask("return", ticket.public_id, by=wu)
    told = [one for one in make.events() if one.kind == "ticket.returned"]
    assert [one.facts["former_technician_id"] for one in told] == [wu.technician_id]


def test_what_they_show_hangs_on_the_ticket_for_who_decides_and_who_goes_next(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(status="in_progress")
    [name] = shown()
    ask("return", ticket.public_id, by=wu, photos=[name])
    assert ticket.photos.get().public_id == name


def test_anothers_picture_shows_nothing(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(status="in_progress")
    names = list(shown("bo"))
    with refused(PhotoMissing):
        ask("return", ticket.public_id, by=wu, photos=names)
