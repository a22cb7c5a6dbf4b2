"""Repeat repairs: nothing is taken back before somebody has named the cause, and then everything of the first visit."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from apps.costing import said_read
from apps.costing.errors import BadDecision, OwnMatter, ReviewDecided, ReviewNotFound
from apps.costing.models import RepeatReview, WorkPointEntry
from apps.costing.services import decide_repeat
from apps.tickets.models import Ticket
from steppe.kernel import clock
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tests import make
from tests.cast import Branch
from tests.costing.ledger import MARCH, D, book_again, follow, stands, with_helper, worked
from tests.make import actor, key, make_ticket
from tests.tickets.steps import do


@pytest.fixture(autouse=True)
def _a_working_morning() -> Iterator[None]:
    with clock.frozen(MARCH):
        yield


def first() -> Ticket:
    """Wu and Bo were there."""
    ticket = make_ticket(status="in_progress", account_no="A-1")
    with_helper(ticket)
    for step in (make.complete, make.close):
        step(ticket.public_id)
    follow()
    return ticket


def again(by: str = "xi", days: int = 3) -> Ticket:
    """The same account, some days later, finished by this person."""
    with clock.frozen(MARCH + timedelta(days=days)):
        ticket = make_ticket(account_no="A-1")
        assert ticket.repeat_of is not None
        finish(ticket, by)
    return ticket


def finish(ticket: Ticket, by: str) -> None:
    """From the pool to its end."""
    if by == "xi":  # from the other sub-branch, sent by the dispatcher
        make.dispatch(ticket.public_id, by)
        do("confirm", ticket.public_id, by=actor(by))
    else:
        make.grab(ticket.public_id, by)
    for step in (make.check_in, make.complete, make.close):
        step(ticket.public_id, by)
    follow()


def decide(ticket: Ticket, cause: str = "workmanship", note: str = "loose plug", by: str = "yun") -> Receipt:
    with clock.frozen(MARCH + timedelta(days=5)):
        return decide_repeat(public_id=ticket.public_id, cause=cause, note=note, by=actor(by), key=key())


def test_until_the_cause_is_named_everybody_keeps_their_points(lotus_db: Branch) -> None:
    one, other = first(), again()
    review = RepeatReview.objects.get()
    assert (review.ticket, review.first, review.state) == (other.public_id, one.public_id, "open")
    assert sum(stands(one).values()) == D("5.50") and stands(other)["xi", "work"] > 5


def test_workmanship_takes_all_of_the_first_visit_back_shares_included(lotus_db: Branch) -> None:
    one, other = first(), again()
    decide(other)
    taken = WorkPointEntry.objects.filter(kind="clawback")
    assert {(row.technician.user.username, row.points) for row in taken} == {("wu", D("-3.30")), ("bo", D("-2.20"))}
    assert all(row.corrects is not None and row.corrects.kind == "earn" for row in taken)
    assert stands(other)["xi", "work"] > 5  # another person mends it and earns for it
    assert book_again(one, other) == 0


def test_who_mends_the_own_work_again_earns_nothing_for_it(lotus_db: Branch) -> None:
    first()
    other = again("wu")
    assert stands(other)["wu", "work"] > 5
    decide(other, by="de")
    assert stands(other) == {}


def test_any_other_cause_takes_nothing(lotus_db: Branch) -> None:
    one, other = first(), again("wu")
    decide(other, "other", "the mouse")
    assert not WorkPointEntry.objects.filter(kind="clawback").exists()
    assert sum(stands(one).values()) == D("5.50") and stands(other)["wu", "work"] > 5


def test_it_is_decided_once(lotus_db: Branch) -> None:
    first()
    other = again()
    decide(other)
    with pytest.raises(ReviewDecided):
        decide(other, "other")
    assert WorkPointEntry.objects.filter(kind="clawback").count() == 2
    assert said_read.waiting_for(actor("yun")).count == 0


def test_after_the_window_nobody_asks(lotus_db: Branch) -> None:
    first()
    again(days=16)
    assert not RepeatReview.objects.exists()


def test_who_worked_on_either_leaves_it_to_a_colleague(lotus_db: Branch) -> None:
    ticket = make_ticket(status="in_progress", account_no="A-1")
    with_helper(ticket, "yun", 10)
    for step in (make.complete, make.close):
        step(ticket.public_id)
    other = again()
    [waiting] = said_read.waiting_for(actor("yun")).repeats
    assert waiting.own and waiting.by_first == ["Wu", "Yun"] and waiting.by_repeat == ["Xi"]
    with pytest.raises(OwnMatter):
        decide(other)
    decide(other, by="de")


def test_refusals(lotus_db: Branch) -> None:
    first()
    other = again()
    for wrong in ({"cause": "moon"}, {"note": " "}):
        with pytest.raises(BadDecision):
            decide(other, **wrong)
    with pytest.raises(NotAllowed):
        decide(other, by="wu")
    with pytest.raises(ReviewNotFound):
        decide_repeat(public_id="nobody-s", cause="other", note="x", by=actor("yun"), key=key())
    assert RepeatReview.objects.get().state == "open"


def reopened(ticket: Ticket, by: str = "") -> None:
    """T20; `by`: who finishes it the second time."""
    do("reopen", ticket.public_id)
    follow()
    if by:
        finish(ticket, by)


def test_points_of_a_ticket_that_is_opened_again_wait_for_a_word_and_stay_until_then(lotus_db: Branch) -> None:
    """domain.md §3.2 T20."""
    ticket = first()
    reopened(ticket)
    review = RepeatReview.objects.get()
    assert (review.ticket, review.first, review.state) == (ticket.public_id, ticket.public_id, "open")
    [waiting] = said_read.waiting_for(actor("yun")).repeats
    assert waiting.row.reopened and waiting.by_first == ["Wu", "Bo"] and not waiting.own
    assert sum(stands(ticket).values()) == D("5.50")


def test_opened_again_twice_or_told_twice_it_waits_once(lotus_db: Branch) -> None:
    ticket = first()
    reopened(ticket, "xi")
    reopened(ticket)
    book_again(ticket)
    assert RepeatReview.objects.count() == 1
    decide(ticket, "other")
    finish(ticket, "xi")
    assert RepeatReview.objects.get().state == "other"


def test_what_the_first_visit_was_paid_is_taken_back_whoever_has_the_ticket_now(lotus_db: Branch) -> None:
    ticket = first()
    reopened(ticket, "xi")
    [waiting] = said_read.waiting_for(actor("yun")).repeats
    assert waiting.by_first == ["Wu", "Bo"]
    decide(ticket)
    taken = WorkPointEntry.objects.filter(kind="clawback")
    assert {(row.technician.user.username, row.points) for row in taken} == {("wu", D("-3.30")), ("bo", D("-2.20"))}
    assert sum(stands(ticket).values()) == 0 and book_again(ticket) == 0
    assert said_read.waiting_for(actor("yun")).count == 0


def test_another_cause_leaves_a_ticket_that_was_opened_again_what_it_earned(lotus_db: Branch) -> None:
    ticket = first()
    reopened(ticket)
    decide(ticket, "other", "the mouse")
    assert sum(stands(ticket).values()) == D("5.50") and not WorkPointEntry.objects.filter(kind="clawback").exists()
    with pytest.raises(ReviewDecided):
        decide(ticket)


def test_sent_back_before_it_closed_there_is_nothing_to_take_back(lotus_db: Branch) -> None:
    """T19: nothing is earned by then."""
    ticket = worked("awaiting_callback")
    do("callback_reject", ticket.public_id)
    for step in (make.check_in, make.complete, make.close):
        step(ticket.public_id)
    follow()
    assert sum(stands(ticket).values()) > 5 and not RepeatReview.objects.exists()


def test_opened_again_before_it_earned_anything_nobody_is_asked(lotus_db: Branch) -> None:
    ticket = make_ticket(status="closed")
    reopened(ticket)
    assert stands(ticket) == {} and not RepeatReview.objects.exists()


def test_who_was_paid_for_the_first_visit_leaves_it_to_a_colleague(lotus_db: Branch) -> None:
    ticket = make_ticket(status="in_progress")
    with_helper(ticket, "yun", 10)
    for step in (make.complete, make.close):
        step(ticket.public_id)
    follow()
    reopened(ticket, "xi")
    [waiting] = said_read.waiting_for(actor("yun")).repeats
    assert waiting.own
    with pytest.raises(OwnMatter):
        decide(ticket)
    decide(ticket, by="de")


@pytest.mark.parametrize("taken_back", ["before", "after"])
def test_a_void_ticket_loses_its_points_once(lotus_db: Branch, taken_back: str) -> None:
    ticket = first()
    reopened(ticket)
    if taken_back == "before":
        decide(ticket)
    do("void", ticket.public_id)
    follow()
    if taken_back == "after":
        decide(ticket)
    sums = WorkPointEntry.objects.filter(ticket=ticket.public_id).values_list("technician__user__username", "points")
    assert sum(points for who, points in sums if who == "wu") == 0 == sum(points for _who, points in sums)
    assert book_again(ticket) == 0


def test_the_other_branch_has_no_such_repeat(lotus_db: Branch, maple: Branch) -> None:
    first()
    other = again()
    with in_branch(maple.tenant):
        with pytest.raises(ReviewNotFound):
            decide(other)
        assert said_read.waiting_for(actor("yun")).count == 0
