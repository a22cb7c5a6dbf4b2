"""Taking back is one more entry, never one less."""

from decimal import Decimal

import pytest

from apps.inventory import services
from apps.inventory.errors import BadDocument, NotEnough, OwnReversal, WrongState
from apps.inventory.models import Entry, Valuation
from steppe.kernel.errors import NotAllowed
from tests.inventory import stock
from tests.make import actor, key


@pytest.fixture(autouse=True)
def goods(lotus_db):
    stock.item()
    stock.cable()


def back(number, reason="wrong box", by="ku"):
    return services.reverse_document(number=number, reason=reason, by=actor(by), key=key())


def test_a_receipt_is_taken_back_with_all_its_boxes():
    number = stock.receive(stock.boxes(), stock.metres(3, 10))
    back(number)
    assert (stock.on_hand("main", "stb"), stock.on_hand("main", "cable")) == (0, 0)
    assert set(Valuation.objects.values_list("quantity", "value")) == {(Decimal(0), 0)}
    assert Entry.objects.count() == 2 and stock.document(number).state == "reversed"
    stock.check_books()


def test_what_went_to_scrap_comes_back_at_what_it_was_worth():
    stock.receive(stock.metres(10, 10))
    number = stock.write("scrap", stock.metres(4), source="main")
    services.submit_document(number=number, by=actor("ku"), key=key())
    services.approve_document(number=number, by=actor("ji"), key=key())
    stock.post(number)
    stock.receive(stock.metres(6, 30))
    back(number, by="ji")
    book = Valuation.objects.get(item__code="cable")
    assert (book.quantity, book.value) == (16, 60 + 180 + 40)
    stock.check_books()


def test_what_two_agreed_to_is_not_taken_back_by_who_wrote_it():
    """Or one could have it approved, and undo it alone when nobody looks."""
    stock.receive(stock.metres(10, 10))
    number = stock.write("scrap", stock.metres(4), source="main", by="bai")
    services.submit_document(number=number, by=actor("bai"), key=key())
    services.approve_document(number=number, by=actor("ji"), key=key())
    stock.post(number)
    with pytest.raises(OwnReversal):
        back(number, by="bai")
    with pytest.raises(NotAllowed):
        back(number, by="ku")
    assert stock.on_hand("main", "cable") == 6
    assert back(number, by="de").facts["state"] == "reversed"


def test_what_has_moved_on_cannot_be_taken_back():
    number = stock.receive(stock.metres(10))
    stock.post(stock.write("issue", stock.metres(8), source="main", target=stock.van().code))
    with pytest.raises(NotEnough):
        back(number)
    assert stock.document(number).state == "posted"
    stock.check_books()


def test_without_a_reason_twice_or_before_posting_it_is_refused():
    number = stock.receive(stock.metres(10))
    with pytest.raises(BadDocument):
        back(number, " ")
    back(number)
    with pytest.raises(WrongState):
        back(number)
    with pytest.raises(WrongState):
        back(stock.write("receipt", stock.metres(1), target="main"))
