"""The steps behind “more”: each is asked for in a dialog, taken once, refused with what was entered still there."""

import json
from datetime import timedelta
from typing import Any

import pytest

from apps.tickets import services
from apps.tickets.models import Ticket, TicketRequest
from apps.tickets.step_forms import DESK
from steppe.kernel import clock
from tests import make
from tests.cast import Branch
from tests.make import client_at, key, make_ticket
from tests.queries import asking
from tests.tickets.steps import ask, now_of

HTMX, ENGLISH = {"HX-Request": "true"}, {"Accept-Language": "en"}


def tomorrow() -> str:
    return (clock.now().astimezone(clock.BUSINESS_ZONE).date() + timedelta(days=1)).isoformat()


def soon() -> str:
    return (clock.now().astimezone(clock.BUSINESS_ZONE) + timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M")


def incident() -> str:
    ticket = make_ticket(contact_phone="13900007777")
    services.declare_incident(public_id=ticket.public_id, reports=[], by=make.actor("lin"), key=key())
    return ticket.public_id


def other() -> str:
    """Another ticket that Wu has."""
    return make_ticket(status="accepted", contact_phone="13900005555").public_id


def on_a_trip(ticket: Ticket) -> Ticket:
    names, day = [ticket.public_id, other()], clock.now().date()
    services.bundle_tickets(public_ids=names, name="north", planned_for=day, by=make.actor("lin"), key=key())
    return Ticket.objects.get(pk=ticket.pk)


# slug: (who, where the ticket stands, what is entered)
ENTERED: dict[str, tuple[str, str, Any]] = {
    "book": ("lin", "accepted", lambda: {"day": tomorrow(), "slot": "8-10"}),
    "resume": ("lin", "on_hold", dict),
    "start-remote": ("an", "accepted", dict),
    "urge": ("lin", "pooled", lambda: {"said": "third call today"}),
    "ask-transfer": ("lin", "pooled", lambda: {"unit": "CARE", "reason": "wrong_department"}),
    "ask-hand-over": ("lin", "pooled", lambda: {"reason": "their_area"}),
    "ask-hold": (
        "lin", "accepted", lambda: {"hold_class": "customer", "resume_at": soon(), "reason": "not_at_home"}
    ),
    "spawn-child": (
        "lin", "accepted", lambda: {"unit": "CARE", "type_code": "line_repair", "mandatory": "on", "reason": "splice"}
    ),
    "change-type": ("lin", "pooled", lambda: {"type_code": "fault_tv", "reason": "entered_wrong"}),
    "change-priority": ("lin", "pooled", lambda: {"priority": "0", "reason": "many_customers"}),
    "merge": ("lin", "pooled", lambda: {"master": make_ticket(contact_phone="13900008888").ticket_no.lower()}),
    "link-incident": ("lin", "pooled", lambda: {"master": incident()}),
    "unlink-incident": ("lin", "pooled", lambda: {"reason": "own_cause"}),
    "declare-incident": ("lin", "pooled", dict),
    "resolve-incident": ("lin", "pooled", lambda: {"solution": "spliced"}),
    "trip": ("lin", "accepted", lambda: {"others": [other()], "name": "north", "planned_for": tomorrow()}),
    "leave-trip": ("lin", "accepted", dict),
    "reopen": ("hui", "closed", lambda: {"reason": "came_back"}),
    "ask-reopen": ("an", "closed", lambda: {"reason": "came_back"}),
    "ask-void": ("yun", "accepted", lambda: {"reason": "recovered"}),
    "cancel": ("lin", "pooled", lambda: {"reason": "recovered"}),
}  # fmt: skip
NEEDS_NOTHING = {"resume", "start-remote", "urge", "declare-incident", "leave-trip"}


def at(ticket: Ticket, slug: str) -> str:
    return f"/console/t/{ticket.public_id}/{slug}/"


def ready(slug: str) -> tuple[Ticket, str, dict[str, Any]]:
    who, status, told = ENTERED[slug]
    is_incident = slug == "resolve-incident"
    ticket = Ticket.objects.get(public_id=incident()) if is_incident else make_ticket(status=status)
    if slug == "unlink-incident":
        done = {"public_id": ticket.public_id, "master": incident(), "by": make.actor("lin")}
        services.link_incident(**done, key=key())
        ticket.refresh_from_db()
    return on_a_trip(ticket) if slug == "leave-trip" else ticket, who, told()


def press(branch: Branch, ticket: Ticket, slug: str, who: str, *, htmx: bool = True, **form: Any) -> Any:
    body = {"idempotency_key": key(), "version": ticket.version} | form
    client = client_at(branch, make.actor(who))
    where = at(ticket, slug) + ("?sheet=1" if htmx else "")
    return client.post(where, body, headers=ENGLISH | (HTMX if htmx else {}))


def last_action(ticket: Ticket) -> str:
    return ticket.history.latest("version").action


def test_every_step_of_the_menu_is_tried_here() -> None:
    assert set(ENTERED) == {form.slug for form in DESK}


@pytest.mark.parametrize("form", DESK, ids=lambda form: form.slug)
def test_the_menu_offers_it_the_dialog_asks_and_the_step_is_taken(lotus_db: Branch, form: Any) -> None:
    ticket, who, entered = ready(form.slug)
    client = client_at(lotus_db, make.actor(who))
    if form.slug != "resolve-incident" or ticket.is_incident:
        assert at(ticket, form.slug) in client.get(f"/console/t/{ticket.public_id}/side/").content.decode()
    dialog = client.get(at(ticket, form.slug) + "?sheet=1", headers=HTMX).content.decode()
    assert "<fs-dialog" in dialog and "data-open" in dialog and 'name="version"' in dialog
    answer = press(lotus_db, ticket, form.slug, who, **entered)
    assert answer.status_code == 200, answer.content.decode()[:3000]
    assert json.loads(answer["HX-Trigger"])["toast"]["kind"] == "good"
    if form.slug != "resolve-incident":
        assert last_action(ticket) == form.action


@pytest.mark.parametrize("slug", sorted(set(ENTERED) - NEEDS_NOTHING))
def test_without_what_it_asks_the_form_comes_back_with_the_field_named(lotus_db: Branch, slug: str) -> None:
    ticket, who, _ = ready(slug)
    answer = press(lotus_db, ticket, slug, who, note="keep these words")
    page = answer.content.decode()
    assert answer.status_code == 422 and answer["HX-Retarget"] == "#step"
    assert 'class="field-error"' in page
    assert Ticket.objects.get(pk=ticket.pk).version == ticket.version


def test_on_a_page_of_its_own_it_leads_back_to_the_ticket(lotus_db: Branch) -> None:
    ticket = make_ticket()
    client = client_at(lotus_db, lotus_db.lin)
    assert "step-dialog" not in client.get(at(ticket, "cancel")).content.decode()
    answer = press(lotus_db, ticket, "cancel", "lin", htmx=False, reason="recovered")
    assert (answer.status_code, answer["Location"]) == (303, f"/console/t/{ticket.public_id}/?done=cancel")
    assert "banner-good" in client.get(answer["Location"]).content.decode()


def test_a_ticket_that_moved_on_says_so_and_the_next_try_is_about_the_new_one(lotus_db: Branch) -> None:
    ticket = make_ticket()
    press(lotus_db, ticket, "urge", "cai")
    answer = press(lotus_db, ticket, "change-type", "lin", type_code="fault_tv", reason="other", note="their TV")
    page = answer.content.decode()
    assert (answer.status_code, answer["X-Refusal"]) == (409, "tickets.stale_version")
    assert "their TV" in page and f'name="version" value="{ticket.version + 1}"' in page
    assert press(
        lotus_db, now(ticket), "change-type", "lin", type_code="fault_tv", reason="other", note="their TV"
    ).status_code == 200  # fmt: skip
    assert ticket.history.latest("version").reason == "their TV"


def now(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


@pytest.mark.parametrize("written", ["whole", "small", "short", "padded", "name"])
def test_the_number_is_written_as_people_see_it(lotus_db: Branch, written: str) -> None:
    ticket, kept = make_ticket(), make_ticket(contact_phone="13900008888")
    ways = {
        "whole": kept.ticket_no, "small": f" {kept.ticket_no.lower()} ", "short": str(kept.pk),
        "padded": f"{kept.pk:06d}", "name": kept.public_id,
    }  # fmt: skip
    body = {"master": ways[written], "version": ticket.version, "idempotency_key": key()}
    answer = client_at(lotus_db, lotus_db.lin).post(f"/console/t/{ticket.public_id}/merge/", body)
    assert answer.status_code == 303 and now_of(ticket).merged_into_id == kept.pk


@pytest.mark.parametrize("written", ["999999", "LO-2026-999999", "1 OR 1=1", "９"])
def test_a_number_that_nothing_has_is_said_at_its_field(lotus_db: Branch, written: str) -> None:
    ticket = make_ticket()
    body = {"master": written, "version": ticket.version, "idempotency_key": key()}
    answer = client_at(lotus_db, lotus_db.lin).post(f"/console/t/{ticket.public_id}/merge/", body, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 422 and "没有此编号的工单" in page and "field-error" in page
    assert f'value="{written}"' in page and now_of(ticket).status == "pooled"


def test_who_has_no_say_gets_no_dialog(lotus_db: Branch) -> None:
    ticket = make_ticket()
    for slug in ("merge", "change-type", "spawn-child"):
        assert client_at(lotus_db, lotus_db.cai).get(at(ticket, slug), headers=HTMX).status_code == 403


def test_somebody_elses_branch_is_not_found(lotus_db: Branch, maple: Branch) -> None:
    ticket = make_ticket()
    for slug in ENTERED:
        assert client_at(maple, maple.lin).get(at(ticket, slug)).status_code in {403, 404}


# -- requests ----------------------------------------------------------------------------------------------------


def asked_hold(branch: Branch, by: str = "wu") -> Ticket:
    ticket = make_ticket(status="accepted")
    resume_at = clock.now() + timedelta(hours=4)
    ask("hold", ticket.public_id, by=make.actor(by), hold_class="customer", resume_at=resume_at, reason="not_at_home")
    return now(ticket)


def test_the_leader_reads_what_is_asked_and_says_yes(lotus_db: Branch) -> None:
    ticket = asked_hold(lotus_db)
    client = client_at(lotus_db, lotus_db.lin)
    listed = client.get("/console/requests/", headers=ENGLISH).content.decode()
    assert ticket.ticket_no in listed and "Nobody at home" in listed and at(ticket, "approve") in listed
    assert press(lotus_db, ticket, "approve", "lin").status_code == 200
    assert now(ticket).status == "on_hold"
    assert ticket.ticket_no not in client.get("/console/requests/").content.decode()


def test_the_leader_says_no_with_a_reason(lotus_db: Branch) -> None:
    ticket = asked_hold(lotus_db)
    assert press(lotus_db, ticket, "refuse", "lin").status_code == 422
    assert press(lotus_db, ticket, "refuse", "lin", reason="go_on").status_code == 200
    assert (now(ticket).status, TicketRequest.objects.get().state) == ("accepted", "refused")


def test_nobody_decides_the_own_request_but_may_take_it_back(lotus_db: Branch) -> None:
    ticket = asked_hold(lotus_db, by="lin")
    listed = client_at(lotus_db, lotus_db.lin).get("/console/requests/").content.decode()
    assert at(ticket, "approve") not in listed and at(ticket, "withdraw") in listed
    assert press(lotus_db, ticket, "approve", "lin")["X-Refusal"] == "tickets.own_request"
    assert press(lotus_db, ticket, "withdraw", "lin").status_code == 200
    assert TicketRequest.objects.get().state == "withdrawn"


def test_a_transfer_is_decided_by_the_department_it_shall_go_to(lotus_db: Branch, de: Any, gao: Any) -> None:
    """It does not see the ticket yet, only what is asked; the door and the phone stay hidden until it is theirs."""
    ticket = make_ticket()
    press(lotus_db, ticket, "ask-transfer", "lin", unit="CARE", reason="wrong_department")
    for who in (de, gao):
        there = Ticket.objects.filter(pk=ticket.pk, org_path__startswith=who.grants[0].org_path).exists()
        page = client_at(lotus_db, who).get("/console/requests/").content.decode()
        decides = TicketRequest.objects.get().asked["path"].startswith(who.grants[0].org_path)
        assert (at(ticket, "approve") in page) is decides
        assert there or "7-2-301" not in page


def test_the_page_asks_the_same_few_questions_however_long_the_list_is(lotus_db: Branch) -> None:
    client = client_at(lotus_db, lotus_db.lin)
    client.get("/console/requests/")
    for _ in range(3):
        asked_hold(lotus_db)
        with asking(3):
            client.get("/console/requests/", headers=HTMX)
