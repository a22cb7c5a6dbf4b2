"""工量 at the desk: what waits for a word, a team's month, a person's entries, bonuses and deductions."""

from collections.abc import Iterator

import pytest

from apps.costing.models import RepeatReview, TeamDecision, WorkClaim, WorkPointEntry
from apps.costing.services import answer_shares, claim_work
from apps.tickets.models import Ticket
from steppe.kernel import clock
from tests.cast import Branch
from tests.costing.ledger import MARCH, follow, with_helper, worked
from tests.costing.test_repeats import again, first
from tests.make import BranchClient, actor, client_at, complete, key, make_ticket
from tests.queries import asking
from tests.tickets.steps import do


@pytest.fixture(autouse=True)
def _a_working_morning() -> Iterator[None]:
    with clock.frozen(MARCH):
        yield


@pytest.fixture
def desk(lotus_db: Branch) -> BranchClient:
    """Yun's."""
    return client_at(lotus_db, lotus_db.yun, HTTP_ACCEPT_LANGUAGE="en")


def claimed(**told: object) -> Ticket:
    ticket = worked("awaiting_callback")
    more = {"difficulty": "hard", "evidence": "on the roof"} | told
    claim_work(public_id=ticket.public_id, **more, by=actor("wu"), key=key())  # type: ignore[arg-type]
    return ticket


def contested() -> Ticket:
    ticket = make_ticket(status="in_progress")
    with_helper(ticket)
    complete(ticket.public_id)
    follow()
    answer_shares(public_id=ticket.public_id, agrees=False, note="half was mine", by=actor("bo"), key=key())
    return ticket


def send(client: BranchClient, path: str, **form: object):  # type: ignore[no-untyped-def]
    return client.post(path, form | {"idempotency_key": key()})


def test_nothing_waits(desk: BranchClient) -> None:
    assert "Nothing waits for you" in desk.get("/console/points/").content.decode()


def test_claims_shares_and_repeats_wait_and_are_counted_in_the_bar(desk: BranchClient) -> None:
    claimed()
    contested()
    first()
    again()
    body = desk.get("/console/points/").content.decode()
    for words in ("on the roof", "half was mine", "first visit's workmanship", 'class="badge">3'):
        assert words in body, words


def test_a_yes_and_a_no(desk: BranchClient) -> None:
    ticket = claimed()
    claim, at = WorkClaim.objects.get().pk, f"/console/points/t/{ticket.public_id}/claim/"
    refused = send(desk, at, claim=claim, agree="0")
    assert refused.status_code == 422 and "Say why not" in refused.content.decode()
    done = send(desk, at, claim=claim, agree="0", answer="no photo")
    assert done.status_code == 303 and WorkClaim.objects.get().state == "refused"
    late = send(desk, at, claim=claim, agree="1")
    assert late.status_code == 409 and "Yun has decided" in late.content.decode()


def test_shares_are_decided(desk: BranchClient) -> None:
    ticket = contested()
    wu, bo = actor("wu").technician_id, actor("bo").technician_id
    at = f"/console/points/t/{ticket.public_id}/shares/"
    wrong = send(desk, at, **{f"share.{wu}": "60", f"share.{bo}": "60", "reason": "x"})
    assert wrong.status_code == 422 and "The shares make 120 per cent" in wrong.content.decode()
    assert send(desk, at, **{f"share.{wu}": "50", f"share.{bo}": "50", "reason": "both"}).status_code == 303
    assert TeamDecision.objects.get().shares == {str(wu): 50, str(bo): 50}


def test_a_repeat_is_decided(desk: BranchClient) -> None:
    first()
    other = again()
    at = f"/console/points/t/{other.public_id}/repeat/"
    assert send(desk, at, cause="workmanship").status_code == 422
    assert send(desk, at, cause="workmanship", note="plug").status_code == 303
    assert RepeatReview.objects.get().state == "workmanship"


def test_a_ticket_that_was_opened_again_says_so_and_is_decided_as_a_repeat(desk: BranchClient) -> None:
    ticket = first()
    do("reopen", ticket.public_id)
    follow()
    body = desk.get("/console/points/").content.decode()
    assert "Opened again: was it the first visit" in body and "Wu, Bo" in body and "<dt>Again</dt>" not in body
    done = send(desk, f"/console/points/t/{ticket.public_id}/repeat/", cause="other", note="mouse")
    assert done.status_code == 303 and RepeatReview.objects.get().state == "other"


