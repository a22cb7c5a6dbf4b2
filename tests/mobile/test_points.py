"""我的工量 on the phone: a month, a ticket's entries line by line, what one says of the work."""

from collections.abc import Iterator

import pytest

from apps.costing.models import TeamAnswer, WorkClaim
from apps.costing.services import decide_claim
from steppe.kernel import clock
from tests.cast import Branch
from tests.costing.ledger import MARCH, follow, with_helper, worked
from tests.make import BranchClient, actor, client_at, close, complete, key, make_ticket
from tests.queries import asking


@pytest.fixture(autouse=True)
def _a_working_morning() -> Iterator[None]:
    with clock.frozen(MARCH):
        yield


@pytest.fixture
def phone(lotus_db: Branch) -> BranchClient:
    return client_at(lotus_db, lotus_db.wu, HTTP_ACCEPT_LANGUAGE="en")


def page(client: BranchClient, path: str, **query: str) -> str:
    return str(client.get(path, query).content.decode())


def test_a_month_with_nothing_says_what_will_stand_here(phone: BranchClient) -> None:
    assert "No points in this month yet." in page(phone, "/w/points")


def test_a_month_lists_tickets_and_what_waits(phone: BranchClient) -> None:
    done, waiting = worked(), worked("awaiting_callback")
    body = page(phone, "/w/points")
    assert "5.50" in body and "5.25" in body
    assert f"/w/points/{done.public_id}" in body and f"/w/points/{waiting.public_id}" in body
    assert "No points in this month yet." in page(phone, "/w/points", month="2025-01")


def test_the_done_ticket_leads_to_its_points_line_by_line(phone: BranchClient) -> None:
    ticket = worked()
    done = page(phone, f"/w/t/{ticket.public_id}")
    assert f"/w/points/{ticket.public_id}" in done and "5.50" in done
    body = page(phone, f"/w/points/{ticket.public_id}")
    for words in ("Base of this type", "Customer&#x27;s rating", "Both together, limited", "+5.50"):
        assert words in body


def test_a_claim_is_said_and_stands_there(phone: BranchClient) -> None:
    ticket = worked("awaiting_callback")
    told = {"do": "claim", "difficulty": "hard", "q.pole": "2", "km": "40", "own_car": "1", "evidence": "photo 3"}
    answer = phone.post(f"/w/points/{ticket.public_id}", told | {"idempotency_key": key()})
    assert answer.status_code == 303
    claim = WorkClaim.objects.get()
    assert (claim.difficulty, claim.quantities, str(claim.km), claim.own_car) == ("hard", {"pole": "2"}, "40.0", True)
    body = page(phone, f"/w/points/{ticket.public_id}")
    assert "Your grid leader has not decided yet." in body and "photo 3" in body
    decide_claim(
        public_id=ticket.public_id, claim=claim.pk, agree=True, by=actor("yun"), key=key()
    )  # fmt: skip
    body = page(phone, f"/w/points/{ticket.public_id}")
    assert "Yun agreed" in body and "Say it anew" not in body


def test_a_wrong_claim_comes_back_with_what_was_entered(phone: BranchClient) -> None:
    ticket = worked("awaiting_callback")
    told = {"do": "claim", "difficulty": "hard", "q.pole": "2", "idempotency_key": key()}
    answer = phone.post(f"/w/points/{ticket.public_id}", told)
    body = answer.content.decode()
    assert answer.status_code == 422 and "Say what shows it" in body
    assert 'value="hard" checked' in body and 'name="q.pole"' in body and 'value="2"' in body
    for odd in ({"do": "claim", "q.pole": "many"}, {"do": "dance"}, {"do": "claim", "km": "far"}):
        assert phone.post(f"/w/points/{ticket.public_id}", odd | {"idempotency_key": key()}).status_code == 422
    assert not WorkClaim.objects.exists()


def test_who_helped_agrees_or_says_what_is_wrong(lotus_db: Branch, phone: BranchClient) -> None:
    ticket = make_ticket(status="in_progress")
    with_helper(ticket)
    complete(ticket.public_id)
    follow()
    helper = client_at(lotus_db, lotus_db.bo, HTTP_ACCEPT_LANGUAGE="en")
    at = f"/w/points/{ticket.public_id}"
    assert "I do not agree" in page(helper, at) and "I do not agree" not in page(phone, at)
    assert helper.post(at, {"do": "contest", "idempotency_key": key()}).status_code == 422
    assert helper.post(at, {"do": "contest", "note": "half", "idempotency_key": key()}).status_code == 303
    assert not TeamAnswer.objects.get().agrees and "half" in page(phone, at)
    assert helper.post(at, {"do": "agree", "idempotency_key": key()}).status_code == 303
    body = page(helper, at)
    assert TeamAnswer.objects.get().agrees and "2.10" in body and "3.15" not in body  # never a peer's points


def test_strangers_find_nothing(lotus_db: Branch, maple: Branch) -> None:
    ticket = worked()
    for who in (lotus_db.bo, lotus_db.xi):
        assert client_at(lotus_db, who).get(f"/w/points/{ticket.public_id}").status_code == 404
    assert client_at(maple, maple.wu).get(f"/w/points/{ticket.public_id}").status_code == 404
    assert client_at(lotus_db, lotus_db.lin).get("/w/points").status_code == 403


def test_the_pages_ask_as_often_for_many_as_for_one(phone: BranchClient) -> None:
    ticket = worked()
    phone.get("/w/points")
    for _ in range(2):
        with asking(9):  # session, person, the month's seven
            phone.get("/w/points")
        with asking(18):
            phone.get(f"/w/points/{ticket.public_id}")
        worked()
        close(worked("awaiting_callback").public_id)
        follow()


def test_before_the_grab_a_ticket_says_about_what_it_pays(phone: BranchClient) -> None:
    ticket = make_ticket()
    assert "About 5.00 points, done in time" in page(phone, f"/w/t/{ticket.public_id}")
