"""The REST API: reads, steps, refusals. The rules themselves are tested in tests/tickets."""

import json

import pytest

from apps.tickets.models import Ticket
from steppe.kernel.actors import Actor
from tests.cast import NEAR, Branch
from tests.make import ADDRESS, PHONE, client_at, key, make_ticket, report
from tests.tickets.steps import shown

REPORT = {"type_code": "fault_bb", "channel": "shop", "contact_phone": PHONE, "contact_name": "Mei", "address": ADDRESS}
API = "/api/v1"


def test_a_clerk_opens_a_ticket_and_reads_it(lotus_db: Branch, cai: Actor) -> None:
    client = client_at(lotus_db, cai)
    made = client.api("post", f"{API}/tickets", REPORT)
    assert made.status_code == 201 and made.json()["status"] == "pooled"
    found = client.get(f"{API}/tickets/{made.json()['public_id']}").json()
    assert found["contact_phone"] == PHONE and found["ticket_no"].startswith("LO-")


def test_the_most_urgent_is_opened_and_asked_for_as_p0(lotus_db: Branch, cai: Actor, lin: Actor) -> None:
    make_ticket()
    made = client_at(lotus_db, cai).api("post", f"{API}/tickets", REPORT | {"priority": 0, "anyway": True})
    found = client_at(lotus_db, lin).get(f"{API}/tickets", {"priority": 0}).json()
    assert [row["public_id"] for row in found["results"]] == [made.json()["public_id"]]


@pytest.mark.parametrize(
    ("status", "reader", "sees"),
    [("pooled", "wu", False), ("assigned", "wu", False), ("accepted", "wu", True), ("accepted", "ji", False),
     ("awaiting_callback", "ji", False), ("awaiting_callback", "lin", True)],
)  # fmt: skip
def test_what_people_wrote_goes_with_the_contact(lotus_db: Branch, status: str, reader: str, sees: bool) -> None:
    """Callers tell names, numbers and doors: nobody reads them in the pool, nor who does the accounts."""
    ticket, told = make_ticket(status=status), {"description": "ask for Wang, 13900007777", "solution": "door 2-301"}
    Ticket.objects.filter(pk=ticket.pk).update(**told)
    client = client_at(lotus_db, lotus_db.people[reader])
    one = client.get(f"{API}/tickets/{ticket.public_id}").json()
    (row,) = client.get(f"{API}/tickets").json()["results"]
    for found in (one, row):
        assert {name: found[name] for name in told} == (told if sees else dict.fromkeys(told, ""))


def test_a_list_is_paged_by_key(lotus_db: Branch, lin: Actor) -> None:
    made = [make_ticket().public_id for _ in range(5)]
    client, seen, after = client_at(lotus_db, lin), [], None
    while True:
        page = client.get(f"{API}/tickets", {"size": 2, "tab": "pooled"} | ({"after": after} if after else {})).json()
        seen += [row["public_id"] for row in page["results"]]
        after = page["next"]
        if after is None:
            break
    assert seen == made[::-1]


def test_what_one_asked_wrongly_is_not_held_against_the_next_and_each_reads_it_in_their_language(
    lotus_db: Branch, lin: Actor
) -> None:
    """One form checks what everybody asks."""
    client, said = client_at(lotus_db, lin), []
    for language in ("en", "zh-hans"):
        wrong = client.get(f"{API}/tickets", {"days": "x", "size": "0"}, headers={"Accept-Language": language})
        assert wrong.status_code == 422 and set(wrong.json()["fields"]) == {"days", "size"}
        said.append(wrong.json()["fields"]["days"])
        assert client.get(f"{API}/tickets", {"days": "7"}).status_code == 200
    assert said[0] != said[1]


def test_the_counters_follow_the_reader(lotus_db: Branch, lin: Actor, gao: Actor) -> None:
    make_ticket()
    make_ticket(status="accepted")
    counts = client_at(lotus_db, lin).get(f"{API}/tickets/counts").json()
    assert (counts["pooled"], counts["accepted"]) == (1, 1)
    assert sum(client_at(lotus_db, gao).get(f"{API}/tickets/counts").json().values()) == 0


