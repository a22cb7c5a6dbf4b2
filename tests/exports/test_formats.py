"""Every format, opened by a reader of its own, agrees cell by cell with the database."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import datetime
from decimal import Decimal

import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from apps.exports.sources import SOURCES
from apps.tickets.models import Charge, Ticket
from steppe.kernel import clock
from tests.exports.asked import EVERY, NARROW, NEVER, made
from tests.make import make_ticket

HOSTILE = ["=1+1", "+8613900", "-2", "@SUM(A1)", "\t=1", "\r=1", '"; quoted, "x"', "一行\n两行", "＝1", "<b>&amp;", "'"]
COLUMNS = {one.code: one for one in SOURCES["tickets"].columns}


@pytest.fixture
def tickets(lotus_db):
    """One ticket for each hostile word, some worked on to the end, one with charges."""
    for word in HOSTILE:
        one = make_ticket(address="Birch Court 1")
        Ticket.objects.filter(pk=one.pk).update(description=word, contact_name=word[:40], account_no=word[:30])
    closed = make_ticket(status="closed")
    told = {"quantity": 1, "unit_fen": 1, "entered_by": "staff:1", "entered_at": clock.now(), "name": "x"}
    Charge.objects.create(ticket=closed, code="a", amount_fen=12345, **told)
    Charge.objects.create(ticket=closed, code="b", amount_fen=99, waived=True, **told)
    return list(Ticket.objects.select_related("type", "grid", "technician__user").order_by("reported_at", "id"))


def raw(ticket, code):
    """What the database says, read another way than the export does."""
    special = {
        "type": lambda: ticket.type.name_zh, "grid": lambda: ticket.grid.name if ticket.grid else "",
        "technician": lambda: ticket.technician.user.name if ticket.technician else "", "department": lambda: "",
        "helpers": lambda: "", "charges_fen": lambda: 12345 if ticket.status == "closed" else 0,
        "status": lambda: {"pooled": "待接单", "closed": "已办结"}.get(ticket.status), "channel": lambda: "营业厅",
        "close_code": lambda: "已完成" if ticket.close_code else "",
    }  # fmt: skip
    found = special[code]() if code in special else getattr(ticket, code)
    return int(found) if isinstance(found, bool) else found


def home(moment):
    return moment.astimezone(clock.BUSINESS_ZONE).replace(tzinfo=None, microsecond=0) if moment else None


def expected(tickets, code):
    return [raw(one, code) for one in tickets]


CHECKED = [code for code in EVERY if code not in ("status", "channel", "close_code", "hold_class")]


def test_csv_says_what_the_database_says(tickets):
    row, content = made(form="csv")
    assert content.startswith(b"\xef\xbb\xbf") and b"\r\n" in content
    heads, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert heads == [str(one.word) for one in COLUMNS.values()] and len(rows) == len(tickets) == row.total == row.done
    for place, code in enumerate(EVERY):
        if code in CHECKED:
            assert [cells[place] for cells in rows] == [as_csv(code, raw(one, code)) for one in tickets], code


def as_csv(code, value):
    kind = COLUMNS[code].kind
    if value is None:
        return ""
    if kind == "money":
        return f"{Decimal(value) / 100:.2f}"
    if kind == "moment":
        return home(value).isoformat(" ")
    if kind == "text" and value[:1] and value[0] in "=+-@\t\r\n＝＋－＠":
        return "'" + value
    return str(value)


def test_excel_has_real_numbers_dates_a_frozen_head_and_sums(tickets):
    _row, content = made(form="xlsx")
    book = load_workbook(io.BytesIO(content))
    sheet = book.active
    assert sheet.title == "工单记录" and sheet.freeze_panes == "A2"
    heads, *rows = [list(cells) for cells in sheet.iter_rows()]
    assert [cell.value for cell in heads] == [str(one.word) for one in COLUMNS.values()]
    *rows, total = rows
    for place, code in enumerate(EVERY):
        if code not in CHECKED:
            continue
        kind, found = COLUMNS[code].kind, [cells[place] for cells in rows]
        assert [as_excel(cell.value) for cell in found] == [in_excel(kind, raw(one, code)) for one in tickets], code
        if kind == "moment":
            assert all(isinstance(cell.value, datetime) for cell in found if cell.value is not None)
        if kind == "money":
            assert all(cell.data_type == "n" for cell in found)
        assert all(cell.data_type == "s" for cell in found if kind == "text" and cell.value is not None), code
    place = EVERY.index("charges_fen")
    assert total[place].value == f"=SUM({total[place].column_letter}2:{total[place].column_letter}{len(tickets) + 1})"
    shown = load_workbook(io.BytesIO(content), data_only=True).active
    assert shown.cell(len(tickets) + 2, place + 1).value == 123.45


def as_excel(value):
    """openpyxl tells 123.45 as a float and moments that are off by less than a millisecond."""
    if isinstance(value, datetime):
        return value.replace(microsecond=0)
    return round(Decimal(str(value)), 2) if isinstance(value, (int, float)) else value


def in_excel(kind, value):
    if value is None or value == "":
        return None
    if kind == "moment":
        return home(value)
    if kind == "money":
        return round(Decimal(value) / 100, 2)
    return round(Decimal(value), 2) if kind == "int" else value.replace("\r", "_x000D_") if "\r" in value else value


def test_no_text_of_an_excel_file_is_a_formula(tickets):
    _row, content = made(form="xlsx", columns=["ticket_no", "description"])
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet and "1+1" in sheet
    cells = [cell for line in load_workbook(io.BytesIO(content)).active.iter_rows() for cell in line]
    assert sum(bool(cell.quotePrefix) for cell in cells) == sum(word[0] in "=+-@\t\r＝" for word in HOSTILE)


def test_json_lines_are_exact(tickets):
    _row, content = made(form="jsonl")
    found = [json.loads(line) for line in content.decode().splitlines()]
    assert [list(one) for one in found] == [EVERY] * len(tickets)
    for code in CHECKED:
        assert [one[code] for one in found] == [in_json(code, raw(ticket, code)) for ticket in tickets], code


def in_json(code, value):
    kind = COLUMNS[code].kind
    if value is None or kind in ("text", "int"):
        return value
    return f"{Decimal(value) / 100:.2f}" if kind == "money" else value.astimezone(clock.BUSINESS_ZONE).isoformat()


def test_parquet_has_its_types_and_every_microsecond(tickets):
    _row, content = made(form="parquet")
    table = pq.read_table(io.BytesIO(content))
    assert table.column_names == EVERY
    assert str(table.schema.field("charges_fen").type) == "decimal128(18, 2)"
    assert str(table.schema.field("reported_at").type) == "timestamp[us, tz=Asia/Shanghai]"
    for code in CHECKED:
        wanted = expected(tickets, code)
        if COLUMNS[code].kind == "money":
            wanted = [Decimal(one) / 100 for one in wanted]
        assert table.column(code).to_pylist() == wanted, code


def test_pdf_shows_every_cell_below_the_branch_s_name(tickets):
    _row, content = made(form="pdf", columns=[*NARROW, "description"])
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    assert all(page.startswith("莲花") and "工单记录" in page for page in pages)
    whole = "".join("".join(pages).split())
    for one in tickets:
        for text in (one.ticket_no, one.contact_phone, one.address, one.type.name_zh, one.description):
            assert "".join(text.split()) in whole, text
        assert "".join(str(home(one.reported_at)).split()) in whole
    assert "123.45" in whole and "第1页" in whole


def test_a_long_pdf_numbers_its_pages_and_repeats_its_heads(lotus_db):
    one = make_ticket()
    Ticket.objects.filter(pk=one.pk).update(description="长" * 500)
    for _ in range(60):
        make_ticket()
    _row, content = made(form="pdf", columns=["ticket_no", "type", "description", "address", "reported_at"])
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    assert len(pages) > 1
    assert all(f"第 {n} 页" in page and "工单号" in page for n, page in enumerate(pages, 1))
    assert "".join(pages).count("长") == 500


@pytest.mark.parametrize("form", ["csv", "xlsx", "pdf", "jsonl", "parquet"])
def test_the_same_rows_are_the_same_bytes_whenever_they_are_written(tickets, form):
    first, content = made(form=form, columns=NARROW)
    with clock.frozen(clock.now() + (clock.minutes(60 * 24))):
        second, again = made(form=form, columns=list(reversed(NARROW)), first=first.first, last=first.last)
    assert content == again and first.sha256 == second.sha256 == hashlib.sha256(content).hexdigest()
    assert first.size == len(content)


@pytest.mark.parametrize("form", ["csv", "xlsx", "pdf", "jsonl", "parquet"])
def test_a_period_in_which_nothing_was_is_a_file_that_opens(lotus_db, form):
    row, content = made(form=form, columns=NARROW, first=NEVER, last=NEVER)
    assert row.total == 0 and row.state == "done"
    read = {
        "csv": lambda: len(content.splitlines()) == 1,
        "xlsx": lambda: load_workbook(io.BytesIO(content)).active.max_row == 1,
        "pdf": lambda: "没有" in PdfReader(io.BytesIO(content)).pages[0].extract_text(),
        "jsonl": lambda: content == b"",
        "parquet": lambda: pq.read_table(io.BytesIO(content)).num_rows == 0,
    }
    assert read[form]()
