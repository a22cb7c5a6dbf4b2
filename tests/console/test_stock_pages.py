"""The storekeeper's pages: what waits, goods, places, what lies where, the card, the life of a number."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.inventory.models import Item, Place
from apps.people.accounts.models import RoleGrant
from apps.people.models import OrgUnit
from tenants.context import in_branch
from tests.cast import Branch
from tests.inventory.stock import BOXES, boxes, cable, item, metres, post, receive, store, van, write
from tests.make import client_at, key, picture
from tests.queries import asking

STOCK = "/console/stock/"


def text_of(answer: Any) -> str:
    """What a reader sees of it."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def stocked(lotus_db: Branch) -> Branch:
    """Five boxes and a hundred metres in the main store."""
    item(), cable()
    receive(boxes(), metres(100))
    return lotus_db


def test_the_storekeeper_is_led_to_stock_and_finds_only_what_is_his(lotus_db: Branch) -> None:
    client = client_at(lotus_db, lotus_db.ku)
    assert client.get("/console/")["Location"] == STOCK
    page = client.get(STOCK).content.decode()
    assert 'href="/console/stock/items/"' in page and 'href="/console/search/"' not in page
    assert client_at(lotus_db, lotus_db.lin).get(STOCK).status_code == 403
    assert STOCK not in client_at(lotus_db, lotus_db.lin).get("/console/").content.decode()


def test_the_first_page_says_what_waits_and_for_whom(stocked: Branch) -> None:
    draft, scrap = write("receipt", metres(5), target="main"), write("scrap", metres(3), source="main")
    client_at(stocked, stocked.ku).post(f"{STOCK}documents/{scrap}/submit/", {}, key=key())
    keeper = text_of(client_at(stocked, stocked.ku).get(STOCK))
    approver = client_at(stocked, stocked.ji).get(STOCK).content.decode()
    assert draft in keeper and scrap in keeper
    assert scrap in approver.partition("stock-part")[2].partition("</section>")[0]  # the first part is the approver's
    assert "badge-loud" in approver


def test_one_box_finds_items_numbers_and_documents(stocked: Branch) -> None:
    number = write("receipt", metres(5), target="main")
    client = client_at(stocked, stocked.ku)
    assert client.get(f"{STOCK}find/", {"q": number.lower()})["Location"] == f"{STOCK}documents/{number}/"
    assert client.get(f"{STOCK}find/", {"q": " sn0003 "})["Location"] == f"{STOCK}serials/SN0003/"
    assert client.get(f"{STOCK}find/", {"q": "cab"})["Location"] == f"{STOCK}items/?q=cab"


def test_an_item_is_made_changed_and_switched_off(lotus_db: Branch) -> None:
    client = client_at(lotus_db, lotus_db.ku)
    told = {
        "code": "onu-1", "name": "光猫", "category": "onu", "kind": "serialized", "unit": "台", "usual_cost": "85.5",
        "warranty_months": "12", "min_level": "3", "barcode": "690001", "enabled": "on",
    }  # fmt: skip
    assert client.post(f"{STOCK}new-item/", told, key=key()).status_code == 303
    made = Item.objects.get(code="onu-1")
    assert (made.usual_cost, made.min_level, made.enabled) == (8550, 3, True)
    page = client.get(f"{STOCK}items/onu-1/").content.decode()
    assert 'value="85.5"' in page
    told |= {"version": str(made.version), "enabled": "", "name": "光猫 4 口"}
    assert client.post(f"{STOCK}items/onu-1/", told, key=key()).status_code == 303
    assert "光猫" not in text_of(client.get(f"{STOCK}items/")) and "光猫 4 口" in text_of(
        client.get(f"{STOCK}items/", {"show": "off"})
    )


def test_what_is_typed_of_an_item_survives_a_refusal(lotus_db: Branch) -> None:
    client = client_at(lotus_db, lotus_db.ku)
    told = {"code": "a b", "name": "", "category": "x", "kind": "quantity", "unit": "m", "usual_cost": "dear"}
    answer = client.post(f"{STOCK}new-item/", told, key=key())
    page = answer.content.decode()
    assert answer.status_code == 422 and not Item.objects.exists()
    assert 'value="dear"' in page and 'value="a b"' in page and page.count('aria-invalid="true"') == 2
    told |= {"code": "cable", "usual_cost": "1"}
    page = client.post(f"{STOCK}new-item/", told, key=key()).content.decode()
    assert page.count('aria-invalid="true"') == 1 and "f-name" in page
    assert client.post(f"{STOCK}new-item/", told | {"name": "C"}, key=key()).status_code == 303
    again = client.post(f"{STOCK}new-item/", told | {"name": "Another"}, key=key())
    assert again.status_code == 422 and Item.objects.get().name == "C"


def test_who_was_overtaken_reads_so_and_changes_nothing(lotus_db: Branch) -> None:
    cable()
    client = client_at(lotus_db, lotus_db.ku)
    told = {"name": "Mine", "category": "x", "kind": "quantity", "unit": "m", "version": "1", "enabled": "on"}
    assert client.post(f"{STOCK}items/cable/", told, key=key()).status_code == 303
    answer = client.post(f"{STOCK}items/cable/", told | {"name": "Theirs"}, key=key())
    assert answer.status_code == 409 and "Theirs" in answer.content.decode() and Item.objects.get().name == "Mine"


