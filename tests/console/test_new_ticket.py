"""建单: six fields, nothing typed is lost, and a duplicate is seen before it is made."""

import pytest

from apps.tickets.models import Ticket
from tenants.context import in_branch
from tests.cast import Branch
from tests.make import ADDRESS, PHONE, client_at, key, make_ticket
from tests.queries import asking

NEW = "/console/new/"


def entry(**fields: object) -> dict[str, object]:
    base = {
        "phone": "139 0000 7777", "type_code": "fault_bb", "address": ADDRESS, "contact_name": "Su",
        "description": "red light", "priority": "1", "channel": "shop", "idempotency_key": key(),
    }  # fmt: skip
    return base | fields


def test_a_call_becomes_a_ticket_in_the_pool(lotus_db: Branch) -> None:
    client = client_at(lotus_db, lotus_db.cai)
    response = client.post(NEW, entry())
    ticket = Ticket.objects.get()
    assert (response.status_code, response["Location"]) == (303, f"{NEW}?made={ticket.public_id}")
    assert (ticket.status, ticket.contact_phone, ticket.priority) == ("pooled", "13900007777", 1)
    assert (ticket.channel, ticket.created_by) == ("shop", lotus_db.cai.ref)
    assert ticket.ticket_no in client.get(response["Location"]).content.decode()


def test_the_same_key_makes_one_ticket(lotus_db: Branch) -> None:
    client, same = client_at(lotus_db, lotus_db.cai), entry()
    assert client.post(NEW, same)["Location"] == client.post(NEW, same)["Location"]
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [{"phone": ""}, {"phone": "12"}, {"type_code": "nothing"}, {"address": ""}, {"priority": "9"}, {"channel": "x"}],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(lotus_db: Branch, wrong: dict[str, str]) -> None:
    response = client_at(lotus_db, lotus_db.cai).post(NEW, entry(**wrong))
    page = response.content.decode()
    assert response.status_code == 422
    assert 'class="field-error"' in page
    assert "red light" in page
    assert 'value="Su"' in page
    assert Ticket.objects.count() == 0


def test_who_may_not_create_has_no_such_page(lotus_db: Branch) -> None:
    assert client_at(lotus_db, lotus_db.hui).get(NEW).status_code == 403


def test_the_caller_is_recognised_while_the_number_is_typed(lotus_db: Branch, maple: Branch) -> None:
    ticket = make_ticket()
    agent = client_at(lotus_db, lotus_db.an)
    page = agent.get(f"{NEW}similar/", {"phone": f"+86 {PHONE}"}).content.decode()
    assert f"/console/t/{ticket.public_id}/" in page
    assert 'data-fill-contact_name="Mei"' in page
    assert ticket.public_id not in agent.get(f"{NEW}similar/", {"phone": PHONE[:-1]}).content.decode()
    with in_branch(maple.tenant):
        other = client_at(maple, maple.an).get(f"{NEW}similar/", {"phone": PHONE}).content.decode()
    assert ticket.public_id not in other


def test_queries_of_the_entry(lotus_db: Branch) -> None:
    client = client_at(lotus_db, lotus_db.an)
    client.get(NEW)
    for made in range(2):
        with asking(5):  # session, person, types, requests that wait, who called within ten minutes
            client.get(NEW)
        with asking(6):  # session, person, tickets of the caller, at the door, customer, false reports
            client.get(f"{NEW}similar/", {"phone": PHONE, "account_no": "8001", "address": ADDRESS})
        make_ticket(address=f"Birch {made}")


def test_who_reports_it_twice_is_pointed_to_the_open_one_and_may_insist(lotus_db: Branch) -> None:
    client, told = client_at(lotus_db, lotus_db.cai), entry(phone=PHONE)
    first = make_ticket()
    refused = client.post(NEW, told)
    page = refused.content.decode()
    assert refused.status_code == 409
    assert f"/console/t/{first.public_id}/urge/" in page
    assert "red light" in page
    assert Ticket.objects.count() == 1
    assert client.post(NEW, told | {"anyway": "1"}).status_code == 303
    assert Ticket.objects.count() == 2


def test_the_account_fills_the_form_and_is_kept_with_the_ticket(lotus_db: Branch) -> None:
    client = client_at(lotus_db, lotus_db.an)
    client.post(NEW, entry(account_no="8001"))
    assert Ticket.objects.get().account_no == "8001"
    page = client.get(f"{NEW}similar/", {"account_no": "8001"}).content.decode()
    assert 'data-fill-account_no="8001"' in page
    assert 'data-fill-contact_name="Su"' in page


def test_what_the_caller_told_somebody_else_is_urged_and_not_opened(lotus_db: Branch, maple: Branch) -> None:
    ticket, client = make_ticket(by=lotus_db.mei), client_at(lotus_db, lotus_db.cai)
    door, urge = f"/console/t/{ticket.public_id}/", f"/console/t/{ticket.public_id}/urge/"
    page = client.get(f"{NEW}similar/", {"phone": PHONE}).content.decode()
    assert f'href="{urge}"' in page and f'href="{door}"' not in page and "由他人录入" in page
    assert ADDRESS not in page.partition("老用户")[0]  # of the ticket; the customer's card is the clerk's to read
    told = client.post(NEW, entry(phone=PHONE)).content.decode()
    assert f'href="{urge}"' in told and f'href="{door}"' not in told and Ticket.objects.count() == 1
    assert client.get(urge).status_code == 200 and client.get(door).status_code == 404
    done = client.post(urge, {"idempotency_key": key(), "version": ticket.version, "said": "came to the shop"})
    assert (done.status_code, done["Location"]) == (303, f"{NEW}?done=urge")
    assert 'role="status"' in client.get(done["Location"]).content.decode()
    ticket.refresh_from_db()
    assert ticket.urge_count == 1
    again = client.post(urge, {"idempotency_key": key(), "version": ticket.version})
    assert again.status_code == 409  # not again so soon, in words
    assert client_at(maple, maple.cai).get(urge).status_code == 404
