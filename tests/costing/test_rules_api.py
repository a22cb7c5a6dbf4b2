"""/api/v1/points: versions, try-outs and hours as machines read and write them."""

from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from apps.costing.models import PointRuleSet, TryOut
from apps.costing.rules.rulebook import DEFAULT
from apps.costing.services import tryouts
from steppe.kernel import clock
from tenants.context import in_branch
from tests.cast import Branch
from tests.costing.rules import NOTE, changed, draft, new_rules, today
from tests.make import actor, client_at, key, make_ticket

RULES = "/api/v1/points/rules"


@pytest.fixture
def ji(lotus_db: Branch) -> Client:
    return client_at(lotus_db, actor("ji"))


def send(client: Client, method: str, url: str, body: Any = None, **headers: str) -> Any:
    known = {"Idempotency-Key": key(), "Accept-Language": "en"} | headers
    return getattr(client, method)(url, body, content_type="application/json", headers=known)


def test_a_version_from_draft_to_publication(ji: Client, lotus_db: Branch) -> None:
    made = send(ji, "post", RULES, {})
    assert made.status_code == 201 and made.json()["number"] == 2
    body = deepcopy(DEFAULT.body()) | {"minutes_per_point": 12}
    kept = send(ji, "put", f"{RULES}/2", {"version": 1, "body": body})
    assert kept.status_code == 200 and kept.json()["version"] == 2
    told = send(ji, "get", f"{RULES}/2/changes").json()
    assert told == {"than": 1, "changes": ["Standard minutes per point: 10 → 12"]}
    bai = client_at(lotus_db, actor("bai"))
    note = {"version": 2, "note": NOTE, "effective_from": today().isoformat()}
    assert send(bai, "post", f"{RULES}/2/publish", note).json()["state"] == "published"
    listed = send(client_at(lotus_db, actor("wu")), "get", RULES).json()["results"]
    assert [(one["number"], one["now"]) for one in listed] == [(2, True), (1, False)]
    assert send(ji, "get", f"{RULES}/2").json()["body"]["minutes_per_point"] == 12


def test_the_same_key_drafts_once(ji: Client) -> None:
    same = {"Idempotency-Key": key()}
    one, two = send(ji, "post", RULES, {}, **same), send(ji, "post", RULES, {}, **same)
    assert one.json() == two.json() and two.headers["Idempotent-Replay"] == "true"
    assert PointRuleSet.objects.count() == 2


def test_faults_are_told_at_their_place(ji: Client) -> None:
    draft()
    body = deepcopy(DEFAULT.body())
    body["area"]["D"] = "13"
    refused = send(ji, "put", f"{RULES}/2", {"version": 1, "body": body})
    assert refused.status_code == 422 and refused.json()["fields"] == {"area.D": ["At most 5, please."]}


@pytest.mark.parametrize("body", [
    None, [], "x", 3, {}, {"base": 1}, {"base": {"fault_bb": {}}}, {"quantities": [[]]}, {"shares": [["60", 40]]},
    {"shares": [[1.5, 98.5]]}, {"time": None}, {"rates": {"point_fen": 10**30}}, {"base": {"a\x00": "1"}},
    {"quality": {"scores": {"1": "NaN"}}},
])  # fmt: skip
def test_a_hostile_body_is_a_sentence_and_changes_nothing(ji: Client, body: Any) -> None:
    draft()
    whole = DEFAULT.body() | body if isinstance(body, dict) and body else body
    refused = send(ji, "put", f"{RULES}/2", {"version": 1, "body": whole})
    assert refused.status_code == 422, refused.content
    assert PointRuleSet.objects.get(number=2).body == DEFAULT.body()


def test_stale_settled_and_missing_versions(ji: Client) -> None:
    row = draft()
    changed(row, minutes_per_point=11)
    assert send(ji, "put", f"{RULES}/2", {"version": 1, "body": DEFAULT.body()}).status_code == 409
    assert send(ji, "post", f"{RULES}/2/withdraw", {"version": 2}).json()["state"] == "withdrawn"
    assert send(ji, "post", f"{RULES}/2/withdraw", {"version": 3}).status_code == 409
    assert send(ji, "post", f"{RULES}/9/withdraw", {"version": 1}).status_code == 404
    assert send(ji, "get", f"{RULES}/{'9' * 30}").status_code == 404
    assert send(ji, "post", RULES, {"pattern": 9}).status_code == 404
    assert send(ji, "post", RULES, {"copy": 1}).status_code == 422


def test_a_try_out(ji: Client) -> None:
    make_ticket(status="closed")
    row = draft()
    changed(row, base={"fault_bb": "10"})
    made = send(ji, "post", f"{RULES}/2/tries", {"month": clock.today()[:7]})
    assert made.status_code == 201
    name = made.json()["public_id"]
    assert send(ji, "get", f"{RULES}/2/tries").json()["results"][0]["state"] == "waiting"
    tryouts.try_out(name)
    found = send(ji, "get", f"/api/v1/points/tries/{name}").json()
    assert found["winners"] == 1 and found["people"][0]["name"] == "Wu" and found["types"][0]["type"] == "fault_bb"
    assert send(ji, "post", f"/api/v1/points/tries/{name}/stop", {}).json()["stopped"] is False
    assert TryOut.objects.get().state == "done"
    assert send(ji, "post", f"{RULES}/2/tries", {"month": "2026-13"}).status_code == 422


def test_hours(ji: Client, lotus_db: Branch) -> None:
    assert send(ji, "get", "/api/v1/points/hours?month=2026-10").json()["people"] == []
    assert send(ji, "get", "/api/v1/points/hours?month=soon").status_code == 422
    assert send(ji, "get", "/api/v1/points/hours").status_code == 422
    mine = send(client_at(lotus_db, actor("wu")), "get", "/api/v1/points/hours/mine?month=2026-10").json()
    assert mine["mine"]["points"] == "0.00" and [one["rank"] for one in mine["ranking"]] == [1]
    assert send(ji, "get", "/api/v1/points/hours/mine?month=2026-10").status_code == 403


def test_another_branch_has_its_own(ji: Client, lotus_db: Branch, maple: Branch) -> None:
    new_rules(day=today() + timedelta(days=1))
    with in_branch(maple.tenant):
        ning = client_at(maple, actor("ji"))
    assert [one["number"] for one in send(ning, "get", RULES).json()["results"]] == [1]
    assert send(ning, "get", f"{RULES}/2").status_code == 404
