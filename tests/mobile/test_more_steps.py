"""The other steps on the phone: the technician's own tickets, the customer's own report."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.people.models import Technician
from apps.tickets.models import Assignment, Charge, Ticket, TicketRequest
from apps.tickets.step_forms import CUSTOMER, PHONE
from steppe.kernel import clock
from tests import make
from tests.cast import Branch
from tests.make import client_at, key, make_ticket, picture
from tests.tickets.steps import ask, do, grabbed_long_ago, now_of

ENGLISH = {"Accept-Language": "en"}


def tomorrow() -> str:
    return (clock.now().astimezone(clock.BUSINESS_ZONE).date() + timedelta(days=1)).isoformat()


def soon() -> str:
    return (clock.now().astimezone(clock.BUSINESS_ZONE) + timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M")


def bo() -> str:
    return str(make.actor("bo").technician_id)


def other() -> str:
    """Another ticket that Wu has."""
    return make_ticket(status="accepted", contact_phone="13900005555").public_id


# slug: (where the ticket stands, what is entered, the step it leaves in the history)
ENTERED: dict[str, tuple[str, Any, str]] = {
    "contact": ("accepted", lambda: {"said": "comes home at six"}, "contact"),
    "book": ("accepted", lambda: {"day": tomorrow(), "slot": "14-16"}, "book"),
    "resume": ("on_hold", dict, "resume"),
    "start-remote": ("accepted", dict, "start_remote"),
    "ask-hold": (
        "accepted", lambda: {"hold_class": "customer", "resume_at": soon(), "reason": "not_at_home"}, "request_hold"
    ),
    "ask-child": (
        "in_progress", lambda: {"unit": "CARE", "type_code": "line_repair", "reason": "splice"}, "request_child"
    ),
    "ask-reassign": ("accepted", lambda: {"technician_id": bo(), "reason": "skill"}, "request_reassign"),
    "ask-transfer": ("accepted", lambda: {"unit": "CARE", "reason": "needs_crew"}, "request_transfer"),
    "ask-return": ("accepted", lambda: {"reason": "busy"}, "request_return"),
    "charge": ("in_progress", lambda: {"name": "Cable", "yuan": "12.50", "receipt_no": "R-1"}, "add_work"),
    "co-worker": ("in_progress", lambda: {"technician_id": bo(), "share_pct": "30"}, "add_work"),
    "photos": ("accepted", lambda: {"photo_files": SimpleUploadedFile("a.jpg", picture(), "image/jpeg")}, "attach"),
    "trip": ("accepted", lambda: {"others": [other()], "name": "north", "planned_for": tomorrow()}, "bundle"),
    "ask-type": ("in_progress", lambda: {"type_code": "fault_tv", "reason": "found_on_site"}, "request_type"),
    "ask-void": ("accepted", lambda: {"reason": "recovered"}, "request_void"),
    "fail-work": (
        "in_progress",
        lambda: {"reason": "refused", "photo_files": SimpleUploadedFile("a.jpg", picture(), "image/jpeg")},
        "fail_work",
    ),
}  # fmt: skip
FOR_CUSTOMERS: dict[str, Any] = {
    "urge": lambda: {"said": "since Monday"}, "book": lambda: {"day": tomorrow(), "slot": "8-10"},
    "cancel": lambda: {"reason": "recovered"}, "ask-reopen": lambda: {"reason": "came_back"},
    "withdraw": dict,
}  # fmt: skip


def post(branch: Branch, who: str, where: str, ticket: Ticket, **form: Any) -> Any:
    body = {"idempotency_key": key(), "version": ticket.version} | form
    return client_at(branch, make.actor(who) if who != "mei" else branch.mei).post(where, body, headers=ENGLISH)


def test_every_step_of_the_phone_is_tried_here() -> None:
    others = {"withdraw", "leave-trip", "settle-charge", "co-worker-off"}  # they need something to undo
    assert set(ENTERED) | others == {form.slug for form in PHONE}
    assert set(FOR_CUSTOMERS) == {form.slug for form in CUSTOMER}


@pytest.mark.parametrize("slug", ENTERED)
def test_the_page_offers_it_asks_and_the_step_is_taken(lotus_db: Branch, slug: str) -> None:
    status, told, action = ENTERED[slug]
    ticket = make_ticket(status=status)
    grabbed_long_ago(ticket)
    where, client = f"/w/t/{ticket.public_id}/{slug}", client_at(lotus_db, lotus_db.wu)
    assert where in client.get(f"/w/t/{ticket.public_id}").content.decode()
    assert client.get(where).status_code == 200
    answer = post(lotus_db, "wu", where, ticket, **told())
    assert (answer.status_code, answer["Location"]) == (303, f"/w/t/{ticket.public_id}?done={slug}")
    assert ticket.history.latest("version").action == action
    assert client.get(answer["Location"]).content.decode().count("banner-good") == 1


@pytest.mark.parametrize("slug", sorted(set(ENTERED) - {"contact", "resume", "start-remote"}))
def test_what_is_missing_is_said_at_the_field_and_nothing_is_lost(lotus_db: Branch, slug: str) -> None:
    ticket = make_ticket(status=ENTERED[slug][0])
    where = f"/w/t/{ticket.public_id}/{slug}"
    answer = post(lotus_db, "wu", where, ticket, note="my own words")
    assert answer.status_code == 422 and "cell-error" in answer.content.decode()
    assert Ticket.objects.get(pk=ticket.pk).version == ticket.version


def test_on_site_giving_back_takes_a_photo(lotus_db: Branch) -> None:
    ticket = make_ticket(status="in_progress")
    where = f"/w/t/{ticket.public_id}/ask-return"
    bare = post(lotus_db, "wu", where, ticket, reason="no_part")
    assert bare.status_code == 422 and "cell-error" in bare.content.decode()
    shown = SimpleUploadedFile("a.jpg", picture(), "image/jpeg")
    assert post(lotus_db, "wu", where, ticket, reason="no_part", photo_files=shown).status_code == 303
    assert len(TicketRequest.objects.get().asked["photos"]) == 1


def test_what_one_asked_for_can_be_taken_back(lotus_db: Branch) -> None:
    ticket = make_ticket(status="accepted")
    ask("void", ticket.public_id, by=make.actor("wu"))
    page = client_at(lotus_db, lotus_db.wu).get(f"/w/t/{ticket.public_id}").content.decode()
    assert f"/w/t/{ticket.public_id}/withdraw" in page and f"/w/t/{ticket.public_id}/ask-void" not in page
    fresh = Ticket.objects.get(pk=ticket.pk)
    assert post(lotus_db, "wu", f"/w/t/{ticket.public_id}/withdraw", fresh).status_code == 303
    assert TicketRequest.objects.get().state == "withdrawn"


def test_a_trip_is_planned_shown_and_left_on_the_phone(lotus_db: Branch) -> None:
    ticket, along = make_ticket(status="accepted"), other()
    base, client = f"/w/t/{ticket.public_id}", client_at(lotus_db, lotus_db.wu)
    told = {"others": [along], "name": "苏木一线", "planned_for": tomorrow()}
    assert post(lotus_db, "wu", f"{base}/trip", ticket, **told).status_code == 303
    assert Technician.objects.get(id=lotus_db.wu.technician_id).open_count == 1
    assert "苏木一线" in client.get(f"{base}/story").content.decode()
    page = client.get(base).content.decode()
    assert f"{base}/leave-trip" in page and f"{base}/trip" not in page
    assert post(lotus_db, "wu", f"{base}/leave-trip", ticket).status_code == 303
    assert Technician.objects.get(id=lotus_db.wu.technician_id).open_count == 2


def test_somebody_elses_ticket_is_not_taken_along(lotus_db: Branch) -> None:
    ticket, theirs = make_ticket(status="accepted"), make_ticket(status="accepted", to="bo")
    told = {"others": [theirs.public_id], "name": "north", "planned_for": tomorrow()}
    assert post(lotus_db, "wu", f"/w/t/{ticket.public_id}/trip", ticket, **told).status_code == 422
    assert Ticket.objects.get(pk=ticket.pk).bundle_id is None


def test_money_is_kept_in_fen_and_shares_at_the_helper(lotus_db: Branch) -> None:
    ticket = make_ticket(status="in_progress")
    base = f"/w/t/{ticket.public_id}"
    post(lotus_db, "wu", f"{base}/charge", ticket, name="Cable", yuan="12.55", waived_why="our fault")
    assert (Charge.objects.get().unit_fen, Charge.objects.get().waived_why) == (1255, "our fault")
    fresh = Ticket.objects.get(pk=ticket.pk)
    post(lotus_db, "wu", f"{base}/co-worker", fresh, technician_id=bo(), share_pct="30")
    assert Assignment.objects.get(role="assist").share_pct == 30


def test_a_charge_gets_its_receipt_and_a_helper_who_did_not_help_goes(lotus_db: Branch) -> None:
    ticket = make_ticket(status="in_progress")
    base, client = f"/w/t/{ticket.public_id}", client_at(lotus_db, lotus_db.wu)
    for slug, nothing in (("settle-charge", "Every charge is settled."), ("co-worker-off", "Nobody else has a share")):
        assert nothing in client.get(f"{base}/{slug}", headers=ENGLISH).content.decode()
    post(lotus_db, "wu", f"{base}/charge", ticket, name="Cable", yuan="12.55")
    post(lotus_db, "wu", f"{base}/co-worker", now_of(ticket), technician_id=bo(), share_pct="30")
    assert "Cable · ¥12.55" in client.get(f"{base}/settle-charge", headers=ENGLISH).content.decode()
    assert "Bo · 30 %" in client.get(f"{base}/co-worker-off", headers=ENGLISH).content.decode()
    told = {"charge_id": Charge.objects.get().pk, "how": "receipt"}
    answer = post(lotus_db, "wu", f"{base}/settle-charge", now_of(ticket), **told, said="9" * 41)
    assert answer.status_code == 422 and "At most 40 characters" in answer.content.decode()
    assert post(lotus_db, "wu", f"{base}/settle-charge", now_of(ticket), **told, said="R-9").status_code == 303
    assert post(lotus_db, "wu", f"{base}/co-worker-off", now_of(ticket), technician_id=bo()).status_code == 303
    assert Charge.objects.get().receipt_no == "R-9" and not Assignment.objects.filter(role="assist").exists()


@pytest.mark.parametrize("slug", FOR_CUSTOMERS)
def test_the_customer_urges_books_and_cancels_the_own_report(lotus_db: Branch, slug: str) -> None:
    status = {"book": "accepted", "ask-reopen": "closed", "withdraw": "closed"}.get(slug, "pooled")
    ticket = make_ticket(by=lotus_db.mei, status=status)
    if slug == "withdraw":
        ask("reopen", ticket.public_id, by=lotus_db.mei)
        ticket.refresh_from_db()
    where, client = f"/h5/t/{ticket.public_id}/{slug}", client_at(lotus_db, lotus_db.mei)
    assert where in client.get(f"/h5/t/{ticket.public_id}").content.decode()
    assert client.get(where).status_code == 200
    answer = post(lotus_db, "mei", where, ticket, **FOR_CUSTOMERS[slug]())
    assert answer.status_code == 303, answer.content.decode()[-1500:]
    assert ticket.history.latest("version").action == {"ask-reopen": "request_reopen"}.get(slug, slug)


def test_who_asked_for_it_to_be_opened_again_reads_that_it_is_being_looked_at(lotus_db: Branch) -> None:
    ticket = make_ticket(by=lotus_db.mei, status="closed")
    client, page = client_at(lotus_db, lotus_db.mei), f"/h5/t/{ticket.public_id}"
    told = "You said that it is not in order."
    assert told not in client.get(page, headers=ENGLISH).content.decode()
    ask("reopen", ticket.public_id, by=lotus_db.mei)
    assert told in client.get(page, headers=ENGLISH).content.decode()
    assert "It can be asked for again." in client.get(f"{page}/withdraw", headers=ENGLISH).content.decode()
    assert post(lotus_db, "mei", f"{page}/withdraw", now_of(ticket)).status_code == 303
    assert told not in client.get(page, headers=ENGLISH).content.decode()


def test_what_went_to_another_branch_does_not_ask_whether_it_is_in_order(lotus_db: Branch) -> None:
    ticket = make_ticket(by=lotus_db.mei)
    do("hand_over", ticket.public_id)
    body = client_at(lotus_db, lotus_db.mei).get(f"/h5/t/{ticket.public_id}", headers=ENGLISH).content.decode()
    assert "ask-reopen" not in body and "It is not in order" not in body


def test_another_customers_report_is_not_found(lotus_db: Branch) -> None:
    ticket = make_ticket(by=lotus_db.na)
    for slug in FOR_CUSTOMERS:
        assert client_at(lotus_db, lotus_db.mei).get(f"/h5/t/{ticket.public_id}/{slug}").status_code == 404


def test_a_second_urge_too_soon_is_refused_in_words(lotus_db: Branch) -> None:
    ticket = make_ticket(by=lotus_db.mei)
    where = f"/h5/t/{ticket.public_id}/urge"
    post(lotus_db, "mei", where, ticket)
    answer = post(lotus_db, "mei", where, Ticket.objects.get(pk=ticket.pk), said="again")
    assert answer.status_code == 409 and "banner-loud" in answer.content.decode() and "again" in answer.content.decode()
