"""The steps of a ticket's life over HTTP: each is taken, an unknown field is refused, a stale version too."""

from datetime import timedelta
from typing import Any

import pytest

from apps.tickets.models import Charge, Ticket, TicketRequest, TripBundle
from steppe.kernel import clock
from tests import make
from tests.cast import Branch
from tests.make import client_at, key, make_ticket
from tests.tickets.steps import ask, grabbed_long_ago, now_of, shown

JSON = "application/json"


def soon(hours: int) -> str:
    return (clock.now() + timedelta(hours=hours)).isoformat()


def bo() -> int:
    return make.actor("bo").technician_id or 0


def another(**fields: Any) -> str:
    return make_ticket(contact_phone="13900008888", **fields).public_id


def incident() -> str:
    from apps.tickets import services

    name = another()
    services.declare_incident(public_id=name, reports=[], by=make.actor("lin"), key=key())
    return name


# address: (who, where the ticket stands, body, the step in the history)
STEPS: dict[str, tuple[str, str, Any, str]] = {
    "book": ("an", "accepted", lambda: {"start": soon(2), "end": soon(4)}, "book"),
    "contact": ("wu", "accepted", dict, "contact"),
    "resume": ("lin", "on_hold", dict, "resume"),
    "start-remote": ("an", "accepted", dict, "start_remote"),
    "fail-work": ("wu", "in_progress", lambda: {"reason": "refused", "photos": shown()}, "fail_work"),
    "charges": ("wu", "in_progress", lambda: {"code": "cable", "name": "Cable", "unit_fen": 100}, "add_work"),
    "co-workers": ("wu", "in_progress", lambda: {"technician_id": bo(), "share_pct": 40}, "add_work"),
    "callback-attempt": ("hui", "awaiting_callback", lambda: {"outcome": "busy"}, "callback_attempt"),
    "reopen": ("hui", "closed", lambda: {"reason": "came_back"}, "reopen"),
    "cancel": ("lin", "pooled", lambda: {"reason": "recovered"}, "cancel"),
    "urge": ("cai", "pooled", dict, "urge"),
    "merge": ("lin", "pooled", lambda: {"master": another()}, "merge"),
    "declare-incident": ("lin", "pooled", lambda: {"reports": [another()]}, "link_incident"),
    "link-incident": ("lin", "pooled", lambda: {"master": incident()}, "link_incident"),
    "spawn-child": (
        "lin", "accepted", lambda: {"type_code": "line_repair", "unit": "CARE", "reason": "splice"}, "spawn_child"
    ),
    "change-type": ("lin", "pooled", lambda: {"type_code": "fault_tv", "reason": "wrong"}, "change_type"),
    "change-priority": ("lin", "pooled", lambda: {"priority": 0, "reason": "many"}, "change_priority"),
    "ask-return": ("wu", "accepted", lambda: {"reason": "busy"}, "request_return"),
    "ask-hold": (
        "wu", "accepted", lambda: {"hold_class": "customer", "resume_at": soon(5), "reason": "away"}, "request_hold"
    ),
    "ask-transfer": ("lin", "pooled", lambda: {"unit": "CARE", "reason": "theirs"}, "request_transfer"),
    "ask-hand-over": ("lin", "pooled", lambda: {"reason": "theirs"}, "request_hand_over"),
    "ask-reassign": ("wu", "accepted", lambda: {"technician_id": bo(), "reason": "skill"}, "request_reassign"),
    "ask-void": ("wu", "accepted", lambda: {"reason": "recovered"}, "request_void"),
    "ask-type": ("wu", "accepted", lambda: {"type_code": "fault_tv", "reason": "wrong"}, "request_type"),
    "ask-reopen": ("an", "closed", lambda: {"reason": "came_back"}, "request_reopen"),
    "ask-child": (
        "wu", "accepted", lambda: {"type_code": "line_repair", "unit": "CARE", "reason": "splice"}, "request_child"
    ),
}  # fmt: skip


def post(branch: Branch, who: str, ticket: Ticket, step: str, **body: Any) -> Any:
    client = client_at(branch, make.actor(who))
    return client.api("post", f"/api/v1/tickets/{ticket.public_id}/{step}", body)


@pytest.mark.parametrize("step", STEPS)
def test_the_step_is_taken_and_the_answer_says_the_new_version(lotus_db: Branch, step: str) -> None:
    who, status, body, action = STEPS[step]
    ticket, told = make_ticket(status=status), body()
    grabbed_long_ago(ticket)
    answer = post(lotus_db, who, ticket, step, version=ticket.version, **told)
    assert answer.status_code == 200, answer.content.decode()
    after = Ticket.objects.get(pk=ticket.pk)
    assert after.version == answer.json()["version"] > ticket.version
    assert after.history.latest("version").action == action


@pytest.mark.parametrize("step", STEPS)
def test_a_field_nobody_knows_is_refused_not_ignored(lotus_db: Branch, step: str) -> None:
    who, status, body, _ = STEPS[step]
    ticket, told = make_ticket(status=status), body()
    answer = post(lotus_db, who, ticket, step, version=ticket.version, colour="red", **told)
    assert answer.status_code == 422 and "colour" in answer.json()["fields"]
    assert Ticket.objects.get(pk=ticket.pk).version == ticket.version


