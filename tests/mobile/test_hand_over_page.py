"""Receiving on the phone: one tap for everything, or by scanning; nobody receives what they handed out."""

import pytest

from apps.inventory import services
from tests.inventory import stock
from tests.make import actor, client_at, key


@pytest.fixture
def paper(lotus_db):
    stock.item()
    stock.cable()
    stock.receive(stock.boxes(), stock.metres(100))
    told = stock.boxes("SN0001", "SN0002"), stock.metres(20)
    number = stock.write("issue", *told, source="main", target=stock.van().code)
    services.ship_transfer(number=number, by=actor("ku"), key=key())
    return number


@pytest.fixture
def wu(lotus_db):
    return client_at(lotus_db, lotus_db.wu)


def test_it_stands_in_the_technicians_list_until_it_is_received(paper, wu):
    assert paper in wu.get("/w/handovers").content.decode()
    assert 'class="badge"' in wu.get("/w/me").content.decode()
    page = wu.get(f"/w/handovers/{paper}").content.decode()
    assert "SN0001" in page and 'name="q.cable"' in page
    done = wu.post(f"/w/handovers/{paper}", {"all": "1", "version": "2", "idempotency_key": key()})
    assert (done.status_code, stock.document(paper).state) == (303, "posted")
    assert stock.on_hand(stock.van().code, "stb") == 2
    assert f"/w/handovers/{paper}" not in wu.get("/w/handovers").content.decode()


def test_what_is_not_scanned_stands_in_a_claim(paper, wu):
    form = {"scanned": "sn0001", "q.cable": "18", "version": "2", "idempotency_key": key()}
    done = wu.post(f"/w/handovers/{paper}", form)
    assert "claim=SP-" in done.url and "SP-" in wu.get(done.url).content.decode()
    assert (stock.where("SN0001"), stock.where("SN0002")) == (stock.van().code, "in_transit")
    assert stock.on_hand("in_transit", "cable") == 2


def test_a_strange_box_is_refused_and_everything_typed_is_still_there(paper, wu):
    form = {"scanned": "SN0001\nSN0005", "q.cable": "18", "version": "2", "idempotency_key": key()}
    refused = wu.post(f"/w/handovers/{paper}", form)
    page = refused.content.decode()
    assert refused.status_code == 422 and "SN0005" in page and 'value="18"' in page
    assert stock.document(paper).state == "shipped"


def test_who_handed_out_and_other_technicians_do_not_receive(paper, lotus_db):
    ku, bo = client_at(lotus_db, lotus_db.people["ku"]), client_at(lotus_db, lotus_db.bo)
    assert paper not in ku.get("/w/handovers").content.decode()
    assert "idempotency_key" not in ku.get(f"/w/handovers/{paper}").content.decode()
    refused = ku.post(f"/w/handovers/{paper}", {"all": "1", "idempotency_key": key()})
    assert refused.status_code == 403 and stock.document(paper).state == "shipped"
    assert bo.get(f"/w/handovers/{paper}").status_code == 404
