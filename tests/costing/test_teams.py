"""Who did how much: those who helped agree or not, the grid leader decides, and it adds up exactly."""

from collections.abc import Iterator
from typing import Any

import pytest

from apps.costing import said_read
from apps.costing.errors import BadShares, NotFinished, NotInTeam, OwnMatter, SharesDecided, TicketUnknown
from apps.costing.models import TeamAnswer, TeamDecision
from apps.costing.services import answer_shares, decide_shares
from apps.tickets.models import Ticket
from steppe.kernel import clock
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tests.cast import Branch
from tests.costing.ledger import MARCH, D, follow, stands, waits, with_helper
from tests.make import actor, close, complete, key, make_ticket


@pytest.fixture(autouse=True)
def _a_working_morning() -> Iterator[None]:
    with clock.frozen(MARCH):
        yield


@pytest.fixture
def ticket(lotus_db: Branch) -> Ticket:
    """Wu and Bo, 60 and 40."""
    made = make_ticket(status="in_progress")
    with_helper(made)
    complete(made.public_id)
    follow()
    return made


def who(name: str) -> int:
    found = actor(name).technician_id
    assert found is not None
    return found


def answer(ticket: Ticket, agrees: bool, note: str = "half of it was mine", by: str = "bo") -> Receipt:
    return answer_shares(public_id=ticket.public_id, agrees=agrees, note=note, by=actor(by), key=key())


def decide(ticket: Ticket, by: str = "yun", reason: str = "both say so", **shares: int) -> Receipt:
    told = {who(name): pct for name, pct in shares.items()}
    return decide_shares(public_id=ticket.public_id, shares=told, reason=reason, by=actor(by), key=key())


def test_the_leader_decides_before_the_close(ticket: Ticket) -> None:
    assert waits(ticket) == {("wu", "work"): D("3.15"), ("bo", "work"): D("2.10")}
    answer(ticket, False)
    assert said_read.waiting_for(actor("yun")).contested[0].team[1].answer.note == "half of it was mine"
    decide(ticket, wu=50, bo=50)
    assert waits(ticket) == {("wu", "work"): D("2.63"), ("bo", "work"): D("2.62")}
    close(ticket.public_id)
    follow()
    assert stands(ticket) == {("wu", "work"): D("2.75"), ("bo", "work"): D("2.75")}
    assert said_read.waiting_for(actor("yun")).count == 0


def test_decided_after_the_close_it_is_adjusted_and_the_sum_stays(ticket: Ticket) -> None:
    close(ticket.public_id)
    follow()
    decide(ticket, wu=10, bo=90)
    decide(ticket, wu=33, bo=67)
    found = stands(ticket)
    assert sum(found.values()) == D("5.50") and found["bo", "work"] == D("3.68")


def test_agreed_is_agreed(ticket: Ticket) -> None:
    answer(ticket, True, "")
    assert TeamAnswer.objects.get().agrees and said_read.waiting_for(actor("yun")).count == 0
    answer(ticket, False)
    assert TeamAnswer.objects.get().agrees is False


@pytest.mark.parametrize(
    "shares", [{"wu": 100}, {"wu": 50, "bo": 40, "yun": 10}, {"wu": 60, "bo": 41}, {"wu": 101, "bo": -1}, {}]
)
def test_shares_that_do_not_make_a_hundred_of_just_this_team_are_refused(
    ticket: Ticket, shares: dict[str, int]
) -> None:
    with pytest.raises(BadShares) as refusal:
        decide(ticket, **shares)
    assert "shares" in refusal.value.fields and not TeamDecision.objects.exists()


def test_a_decision_says_why_and_so_does_a_no(ticket: Ticket) -> None:
    for refused in (lambda: decide(ticket, reason=" ", wu=50, bo=50), lambda: answer(ticket, False, " ")):
        with pytest.raises(BadShares):
            refused()


def test_who_may_not(ticket: Ticket) -> None:
    refusals: list[tuple[type[Exception], Any]] = [
        (NotInTeam, lambda: answer(ticket, True, by="wu")),
        (TicketUnknown, lambda: answer(ticket, True, by="xi")),
        (NotAllowed, lambda: answer(ticket, True, by="lin")),
        (NotAllowed, lambda: decide(ticket, by="bo", wu=50, bo=50)),
        (NotAllowed, lambda: decide(ticket, by="lin", wu=50, bo=50)),
    ]
    for refusal, attempt in refusals:
        with pytest.raises(refusal):
            attempt()


def test_a_leader_in_the_team_leaves_it_to_a_colleague(lotus_db: Branch) -> None:
    ticket = make_ticket(status="in_progress")
    with_helper(ticket, "yun", 30)
    complete(ticket.public_id)
    with pytest.raises(OwnMatter):
        decide(ticket, wu=1, yun=99)
    decide(ticket, by="de", wu=60, yun=40)


def test_work_that_goes_on_has_no_shares_yet(lotus_db: Branch) -> None:
    ticket = make_ticket(status="in_progress")
    with_helper(ticket)
    with pytest.raises(TicketUnknown):
        answer(ticket, True)
    with pytest.raises(NotFinished):
        decide(ticket, wu=100)


def test_after_the_decision_nobody_answers_any_more(ticket: Ticket) -> None:
    decide(ticket, wu=50, bo=50)
    with pytest.raises(SharesDecided):
        answer(ticket, False)


def test_the_other_branch_knows_nothing_of_it(ticket: Ticket, maple: Branch) -> None:
    with in_branch(maple.tenant), pytest.raises(TicketUnknown):
        decide(ticket, wu=50, bo=50)
