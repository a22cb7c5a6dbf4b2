"""Documents on the console: written by hand, handed on step by step, printed; nothing typed is lost."""

import re
from decimal import Decimal
from typing import Any

import pytest

from apps.inventory.models import Document, Item, LineSerial
from apps.inventory.rules import documents as rule
from apps.inventory.services import Told
from tests.cast import Branch
from tests.console.test_stock_pages import STOCK, stocked, text_of
from tests.inventory.stock import BOXES, boxes, document, metres, on_hand, post, store, van, where, write
from tests.make import client_at, key
from tests.queries import asking

__all__ = ["stocked"]


def form(*lines: dict[str, str], **more: str) -> dict[str, str]:
    told = {f"line.{n}.{name}": value for n, line in enumerate(lines) for name, value in line.items()}
    return {**told, **more, "do": more.get("do", "save")}


def written(answer: Any) -> str:
    """The number of the document that was written."""
    assert answer.status_code == 303, text_of(answer)[:1500]
    found = re.search(r"documents/([A-Z0-9-]+)/", answer["Location"])
    assert found
    return found[1]


def kept(page: str) -> dict[str, str]:
    """What stands in the form's own fields."""
    inputs = dict(re.findall(r'name="(line\.\d+\.\w+|reason|version)"[^>]*? value="([^"]*)"', page))
    return inputs | dict(re.findall(r'<textarea[^>]* name="([\w.]+)"[^>]*>([^<]*)</textarea>', page))


def test_a_receipt_is_written_by_names_and_scans_and_posted(stocked: Branch) -> None:
    client = client_at(stocked, stocked.ku)
    scanned = {"item": "STB", "serials": "CODE_128,sn0101\nSN0102", "cost": "199.5"}
    told = form(scanned, {"item": "cable", "quantity": "1,000"}, target="main", origin="purchase", reason="order 7")
    number = written(client.post(f"{STOCK}documents/new/receipt/", told, key=key()))
    page = client.get(f"{STOCK}documents/{number}/").content.decode()
    assert "SN0102" in page and "199.50" in page and f"documents/{number}/post/" in page
    assert client.post(f"{STOCK}documents/{number}/post/", {"version": "1"}, key=key()).status_code == 303
    assert on_hand("main", "stb") == 7 and on_hand("main", "cable") == 1100


def test_every_wrong_field_is_named_and_everything_typed_stays(stocked: Branch) -> None:
    client = client_at(stocked, stocked.ku)
    told = form({"item": "nothing", "quantity": "5"}, {"item": "stb", "serials": "S1 SN0101"},
                {"item": "cable", "quantity": "many"}, target="", reason="half done")  # fmt: skip
    answer = client.post(f"{STOCK}documents/new/receipt/", told, key=key())
    page = answer.content.decode()
    assert answer.status_code == 422 and not Document.objects.filter(reason="half done").exists()
    for name in ("line.1.serials", "line.2.quantity"):
        assert re.search(rf'name="{name}"[^>]*aria-invalid="true"', page), name
    assert 'id="target" name="target" aria-invalid="true"' in page
    stays = kept(page)
    assert (
        stays["line.0.item"] == "nothing" and stays["line.1.serials"] == "S1 SN0101" and stays["reason"] == "half done"
    )
    told |= {"target": "main", "line.1.serials": "SN0101", "line.2.quantity": "3"}
    page = client.post(f"{STOCK}documents/new/receipt/", told, key=key()).content.decode()
    assert re.search(r'name="line.0.item"[^>]*aria-invalid="true"', page) and page.count('aria-invalid="true"') == 1


def test_a_line_comes_and_goes_without_being_kept(stocked: Branch) -> None:
    client = client_at(stocked, stocked.ku)
    told = form({"item": "cable", "quantity": "5"}, {"item": "stb", "serials": "SN0101"}, target="main", do="add")
    page = client.post(f"{STOCK}documents/new/receipt/", told, key=key()).content.decode()
    assert "line.2.item" in page and kept(page)["line.1.serials"] == "SN0101"
    page = client.post(f"{STOCK}documents/new/receipt/", told | {"do": "drop-0"}, key=key()).content.decode()
    assert kept(page)["line.0.serials"] == "SN0101" and "line.1.item" not in page
    assert Document.objects.count() == 1  # the one that stocked the store


