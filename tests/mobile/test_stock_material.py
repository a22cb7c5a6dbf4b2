"""The material page of the technician's own ticket: plain forms, each refusal in words, nothing on GET."""

from typing import Any

import pytest

from apps.inventory.models import Material, Recovered
from apps.tickets.models import Ticket
from tests.cast import Branch
from tests.inventory import on_tickets as material
from tests.inventory import stock
from tests.make import actor, client_at, key
from tests.tickets.steps import do

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def van(lotus_db: Branch) -> str:
    return material.fill_van()


def look(branch: Branch, ticket: Ticket, who: str = "wu", status: int = 200) -> str:
    answer = client_at(branch, branch.people[who]).get(f"/w/t/{ticket.public_id}/material", headers=ENGLISH)
    assert answer.status_code == status
    return str(answer.content.decode())


def send(branch: Branch, ticket: Ticket, wanted: str, who: str = "wu", **form: Any) -> Any:
    given = {"idempotency_key": key(), "do": wanted} | form
    return client_at(branch, branch.people[who]).post(f"/w/t/{ticket.public_id}/material", given, headers=ENGLISH)


def test_the_van_is_shown_and_what_is_tapped_stands_on_the_ticket(lotus_db: Branch, van: str) -> None:
    ticket = material.ticket("accepted")
    page = look(lotus_db, ticket)
    assert "30 m free in the van" in page and "SN0001" in page and "data-scan" in page and "METER" not in page
    assert Material.objects.count() == 0
    for wanted, form in (
        ("scan", {"number": "SN0001", "item": "stb"}), ("enter", {"item": "cable", "quantity": "2.5"}),
        ("enter", {"item": "drum/D1", "quantity": "１２，5"}),
    ):  # fmt: skip
        assert send(lotus_db, ticket, wanted, **form).status_code == 303
    assert [material.reserved(van, one) for one in ("stb", "cable", "drum")] == [1, 2.5, 12.5]
    line = Material.objects.get(item__code="cable").pk
    assert send(lotus_db, ticket, "change", line=line, quantity="4").status_code == 303
    assert send(lotus_db, ticket, "off", line=line).status_code == 303
    assert material.reserved(van) == 0 and 'name="quantity"' in look(lotus_db, ticket)
    material.check_books()


def test_a_refusal_shows_the_page_again_with_the_sentence_and_what_was_typed(lotus_db: Branch, van: str) -> None:
    ticket = material.ticket()
    for wanted, form, said in (
        ("scan", {"number": "SN9999"}, "has no box with the number SN9999"),
        ("enter", {"item": "cable", "quantity": "31"}, "has only 30 m"),
        ("enter", {"item": "cable", "quantity": "a lot"}, "like 12.5"),
        ("enter", {"item": "", "quantity": "1"}, "Choose what you used."),
        ("back", {"number": "SN0001", "condition": "good"}, "not at a customer"),
        ("none", {"why": "lost", "fee": "much"}, "in yuan"),
        ("off", {"line": "9"}, "not on the ticket any more"),
        ("nothing", {}, "check what you entered"),
    ):
        answer = send(lotus_db, ticket, wanted, **form)
        assert answer.status_code in (404, 409, 422) and said in answer.content.decode(), wanted
        assert form.get("number", "") in answer.content.decode()
    assert Material.objects.count() == Recovered.objects.count() == 0


def test_a_swap_asks_for_its_device_until_one_is_noted(lotus_db: Branch, van: str) -> None:
    ticket = material.ticket(type_code="swap_device")
    assert "A device comes back on this ticket." in look(lotus_db, ticket)
    assert send(lotus_db, ticket, "none", why="lost", fee="12.50").status_code == 303
    page = look(lotus_db, ticket)
    assert "A device comes back" not in page.split("fold-act")[0] and "12.50" in page
    assert send(lotus_db, ticket, "back-off", line=Recovered.objects.get().pk).status_code == 303
    back = {"number": "old-1", "item": "stb", "condition": "repairable"}
    assert send(lotus_db, ticket, "back", **back).status_code == 303
    assert Recovered.objects.exclude(state="released").get().number == "OLD-1"


def test_the_finish_says_what_is_missing_and_leads_there(lotus_db: Branch, van: str) -> None:
    ticket = material.ticket()
    material.rule("fault_bb", material.norm("drop_cable", 3))
    line = material.enter(ticket).entity_id
    form = {"idempotency_key": key(), "solution": "spliced"}
    at = f"/w/t/{ticket.public_id}"
    answer = client_at(lotus_db, actor("wu")).post(f"{at}/complete", form, headers=ENGLISH)
    page = answer.content.decode()
    assert answer.status_code == 409 and "norm 3 m, entered 5 m" in page and f'href="{at}/material"' in page
    assert "spliced" in page
    assert "Far above the norm. Why so much?" in look(lotus_db, ticket)
    assert send(lotus_db, ticket, "change", line=line, reason="long way").status_code == 303
    do("complete", ticket.public_id)
    page = look(lotus_db, ticket)
    assert "XH-" in page and "long way" in page and 'name="do"' not in page


def test_without_a_van_it_says_whom_to_ask(lotus_db: Branch) -> None:
    stock.item()
    assert "Ask the storekeeper" in look(lotus_db, material.ticket())


def test_nobody_else_comes_in(lotus_db: Branch, maple: Branch, van: str) -> None:
    ticket = material.ticket()
    for who in ("bo", "xi"):
        look(lotus_db, ticket, who, status=404)
        assert send(lotus_db, ticket, "scan", who, number="SN0001").status_code == 404
    answer = client_at(maple, maple.people["wu"]).get(f"/w/t/{ticket.public_id}/material")
    assert answer.status_code == 404
    assert Material.objects.count() == 0


def test_the_desk_sees_it_on_the_tickets_page_and_what_it_cost_who_may_know(lotus_db: Branch, van: str) -> None:
    ticket = material.ticket(type_code="swap_device")
    at = f"/console/t/{ticket.public_id}/"
    desk, manager = client_at(lotus_db, actor("lin")), client_at(lotus_db, actor("de"))
    assert "A device must come back" in desk.get(at, headers=ENGLISH).content.decode()
    material.scan(ticket), material.back(ticket)
    assert "reserved" in desk.get(at, headers=ENGLISH).content.decode()
    material.finish(ticket)
    page, whole = (one.get(at, headers=ENGLISH).content.decode() for one in (desk, manager))
    assert "SN0001" in page and "OLD001" in page and "Cost of material" not in page
    assert "Cost of material" in whole and "140.00" in whole


def test_the_finish_knows_the_numbers_that_were_scanned_before(lotus_db: Branch, van: str) -> None:
    ticket = material.ticket(type_code="swap_device")
    material.scan(ticket), material.back(ticket)
    page = client_at(lotus_db, actor("wu")).get(f"/w/t/{ticket.public_id}", headers=ENGLISH).content.decode()
    assert 'value="SN0001"' in page and 'value="OLD001"' in page
