"""Stocktakes at the desk: opened, closed, decided; who takes part sees no differences."""

import re

import pytest

from apps.inventory.models import Count
from tests.inventory import stock
from tests.inventory import stocktake as take
from tests.make import client_at, key

AT = "/console/stock/counts/"
BOOK = "7777.77"
FIGURE = re.compile(r"(?<!\d)7777(?!\d)")  # not a part of some other number


@pytest.fixture
def at(lotus_db):
    stock.item()
    stock.cable()
    stock.receive(stock.boxes(), stock.metres(BOOK))
    return {name: client_at(lotus_db, lotus_db.people[name]) for name in ("ku", "ji", "bai", "wu", "lin")}


def counted():
    number = take.opened()
    take.tally(number, "cable", 7700)
    take.scan(number, *stock.BOXES[:4])
    return number


def post(client, number, what, **form):
    version = Count.objects.get(number=number).version
    return client.post(f"{AT}{number}/{what}/", {"version": version, "idempotency_key": key(), **form})


def test_opened_counted_closed_and_approved(at):
    opened = at["ku"].post(f"{AT}new/", {"place": "main", "idempotency_key": key()})
    number = opened.url.split("/")[-2]
    assert opened.status_code == 303 and f"/w/counts/{number}" in at["ku"].get(opened.url).content.decode()
    assert number in at["ku"].get(AT).content.decode()
    take.tally(number, "cable", 7700)
    take.scan(number, *stock.BOXES[:4])
    assert "done=again" in post(at["ku"], number, "close", recount="1").url
    take.tally(number, "cable", 7700)
    take.scan(number, *stock.BOXES[:4])
    assert "done=close" in post(at["ku"], number, "close", recount="1").url
    page = at["ji"].get(f"{AT}{number}/").content.decode()
    assert "77.77" in page and "SN0005" in page and f"{AT}{number}/approve/" in page
    done = post(at["ji"], number, "approve")
    page = at["ku"].get(done.url).content.decode()
    assert "PK-" in page and "SN0005" in page
    assert "0 / 2" not in at["ku"].get(AT).content.decode()


def test_who_takes_part_sees_no_difference_before_it_is_decided(at):
    number = counted()
    pages = [at["ku"].get(f"{AT}{number}/"), at["ji"].get(f"{AT}{number}/")]
    take.close(number)
    pages.append(at["ku"].get(f"{AT}{number}/"))
    for page in pages:
        text = page.content.decode()
        assert page.status_code == 200 and not FIGURE.search(text) and "77.77" not in text and "SN0005" not in text
    assert number in at["ji"].get("/console/stock/").content.decode()
    assert number not in at["ku"].get("/console/stock/").content.decode()
    assert "/approve/" not in pages[-1].content.decode()
    assert "77.77" in at["bai"].get(f"{AT}{number}/").content.decode()


def test_refusals_are_said_on_the_page_and_change_nothing(at):
    number = counted()
    twice = at["ku"].post(f"{AT}new/", {"place": "main", "idempotency_key": key()})
    assert twice.status_code == 409 and number in twice.content.decode()
    take.close(number)
    refused = post(at["ji"], number, "send-back", reason=" ")
    assert refused.status_code == 422 and Count.objects.get().state == "closed"
    assert post(at["ku"], number, "approve").status_code == 403
    stale = at["ji"].post(f"{AT}{number}/approve/", {"version": "1", "idempotency_key": key()})
    assert stale.status_code == 409
    assert "done=send_back" in post(at["ji"], number, "send-back", reason="look again").url
    assert "done=withdraw" in post(at["ku"], number, "withdraw").url
    for stranger in ("wu", "lin"):
        assert at[stranger].get(AT).status_code == 403


def test_a_box_of_another_van_is_brought_here_only_if_it_stays_ticked(at):
    van = stock.van().code
    stock.post(stock.write("issue", stock.boxes("SN0005"), source="main", target=van))
    number = take.opened()
    take.scan(number, *stock.BOXES)
    take.close(number, leave_out=True)
    page = at["ji"].get(f"{AT}{number}/").content.decode()
    assert 'name="move" value="SN0005" checked' in page
    post(at["ji"], number, "approve")
    assert stock.where("SN0005") == van


def test_units_that_moved_after_the_closing_are_worked_out_with_one_button(at):
    number = counted()
    take.close(number)
    stock.post(stock.write("issue", stock.boxes("SN0005"), source="main", target=stock.van().code))
    refused = post(at["ji"], number, "approve")
    assert refused.status_code == 409 and f"{AT}{number}/work-out/" in refused.content.decode()
    assert "done=work_out" in post(at["ji"], number, "work-out").url
    assert "done=approve" in post(at["ji"], number, "approve").url
