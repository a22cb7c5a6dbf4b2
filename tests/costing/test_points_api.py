"""Points over the API: read by whose they are, said and decided with a key, errors with their sentence."""

from collections.abc import Iterator

import pytest

from apps.costing.models import WorkClaim, WorkPointEntry
from steppe.kernel import clock
from tests.cast import Branch
from tests.costing.ledger import MARCH, entries, waits, with_helper, worked
from tests.costing.test_repeats import again, first
from tests.make import BranchClient, actor, client_at, complete, key, make_ticket


@pytest.fixture(autouse=True)
def _a_working_morning() -> Iterator[None]:
    with clock.frozen(MARCH):
        yield


@pytest.fixture
def wu_s(lotus_db: Branch) -> BranchClient:
    return client_at(lotus_db, lotus_db.wu)


@pytest.fixture
def yun_s(lotus_db: Branch) -> BranchClient:
    return client_at(lotus_db, lotus_db.yun)


def test_my_month_and_an_entry(wu_s: BranchClient) -> None:
    ticket = worked()
    month = wu_s.api("get", "/api/v1/points/mine").json()
    assert (month["month"], month["earned"], month["waiting"]) == ("2026-03", "5.50", "0.00")
    assert month["tickets"][0]["public_id"] == ticket.public_id
    entry = wu_s.api("get", f"/api/v1/points/entries/{entries(ticket)[-1].pk}").json()
    assert entry["points"] == "5.50" and entry["lines"][0]["value"] == "5"
    one = wu_s.api("get", f"/api/v1/points/mine/{ticket.public_id}").json()
    assert len(one["entries"]) == 1 and one["may_claim"] is True
    assert wu_s.api("get", "/api/v1/points/mine?month=yesterday").status_code == 422


def test_a_claim_from_the_phone_to_the_leaders_yes(wu_s: BranchClient, yun_s: BranchClient) -> None:
    ticket = worked("awaiting_callback")
    at = f"/api/v1/points/tickets/{ticket.public_id}/claim"
    assert (
        wu_s.api("post", at, {"difficulty": "hard", "evidence": "roof", "quantities": {"pole": "1"}}).status_code == 200
    )
    waiting = yun_s.api("get", "/api/v1/points/waiting").json()["claims"]
    assert [one["ticket"] for one in waiting] == [ticket.public_id]
    done = yun_s.api("post", f"{at}/decide", {"claim": waiting[0]["claim"], "agree": True})
    assert done.json()["state"] == "confirmed" and sum(waits(ticket).values()) > 8
    assert yun_s.api("post", f"{at}/decide", {"claim": waiting[0]["claim"], "agree": False}).status_code in {409, 422}


def test_a_claim_is_refused_with_its_fields(wu_s: BranchClient) -> None:
    ticket = worked("awaiting_callback")
    answer = wu_s.api("post", f"/api/v1/points/tickets/{ticket.public_id}/claim", {"difficulty": "hard"})
    assert answer.status_code == 422 and "evidence" in answer.json()["fields"]
    assert not WorkClaim.objects.exists()


def test_shares_answered_and_decided(lotus_db: Branch, yun_s: BranchClient) -> None:
    ticket = make_ticket(status="in_progress")
    with_helper(ticket)
    complete(ticket.public_id)
    at, bo = f"/api/v1/points/tickets/{ticket.public_id}/shares", client_at(lotus_db, lotus_db.bo)
    assert bo.api("post", f"{at}/answer", {"agrees": False, "note": "half"}).json()["agrees"] is False
    ids = {name: actor(name).technician_id for name in ("wu", "bo")}
    contested = yun_s.api("get", "/api/v1/points/waiting").json()["contested"]
    assert [one["pct"] for one in contested[0]["team"]] == [60, 40]
    wrong = yun_s.api("post", f"{at}/decide", {"shares": {str(ids["wu"]): 60}, "reason": "x"})
    assert wrong.status_code == 422
    right = {"shares": {str(ids["wu"]): 50, str(ids["bo"]): 50}, "reason": "both"}
    assert yun_s.api("post", f"{at}/decide", right).json()["entries"] == 2


def test_a_repeat_and_entries_by_hand(lotus_db: Branch, yun_s: BranchClient) -> None:
    first()
    other = again()
    at = f"/api/v1/points/tickets/{other.public_id}/repeat/decide"
    assert yun_s.api("post", at, {"cause": "workmanship", "note": "plug"}).json()["cause"] == "workmanship"
    wu = actor("wu").technician_id
    body = {"technician_id": wu, "kind": "deduction", "code": "photos", "reason": "none"}
    done = yun_s.api("post", "/api/v1/points/entries", body)
    assert done.status_code == 201 and done.json() == {
        "public_id": "", "version": 0, "points": "-3.00", "period": "2026-03",
    }  # fmt: skip
    entry = WorkPointEntry.objects.latest("id").pk
    assert yun_s.api("post", f"/api/v1/points/entries/{entry}/take-back", {"reason": "x"}).status_code == 403
    boss = client_at(lotus_db, lotus_db.de)
    assert boss.api("post", f"/api/v1/points/entries/{entry}/take-back", {"reason": "x"}).json()["points"] == "3.00"
    team = boss.api("get", "/api/v1/points/team").json()["results"]
    assert {one["name"] for one in team} >= {"Wu", "Bo"}
    page = boss.api("get", f"/api/v1/points/team/{wu}").json()
    assert page["next_after"] is None and page["results"][0]["kind"] == "adjustment"


def test_booked_by_hand_twice_is_nothing(lotus_db: Branch) -> None:
    ticket = make_ticket(status="closed")
    client, at = client_at(lotus_db, lotus_db.ji), f"/api/v1/points/tickets/{ticket.public_id}/book"
    assert client.api("post", at, {}).json()["entries"] == 1
    assert client.api("post", at, {}).json()["entries"] == 0
    same = key()
    assert client.api("post", at, {}, key=same).status_code == client.api("post", at, {}, key=same).status_code == 200
