"""TMF621: reading, opening, changing faults."""

import threading
from typing import Any

import pytest
from django.db import connection

from apps.partners.models import OpenedTicket
from apps.tickets.models import Ticket, TicketEvent
from steppe.kernel.journal.models import AuditEntry
from tenants.context import in_branch
from tests.cast import Branch
from tests.make import grab, make_ticket
from tests.partners.allies import FAULT, TROUBLE, WORK, Ally, connected
from tests.queries import asking

PRIVATE = ("Mei", "13900001234", "7-2-301", "no light on the box")


def test_a_fault_is_told_in_their_words(lotus_db: Branch, ally: Ally) -> None:
    ticket = make_ticket(status="accepted")
    shown = ally.call("GET", f"{TROUBLE}/{ticket.public_id}").json()
    assert shown["id"] == ticket.public_id and shown["status"] == "inProgress" and shown["@type"] == "TroubleTicket"
    assert shown["href"].endswith(f"{TROUBLE}/{ticket.public_id}") and "lotus.localhost" in shown["href"]
    assert shown["ticketType"] == "fault_bb" and shown["priority"] == "Medium" and shown["severity"] == "Minor"
    assert shown["channel"] == {"id": "shop", "name": "shop"}
    assert shown["relatedParty"][0]["contactMedium"][0]["characteristic"] == {"phoneNumber": "13900001234"}


def test_without_the_contact_scope_no_person_is_told(lotus_db: Branch) -> None:
    ally, ticket = connected(lotus_db, ["tickets"]), make_ticket()
    for path in (TROUBLE, f"{TROUBLE}/{ticket.public_id}"):
        text = ally.call("GET", path).content.decode()
        assert not [word for word in PRIVATE if word in text] and "Birch" in text


NONSENSE = [{"status": "open"}, {"limit": "0"}, {"offset": "-1"}, {"nobody": "x"}, {"limit": "x"}]


def test_a_list_is_cut_filtered_and_counted(lotus_db: Branch, ally: Ally) -> None:
    names = [make_ticket(status=state).public_id for state in ("pooled", "accepted", "pooled")]
    answer = ally.call("GET", TROUBLE, status="acknowledged", limit="1", offset="1", fields="status")
    assert answer["X-Total-Count"] == "2" and answer["X-Result-Count"] == "1"
    (shown,) = answer.json()
    assert shown["id"] == names[0] and set(shown) == {"id", "href", "status", "@type"}
    assert len(ally.call("GET", TROUBLE, ticketType="fault_tv").json()) == 0
    assert len(ally.call("GET", TROUBLE, **{"creationDate.gt": "2020-01-01T00:00:00Z"}).json()) == 3
    assert len(ally.call("GET", TROUBLE, **{"creationDate.lt": "2020-01-01T00:00:00Z"}).json()) == 0


@pytest.mark.parametrize(
    "query", [{"status": "open"}, {"limit": "0"}, {"offset": "-1"}, {"nobody": "x"}, {"limit": "x"}]
)
def test_a_question_that_makes_no_sense_is_refused_in_their_shape(
    lotus_db: Branch, ally: Ally, query: dict[str, str]
) -> None:
    answer = ally.call("GET", TROUBLE, **query)
    assert answer.status_code == 422 and {"code", "reason", "message", "status", "@type"} == set(answer.json())


def test_a_list_asks_five_times_however_long_it_is(lotus_db: Branch, ally: Ally) -> None:
    for _ in range(3):
        make_ticket()
        ally.call("GET", TROUBLE)
        with asking(QUERIES):
            ally.call("GET", TROUBLE)


QUERIES = 5  # the token, the page, the names, the count, our address