def test_a_picture_is_written_anew_shown_and_taken_away(lotus_db: Branch) -> None:
    cable()
    client, page = client_at(lotus_db, lotus_db.ku), f"{STOCK}items/cable/"
    sent = SimpleUploadedFile("a.png", picture("PNG"), content_type="image/png")
    assert client.post(f"{page}picture/", {"picture": sent, "do": "set"}, key=key()).status_code == 303
    shown = client.get(f"{page}picture.jpg")
    assert b"".join(shown.streaming_content)[:2] == b"\xff\xd8" and shown["Content-Type"] == "image/jpeg"
    assert client_at(lotus_db, lotus_db.lin).get(f"{page}picture.jpg").status_code == 403
    bad = SimpleUploadedFile("a.png", b"<svg onload=alert(1)>", content_type="image/png")
    answer = client.post(f"{page}picture/", {"picture": bad, "do": "set"}, key=key())
    assert answer.status_code == 422 and Item.objects.get().picture
    assert client.post(f"{page}picture/", {"do": "remove"}, key=key()).status_code == 303
    assert client.get(f"{page}picture.jpg").status_code == 404


def test_stores_and_vans_are_opened(lotus_db: Branch) -> None:
    client = client_at(lotus_db, lotus_db.ku)
    told = {"kind": "store", "code": "east", "name": "East store", "unit": "EAST"}
    assert client.post(f"{STOCK}places/", told, key=key()).status_code == 303
    assert client.post(f"{STOCK}places/vans/", {"technician_id": "1"}, key=key()).status_code == 303
    assert "East store" in text_of(client.get(f"{STOCK}places/"))
    wrong = client.post(f"{STOCK}places/", told | {"code": "van-7"}, key=key())
    assert wrong.status_code == 422 and 'value="van-7"' in wrong.content.decode()
    assert client.post(f"{STOCK}places/vans/", {"technician_id": "99999"}, key=key()).status_code == 404
    assert Place.objects.filter(kind="store").count() == 1


def test_what_lies_where_now_and_before(stocked: Branch) -> None:
    client = client_at(stocked, stocked.ku)
    page = client.get(f"{STOCK}balances/", {"q": "cable"})
    assert "100" in text_of(page) and "STB" not in text_of(page)
    before = client.get(f"{STOCK}balances/", {"at": "2020-01-01T00:00"})
    assert "cable" not in text_of(before).lower().partition("spoken")[2]
    assert client.get(f"{STOCK}balances/", {"place": "nowhere"}).status_code == 404


def test_the_card_leads_from_every_line_to_its_document(stocked: Branch) -> None:
    van()
    number = write("scrap", metres(7), source="main")
    client_at(stocked, stocked.ku).post(f"{STOCK}documents/{number}/submit/", {}, key=key())
    client_at(stocked, stocked.ji).post(f"{STOCK}documents/{number}/approve/", {}, key=key())
    post(number)
    client = client_at(stocked, stocked.ku)
    shown = client.get(f"{STOCK}card/", {"item": "CABLE", "place": "main"})  # by its name
    assert f"documents/{number}/" in shown.content.decode() and " 93 " in text_of(shown)
    assert client.get(f"{STOCK}card/", {"item": "cable"}).status_code == 422
    assert client.get(f"{STOCK}card/", {"item": "nothing", "place": "main"}).status_code == 404


def test_a_number_tells_its_life(stocked: Branch) -> None:
    client = client_at(stocked, stocked.ku)
    shown = text_of(client.get(f"{STOCK}serials/sn0002/"))
    assert "SN0002" in shown and "Ku" in shown and "RK-" in shown
    assert client.get(f"{STOCK}serials/SN9999/").status_code == 404


@pytest.mark.parametrize("path", [
    "items/?q=%00&category=%00", "items/?after=%00", "balances/?q=%00&at=0001-01-01T00:00",
    "balances/?at=9999-12-31T23:59",
    "documents/?from=9999-12-31&to=9999-12-31", "card/?item=cable&place=main&from=0001-01-01&to=9999-12-31",
    "find/?q=%00", "balances/?after=99999999999999999", "labels/?item=%00&serial=%00",
])  # fmt: skip
def test_nonsense_in_an_address_is_no_fault_of_ours(stocked: Branch, path: str) -> None:
    assert client_at(stocked, stocked.ku).get(STOCK + path).status_code in {200, 302, 404, 422}


def test_another_branch_sees_nothing_of_it(stocked: Branch, maple: Branch) -> None:
    number = write("receipt", metres(5), target="main")
    client = client_at(maple, maple.ku)
    for path in (f"documents/{number}/", "items/cable/", f"serials/{BOXES[0]}/", f"documents/{number}/print/"):
        assert client.get(STOCK + path).status_code == 404, path
    assert "CABLE" not in text_of(client.get(f"{STOCK}items/"))
    assert "CABLE" not in text_of(client.get(f"{STOCK}balances/"))
    with in_branch(maple.tenant):
        assert not Item.objects.exists()


def test_a_keeper_of_one_store_sees_no_other(stocked: Branch) -> None:
    store()
    RoleGrant.objects.filter(user__username="ku").update(org_path=OrgUnit.objects.get(code="EAST").path)
    client = client_at(stocked, stocked.ku)
    assert "CABLE" not in text_of(client.get(f"{STOCK}balances/"))
    assert client.get(f"{STOCK}balances/", {"place": "main"}).status_code == 404
    assert 'value="main"' not in client.get(f"{STOCK}documents/new/issue/").content.decode()


WHO = 2  # the session and the person
QUERIES = {
    "": 2, "items/": 2, "items/cable/": 4, "places/": 3, "balances/": 3, "documents/": 2, "serials/SN0001/": 2,
    "card/?item=cable&place=main": 6, "documents/new/receipt/": 2, "bring/receipt/": 2,
}  # fmt: skip


def test_each_page_asks_as_often_as_it_says(stocked: Branch) -> None:
    client = client_at(stocked, stocked.ku)
    client.get(STOCK)  # the branch's own row is remembered from here on
    for path, times in QUERIES.items():
        with asking(times + WHO):
            assert client.get(STOCK + path).status_code == 200, path