@pytest.mark.parametrize(("language", "word"), [("en", "no such field"), ("zh-hans", "没有这个字段")])
def test_an_unknown_field_is_named_with_what_to_do_in_the_readers_language(
    lotus_db: Branch, language: str, word: str
) -> None:
    ticket = make_ticket()
    client = client_at(lotus_db, lotus_db.lin)
    body = {"version": ticket.version, "colour": "red"}
    told = client.post(
        f"/api/v1/tickets/{ticket.public_id}/release",
        body,
        content_type=JSON,
        key=key(),
        headers={"Accept-Language": language},
    )
    assert (told.status_code, list(told.json()["fields"])) == (422, ["colour"])
    assert word in told.json()["fields"]["colour"][0]


@pytest.mark.parametrize(
    ("language", "word"), [("en", "it shows what is possible"), ("zh-hans", "上面会显示可以做什么")]
)
def test_a_step_that_is_not_possible_says_the_state_and_what_to_do(lotus_db: Branch, language: str, word: str) -> None:
    ticket = make_ticket(status="closed")
    client = client_at(lotus_db, lotus_db.lin)
    body = {"version": ticket.version, "reason": "late"}
    told = client.post(
        f"/api/v1/tickets/{ticket.public_id}/cancel",
        body,
        content_type=JSON,
        key=key(),
        headers={"Accept-Language": language},
    )
    assert (told.status_code, told.json()["code"]) == (409, "tickets.illegal_transition")
    assert word in told.json()["detail"]


@pytest.mark.parametrize("step", STEPS)
def test_a_stale_version_is_refused(lotus_db: Branch, step: str) -> None:
    who, status, body, _ = STEPS[step]
    ticket, told = make_ticket(status=status), body()
    answer = post(lotus_db, who, ticket, step, version=ticket.version + 1, **told)
    assert (answer.status_code, answer.json()["code"]) == (409, "tickets.stale_version")


def test_what_was_added_on_site_is_settled_and_taken_back(lotus_db: Branch) -> None:
    ticket = make_ticket(status="in_progress")
    post(lotus_db, "wu", ticket, "charges", version=ticket.version, code="cable", name="Cable", unit_fen=100)
    post(lotus_db, "wu", ticket, "co-workers", version=now_of(ticket).version, technician_id=bo(), share_pct=40)
    told = {"charge_id": Charge.objects.get().pk, "how": "mistake", "said": "entered twice"}
    for step, body in (("charges/settle", told), ("co-workers/take-off", {"technician_id": bo()})):
        now = now_of(ticket).version
        odd = post(lotus_db, "wu", ticket, step, version=now, colour="red", **body)
        assert odd.status_code == 422 and "colour" in odd.json()["fields"]
        assert post(lotus_db, "wu", ticket, step, version=now - 1, **body).status_code == 409
        assert post(lotus_db, "wu", ticket, step, version=now, **body).status_code == 200
    assert not Charge.objects.exists()


def test_a_quantity_nobody_can_keep_is_refused_at_its_field(lotus_db: Branch) -> None:
    ticket = make_ticket(status="in_progress")
    told = {"code": "cable", "name": "Cable", "unit_fen": 1, "quantity": "1000000.00"}
    answer = post(lotus_db, "wu", ticket, "charges", version=ticket.version, **told)
    assert answer.status_code == 422 and list(answer.json()["fields"]) == ["quantity"]


def test_a_request_is_approved_refused_and_withdrawn_by_the_right_people(lotus_db: Branch) -> None:
    for step, who, state, body in (
        ("approve", "lin", "approved", {}), ("refuse", "lin", "refused", {"reason": "go_on"}),
        ("withdraw", "wu", "withdrawn", {}),
    ):  # fmt: skip
        ticket = make_ticket(status="accepted")
        ask("void", ticket.public_id, by=make.actor("wu"))
        own = "lin" if step == "withdraw" else "wu"
        version = Ticket.objects.get(pk=ticket.pk).version
        assert post(lotus_db, own, ticket, step, version=version, **body).status_code in {403, 409}
        assert post(lotus_db, who, ticket, step, version=version, **body).status_code == 200
        assert TicketRequest.objects.get(ticket=ticket).state == state


def test_an_incident_is_resolved_for_all_its_reports(lotus_db: Branch) -> None:
    name, report = incident(), make_ticket()
    for step, body in (("link-incident", {"master": name}), ("unlink-incident", {"reason": "own_cause"})):
        assert post(lotus_db, "lin", report, step, version=now_of(report).version, **body).status_code == 200
    assert now_of(report).incident_id is None
    post(lotus_db, "lin", report, "link-incident", version=now_of(report).version, master=name)
    master = Ticket.objects.get(public_id=name)
    assert post(lotus_db, "lin", master, "resolve-incident", solution="spliced").json()["resolved"] == 1
    assert Ticket.objects.get(pk=report.pk).status == "awaiting_callback"


def test_tickets_ride_together_and_one_gets_off(lotus_db: Branch) -> None:
    tickets = [make_ticket(status="accepted", contact_phone=f"1390000{n:04}") for n in range(2)]
    client = client_at(lotus_db, lotus_db.wu)
    body = {"tickets": [one.public_id for one in tickets], "name": "north", "planned_for": "2099-01-05"}
    made = client.api("post", "/api/v1/trips", body)
    assert made.status_code == 201 and TripBundle.objects.get().name == "north"
    assert client.api("post", f"/api/v1/tickets/{tickets[0].public_id}/leave-trip", {}).status_code == 200
    assert Ticket.objects.filter(bundle__isnull=False).count() == 1


def test_two_tickets_are_noted_as_belonging_together(lotus_db: Branch) -> None:
    ticket, other = make_ticket(), another()
    assert post(lotus_db, "lin", ticket, "link", other=other, kind="follow_up").status_code == 200
    assert post(lotus_db, "lin", ticket, "link", other=ticket.public_id, kind="related").status_code == 409
