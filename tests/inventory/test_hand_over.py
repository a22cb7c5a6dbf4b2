"""Goods for a van: handed out by the storekeeper, theirs when the technician has confirmed them; nobody does both."""

import pytest
from django.db import IntegrityError, transaction

from apps.inventory import services
from apps.inventory.errors import BadDocument, NeedsReceiver, NotYourPlace, OwnShipment, WrongState
from apps.inventory.models import Document
from steppe.kernel.errors import NotAllowed
from tests.inventory import stock
from tests.make import actor, key

TWO = ("SN0001", "SN0002")


@pytest.fixture(autouse=True)
def goods(lotus_db):
    lotus_db.tenant.policy = {"technician_cap": 3}
    stock.item()
    stock.cable()
    stock.receive(stock.boxes(), stock.metres(100))


def handed_out(to="wu", by="ku"):
    number = stock.write("issue", stock.boxes(*TWO), stock.metres(20), source="main", target=stock.van(to).code)
    services.ship_transfer(number=number, by=actor(by), key=key())
    return number


def received(number, by="wu", **what):
    return services.receive_transfer(number=number, by=actor(by), key=key(), **what)


def test_until_the_technician_confirms_the_goods_are_on_the_way():
    number = handed_out()
    van = stock.document(number).target.code
    assert [stock.on_hand(code, "stb") for code in ("main", "in_transit", van)] == [3, 2, 0]
    assert stock.document(number).state == "shipped"
    done = received(number, scanned=TWO)
    assert (done.facts["state"], done.facts["claim"]) == ("posted", "")
    assert [stock.on_hand(code, "stb") for code in ("main", "in_transit", van)] == [3, 0, 2]
    assert stock.on_hand(van, "cable") == 20 and stock.document(number).posted_by == actor("wu").ref
    stock.check_books()


def test_a_box_that_was_not_handed_over_is_not_the_technicians():
    number = handed_out()
    claim = received(number, scanned=TWO[:1]).facts["claim"]
    assert stock.where("SN0002") == "in_transit" and Document.objects.get(number=claim).follows.number == number
    services.reverse_document(number=number, reason="wrong van", by=actor("ku"), key=key())
    assert (stock.where("SN0001"), stock.where("SN0002")) == ("main", "in_transit")
    stock.check_books()


def test_the_storekeeper_cannot_hand_out_alone():
    number = stock.write("issue", stock.metres(5), source="main", target=stock.van().code)
    with pytest.raises(NeedsReceiver) as refusal:
        stock.post(number)
    assert number in refusal.value.sentence and stock.document(number).state == "draft"


def test_who_handed_out_cannot_receive():
    number = handed_out()
    with pytest.raises(OwnShipment):
        received(number, by="ku")
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(number=number).update(posted_by=actor("ku").ref)
    assert stock.document(number).state == "shipped"


def test_another_keeper_may_confirm_for_a_broken_phone_but_no_other_technician():
    number = handed_out()
    for who in ("bo", "xi"):
        with pytest.raises((NotAllowed, NotYourPlace)):
            received(number, by=who)
    with pytest.raises(NotAllowed):
        received(number, by="ji")
    assert received(number, by="bai").facts["state"] == "posted"


def test_a_technician_receives_nothing_but_for_the_own_van():
    stock.store("east")
    number = stock.write("transfer", stock.metres(5), source="main", target="east")
    services.ship_transfer(number=number, by=actor("ku"), key=key())
    with pytest.raises((NotAllowed, NotYourPlace)):
        received(number)
    with pytest.raises(OwnShipment):
        received(number, by="ku")


def test_it_is_confirmed_once_and_only_what_was_handed_out():
    number = handed_out()
    with pytest.raises(BadDocument):
        received(number, scanned=["SN0005"])
    once = key()
    for _ in range(2):
        services.receive_transfer(number=number, by=actor("wu"), key=once)
    with pytest.raises(WrongState):
        received(number)
    stock.check_books()


def test_a_branch_may_let_its_storekeeper_hand_out_alone(lotus_db):
    lotus_db.tenant.policy = {"issue_needs_receiver": False}
    number = stock.write("issue", stock.metres(5), source="main", target=stock.van().code)
    assert stock.post(number).facts["state"] == "posted"