def test_orders_are_no_faults_and_faults_no_orders(lotus_db: Branch, ally: Ally) -> None:
    fault, order = make_ticket(), make_ticket(type_code="install_bb", fields=ORDER)
    assert ally.call("GET", f"{TROUBLE}/{order.public_id}").status_code == 404
    assert ally.call("GET", f"{WORK}/{fault.public_id}").status_code == 404
    shown = ally.call("GET", f"{WORK}/{order.public_id}").json()
    assert shown["state"] == "acknowledged" and shown["category"] == "install_bb" and shown["priority"] == "2"
    assert [one["id"] for one in ally.call("GET", WORK, state="acknowledged").json()] == [order.public_id]
    assert ally.call("GET", WORK, state="completed").json() == []


ORDER: dict[str, Any] = {}


def test_a_partner_opens_a_fault(lotus_db: Branch, ally: Ally) -> None:
    answer = ally.call("POST", TROUBLE, FAULT | {"externalId": "BOSS-1", "priority": "High"})
    assert answer.status_code == 201, answer.content
    ticket = Ticket.objects.get()
    assert answer["Location"].endswith(ticket.public_id) and answer.json()["externalId"] == "BOSS-1"
    assert ticket.status == "pooled" and ticket.channel == "import" and ticket.created_by == ally.actor_ref
    assert ticket.contact_phone == "13900001234" and ticket.address == "Birch Court 7-2-301" and ticket.priority == 1
    assert TicketEvent.objects.get().actor_name == "BOSS"
    assert AuditEntry.objects.filter(action="tickets.open", actor=ally.actor_ref, actor_name="BOSS").exists()
    found = ally.call("GET", TROUBLE, externalId="BOSS-1").json()
    assert [one["id"] for one in found] == [ticket.public_id]


def test_who_may_only_open_is_told_no_person_back(lotus_db: Branch) -> None:
    ally = connected(lotus_db, ["open"])
    text = ally.call("POST", TROUBLE, FAULT).content.decode()
    assert not [word for word in PRIVATE if word in text]


def test_the_same_name_is_the_same_ticket(lotus_db: Branch, ally: Ally) -> None:
    told = FAULT | {"externalId": "BOSS-1"}
    first, second = ally.call("POST", TROUBLE, told), ally.call("POST", TROUBLE, told)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"] and Ticket.objects.count() == 1
    other = ally.call("POST", TROUBLE, told | {"description": "another matter"})
    assert other.status_code == 409 and other.json()["code"] == "partners.external_id_taken"
    assert Ticket.objects.count() == 1


def test_another_systems_names_are_its_own(lotus_db: Branch, ally: Ally) -> None:
    told = FAULT | {"externalId": "1"}
    crm = connected(lotus_db, name="CRM")
    mine, theirs = ally.call("POST", TROUBLE, told).json()["id"], crm.call("POST", TROUBLE, told).json()["id"]
    assert mine != theirs
    assert "externalId" not in ally.call("GET", f"{TROUBLE}/{theirs}").json()


