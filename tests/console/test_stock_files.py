"""Files of stock: what goes out comes back in; every wrong row is named; nothing is half written."""

import io
from collections.abc import Sequence
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from apps.inventory.models import Document, Import, Item
from apps.inventory.services import imports
from apps.people.accounts.models import RoleGrant
from tests.cast import Branch
from tests.console.test_stock_pages import STOCK, stocked, text_of
from tests.inventory.stock import boxes, cable, document, item, metres, on_hand, post, write
from tests.make import client_at, key

__all__ = ["stocked"]
ITEMS = ("物料编码", "物料名称", "类别", "管理方式", "单位", "常用单价（元）")
SERIALS = ("物料编码", "序列号", "单价（元）")


def book(*rows: Sequence[Any]) -> bytes:
    """An Excel file with these rows."""
    made, out = Workbook(), io.BytesIO()
    for row in rows:
        made.active.append(list(row))  # type: ignore[union-attr]
    made.save(out)
    return out.getvalue()


def bring(branch: Branch, what: str, content: bytes, name: str = "a.xlsx", **asked: str) -> Any:
    """The file through the page; it is taken in as the worker would."""
    client = client_at(branch, branch.ku)
    answer = client.post(f"{STOCK}bring/{what}/", {"file": SimpleUploadedFile(name, content), **asked}, key=key())
    if answer.status_code != 303:
        return answer
    row = Import.objects.order_by("-id")[0]
    imports.take_in(row.public_id)
    return client.get(answer["Location"])


def sheet(answer: Any) -> list[tuple[Any, ...]]:
    """The rows of an Excel file we gave."""
    return list(load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))


def test_items_come_in_and_go_out_the_same(lotus_db: Branch) -> None:
    rows = [("onu-1", "光猫", "onu", "按序列号", "台", 85.5), ("pipe", "=1+1", "x", "quantity", "m", "")]
    rows[1] = ("pipe", "'=1+1", "x", "quantity", "m", "")
    page = text_of(bring(lotus_db, "items", book(ITEMS, *rows)))
    assert "2" in page and Item.objects.get(code="onu-1").usual_cost == 8550
    Item.objects.filter(code="pipe").update(name="=HYPERLINK(1)")
    client = client_at(lotus_db, lotus_db.ku)
    given = client.get(f"{STOCK}files/items/")
    assert sheet(given)[0][:6] == ITEMS and sheet(given)[1][:3] == ("onu-1", "光猫", "onu")
    cells = load_workbook(io.BytesIO(given.content)).worksheets[0]
    assert cells["B3"].value == "=HYPERLINK(1)" and cells["B3"].data_type == "s" and cells["B3"].quotePrefix
    before = list(Item.objects.order_by("code").values_list("code", "name", "usual_cost", "version"))
    assert Import.objects.get(public_id=_again(lotus_db, given.content)).facts == {"made": 0, "changed": 0, "same": 2}
    assert list(Item.objects.order_by("code").values_list("code", "name", "usual_cost", "version")) == before


def _again(branch: Branch, content: bytes) -> str:
    bring(branch, "items", content)
    return Import.objects.order_by("-id")[0].public_id


def test_every_wrong_row_is_named_and_nothing_is_written(lotus_db: Branch) -> None:
    item()
    post(write("receipt", boxes("SN0001"), target="main"))
    page = bring(lotus_db, "items", book(
        ITEMS, ("good", "Good", "x", "quantity", "m", 1), ("a b", "", "x", "quantity", "m", "dear"),
        ("good", "Again", "x", "quantity", "m", 1), ("stb", "STB", "x", "quantity", "m", 1),
        ("odd", "Odd", "x", "by heart", "m", "=1+1"),
    ))  # fmt: skip
    row = Import.objects.get()
    assert (row.state, row.wrong_rows, Item.objects.count()) == ("refused", 4, 1)
    assert [one[0] for one in row.wrong] == [3, 3, 3, 4, 5, 6]
    assert "常用单价（元）" in text_of(page)
    marked = sheet(client_at(lotus_db, lotus_db.ku).get(f"{STOCK}brought/{row.public_id}/marked/"))
    assert not marked[1][6] and "管理方式" in marked[4][6] and "物料编码" in marked[2][6]


def test_the_good_rows_may_be_written_alone(lotus_db: Branch) -> None:
    rows = (("good", "Good", "x", "quantity", "m", 1), ("a b", "Bad", "x", "quantity", "m", 1))
    page = text_of(bring(lotus_db, "items", book(ITEMS, *rows), partial="1"))
    assert Item.objects.get().code == "good" and Import.objects.get().state == "done" and "物料编码" in page


@pytest.mark.parametrize("content", [
    b"", b"not a file", b"\x00,\x00", b"PK\x03\x04broken", book(("物料编码", "颜色")), book(("物料名称",)),
    book((*ITEMS, "编码")),
])  # fmt: skip
def test_what_is_no_such_file_is_refused_at_once(lotus_db: Branch, content: bytes) -> None:
    answer = bring(lotus_db, "items", content)
    assert answer.status_code == 422 and "field-error" in answer.content.decode() and not Import.objects.exists()


