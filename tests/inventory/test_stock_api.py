"""Stock over HTTP: a paper's whole life, strict bodies, keys and versions; the other branch has the same numbers."""

import pytest

from apps.inventory.models import Document
from tenants.context import in_branch
from tests.inventory import stock
from tests.make import client_at, key

AT = "/api/v1/stock"
CABLE = {"name": "Cable", "category": "drop_cable", "kind": "quantity", "unit": "m", "usual_cost": 50}
BOX = {"name": "Box", "category": "stb", "kind": "serialized", "unit": "台", "usual_cost": 20_000}
RECEIPT = {
    "kind": "receipt", "target": "main", "origin": "purchase",
    "lines": [{"item": "cable", "quantity": "12.5"}, {"item": "box", "serials": ["sn 0001", "CODE_128,SN0002"]}],
}  # fmt: skip


@pytest.fixture
def keeper(lotus_db):
    client = client_at(lotus_db, lotus_db.people["ku"])
    for code, body in (("cable", CABLE), ("box", BOX)):
        assert client.api("PUT", f"{AT}/items/{code}", body).status_code == 200
    return client


def written(client, body=RECEIPT):
    answer = client.api("POST", f"{AT}/documents", body)
    assert answer.status_code == 201, answer.content
    return answer.json()["number"], answer.json()["version"]


def step(client, number, what, **body):
    return client.api("POST", f"{AT}/documents/{number}/{what}", body)


def received(client):
    number, version = written(client)
    assert step(client, number, "post", version=version).json()["state"] == "posted"
    return number


def test_a_receipt_is_written_changed_posted_and_read(keeper):
    number, version = written(keeper)
    lines = [*RECEIPT["lines"][1:], {"item": "cable", "quantity": "20", "unit_cost": "60.5"}]
    changed = keeper.api("PUT", f"{AT}/documents/{number}/lines", {"version": version, "lines": lines})
    assert changed.json()["version"] == version + 1
    assert step(keeper, number, "post", version=version).json()["code"] == "inventory.stale"
    assert step(keeper, number, "post", version=version + 1).json()["state"] == "posted"
    paper = keeper.get(f"{AT}/documents/{number}").json()
    assert [(one["item"]["code"], one["quantity"], one["serials"]) for one in paper["lines"]] == [
        ("box", "2.00", ["SN0001", "SN0002"]),
        ("cable", "20.00", []),
    ]
    assert paper["lines"][1]["unit_cost"] == "60.5000"
    held = keeper.get(f"{AT}/places/main/balances").json()["results"]
    assert [(one["item"]["code"], one["quantity"]) for one in held] == [("box", "2.00"), ("cable", "20.00")]
    [life] = keeper.get(f"{AT}/serials/SN0001").json()["results"]
    assert (life["state"], life["steps"][0]["document"]) == ("in_stock", number)
    card = keeper.get(f"{AT}/card", {"place": "main", "item": "cable"}).json()
    assert (card["opening"], [one["balance"] for one in card["lines"]]) == ("0.00", ["20.00"])
    past = keeper.get(f"{AT}/at", {"place": "main", "moment": "2020-01-01T00:00:00+08:00"}).json()
    assert past["results"] == []


def test_scrap_is_submitted_approved_by_another_and_posted(keeper, lotus_db):
    received(keeper)
    body = {"kind": "scrap", "source": "main", "reason": "wet", "lines": [{"item": "cable", "quantity": "2"}]}
    number, version = written(keeper, body)
    version = step(keeper, number, "submit", version=version).json()["version"]
    assert step(keeper, number, "approve", version=version).status_code == 403
    accountant = client_at(lotus_db, lotus_db.people["ji"])
    version = step(accountant, number, "approve", version=version).json()["version"]
    assert step(keeper, number, "post", version=version).json()["state"] == "posted"
    assert stock.on_hand("scrap", "cable") == 2


def test_a_transfer_is_shipped_and_what_does_not_arrive_names_its_claim(keeper, lotus_db):
    received(keeper)
    place = {"kind": "store", "code": "east", "name": "East", "unit": "EAST"}
    assert keeper.api("POST", f"{AT}/places", place).status_code == 201
    number, version = written(keeper, RECEIPT | {"kind": "transfer", "source": "main", "target": "east"})
    version = step(keeper, number, "ship", version=version).json()["version"]
    other = client_at(lotus_db, lotus_db.people["bai"])
    assert step(keeper, number, "receive", version=version).json()["code"] == "inventory.own_shipment"
    done = step(other, number, "receive", version=version, received={"cable": "12"}, scanned=["sn0001", "SN0002"])
    assert done.json()["state"] == "posted" and done.json()["claim"].startswith("SP-")
    where = keeper.get(f"{AT}/items/cable/balances").json()["results"]
    assert {one["place"]["code"]: one["quantity"] for one in where} == {
        "east": "12.00", "in_transit": "0.50", "supplier": "-12.50",
    }  # fmt: skip


