"""T18/T19 by the customer: “fixed?” decides the state, the stars decide nothing but the stars."""

import pytest

from apps.people.models import Customer
from apps.tickets import services
from apps.tickets.errors import IllegalTransition, TicketNotFound
from apps.tickets.models import CallbackRecord, Ticket
from steppe.kernel.actors import ANONYMOUS, Actor
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import Invalid
from tests.cast import CUSTOMERS, Branch
from tests.make import key, make_ticket
from tests.rules import refused, sent_twice
from tests.tickets.steps import do, load_of, now_of

MEI = CUSTOMERS[0][-1]


def finished(status: str = "awaiting_callback") -> Ticket:
    """Mei's own report, walked so far."""
    return make_ticket(status=status, by=actor_mei(), contact_phone=MEI)


def actor_mei() -> Actor:
    return Actor(kind="customer", id=Customer.objects.get(phone=MEI).pk, name="Mei")


def rate(
    ticket: Ticket, by: Actor, *, fixed: bool = True, score: int | None = 5, once: str = "", note: str = ""
) -> Receipt:
    return services.rate_ticket(
        public_id=ticket.public_id, fixed=fixed, score=score, note=note, by=by, key=once or key()
    )


@pytest.mark.parametrize("score", [1, 5, None])
def test_fixed_closes_whatever_the_stars(lotus_db: Branch, mei: Actor, score: int | None) -> None:
    ticket = finished()
    rate(ticket, mei, score=score, note="quick")
    found, kept = now_of(ticket), CallbackRecord.objects.get()
    assert (found.status, found.close_code, found.satisfaction) == ("closed", "done", score)
    assert (kept.channel, kept.fixed, kept.score, kept.note, kept.actor) == ("wechat", True, score, "quick", mei.ref)


@pytest.mark.parametrize("score", [5, None])
def test_not_fixed_sends_it_back_whatever_the_stars(lotus_db: Branch, mei: Actor, wu: Actor, score: int | None) -> None:
    ticket = finished()
    rate(ticket, mei, fixed=False, score=score)
    found = now_of(ticket)
    assert (found.status, found.technician_id, found.reopen_count) == ("accepted", wu.technician_id, 1)
    assert found.satisfaction is None and found.finished_at is None and load_of(wu) == 1


@pytest.mark.parametrize("score", [0, 6, -1])
def test_there_are_one_to_five_stars(lotus_db: Branch, mei: Actor, score: int) -> None:
    ticket = finished()
    for fixed in (True, False):
        with refused(Invalid):
            rate(ticket, mei, fixed=fixed, score=score)


def test_a_rating_sent_twice_counts_once(lotus_db: Branch, mei: Actor) -> None:
    ticket = finished()
    sent_twice(lambda once: rate(ticket, mei, once=once))


def test_nobody_rates_for_somebody_else(lotus_db: Branch, lin: Actor, wu: Actor) -> None:
    ticket = finished()
    for who in (lotus_db.na, lin, wu, ANONYMOUS):
        with refused(TicketNotFound):
            rate(ticket, who)


def test_a_ticket_somebody_else_entered_under_her_number_is_not_hers(lotus_db: Branch, mei: Actor) -> None:
    ticket = make_ticket(status="awaiting_callback", contact_phone=MEI)
    assert now_of(ticket).customer_id == mei.id
    with refused(TicketNotFound):
        rate(ticket, mei)


@pytest.mark.parametrize("status", ["pooled", "accepted", "in_progress", "closed", "void"])
def test_only_finished_work_is_rated(lotus_db: Branch, mei: Actor, status: str) -> None:
    ticket = finished(status)
    with refused(IllegalTransition):
        rate(ticket, mei)


def test_after_three_times_the_dispatcher_takes_over(lotus_db: Branch, mei: Actor) -> None:
    ticket = finished()
    for _ in range(3):
        rate(ticket, mei, fixed=False)
        do("check_in", ticket.public_id)
        do("complete", ticket.public_id)
    rate(ticket, mei, fixed=False)  # her word is never lost, and never closed as silence
    assert (now_of(ticket).status, now_of(ticket).technician_id) == ("pooled", None)