def test_a_receipt_from_excel_is_a_draft_with_its_numbers(stocked: Branch) -> None:
    rows = [("stb", f"sn1{n:03d}", 150) for n in range(30)]
    page = bring(stocked, "receipt", book(SERIALS, *rows), target="main", origin="purchase")
    number = Import.objects.get().facts["document"]
    assert number in page.content.decode() and document(number).state == "draft"
    line = document(number).lines.get()
    assert (line.quantity, line.unit_cost, line.serials.filter(number="SN1007").count()) == (30, 15_000, 1)
    post(number)
    assert on_hand("main", "stb") == 35


def test_each_wrong_number_is_named_by_its_row(stocked: Branch) -> None:
    rows = [
        ("stb", "SN2001", ""), ("stb", "SN0001", ""), ("stb", "sn2001", ""), ("none", "SN2002", ""), ("stb", "", ""),
        ("cable", "SN2003", ""), ("stb", 1234567890123456789, ""), ("stb", "SN2004", 100), ("stb", "SN2005", 200),
    ]  # fmt: skip
    bring(stocked, "receipt", book(SERIALS, *rows), target="main")
    row = Import.objects.get()
    assert row.state == "refused" and Document.objects.count() == 1
    assert sorted({one[0] for one in row.wrong}) == [3, 4, 5, 6, 7, 8, 10]
    assert row.wrong_rows == 7


def test_a_scan_file_is_read_for_the_item_that_is_chosen(stocked: Branch) -> None:
    scanned = "CODE_128,sn3001\r\nSN3002 SN3003\r\n".encode("gb18030")
    for name in ("scan.txt", "scan.csv"):
        bring(stocked, "receipt", scanned, name, target="main", item="STB")
        line = document(Import.objects.order_by("-id")[0].facts["document"]).lines.get()
        assert sorted(line.serials.values_list("number", flat=True)) == ["SN3001", "SN3002", "SN3003"]
    answer = bring(stocked, "receipt", b"SN3003", "scan.txt", target="main")
    assert answer.status_code == 422 and bring(stocked, "receipt", b"SN3003", "scan.txt", item="stb").status_code == 422


def test_an_import_taken_in_twice_writes_once(stocked: Branch) -> None:
    bring(stocked, "receipt", book(SERIALS, ("stb", "SN4001", "")), target="main")
    row = Import.objects.get()
    assert imports.take_in(row.public_id) == "done" and Document.objects.count() == 2
    Import.objects.update(state="writing", touched_at=row.made_at - imports.LOST)  # the worker died after the commit
    assert row.public_id in imports.waiting_imports() and imports.take_in(row.public_id) == "done"
    assert Document.objects.count() == 2 and Import.objects.get().facts == row.facts


def test_who_may_no_longer_brings_nothing(stocked: Branch) -> None:
    client = client_at(stocked, stocked.ku)
    sent = {"file": SimpleUploadedFile("a.xlsx", book(SERIALS, ("stb", "SN5001", ""))), "target": "main"}
    assert client.post(f"{STOCK}bring/receipt/", sent, key=key()).status_code == 303
    RoleGrant.objects.filter(user__username="ku").delete()
    row = Import.objects.get()
    assert imports.take_in(row.public_id) == "refused" and Document.objects.count() == 1


def test_a_file_is_only_its_owners(stocked: Branch, maple: Branch) -> None:
    bring(stocked, "receipt", book(SERIALS, ("stb", "SN6001", "")), target="main")
    path = f"{STOCK}brought/{Import.objects.get().public_id}/"
    assert client_at(stocked, stocked.ku).get(path).status_code == 200
    assert client_at(stocked, stocked.bai).get(path).status_code == 404
    assert client_at(maple, maple.ku).get(path).status_code == 404
    assert client_at(stocked, stocked.ji).get(f"{STOCK}bring/items/").status_code == 403


def test_what_lies_where_and_lines_go_out(stocked: Branch) -> None:
    client = client_at(stocked, stocked.ji)
    rows = sheet(client.get(f"{STOCK}files/balances/"))
    assert [row[0] for row in rows[1:]] == ["cable", "stb"] and [row[6] for row in rows[1:]] == [100, 5]
    lines = sheet(client.get(f"{STOCK}documents/{Document.objects.get().number}/file/"))
    assert len(lines) == 7 and lines[0][:2] == ("物料编码", "序列号")
    assert sheet(client_at(stocked, stocked.ku).get(f"{STOCK}files/pattern/receipt/"))[0][1] == "序列号"


def test_files_are_forgotten_after_a_week(stocked: Branch) -> None:
    bring(stocked, "receipt", book(SERIALS, ("stb", "SN7001", "")), target="main")
    assert imports.forget_imports() == 0
    Import.objects.update(made_at=Import.objects.get().made_at - imports.KEPT * 2)
    assert imports.forget_imports() == 1 and not Import.objects.exists() and Document.objects.count() == 2


def test_cables_and_boxes_in_one_file(lotus_db: Branch) -> None:
    cable(), item(), item("drum", "batch", unit="m")
    heads = ("编码", "SN", "盘号", "数量", "单价")
    rows = (("cable", "", "", "1,000", 0.5), ("drum", "", "D-1", 500, ""), ("stb", "SN0001", "", 1, 150))
    bring(lotus_db, "receipt", book(heads, *rows), target="main")
    found = document(Import.objects.get().facts["document"])
    assert sorted(found.lines.values_list("item__code", "quantity")) == [("cable", 1000), ("drum", 500), ("stb", 1)]
    assert metres(1).item == "cable"
