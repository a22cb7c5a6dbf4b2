"""Counting on the phone: what a counter sees, that all is kept, and that no page knows the books."""

import re

import pytest

from apps.inventory.models import Tally
from tests.inventory import stock
from tests.inventory import stocktake as take
from tests.make import client_at, key

BOOK = "7777.77"
FIGURE = re.compile(r"(?<!\d)777[72](?!\d)")  # before or after the count; not a part of some other number


@pytest.fixture
def ku(lotus_db):
    stock.item(name="机顶盒")
    stock.cable()
    stock.receive(stock.boxes(), stock.metres(BOOK))
    return client_at(lotus_db, lotus_db.people["ku"])


def send(client, number, what, **form):
    answer = client.post(f"/w/counts/{number}/{what}", form, key=key(), headers={"Accept": "application/json"})
    return answer.status_code, answer.json()


def test_a_storekeeper_opens_a_count_and_finds_it_in_the_list(ku):
    assert "main" in ku.get("/w/counts").content.decode()
    opened = ku.post("/w/counts/open", {"place": "main", "idempotency_key": key()})
    assert opened.status_code == 303 and opened.url.startswith("/w/counts/PD-")
    page = ku.get("/w/counts").content.decode()
    assert opened.url in page
    again = ku.post("/w/counts/open", {"place": "main", "idempotency_key": key()})
    assert again.status_code == 409 and "PD-" in again.content.decode()


def test_the_script_hears_what_stands_there_now(ku):
    number = take.opened()
    assert send(ku, number, "tally", item="cable", quantity="12,5")[1]["counted"] == "12.5"
    assert send(ku, number, "scan", code="CODE_128,sn0001")[1]["scanned"] == "SN0001"
    status, told = send(ku, number, "scan", code="WHAT")
    assert (status, told["code"]) == (409, "inventory.scan_unknown") and "WHAT" in told["detail"]
    assert send(ku, number, "list", numbers="SN0001\nSN0002，SN0003")[1] | {"state": ""} == {
        "number": number, "state": "", "kept": 2, "again": 1,
    }  # fmt: skip
    assert send(ku, number, "list", numbers="SN0001 ??")[0] == 422
    assert send(ku, number, "tally", item="cable", quantity="much")[0] == 422
    assert send(ku, number, "undo")[1]["scanned"] == "SN0003"
    line = take.line(number, "cable").pk
    assert send(ku, number, "again", line=line)[1]["counted"] == "0"


def test_without_scripts_the_same_forms_come_back_as_pages(ku):
    number = take.opened()
    form = {"item": "cable", "quantity": "12", "idempotency_key": key()}
    for _ in range(2):
        answer = ku.post(f"/w/counts/{number}/tally", form)
        assert (answer.status_code, answer.url) == (303, f"/w/counts/{number}")
    assert Tally.objects.count() == 1
    refused = ku.post(f"/w/counts/{number}/scan", {"code": "WHAT", "idempotency_key": key()})
    page = refused.content.decode()
    assert refused.status_code == 409 and 'value="WHAT"' in page and "data-whose hidden" not in page


def test_no_page_of_a_counter_has_the_books_figure(ku):
    number = take.opened()
    pages = [ku.get("/w/counts"), ku.get(f"/w/counts/{number}")]
    send(ku, number, "tally", item="cable", quantity="5")
    closing = {"version": "1", "leave_out": "1", "idempotency_key": key()}
    closed = ku.post(f"/w/counts/{number}/close", closing)
    assert closed.status_code == 303 and closed.url.endswith("again=1")
    pages += [ku.get(closed.url), ku.get(f"/w/counts/{number}")]
    for page in pages:
        text = page.content.decode()
        assert page.status_code == 200 and not FIGURE.search(text) and "SN000" not in text


def test_the_technician_counts_the_own_van_and_does_not_close(ku, lotus_db):
    wu = client_at(lotus_db, lotus_db.wu)
    main, van = take.opened(), take.opened(stock.van().code)
    assert van in wu.get("/w/counts").content.decode() and main not in wu.get("/w/counts").content.decode()
    page = wu.get(f"/w/counts/{van}").content.decode()
    assert f"/w/counts/{van}/close" not in page
    assert wu.get(f"/w/counts/{main}").status_code == 404
    assert send(wu, van, "tally", item="cable", quantity="3")[0] == 200


def test_a_closed_count_asks_for_nothing_more(ku):
    number = take.opened()
    take.tally(number, "cable", 5)
    take.close(number, leave_out=True)
    page = ku.get(f"/w/counts/{number}").content.decode()
    assert "fs-count" not in page.replace("fs-count.js", "") and "5" in page
    assert send(ku, number, "tally", item="cable", quantity="3")[1]["code"] == "inventory.wrong_state"


@pytest.mark.parametrize(
    ("what", "form"),
    [
        ("scan", {"code": "SN\x000001\x00x"}), ("scan", {"code": ""}), ("scan", {"code": "A" * 500, "item": "\x00"}),
        ("tally", {"item": "cable\x00?", "quantity": "1"}), ("tally", {"item": "cable", "quantity": "sNaN"}),
        ("tally", {"item": "cable", "quantity": "1e999999"}), ("list", {"numbers": "\x00\x00"}),
        ("undo", {"tally": "9" * 40}), ("again", {"line": "²"}), ("undo", {"tally": "0"}),
    ],
)  # fmt: skip
def test_nonsense_is_refused_in_words(ku, what, form):
    number = take.opened()
    status, told = send(ku, number, what, **form)
    assert 400 <= status < 500 and told["detail"]
    assert not Tally.objects.exists()
