"""Stock's figures: each agrees with the books to the unit and the fen, with both sides of its rate."""

import csv
import io
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from apps.inventory import costs_read, reports_read, services
from apps.inventory.models import Document, Entry, Movement, Valuation
from apps.inventory.reports_read import Period
from apps.inventory.rules.figures import Ratio, average_stock, stock_turns
from apps.people.accounts.models import RoleGrant
from apps.tickets.models import Ticket
from steppe.kernel import clock
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tests.inventory import on_tickets, stock, stocktake
from tests.make import actor, client_at, key

T0 = datetime(2026, 3, 1, tzinfo=clock.BUSINESS_ZONE)


def report(code, who="ji", period=None):
    return reports_read.report_for(actor(who), code, period or reports_read.lately())


def day(offset):
    return (clock.now() + timedelta(days=offset)).astimezone(clock.BUSINESS_ZONE).date()


@pytest.fixture
def used(lotus_db):
    """A box and five metres on a swap, its old box back."""
    on_tickets.fill_van()
    on_tickets.rule("swap_device", recovery=True)
    one = on_tickets.ticket(type_code="swap_device")
    on_tickets.scan(one)
    on_tickets.enter(one)
    on_tickets.back(one)
    on_tickets.finish(one)
    return one.public_id


def scrap(quantity, reason="wet"):
    number = stock.write("scrap", stock.metres(quantity), source="main", reason=reason)
    services.submit_document(number=number, by=actor("ku"), key=key())
    services.approve_document(number=number, by=actor("ji"), key=key())
    stock.post(number)


def test_the_average_stock_weighs_each_moment_the_same():
    until = T0 + timedelta(days=10)
    assert average_stock(100, [], T0, until) == 100
    assert average_stock(0, [(T0 + timedelta(days=5), 100)], T0, until) == 50
    assert average_stock(100, [(T0 + timedelta(days=9), -100)], T0, until) == 90
    assert average_stock(7, [], T0, T0) == 7


def test_turns_are_of_a_year_and_none_without_a_stock():
    assert stock_turns(1000, 73, Decimal(2500)).value == 2
    assert stock_turns(0, 30, Decimal(0)).value is None
    assert Ratio(Decimal(1), Decimal(3)).value == Decimal("0.3333")
    with pytest.raises(ValueError, match="a day"):
        stock_turns(1, 0, Decimal(1))


def test_what_tickets_used_agrees_with_the_entries_by_item_technician_and_month(used):
    entry = Entry.objects.get(ticket=used, document__kind="consumption")
    paid = -sum(Movement.objects.filter(entry=entry).values_list("value", flat=True))
    for code in ("by_item", "by_technician", "by_month"):
        found = report(code)
        assert found.total["value"] == paid == 20_000 + 250
        assert {row["item"]: row["quantity"] for row in found.rows} == {"STB": 1, "CABLE": 5}
    assert {row["where"] for row in report("by_technician").rows} == {"Wu"}
    assert report("by_item", period=Period(day(-9), day(-1))).rows == []


def test_what_was_taken_back_was_not_used(used):
    paper = Document.objects.get(kind="consumption")
    before = report("by_item").total["value"]
    assert before and paper.state == "posted"
    on_tickets.step(Ticket.objects.get(public_id=used), "callback_reject")
    assert report("by_item").total["value"] == 0 and report("by_item").rows == []


def test_costing_reads_an_entrys_lines_and_a_tickets_cost(used):
    lines = costs_read.lines_of_ticket(used)
    told = {(one.kind, one.item): (one.quantity, one.value) for one in lines}
    assert told == {
        ("consumption", "stb"): (1, 20_000), ("consumption", "cable"): (5, 250), ("recovery", "stb"): (-1, -6000),
    }  # fmt: skip
    assert costs_read.cost_of_ticket(used) == 20_000 + 250 - 6000
    assert costs_read.lines_of_entry(lines[0].entry_id)[0] == lines[0]
    assert costs_read.cost_of_ticket("") == 0