def test_killed_between_the_ticket_and_its_name_the_next_try_finds_it(
    lotus_db: Branch, ally: Ally, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = FAULT | {"externalId": "BOSS-1"}
    with monkeypatch.context() as broken:
        broken.setattr("apps.partners.services.tickets._keep_name", _killed)
        with pytest.raises(SystemExit):
            ally.call("POST", TROUBLE, told)
    assert Ticket.objects.count() == 1 and not OpenedTicket.objects.exists()
    changed = ally.call("POST", TROUBLE, told | {"description": "another matter"})
    assert changed.status_code == 409
    again = ally.call("POST", TROUBLE, told)
    assert again.status_code == 200 and again.json()["externalId"] == "BOSS-1" and Ticket.objects.count() == 1


def _killed(**_told: Any) -> None:
    raise SystemExit


def test_two_at_once_under_one_name_are_one_ticket(committed: Any, lotus: Branch) -> None:
    with in_branch(lotus.tenant):
        ally = connected(lotus)
    answers: list[Any] = []

    def call() -> None:
        answers.append(ally.call("POST", TROUBLE, FAULT | {"externalId": "BOSS-1"}))
        connection.close()

    threads = [threading.Thread(target=call) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(one.status_code for one in answers) == [200, 200, 200, 201], [one.content for one in answers]
    with in_branch(lotus.tenant):
        assert Ticket.objects.count() == OpenedTicket.objects.count() == 1


WRONG: list[dict[str, Any]] = [
    {"ticketType": "nobody"}, {"ticketType": "install_bb"}, {"description": ""}, {"priority": "Huge"},
    {"severity": 1}, {"channel": {"id": "wechat_oa"}}, {"relatedParty": []}, {"relatedEntity": []},
    {"externalId": "x" * 101}, {"description": "\x00"}, {"relatedParty": "Mei"},
    {"troubleTicketCharacteristic": [{"name": "nobody", "value": 1}]},
    {"troubleTicketCharacteristic": [{"name": "nobody", "value": {"a": "\x00"}}]},
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_bad_input_is_told_and_opens_nothing(lotus_db: Branch, ally: Ally, wrong: dict[str, Any]) -> None:
    answer = ally.call("POST", TROUBLE, FAULT | wrong)
    assert answer.status_code == 422 and answer.json()["reason"], answer.content
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("body", ["[]", "x", '{"ticketType": NaN}', '"text"'])
def test_what_is_no_object_is_refused(lotus_db: Branch, ally: Ally, body: str) -> None:
    assert ally.call("POST", TROUBLE, body).status_code in {400, 422}


def test_a_partner_cancels_its_own_ticket_before_somebody_took_it(lotus_db: Branch, ally: Ally) -> None:
    name = ally.call("POST", TROUBLE, FAULT).json()["id"]
    gone = {"status": "cancelled", "statusChangeReason": "it works again"}
    assert ally.call("PATCH", f"{TROUBLE}/{name}", gone).json()["status"] == "cancelled"
    assert TicketEvent.objects.get(action="cancel").reason == "it works again"
    assert ally.call("PATCH", f"{TROUBLE}/{name}", gone).status_code == 409


def test_what_somebody_works_on_is_not_cancelled_from_outside(lotus_db: Branch, ally: Ally) -> None:
    name = ally.call("POST", TROUBLE, FAULT).json()["id"]
    grab(name)
    answer = ally.call("PATCH", f"{TROUBLE}/{name}", {"status": "cancelled", "statusChangeReason": "x"})
    assert answer.status_code in {403, 409} and Ticket.objects.get().status == "accepted"


def test_a_note_says_that_the_customer_waits(lotus_db: Branch, ally: Ally) -> None:
    name = ally.call("POST", TROUBLE, FAULT).json()["id"]
    assert ally.call("PATCH", f"{TROUBLE}/{name}", {"note": [{"text": "called twice"}]}).status_code == 200
    assert TicketEvent.objects.get(action="urge").reason == "called twice"
    assert ally.call("PATCH", f"{TROUBLE}/{name}", {"note": [{"text": "again"}]}).status_code == 409


@pytest.mark.parametrize("body", [{}, {"status": "closed"}, {"status": "cancelled", "note": [{"text": "x"}]}])
def test_nothing_else_can_be_changed(lotus_db: Branch, ally: Ally, body: dict[str, Any]) -> None:
    name = ally.call("POST", TROUBLE, FAULT).json()["id"]
    assert ally.call("PATCH", f"{TROUBLE}/{name}", body).status_code == 422


def test_other_peoples_tickets_are_read_and_not_changed(lotus_db: Branch, ally: Ally) -> None:
    answer = ally.call("PATCH", f"{TROUBLE}/{make_ticket().public_id}", {"note": [{"text": "hurry"}]})
    assert answer.status_code == 403 and Ticket.objects.get().urge_count == 0
    assert ally.call("PATCH", f"{TROUBLE}/nobody-s", {"note": [{"text": "hurry"}]}).status_code == 404