def test_the_whole_life_over_the_api(lotus_db: Branch, cai: Actor, lin: Actor, wu: Actor, hui: Actor) -> None:
    at, name = client_at(lotus_db, cai).api("post", f"{API}/tickets", REPORT), ""
    name, version = at.json()["public_id"], at.json()["version"]
    steps = (
        (lin, "dispatch", {"technician_id": wu.technician_id, "reason": "near"}, "assigned"),
        (wu, "confirm", {}, "accepted"),
        (wu, "check-in", {"lat": NEAR[0], "lng": NEAR[1]}, "in_progress"),
        (wu, "complete", {"solution": "plug"}, "awaiting_callback"),
        (hui, "callback-reject", {"reason": "still dark"}, "accepted"),
        (wu, "check-in", {"reason": "gps is off", "photos": "<shown>"}, "in_progress"),
        (wu, "complete", {"solution": "cable"}, "awaiting_callback"),
        (hui, "callback-ok", {"score": 5}, "closed"),
    )
    for who, step, body, state in steps:
        body |= {"photos": list(shown())} if "photos" in body else {}
        answer = client_at(lotus_db, who).api("post", f"{API}/tickets/{name}/{step}", body | {"version": version})
        assert answer.status_code == 200, (step, answer.content)
        assert answer.json()["status"] == state
        version = answer.json()["version"]
    steps_told = client_at(lotus_db, lin).get(f"{API}/tickets/{name}/history").json()["results"]
    assert [row["version"] for row in steps_told] == list(range(1, 10))


def test_contact_and_door_are_hidden_until_the_ticket_is_ones_own(lotus_db: Branch, wu: Actor, bo: Actor) -> None:
    ticket, client = make_ticket(), client_at(lotus_db, wu)
    before = client.get(f"{API}/tickets/{ticket.public_id}")
    pool = client.get(f"{API}/pool", {"lat": NEAR[0], "lng": NEAR[1]})
    for answer in (before, pool):
        assert PHONE not in answer.content.decode() and "7-2-301" not in answer.content.decode()
    assert before.json()["lat"] is None and before.json()["contact_name"] is None
    assert pool.json()["results"][0]["distance_m"] < 10
    assert client.api("post", f"{API}/tickets/{ticket.public_id}/grab", {}).status_code == 200
    assert client.get(f"{API}/tickets/{ticket.public_id}").json()["contact_phone"] == PHONE
    assert client_at(lotus_db, bo).get(f"{API}/tickets/{ticket.public_id}").status_code == 404


def test_a_search_does_not_tell_a_hidden_phone(lotus_db: Branch, wu: Actor, lin: Actor) -> None:
    make_ticket()
    for text in (PHONE, "7-2-301", "Mei"):
        assert client_at(lotus_db, wu).get(f"{API}/tickets", {"text": text}).json()["results"] == []
        assert len(client_at(lotus_db, lin).get(f"{API}/tickets", {"text": text}).json()["results"]) == 1


def test_reasons_in_the_history_follow_the_contact(lotus_db: Branch, wu: Actor, lin: Actor) -> None:
    ticket = make_ticket(status="assigned", to="bo")
    body = {"reason": "other", "note": "her dog", "version": ticket.version}
    assert client_at(lotus_db, lotus_db.bo).api("post", _step(ticket, "decline"), body).status_code == 200
    assert "her dog" in client_at(lotus_db, lin).get(_step(ticket, "history")).content.decode()
    assert "her dog" not in client_at(lotus_db, wu).get(_step(ticket, "history")).content.decode()


def test_a_customer_reads_who_has_the_ticket_and_no_other_name_of_ours(lotus_db: Branch, mei: Actor) -> None:
    ticket = make_ticket(status="closed", by=mei)  # by Wu and Hui
    steps_told = client_at(lotus_db, mei).get(_step(ticket, "history")).json()["results"]
    named = {one["action"]: one["actor_name"] for one in steps_told}
    assert (named["submit"], named["grab"], named["complete"], named["callback_ok"]) == ("Mei", "Wu", "Wu", "")


def test_the_reasons_of_a_step_are_read_as_codes_with_words_in_ones_language(lotus_db: Branch, wu: Actor) -> None:
    client, told = client_at(lotus_db, wu), {}
    for language in ("en", "zh-hans"):
        found = client.get(f"{API}/reasons/decline", headers={"Accept-Language": language}).json()["results"]
        told[language] = {one["code"]: one["word"] for one in found}
    assert told["en"]["no_part"] == "Tool or part is missing" and told["zh-hans"]["no_part"] == "缺工具或材料"
    assert set(told["en"]) == set(told["zh-hans"]) == {"too_far", "busy", "no_part", "no_skill", "other"}
    assert client.get(f"{API}/reasons/nonsense").status_code == 404


def test_a_dispatch_is_declined_for_a_reason_of_the_list_only(lotus_db: Branch) -> None:
    ticket, client = make_ticket(status="assigned", to="bo"), client_at(lotus_db, lotus_db.bo)
    body = {"reason": "bored", "version": ticket.version}
    refused = client.api("post", _step(ticket, "decline"), body)
    assert refused.status_code == 422 and refused.json()["code"] == "tickets.unknown_reason"
    assert "不是我的技能" in refused.json()["fields"]["reason"][0]
    assert client.api("post", _step(ticket, "decline"), body | {"reason": "no_skill"}).status_code == 200