def test_turnover_is_used_of_a_year_to_the_average_stock(used):
    with clock.frozen(clock.now() + timedelta(minutes=5)):  # what came in this instant has weighed nothing yet
        found = report("turnover")
    assert found.total["used"] == 20_250
    assert found.figure.numerator == round(Decimal(20_250) * 365 / 30, 2)
    assert 0 < found.figure.denominator <= sum(Valuation.objects.values_list("value", flat=True)) + 20_250
    assert {row["category"] for row in found.rows} == {"stb", "drop_cable"}
    empty = report("turnover", period=Period(day(-60), day(-40)))
    assert empty.figure.denominator == 0 and empty.figure.value is None


def test_losses_stand_by_kind_place_and_reason_less_what_turned_up(lotus_db):
    stock.cable()
    stock.receive(stock.metres(100))
    scrap(4)
    scrap(2, "cut")
    number = stocktake.opened()
    stocktake.tally(number, "cable", 90)
    stocktake.close(number)
    stocktake.approve(number)
    found = report("losses")
    assert [(row["kind"], row["reason"], row["value"]) for row in found.rows if row["kind"] == "scrap"] == [
        ("scrap", "wet", 200), ("scrap", "cut", 100),
    ]  # fmt: skip
    assert sum(row["value"] for row in found.rows if row["kind"] == "shortage") == 4 * 50
    assert found.total["value"] == 500 and found.figure.value == 1
    right = report("accuracy")
    assert (right.figure.numerator, right.figure.denominator, right.figure.value) == (0, 1, 0)


def test_recovered_devices_are_of_all_tickets_that_had_to_bring_one(used):
    found = report("recovery")
    assert (found.figure.numerator, found.figure.denominator) == (1, 1)
    one = on_tickets.ticket(type_code="swap_device")
    services.enter_not_recovered(public_id=one.public_id, why="lost", fee=5000, by=actor("wu"), key=key())
    found = report("recovery")
    assert (found.figure.numerator, found.figure.denominator, found.figure.value) == (1, 2, Decimal("0.5"))
    assert {row["outcome"]: (row["tickets"], row["fee"]) for row in found.rows} == {"good": (1, 0), "lost": (1, 5000)}


def test_age_and_value_of_what_lies_there_sum_to_the_shelves_and_the_books(lotus_db):
    stock.item()
    stock.cable()
    with clock.frozen(clock.now() - timedelta(days=200)):
        stock.receive(stock.boxes("SN0001"), stock.metres(30, 10))
    with clock.frozen(clock.now() - timedelta(days=60)):
        stock.receive(stock.boxes("SN0002"), stock.metres(30, 10))
    stock.receive(stock.metres(40, 10))
    rows = {row["item"]: row for row in report("ageing").rows}
    assert [rows["CABLE"][f"age_{n}"] for n in range(4)] == [40, 30, 0, 30]
    assert [rows["STB"][f"age_{n}"] for n in range(4)] == [0, 1, 0, 1]
    found = report("ageing")
    assert found.total["value"] == sum(Valuation.objects.values_list("value", flat=True)) == 41_000
    assert (found.figure.numerator, found.figure.denominator) == (20_300, 41_000)


def test_a_reader_of_a_part_reads_the_own_places_and_no_turnover(used):
    RoleGrant.objects.filter(user__username="ji").update(org_path="/1/3/")
    assert report("by_item").rows == [] and report("ageing").rows == []
    with pytest.raises(NotAllowed):
        report("turnover")
    for who in ("wu", "lin"):
        with pytest.raises(NotAllowed):
            report("by_item", who)


