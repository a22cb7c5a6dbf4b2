"""A ticket's material over HTTP: strict bodies, keys, who reads what; and the rules of a type."""

import pytest

from apps.inventory import services
from apps.inventory.models import Material
from tests.inventory import on_tickets as material
from tests.inventory import stock
from tests.make import actor, client_at, key

RULES = "/api/v1/stock/material-rules"


@pytest.fixture
def van(lotus_db):
    return material.fill_van()


@pytest.fixture
def ticket(van):
    return material.ticket(type_code="swap_device")


@pytest.fixture
def wu_client(lotus_db, ticket):
    return client_at(lotus_db, lotus_db.wu)


def at(ticket, rest="material"):
    return f"/api/v1/tickets/{ticket.public_id}/{rest}"


def test_material_is_entered_changed_taken_off_and_read(wu_client, lotus_db, van):
    ticket = material.ticket()
    line = wu_client.api("POST", at(ticket), {"item": "cable", "quantity": "5"}).json()["line"]
    assert wu_client.api("POST", at(ticket, "material/units"), {"number": "sn 0001"}).status_code == 201
    assert wu_client.api("PUT", at(ticket, f"material/{line}"), {"quantity": "7", "reason": "wet"}).status_code == 200
    [cable, box] = wu_client.get(at(ticket)).json()["lines"]
    assert (cable["quantity"], cable["reason"], cable["state"], cable["norm"]) == ("7.00", "wet", "reserved", None)
    assert (box["number"], box["item"]["code"], box["place"]["code"]) == ("SN0001", "stb", van)
    assert wu_client.api("POST", at(ticket, f"material/{line}/take-off"), {}).status_code == 200
    assert wu_client.api("POST", at(ticket, f"material/{line}/take-off"), {}).status_code == 404
    assert len(wu_client.get(at(ticket)).json()["lines"]) == 1


def test_what_came_back_is_noted_and_the_cost_is_for_who_may_know_it(wu_client, lotus_db, ticket):
    assert wu_client.get(at(ticket)).json() == {"lines": [], "back": [], "asked": True, "cost": None}
    none = wu_client.api("POST", at(ticket, "not-recovered"), {"why": "lost", "fee": 5000, "note": "flood"}).json()
    off = wu_client.api("POST", at(ticket, f"recovered/{none['line']}/take-off"), {})
    assert off.status_code == 200
    body = {"number": "old-1", "condition": "good", "item": "stb"}
    assert wu_client.api("POST", at(ticket, "recovered"), body).json()["number"] == "OLD-1"
    material.scan(ticket)
    material.finish(ticket)
    [one] = wu_client.get(at(ticket)).json()["back"]
    assert one["document"].startswith("HS-") and one["state"] == "posted"
    assert client_at(lotus_db, lotus_db.de).get(at(ticket)).json()["cost"] == 20_000 - 6_000
    assert client_at(lotus_db, lotus_db.lin).get(at(ticket)).json()["cost"] is None


def test_one_key_enters_once_and_another_body_under_it_is_refused(wu_client, ticket):
    once, told = key(), {"number": "SN0001"}
    first = wu_client.api("POST", at(ticket, "material/units"), told, key=once)
    again = wu_client.api("POST", at(ticket, "material/units"), told, key=once)
    assert first.json() == again.json() and again.headers["Idempotent-Replay"] == "true"
    other = wu_client.api("POST", at(ticket, "material/units"), {"number": "SN0002"}, key=once)
    assert other.json()["code"] == "kernel.idempotency_key_reused"
    assert wu_client.api("POST", at(ticket, "material/units"), told, key="").status_code == 400


@pytest.mark.parametrize(
    ("rest", "body"),
    [
        ("material", {"item": "cable", "quantity": True}), ("material", {"item": "cable", "quantity": "1.005"}),
        ("material", {"item": "cable", "quantity": "1", "place": "main"}), ("material", {"item": "cable"}),
        ("material/units", {"number": ["SN0001"]}), ("material/units", {"number": "SN0001", "held": True}),
        ("recovered", {"number": "OLD1", "condition": "fine"}), ("recovered", {"condition": "good"}),
        ("not-recovered", {"why": "kept", "fee": -1}), ("not-recovered", {"why": "kept", "fee": 1.5}),
        ("material/1/take-off", {"x": 1}),
    ],
)  # fmt: skip
def test_a_body_that_says_something_else_is_refused(wu_client, ticket, rest, body):
    assert wu_client.api("POST", at(ticket, rest), body).status_code == 422
    assert not Material.objects.exists()


def test_the_customer_reads_nothing_of_it(lotus_db, van):
    ticket = material.ticket("pooled", by=lotus_db.mei, contact_phone="13900001001")
    assert client_at(lotus_db, lotus_db.mei).get(at(ticket)).status_code in (403, 404)


def test_a_clerk_enters_goods_from_the_counter(lotus_db, van):
    services.open_place(kind="counter", code="shop", name="shop", unit="EAST", by=actor("ku"), key=key())
    stock.receive(stock.metres(5), stock.boxes("SN0042"), target="shop")
    ticket, cai = material.ticket("pooled"), client_at(lotus_db, lotus_db.cai)
    for told in ({"item": "cable", "quantity": "2"}, {"number": "SN0042"}):
        assert cai.api("POST", at(ticket, "material/counter"), {"counter": "shop"} | told).status_code == 201
    assert cai.api("POST", at(ticket, "material/counter"), {"counter": "shop"}).status_code == 404
    line = Material.objects.get(item__code="cable").pk
    assert cai.api("POST", at(ticket, f"material/{line}/take-off"), {}).status_code == 200
    assert (material.reserved("shop"), material.reserved("shop", "stb")) == (0, 1)


def test_the_rules_of_a_type_are_read_and_laid_down(lotus_db, van):
    keeper, clerk = client_at(lotus_db, lotus_db.ku), client_at(lotus_db, lotus_db.cai)
    listed = {one["type_code"]: one for one in keeper.get(RULES).json()["results"]}
    assert listed["swap_device"]["recovery"] and listed["install_bb"]["norms"]
    body = {"recovery": True, "version": 0, "norms": [{"category": "stb", "quantity": "1"}, {"item": "cable"}]}
    assert keeper.api("PUT", f"{RULES}/fault_bb", body).json()["version"] == 1
    assert keeper.api("PUT", f"{RULES}/fault_bb", body).json()["code"] == "inventory.stale_item"
    found = keeper.get(f"{RULES}/fault_bb").json()
    assert found["norms"] == [
        {"item": "", "category": "stb", "quantity": "1.00"}, {"item": "cable", "category": "", "quantity": None},
    ]  # fmt: skip
    assert keeper.get(f"{RULES}/fault_tv").status_code == 404
    assert keeper.api("PUT", f"{RULES}/nothing", body).status_code == 422
    assert clerk.get(RULES).status_code == clerk.api("PUT", f"{RULES}/fault_bb", body).status_code == 403