def test_the_same_key_gets_the_same_answer_and_says_so(lotus_db: Branch, cai: Actor) -> None:
    client, once = client_at(lotus_db, cai), key()
    first = client.api("post", f"{API}/tickets", REPORT, key=once)
    again = client.api("post", f"{API}/tickets", REPORT, key=once)
    assert again.json() == first.json() and again.status_code == 201
    assert again["Idempotent-Replay"] == "true" and "Idempotent-Replay" not in first
    assert Ticket.objects.count() == 1


def test_the_same_key_for_another_request_is_refused(lotus_db: Branch, cai: Actor) -> None:
    client, once = client_at(lotus_db, cai), key()
    client.api("post", f"{API}/tickets", REPORT, key=once)
    other = client.api("post", f"{API}/tickets", REPORT | {"address": "Birch Court 8"}, key=once)
    assert (other.status_code, other.json()["code"]) == (422, "kernel.idempotency_key_reused")


@pytest.mark.parametrize("bad", ["", "x" * 65, "键", "a\tb"])
def test_a_write_without_a_good_key_is_refused(lotus_db: Branch, cai: Actor, bad: str) -> None:
    answer = client_at(lotus_db, cai).api("post", f"{API}/tickets", REPORT, key=bad)
    assert (answer.status_code, answer.json()["code"]) == (400, "kernel.idempotency_key_missing")
    assert not Ticket.objects.exists()


def test_a_stale_version_is_refused(lotus_db: Branch, lin: Actor) -> None:
    ticket = make_ticket()
    answer = client_at(lotus_db, lin).api("post", _step(ticket, "void"), {"reason": "x", "version": 99})
    assert (answer.status_code, answer.json()["code"]) == (409, "tickets.stale_version")


def test_the_loser_of_a_grab_reads_who_won(lotus_db: Branch, bo: Actor) -> None:
    ticket = make_ticket(status="accepted", to="wu")
    answer = client_at(lotus_db, bo).api("post", _step(ticket, "grab"), {})
    assert answer.status_code == 409 and answer.json()["facts"]["winner"] == "Wu"
    assert answer["Content-Type"] == "application/problem+json"


def test_a_write_needs_the_csrf_token(lotus_db: Branch, cai: Actor) -> None:
    answer = client_at(lotus_db, cai, enforce_csrf_checks=True).api("post", f"{API}/tickets", REPORT)
    assert answer.status_code == 403 and not Ticket.objects.exists()


def test_a_customer_reports_for_herself_and_reads_only_her_own(lotus_db: Branch, mei: Actor) -> None:
    client, other = client_at(lotus_db, mei), make_ticket(contact_phone="13900001002")
    made = client.api("post", f"{API}/tickets", REPORT | {"channel": "h5"})
    assert made.status_code == 201
    listed = client.get(f"{API}/tickets").json()["results"]
    assert [row["public_id"] for row in listed] == [made.json()["public_id"]]
    assert listed[0]["actions"] == ["cancel", "urge"]
    assert client.get(f"{API}/tickets/{other.public_id}").status_code == 404
    assert client.api("post", f"{API}/tickets", REPORT | {"channel": "shop"}).status_code == 403
    assert (
        client.api("post", f"{API}/tickets", REPORT | {"channel": "h5", "type_code": "line_repair"}).status_code == 422
    )


def test_a_customer_rates(lotus_db: Branch, mei: Actor) -> None:
    ticket = make_ticket(status="awaiting_callback", by=mei, contact_phone="13900001001")
    answer = client_at(lotus_db, mei).api("post", _step(ticket, "rate"), {"fixed": True, "score": 4})
    assert answer.json()["status"] == "closed"


BAD_BODIES = [
    {"type_code": "nothing_known"},
    {"channel": "carrier_pigeon"},
    {"contact_phone": "12"},
    {"contact_phone": None},
    {"contact_phone": {"a": 1}},
    {"contact_name": "x" * 41},
    {"contact_name": "a\x00b"},
    {"contact_name": "\ud800"},
    {"address": ["Birch"]},
    {"lat": "NaN", "lng": 1},
    {"lat": 91, "lng": 1},
    {"lat": 1e400, "lng": 1},
    {"lat": True, "lng": 1},
    {"lat": "1" * 2000, "lng": 1},
    {"priority": 2.5},
    {"priority": True},
    {"priority": 2**63},
    {"priority": 4},
    {"priority": -1},
    {"priority": "9" * 900},
    {"datum": "mars"},
    {"photos": "abc"},
    {"photos": [{}]},
    {"photos": ["x"] * 10},
    {"status": "closed"},
    {"\ud800": 1},
    {"created_by": "system:0"},
]


