"""Two at once about the same points, real connections: the ledger never says a thing twice."""

from uuid import uuid4

from apps.costing.models import RepeatReview, WorkClaim, WorkPointEntry
from apps.costing.services import book_ticket, claim_work, decide_claim, decide_repeat, enter_points
from apps.tickets.models import Ticket
from steppe.kernel import clock
from steppe.kernel.errors import DomainError
from tenants.context import in_branch
from tests.cast import Branch
from tests.costing.ledger import MARCH, D, follow, stands, waits
from tests.costing.test_repeats import again, first
from tests.databases import Database
from tests.make import actor, close, key, make_ticket
from tests.rules import together

ROUNDS = 3


def tried(work):  # type: ignore[no-untyped-def]
    """The code of a refusal, or done."""
    try:
        work()
    except DomainError as refusal:
        return refusal.code
    return "done"


def test_several_book_a_ticket_at_once_and_it_is_booked_once(committed: Database, lotus: Branch) -> None:
    with in_branch(lotus.tenant), clock.frozen(MARCH):
        for _ in range(ROUNDS):
            ticket = make_ticket(status="closed")
            told = {"public_id": ticket.public_id, "by": actor("ji")}
            together(lotus, [lambda t=told: book_ticket(**t, key=uuid4().hex)] * 4)
            assert sum(stands(ticket).values()) > 5
            assert WorkPointEntry.objects.filter(ticket=ticket.public_id).count() == 1
            follow()
            assert WorkPointEntry.objects.filter(ticket=ticket.public_id).count() == 1


def test_a_ticket_closes_while_it_is_booked(committed: Database, lotus: Branch) -> None:
    with in_branch(lotus.tenant):
        for _ in range(ROUNDS):
            ticket = make_ticket(status="awaiting_callback")
            told = {"public_id": ticket.public_id, "by": actor("ji")}
            together(lotus, [lambda t=told: book_ticket(**t, key=uuid4().hex), lambda t=ticket: close(t.public_id)])
            follow()
            assert sum(waits(ticket).values()) == 0 and sum(stands(ticket).values()) > 5


def test_two_leaders_decide_about_a_claim_and_one_is_too_late(committed: Database, lotus: Branch) -> None:
    with in_branch(lotus.tenant):
        ticket = make_ticket(status="awaiting_callback")
        claim_work(public_id=ticket.public_id, difficulty="hard", evidence="roof", by=actor("wu"), key=key())
        claim = WorkClaim.objects.get().pk
        told = {"public_id": ticket.public_id, "claim": claim, "answer": "no"}
        outcomes = together(
            lotus,
            [
                lambda: tried(lambda: decide_claim(**told, agree=True, by=actor("yun"), key=uuid4().hex)),
                lambda: tried(lambda: decide_claim(**told, agree=False, by=actor("de"), key=uuid4().hex)),
            ],
        )
        assert sorted(outcomes) == ["costing.claim_decided", "done"]
        follow()
        assert len(waits(ticket)) == 1


def test_two_leaders_decide_about_a_repeat_and_it_is_taken_back_once(committed: Database, lotus: Branch) -> None:
    with in_branch(lotus.tenant):
        with clock.frozen(MARCH):
            one, other = first(), again()
        told = {"public_id": other.public_id, "cause": "workmanship", "note": "plug"}
        outcomes = together(
            lotus,
            [lambda w=who: tried(lambda: decide_repeat(**told, by=actor(w), key=uuid4().hex)) for who in ("yun", "de")],
        )
        assert sorted(outcomes) == ["costing.review_decided", "done"]
        assert RepeatReview.objects.get().state == "workmanship"
        taken = WorkPointEntry.objects.filter(kind="clawback", ticket=one.public_id)
        assert sorted(row.points for row in taken) == [D("-3.30"), D("-2.20")]


def test_two_entries_by_hand_for_one_person_are_two(committed: Database, lotus: Branch) -> None:
    with in_branch(lotus.tenant):
        wu = actor("wu").technician_id
        assert wu is not None
        told = {"technician_id": wu, "kind": "deduction", "code": "photos", "reason": "none"}
        together(
            lotus, [lambda w=who: enter_points(**told, by=actor(w), key=uuid4().hex) for who in ("yun", "de", "bai")]
        )
        assert WorkPointEntry.objects.filter(technician_id=wu, kind="deduction").count() == 3
        assert not Ticket.objects.exists()