def test_a_receipt_is_taken_back_with_a_reason_and_a_draft_withdrawn(keeper):
    number = received(keeper)
    assert step(keeper, number, "reverse", version=2).status_code == 422
    assert step(keeper, number, "reverse", version=2, reason="wrong").json()["state"] == "reversed"
    draft, version = written(keeper)
    assert step(keeper, draft, "withdraw", version=version).json()["state"] == "withdrawn"


def test_one_key_writes_one_document_and_another_body_under_it_is_refused(keeper):
    once = key()
    first = keeper.api("POST", f"{AT}/documents", RECEIPT, key=once)
    again = keeper.api("POST", f"{AT}/documents", RECEIPT, key=once)
    assert first.json() == again.json() and again.headers["Idempotent-Replay"] == "true"
    other = keeper.api("POST", f"{AT}/documents", RECEIPT | {"reason": "x"}, key=once)
    assert other.json()["code"] == "kernel.idempotency_key_reused"
    assert Document.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [
        RECEIPT | {"state": "posted"},
        RECEIPT | {"kind": "claim"},
        RECEIPT | {"lines": []},
        RECEIPT | {"lines": [{"item": "cable", "quantity": "1.005"}]},
        RECEIPT | {"lines": [{"item": "cable", "quantity": True}]},
        RECEIPT | {"lines": [{"item": "cable", "quantity": "NaN"}]},
        RECEIPT | {"lines": [{"item": "cable", "quantity": "1", "value": 5}]},
        RECEIPT | {"lines": [{"item": "cable", "quantity": "1"}, {"item": "cable", "quantity": "1"}]},
        RECEIPT | {"lines": ["cable"]},
        RECEIPT | {"lines": [{"item": "box", "serials": ["a\u0000b"]}]},
    ],
)
def test_a_body_with_anything_odd_in_it_is_refused_and_nothing_is_written(keeper, body):
    assert keeper.api("POST", f"{AT}/documents", body).status_code == 422
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        "items?limit=0", "items?sort=code", "places/main/balances?after=x", "at?place=main", "documents?state=odd",
        "at?place=main&moment=yesterday", "card?place=main",
    ],
)  # fmt: skip
def test_an_odd_question_is_refused(keeper, query):
    assert keeper.get(f"{AT}/{query}").status_code == 422


def test_an_item_is_changed_only_by_who_knows_how_it_stands(keeper):
    assert keeper.api("PUT", f"{AT}/items/cable", CABLE | {"version": 1, "min_level": "5"}).json()["version"] == 2
    stale = keeper.api("PUT", f"{AT}/items/cable", CABLE | {"version": 1})
    assert (stale.status_code, stale.json()["code"]) == (409, "inventory.stale_item")


def test_a_technician_reads_the_own_van_and_no_costs_and_writes_nothing(keeper, lotus_db):
    received(keeper)
    van = keeper.api("POST", f"{AT}/vans", {"technician_id": lotus_db.people["wu"].technician_id}).json()["public_id"]
    number, version = written(keeper, RECEIPT | {"kind": "issue", "source": "main", "target": van})
    step(keeper, number, "post", version=version)
    wu = client_at(lotus_db, lotus_db.people["wu"])
    assert [one["code"] for one in wu.get(f"{AT}/places").json()["results"]] == [van]
    assert len(wu.get(f"{AT}/places/{van}/balances").json()["results"]) == 2
    assert wu.get(f"{AT}/places/main/balances").status_code == 404
    assert {one["usual_cost"] for one in wu.get(f"{AT}/items").json()["results"]} == {None}
    assert {one["usual_cost"] for one in keeper.get(f"{AT}/items").json()["results"]} == {50, 20_000}
    assert wu.api("POST", f"{AT}/documents", RECEIPT).status_code == 403
    assert step(wu, number, "post", version=1).status_code == 403


def test_the_same_numbers_in_both_branches_are_two_things(keeper, lotus_db, maple):
    number = received(keeper)
    with in_branch(maple.tenant):
        there = client_at(maple, maple.people["ku"])
        for code, body in (("cable", CABLE | {"name": "Other"}), ("box", BOX)):
            there.api("PUT", f"{AT}/items/{code}", body)
        assert there.get(f"{AT}/documents/{number}").status_code == 404
        assert there.get(f"{AT}/serials/SN0001").status_code == 404
        assert there.get(f"{AT}/documents").json()["results"] == []
        same, version = written(there, RECEIPT | {"lines": RECEIPT["lines"][1:]})
        assert step(there, same, "post", version=version).json()["state"] == "posted"
        assert len(there.get(f"{AT}/serials/SN0001").json()["results"][0]["steps"]) == 1
    assert {one["name"] for one in keeper.get(f"{AT}/items").json()["results"]} == {"Cable", "Box"}
    assert stock.on_hand("main", "cable") == 12.5
