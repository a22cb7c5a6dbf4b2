"""What the main technician says of a ticket's work, and the grid leader's yes or no."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from apps.costing import said_read
from apps.costing.errors import (
    BadClaim,
    ClaimDecided,
    ClaimNotFound,
    NotFinished,
    NotMainTechnician,
    OwnMatter,
    TicketUnknown,
)
from apps.costing.models import WorkClaim
from apps.costing.services import claim_work, decide_claim
from apps.tickets.models import Ticket
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tests.cast import Branch
from tests.costing.ledger import MARCH, D, entries, follow, stands, waits, with_helper, worked
from tests.make import actor, close, complete, events, key, make_ticket
from tests.rules import sent_twice


@pytest.fixture(autouse=True)
def _a_working_morning() -> Iterator[None]:
    with clock.frozen(MARCH):
        yield


def claim(ticket: Ticket, by: str = "wu", **told: Any) -> Receipt:
    return claim_work(public_id=ticket.public_id, **told, by=actor(by), key=key())


def decide(ticket: Ticket, agree: bool = True, by: str = "yun", **more: Any) -> Receipt:
    row = WorkClaim.objects.filter(ticket=ticket.public_id).latest("id")
    told = {"claim": row.pk, "answer": "no photo"} | more
    return decide_claim(public_id=ticket.public_id, agree=agree, **told, by=actor(by), key=key())


def test_a_hard_job_counts_when_the_grid_leader_has_agreed(lotus_db: Branch) -> None:
    ticket = worked("awaiting_callback")
    claim(ticket, difficulty="hard", evidence="on the roof")
    assert waits(ticket) == {("wu", "work"): D("5.25")}
    decide(ticket)
    assert waits(ticket) == {("wu", "work"): D("6.30")}
    close(ticket.public_id)
    follow()
    assert stands(ticket) == {("wu", "work"): D("6.60")} and waits(ticket) == {}
    row = WorkClaim.objects.get()
    assert (row.state, row.decided_by_name) == ("confirmed", "Yun")


def test_an_easy_one_counts_at_once_and_what_brings_more_when_it_is_agreed(lotus_db: Branch) -> None:
    ticket = worked("awaiting_callback")
    claim(ticket, difficulty="easy", quantities={"pole": Decimal(1)})
    assert waits(ticket) == {("wu", "work"): D("4.20")}
    decide(ticket)
    assert waits(ticket) == {("wu", "work"): D("5.88")}  # (5 + 2) × 0.8 × 1.05


def test_a_refused_one_counts_for_nothing(lotus_db: Branch) -> None:
    ticket = worked("awaiting_callback")
    claim(ticket, difficulty="easy", quantities={"pole": Decimal(1)})
    decide(ticket, agree=False)
    assert waits(ticket) == {("wu", "work"): D("5.25")}


def test_the_confirmed_kilometres_count_instead_of_the_estimate(lotus_db: Branch) -> None:
    ticket = worked()
    claim(ticket, km=Decimal("172"), evidence="odometer")
    assert ("wu", "road") not in stands(ticket)
    decide(ticket)
    assert stands(ticket)["wu", "road"] == D("9.12")  # domain.md §5.2, example 1
    assert {one.kind for one in entries(ticket) if one.code == "road"} == {"adjustment"}


def test_said_anew_the_last_word_counts_and_what_was_agreed_stays(lotus_db: Branch) -> None:
    ticket = worked("awaiting_callback")
    claim(ticket, quantities={"pole": Decimal(1)})
    first = WorkClaim.objects.get()
    claim(ticket, quantities={"pole": Decimal(2)})
    with pytest.raises(ClaimNotFound):
        decide(ticket, claim=first.pk)
    decide(ticket)
    with pytest.raises(ClaimDecided):
        decide(ticket, agree=False)
    with pytest.raises(ClaimDecided):
        claim(ticket, quantities={"pole": Decimal(3)})
    assert [one.state for one in WorkClaim.objects.order_by("id")] == ["replaced", "confirmed"]


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({}, "difficulty"),
        ({"difficulty": "impossible"}, "difficulty"),
        ({"difficulty": "hard"}, "evidence"),
        ({"km": Decimal(0), "evidence": "x"}, "km"),
        ({"km": Decimal(9999), "evidence": "x"}, "km"),
        ({"quantities": {"gold": Decimal(1)}}, "quantity.gold"),
        ({"quantities": {"pole": Decimal(501)}}, "quantity.pole"),
        ({"quantities": {"pole": Decimal(-1)}}, "quantity.pole"),
    ],
)
def test_a_claim_that_says_nothing_or_nonsense_is_refused_with_its_field(
    lotus_db: Branch, told: dict[str, Any], field: str
) -> None:
    ticket = worked("awaiting_callback")
    with pytest.raises(BadClaim) as refusal:
        claim(ticket, **told)
    assert field in refusal.value.fields and not WorkClaim.objects.exists()


def test_only_the_main_technician_says_it_and_only_of_finished_work(lotus_db: Branch) -> None:
    going = make_ticket(status="in_progress")
    with_helper(going)
    with pytest.raises(TicketUnknown):  # not of this team
        claim(going, "yun", difficulty="easy")
    with pytest.raises(NotFinished):
        claim(going, difficulty="easy")
    complete(going.public_id)
    with pytest.raises(NotMainTechnician):
        claim(going, "bo", difficulty="easy")
    with pytest.raises(NotAllowed):
        claim(going, "lin", difficulty="easy")


def test_nobody_decides_about_the_own_claim(lotus_db: Branch) -> None:
    """domain.md §12 rule 15. Yun leads the grid and works in it."""
    ticket = make_ticket(status="awaiting_callback", to="yun") if _on_duty("yun") else None
    assert ticket is not None
    claim(ticket, "yun", difficulty="easy")
    with pytest.raises(OwnMatter):
        decide(ticket, by="yun")
    with pytest.raises(NotAllowed):
        decide(ticket, by="wu")
    decide(ticket, by="de")


def _on_duty(username: str) -> bool:
    from apps.people.models import Technician

    return bool(Technician.objects.filter(user__username=username).update(on_duty=True))


def test_a_no_says_why(lotus_db: Branch) -> None:
    ticket = worked("awaiting_callback")
    claim(ticket, difficulty="easy")
    with pytest.raises(BadClaim) as refusal:
        decide(ticket, agree=False, answer=" ")
    assert "answer" in refusal.value.fields


def test_sent_twice_it_is_said_once(lotus_db: Branch, wu: Actor) -> None:
    ticket = worked("awaiting_callback")
    sent_twice(lambda key: claim_work(public_id=ticket.public_id, difficulty="easy", by=wu, key=key))
    assert WorkClaim.objects.count() == 1 and waits(ticket) == {("wu", "work"): D("4.20")}


def test_costs_are_told(lotus_db: Branch) -> None:
    ticket = worked("awaiting_callback")
    claim(ticket, difficulty="easy")
    assert [one.public_id for one in events() if one.kind == "costing.points_changed"] == [ticket.public_id]


def test_what_waits_stands_on_the_leaders_list_and_on_nobody_elses(lotus_db: Branch, maple: Branch) -> None:
    ticket = worked("awaiting_callback")
    claim(ticket, difficulty="hard", quantities={"pole": Decimal(2)}, km=Decimal(40), evidence="photo 2")
    [waiting] = said_read.waiting_for(actor("yun")).claims
    assert [value for _what, value in waiting.says] == ["困难 × 1.2", "2", "40 km"] and not waiting.own
    assert said_read.how_many_wait_for(actor("yun")) == said_read.how_many_wait_for(actor("bai")) == 1
    assert said_read.how_many_wait_for(actor("wu")) == 0
    with in_branch(maple.tenant):
        assert said_read.waiting_for(actor("yun")).count == 0
        with pytest.raises(TicketUnknown):
            claim(ticket, difficulty="easy")
    decide(ticket)
    assert said_read.how_many_wait_for(actor("yun")) == 0