def test_a_draft_is_changed_and_who_was_overtaken_keeps_what_they_typed(stocked: Branch) -> None:
    client, number = client_at(stocked, stocked.ku), write("receipt", metres(5), target="main")
    page = client.get(f"{STOCK}documents/{number}/lines/").content.decode()
    assert kept(page)["line.0.quantity"] == "5" and kept(page)["version"] == "1"
    told = form({"item": "cable", "quantity": "6"}, version="1")
    assert client.post(f"{STOCK}documents/{number}/lines/", told, key=key()).status_code == 303
    late = client.post(f"{STOCK}documents/{number}/lines/", told | {"line.0.quantity": "9"}, key=key())
    assert late.status_code == 409 and kept(late.content.decode())["line.0.quantity"] == "9"
    again = kept(late.content.decode())
    assert client.post(f"{STOCK}documents/{number}/lines/", again | {"do": "save"}, key=key()).status_code == 303
    assert document(number).lines.get().quantity == 9


def test_a_button_stands_only_where_its_step_is_allowed(stocked: Branch) -> None:
    number = write("scrap", metres(3), source="main")
    keeper, approver = client_at(stocked, stocked.ku), client_at(stocked, stocked.ji)

    def offered(client: Any) -> set[str]:
        page = client.get(f"{STOCK}documents/{number}/").content.decode()
        return set(re.findall(rf"documents/{number}/(submit|approve|post|ship|withdraw|reverse|lines|receive)/", page))

    assert (offered(keeper), offered(approver)) == ({"submit", "withdraw", "lines"}, set())
    keeper.post(f"{STOCK}documents/{number}/submit/", {"version": "1"}, key=key())
    assert (offered(keeper), offered(approver)) == ({"withdraw"}, {"approve"})
    assert approver.post(f"{STOCK}documents/{number}/approve/", {"version": "2"}, key=key()).status_code == 303
    assert (offered(keeper), offered(approver)) == ({"post", "withdraw"}, set())
    keeper.post(f"{STOCK}documents/{number}/post/", {"version": "3"}, key=key())
    assert (offered(keeper), offered(approver)) == (set(), {"reverse"})  # two agreed, one does not undo it alone
    assert on_hand("main", "cable") == 97


def test_a_step_that_is_refused_says_so_on_the_page_as_it_stands(stocked: Branch) -> None:
    number = write("scrap", metres(500), source="main")
    keeper = client_at(stocked, stocked.ku)
    keeper.post(f"{STOCK}documents/{number}/submit/", {}, key=key())
    assert keeper.post(f"{STOCK}documents/{number}/approve/", {}, key=key()).status_code == 403
    client_at(stocked, stocked.ji).post(f"{STOCK}documents/{number}/approve/", {}, key=key())
    stale = keeper.post(f"{STOCK}documents/{number}/post/", {"version": "1"}, key=key())
    assert stale.status_code == 409 and 'role="alert"' in stale.content.decode()
    short = keeper.post(f"{STOCK}documents/{number}/post/", {}, key=key())
    assert short.status_code == 409 and "100" in text_of(short) and on_hand("main", "cable") == 100
    assert document(number).state == rule.APPROVED


def test_a_shipment_is_received_with_a_difference_and_the_claim_is_linked(stocked: Branch) -> None:
    store()
    number = write("transfer", boxes(*BOXES[:3]), metres(10), source="main", target="east")
    keeper, receiver = client_at(stocked, stocked.ku), client_at(stocked, stocked.bai)
    assert keeper.post(f"{STOCK}documents/{number}/ship/", {}, key=key()).status_code == 303
    assert keeper.get(f"{STOCK}documents/{number}/receive/").status_code == 409  # who handed it out
    page = receiver.get(f"{STOCK}documents/{number}/receive/").content.decode()
    assert 'name="scanned"' in page and 'value="10"' in page
    wrong = receiver.post(f"{STOCK}documents/{number}/receive/", {"came.1": "11", "scanned": "SN0001"}, key=key())
    assert wrong.status_code == 422 and "SN0001" in wrong.content.decode() and where("SN0001") == "in_transit"
    told = {"came.1": "9", "scanned": "SN0001\nSN0002", "version": "2"}
    assert receiver.post(f"{STOCK}documents/{number}/receive/", told, key=key()).status_code == 303
    claim = Document.objects.get(kind="claim")
    page = keeper.get(f"{STOCK}documents/{number}/").content.decode()
    assert claim.number in page and 'class="struck"' in page
    assert on_hand("east", "cable") == 9 and where("SN0003") == "in_transit"