@pytest.mark.parametrize("bad", BAD_BODIES, ids=range(len(BAD_BODIES)))
def test_nonsense_is_refused_with_the_field_named(lotus_db: Branch, cai: Actor, bad: dict) -> None:
    answer = client_at(lotus_db, cai).generic(
        "POST", f"{API}/tickets", json.dumps(REPORT | bad), content_type="application/json", key=key()
    )
    assert answer.status_code == 422, answer.content
    assert answer.json()["code"] and not Ticket.objects.exists()


BODIES = {
    "[]": 422, "null": 422, "3": 422, '"x"': 422, "{": 400, "": 422, "\xff": 400, '{"lat": NaN}': 422,
    '{"lat": Infinity}': 422, '{"priority": ' + "9" * 5000 + "}": 400, "[" * 100_000: 400, '{"a":' * 50_000: 400,
    '{"x": "' + "a" * 300_000 + '"}': 413,
}  # fmt: skip


@pytest.mark.parametrize("number", range(len(BODIES)))
def test_a_body_that_is_no_request_is_refused(lotus_db: Branch, cai: Actor, number: int) -> None:
    body, status = list(BODIES.items())[number]
    answer = client_at(lotus_db, cai).generic(
        "POST", f"{API}/tickets", body.encode("latin-1"), content_type="application/json", key=key()
    )
    assert answer.status_code == status, answer.content[:300]


BAD_QUERIES = [
    {"tab": "everything"}, {"size": 0}, {"size": 101}, {"size": "x"}, {"size": "1e9"}, {"after": "x"},
    {"after": "2026-13-01T00:00:00+00:00|5"}, {"after": "2026-01-01T00:00:00|5"},
    {"after": "0001-01-01T00:00:00+00:00|1"},
    {"after": "a|b"}, {"technician_id": 2**63}, {"technician_id": -1}, {"text": "a\x00b"}, {"text": "x" * 61},
    {"ordering": "password"}, {"status__in": "closed"}, {"type": "x" * 31},
]  # fmt: skip


@pytest.mark.parametrize("query", BAD_QUERIES, ids=range(len(BAD_QUERIES)))
def test_a_nonsense_query_is_refused(lotus_db: Branch, lin: Actor, query: dict) -> None:
    assert client_at(lotus_db, lin).get(f"{API}/tickets", query).status_code == 422


@pytest.mark.parametrize("place", [f"2026-01-01T00:00:00+00:00|{10**30}", "nonsense", "|"])
def test_a_place_in_the_list_that_cannot_be_is_refused_by_name(lotus_db: Branch, lin: Actor, place: str) -> None:
    make_ticket()
    refusal = client_at(lotus_db, lin).get(f"{API}/tickets", {"after": place})
    assert refusal.status_code == 422 and "after" in refusal.json()["fields"]


@pytest.mark.parametrize("name", ["x", "a%00bcdefgh", "../../etc", "1", "%E9%94%AE%E9%94%AE%E9%94%AE", "a" * 41])
def test_what_cannot_be_a_ticket_is_not_found(lotus_db: Branch, lin: Actor, name: str) -> None:
    assert client_at(lotus_db, lin).get(f"{API}/tickets/{name}").status_code == 404


def test_a_strangers_ticket_and_no_ticket_get_the_very_same_answer(lotus_db: Branch, gao: Actor) -> None:
    ticket, client = make_ticket(), client_at(lotus_db, gao)
    for step in ("", "/history"):
        theirs, nobodys = (client.get(f"{API}/tickets/{name}{step}") for name in (ticket.public_id, "no-such-name"))
        assert (theirs.status_code, theirs.content) == (nobodys.status_code, nobodys.content)


def test_only_the_named_methods_are_there(lotus_db: Branch, lin: Actor) -> None:
    ticket = make_ticket()
    for method in ("put", "patch", "delete"):
        assert client_at(lotus_db, lin).api(method, f"{API}/tickets/{ticket.public_id}", {}).status_code == 405


def test_a_refusal_speaks_the_readers_language(lotus_db: Branch, lin: Actor) -> None:
    client = client_at(lotus_db, lin)
    said = {
        client.get(f"{API}/tickets/nothing-here", headers={"Accept-Language": language}).json()["detail"]
        for language in ("en", "zh-hans")
    }
    assert "We could not find this ticket." in said


def test_reports_and_reports_of_the_maker_agree(lotus_db: Branch) -> None:
    assert report().type_code == REPORT["type_code"]


def _step(ticket: Ticket, step: str) -> str:
    return f"{API}/tickets/{ticket.public_id}/{step}"
