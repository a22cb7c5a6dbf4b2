"""T18/T19 by the customer: “fixed?” decides the state; one or two stars say why, and wait for our call."""

from typing import Any

import pytest

from apps.people.models import Customer
from apps.tickets import services
from apps.tickets.errors import IllegalTransition, RatingUnexplained, TicketNotFound
from apps.tickets.models import CallbackRecord, Ticket
from apps.tickets.rated_read import rating_of
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
    ticket: Ticket, by: Actor, *, fixed: bool = True, score: int | None = 5, once: str = "", **more: Any
) -> Receipt:
    return services.rate_ticket(public_id=ticket.public_id, fixed=fixed, score=score, by=by, key=once or key(), **more)


@pytest.mark.parametrize("score", [3, 5, None])
def test_fixed_closes_whatever_the_stars(lotus_db: Branch, mei: Actor, score: int | None) -> None:
    ticket = finished()
    rate(ticket, mei, score=score, note="quick")
    found, kept = now_of(ticket), CallbackRecord.objects.get()
    assert (found.status, found.close_code, found.satisfaction) == ("closed", "done", score)
    assert (kept.channel, kept.fixed, kept.score, kept.note, kept.actor) == ("wechat", True, score, "quick", mei.ref)


@pytest.mark.parametrize("score", [1, 2])
def test_few_stars_say_why_and_wait_for_our_call(lotus_db: Branch, mei: Actor, score: int) -> None:
    """domain.md §4: a reason, and a decision of ours: send it back, or close it with a note."""
    ticket = finished()
    Ticket.objects.filter(id=ticket.pk).update(callback_mode="self")
    rate(ticket, mei, score=score, complaint="late", note="waited two days", on_time=False)
    found, step = now_of(ticket), ticket.history.latest("version")
    assert (found.status, found.callback_mode, found.satisfaction) == ("awaiting_callback", "phone", score)
    assert (step.action, step.reason, step.actor) == ("rate", "waited two days", mei.ref)
    rating = rating_of(found)
    assert rating and (rating.score, rating.complaint, rating.on_time) == (score, "late", False)
    assert not CallbackRecord.objects.exists()  # written with the decision, so that it counts once


@pytest.mark.parametrize("complaint", ["", "the weather"])
def test_few_stars_without_a_reason_are_refused_at_that_question(lotus_db: Branch, mei: Actor, complaint: str) -> None:
    ticket = finished()
    with pytest.raises(RatingUnexplained) as refusal:
        rate(ticket, mei, score=2, complaint=complaint)
    assert set(refusal.value.fields) == {"complaint"}


def test_few_stars_because_it_is_not_fixed_send_it_back(lotus_db: Branch, mei: Actor) -> None:
    ticket = finished()
    rate(ticket, mei, score=1, complaint="not_fixed")
    kept = CallbackRecord.objects.get()
    assert (now_of(ticket).status, kept.fixed, kept.score, kept.complaint) == ("accepted", False, 1, "not_fixed")
    assert now_of(ticket).satisfaction is None


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ({"score": None, "note": "we apologised"}, (1, "attitude", "we apologised")),
        ({"score": 2, "complaint": "charges"}, (2, "charges", "he shouted")),
        ({"score": 4}, (4, "", "he shouted")),
    ],
)
def test_who_calls_closes_it_and_the_stars_count_once(
    lotus_db: Branch, mei: Actor, told: dict[str, Any], kept: tuple[int, str, str]
) -> None:
    ticket = finished()
    rate(ticket, mei, score=1, complaint="attitude", note="he shouted", overcharged=True)
    do("callback_ok", ticket.public_id, **told)
    record, found = CallbackRecord.objects.get(), now_of(ticket)
    assert (record.score, record.complaint, record.note) == kept
    assert (found.status, found.satisfaction, record.channel, record.overcharged) == ("closed", kept[0], "phone", True)


def test_who_calls_may_send_it_back_and_the_next_visit_is_rated_anew(lotus_db: Branch, mei: Actor) -> None:
    ticket = finished()
    rate(ticket, mei, score=1, complaint="attitude")
    do("callback_reject", ticket.public_id)
    kept = CallbackRecord.objects.get()
    assert (now_of(ticket).status, now_of(ticket).satisfaction, kept.score) == ("accepted", None, 1)
    do("check_in", ticket.public_id)
    do("complete", ticket.public_id)
    assert rating_of(now_of(ticket)) is None
    rate(ticket, mei, score=5)
    assert (now_of(ticket).status, now_of(ticket).satisfaction) == ("closed", 5)


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