def test_ones_own_matter_has_no_buttons(lotus_db: Branch) -> None:
    ticket = make_ticket(status="in_progress")
    with_helper(ticket, "yun", 10)
    complete(ticket.public_id)
    claim_work(public_id=ticket.public_id, difficulty="easy", by=actor("wu"), key=key())
    yun = client_at(lotus_db, lotus_db.yun, HTTP_ACCEPT_LANGUAGE="en")
    body = yun.get("/console/points/").content.decode()
    assert "Your own work: a colleague decides." in body and 'name="agree"' not in body


def test_a_teams_month_and_a_persons_entries(desk: BranchClient) -> None:
    ticket = worked()
    wu = actor("wu").technician_id
    body = desk.get("/console/points/team/").content.decode()
    assert ">Wu<" in body and "5.50" in body and ">Xi<" not in body
    body = desk.get(f"/console/points/team/{wu}/").content.decode()
    assert "Work on the ticket" in body and ticket.ticket_no in body and "Base of this type" in body
    assert desk.get(f"/console/points/team/{actor('xi').technician_id}/").status_code == 404


def test_a_deduction_and_a_bonus_by_hand_and_taken_back(desk: BranchClient, lotus_db: Branch) -> None:
    ticket, wu = worked(), actor("wu").technician_id
    at = f"/console/points/team/{wu}/"
    wrong = send(desk, at, kind="bonus", points="lots", reason="good")
    assert wrong.status_code == 422 and "Points of a bonus" in wrong.content.decode()
    assert send(desk, at, kind="bonus", points="2", reason="good", ticket_no="XX-1").status_code == 422
    assert send(desk, at, kind="bonus", points="2", reason="good", ticket_no=ticket.ticket_no).status_code == 303
    assert send(desk, at, kind="deduction", code="photos", reason="none").status_code == 303
    assert send(desk, at, kind="deduction", code="false_check_in", reason="far").status_code == 403
    entry = WorkPointEntry.objects.get(kind="deduction").pk
    boss = client_at(lotus_db, lotus_db.de, HTTP_ACCEPT_LANGUAGE="en")
    assert "Take back" in boss.get(at).content.decode() and "Take back" not in desk.get(at).content.decode()
    back = f"/console/points/entries/{entry}/take-back/"
    assert send(desk, back, reason="x").status_code == 403
    assert send(boss, back, reason="").status_code == 422
    assert send(boss, back, reason="mistake").status_code == 303
    assert send(boss, back, reason="again").status_code == 409
    assert WorkPointEntry.objects.latest("id").points == 3


def test_the_tickets_page_tells_readers_of_points_and_nobody_else(desk: BranchClient, lotus_db: Branch) -> None:
    ticket = worked()
    address = f"/console/t/{ticket.public_id}/"
    assert "Base of this type" in desk.get(address).content.decode()
    dispatcher = client_at(lotus_db, lotus_db.lin, HTTP_ACCEPT_LANGUAGE="en")
    assert "Work points" not in dispatcher.get(address).content.decode()


def test_who_may_not_come_in(lotus_db: Branch, maple: Branch) -> None:
    ticket = claimed()
    assert client_at(lotus_db, lotus_db.lin).get("/console/points/").status_code == 403
    assert client_at(lotus_db, lotus_db.ji).get("/console/points/").status_code == 403
    assert client_at(lotus_db, lotus_db.ji).get("/console/points/team/").status_code == 200
    there = client_at(maple, maple.yun)
    assert "on the roof" not in there.get("/console/points/").content.decode()
    at = f"/console/points/t/{ticket.public_id}/claim/"
    assert send(there, at, claim=1, agree="1").status_code == 404


def test_the_pages_ask_as_often_for_many_as_for_one(desk: BranchClient) -> None:
    claimed()
    worked()
    wus = f"/console/points/team/{actor('wu').technician_id}/"
    desk.get("/console/points/")
    for _ in range(2):
        with asking(22):
            desk.get("/console/points/")
        with asking(8):
            desk.get("/console/points/team/")
        with asking(19):
            desk.get(wus)
        claimed()
        worked()
