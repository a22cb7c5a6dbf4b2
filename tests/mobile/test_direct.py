"""补录 on the phone: a form, and the ticket is in the technician's list."""

from typing import Any

from apps.tickets.models import Ticket
from tests.cast import Branch
from tests.make import ADDRESS, client_at, key
from tests.mobile.test_more_steps import ENGLISH

CALLER = "13900002222"


def entered(branch: Branch, **form: Any) -> Any:
    told = {"type_code": "fault_bb", "contact_phone": CALLER, "address": ADDRESS, "idempotency_key": key()}
    return client_at(branch, branch.wu).post("/w/report", told | form, headers=ENGLISH)


def test_the_list_leads_there_and_the_form_offers_what_one_can_do(lotus_db: Branch) -> None:
    client = client_at(lotus_db, lotus_db.wu)
    assert 'href="/w/report"' in client.get("/w/mine", headers=ENGLISH).content.decode()
    page = client.get("/w/report", headers=ENGLISH).content.decode()
    assert 'value="fault_bb"' in page and 'value="line_repair"' not in page and not Ticket.objects.exists()


def test_entered_it_is_opened_with_its_next_step(lotus_db: Branch) -> None:
    answer = entered(lotus_db)
    ticket = Ticket.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/w/t/{ticket.public_id}")
    assert (ticket.status, ticket.channel, ticket.contact_phone) == ("accepted", "tech_direct", CALLER)


def test_what_is_missing_or_elsewhere_is_said_and_nothing_is_lost(lotus_db: Branch) -> None:
    for form, words in (
        ({"contact_phone": ""}, "Please leave a phone number"), ({"address": "Willow 1"}, "in none of your areas"),
        ({"type_code": "line_repair"}, "needs a skill"), ({"address": ""}, "Please tell us the address"),
    ):  # fmt: skip
        answer = entered(lotus_db, contact_name="Old Bao", **form)
        page = answer.content.decode()
        assert answer.status_code in {409, 422} and words in page and "Old Bao" in page
    assert not Ticket.objects.exists()


def test_the_api_takes_it_too_and_refuses_what_it_does_not_know(lotus_db: Branch) -> None:
    client = client_at(lotus_db, lotus_db.wu)
    told = {"type_code": "fault_bb", "contact_phone": CALLER, "address": ADDRESS}
    assert client.api("post", "/api/v1/tickets/direct", told | {"channel": "shop"}).status_code == 422
    answer = client.api("post", "/api/v1/tickets/direct", told)
    assert (answer.status_code, answer.json()["status"]) == (201, "accepted")