def test_taking_back_shows_what_it_does_and_needs_a_reason(stocked: Branch) -> None:
    number, client = write("receipt", metres(40), target="main"), client_at(stocked, stocked.ku)
    assert client.get(f"{STOCK}documents/{number}/reverse/").status_code == 409  # nothing is posted yet
    post(number)
    assert "40" in text_of(client.get(f"{STOCK}documents/{number}/reverse/"))
    refused = client.post(f"{STOCK}documents/{number}/reverse/", {"reason": " "}, key=key())
    assert refused.status_code == 422 and on_hand("main", "cable") == 140
    told = {"reason": "wrong box", "version": str(document(number).version)}
    once = key()
    for _again in range(2):
        assert client.post(f"{STOCK}documents/{number}/reverse/", told, key=once).status_code == 303
    assert on_hand("main", "cable") == 100 and "wrong box" in text_of(client.get(f"{STOCK}documents/{number}/"))


def test_a_document_too_long_for_the_page_says_what_to_do(stocked: Branch) -> None:
    for n in range(231):
        Item.objects.create(code=f"i{n}", name=f"I{n}", category="x", kind="quantity", unit="m")
    number = write("receipt", *(Told(f"i{n}", Decimal(1)) for n in range(231)), target="main")
    client = client_at(stocked, stocked.ku)
    assert client.get(f"{STOCK}documents/{number}/").status_code == 200
    assert client.get(f"{STOCK}documents/{number}/lines/").status_code == 409


@pytest.mark.parametrize("kind", [code for code, kind in rule.KINDS.items() if kind.by_hand])
def test_every_kind_by_hand_has_its_form(stocked: Branch, kind: str) -> None:
    van()
    page = client_at(stocked, stocked.ku).get(f"{STOCK}documents/new/{kind}/")
    assert page.status_code == 200 and "data-scan-list" in page.content.decode()
    assert client_at(stocked, stocked.ji).get(f"{STOCK}documents/new/{kind}/").status_code == 403


def test_what_is_not_written_by_hand_has_no_form(stocked: Branch) -> None:
    client = client_at(stocked, stocked.ku)
    assert {
        client.get(f"{STOCK}documents/new/{kind}/").status_code for kind in ("claim", "consumption", "nothing")
    } == {404}


def test_documents_are_found_by_kind_state_place_and_day(stocked: Branch) -> None:
    number, client = write("scrap", metres(3), source="main"), client_at(stocked, stocked.ku)
    for asked in ({"kind": "scrap"}, {"state": "draft"}, {"place": "scrap"}, {"from": "2020-01-01"}):
        assert number in client.get(f"{STOCK}documents/", asked).content.decode()
    for asked in ({"kind": "issue"}, {"state": "posted"}, {"to": "2020-01-01"}):
        assert number not in client.get(f"{STOCK}documents/", asked).content.decode()


def test_a_page_of_many_numbers_shows_some_and_asks_as_often(stocked: Branch) -> None:
    many = tuple(f"SN1{n:04d}" for n in range(60))
    number, client = write("receipt", boxes(*many), target="main"), client_at(stocked, stocked.ku)
    client.get(f"{STOCK}documents/{number}/")
    with asking(2 + 5):
        page = client.get(f"{STOCK}documents/{number}/").content.decode()
    assert LineSerial.objects.filter(line__document__number=number).count() == 60
    assert many[19] in page and many[20] not in page and "40" in page


def test_paper_and_labels_are_printed(stocked: Branch) -> None:
    number, client = (
        write("receipt", boxes("SN0101", "SN0102", cost=100), target="main"),
        client_at(stocked, stocked.ku),
    )
    paper = client.get(f"{STOCK}documents/{number}/print/").content.decode()
    assert number in paper and "SN0102" in paper and "data:image/svg+xml" in paper and "signatures" in paper
    labels = client.get(f"{STOCK}labels/", {"document": number}).content.decode()
    assert labels.count('class="qr"') == 2 and labels.count('class="bars"') == 2 and "SN0101" in labels
    assert client.get(f"{STOCK}labels/", {"item": "cable"}).content.decode().count('class="qr"') == 1
    assert client.get(f"{STOCK}labels/", {"document": "RK-2026-999999"}).status_code == 404