def test_the_api_gives_rows_and_both_sides_and_refuses_odd_questions(used, lotus_db, maple):
    ji = client_at(lotus_db, lotus_db.people["ji"])
    for code in reports_read.REPORTS:
        found = ji.get(f"/api/v1/stock/reports/{code}")
        assert found.status_code == 200 and found.json()["code"] == code, found.content
    told = ji.get("/api/v1/stock/reports/recovery").json()["figure"]
    assert told == {"numerator": "1.00", "denominator": "1.00", "value": "1.0000"}
    assert ji.get("/api/v1/stock/reports/nothing").status_code == 404
    for query in ({"first": "x"}, {"first": "2026-02-02", "last": "2026-02-01"}, {"first": "1999-01-01"}):
        assert ji.get("/api/v1/stock/reports/losses", query).status_code == 422
    with in_branch(maple.tenant):
        there = client_at(maple, maple.people["ji"])
        assert there.get("/api/v1/stock/reports/by_item").json()["rows"] == []


def test_the_page_shows_it_and_the_files_say_the_same(used, lotus_db):
    ji = client_at(lotus_db, lotus_db.people["ji"])
    page = ji.get("/console/stock/reports/recovery/").content.decode()
    assert "终端回收率" in page or "Recovery rate" in page
    for code in reports_read.REPORTS:
        assert ji.get(f"/console/stock/reports/{code}/").status_code == 200
    stock.item("cable", "quantity", unit="m", usual_cost=50, category="drop_cable", name="=1+1")
    rows = list(csv.reader(io.StringIO(ji.get("/console/stock/reports/by_item/csv/").content.decode("utf-8-sig"))))
    assert ["cable", "'=1+1", "m", "1", "5.00", "2.5"] in rows
    book = load_workbook(io.BytesIO(ji.get("/console/stock/reports/by_item/xlsx/").content))
    cells = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    assert ["cable", "=1+1", "m", 1, 5, 2.5] in cells
    assert all(cell.data_type != "f" for row in book.worksheets[0].iter_rows() for cell in row)
    assert ji.get("/console/stock/reports/by_item/pdf/").status_code == 404


def test_an_accountant_asks_for_a_new_value_on_the_console(lotus_db):
    stock.cable()
    stock.receive(stock.metres(10, 33))
    ji = client_at(lotus_db, lotus_db.people["ji"])
    assert "CABLE" in ji.get("/console/stock/values/?q=cab").content.decode()
    form = {"cost.cable": "0.205", "reason": "price fell", "idempotency_key": key()}
    for odd in ({"cost.cable": "x"}, {"reason": "\0"}, {"cost.cable": ""}, {"cost.a\0b": "1"}):
        refused = ji.post("/console/stock/values/", form | odd | {"idempotency_key": key()})
        assert refused.status_code == 422 and not Document.objects.filter(kind="revaluation").exists()
    assert ji.post("/console/stock/values/", form).status_code == 302
    asked = Document.objects.get(kind="revaluation")
    page = ji.get(f"/console/stock/documents/{asked.number}/")
    assert page.status_code == 200
    de = client_at(lotus_db, lotus_db.people["de"])
    done = de.post(
        f"/console/stock/documents/{asked.number}/approve/", {"version": asked.version, "idempotency_key": key()}
    )
    assert done.status_code in (302, 303) and Valuation.objects.get(item__code="cable").value == 205


def test_warnings_and_levels_on_the_console(lotus_db):
    stock.cable()
    ku = client_at(lotus_db, lotus_db.people["ku"])
    form = {"place": "main", "item": "cable", "min_level": "10", "lead_days": "", "idempotency_key": key()}
    assert ku.post("/console/stock/levels/", form).status_code == 303
    assert ku.get("/console/stock/warnings/?place=%00&after=9%00").status_code == 200
    odd = ku.post("/console/stock/levels/", form | {"min_level": "x", "idempotency_key": key()})
    assert odd.status_code == 422
    assert ku.post("/console/stock/warnings/look/", {"idempotency_key": key()}).status_code == 303
    page = ku.get("/console/stock/warnings/?kind=low&place=main").content.decode()
    assert "CABLE" in page and ku.get("/console/stock/levels/?place=main").status_code == 200
