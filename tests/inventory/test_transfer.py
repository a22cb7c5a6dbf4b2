"""A transfer in two steps; what does not arrive stays on the way until somebody else agrees to the claim (§12, 11)."""

from decimal import Decimal

import pytest
from django.db.models import Sum

from apps.inventory import services
from apps.inventory.errors import BadDocument, OwnDocument, WrongState
from apps.inventory.models import Balance, Document
from tests.inventory import stock
from tests.make import actor, key

TEN = tuple(f"BOX{n:03d}" for n in range(10))


@pytest.fixture(autouse=True)
def goods(lotus_db):
    stock.item()
    stock.cable()
    stock.store("east")
    stock.receive(stock.boxes(*TEN), stock.metres(100))


def shipped(*told):
    number = stock.write("transfer", *told, source="main", target="east")
    services.ship_transfer(number=number, by=actor("ku"), key=key())
    return number


def received(number, **what):
    return services.receive_transfer(number=number, by=actor("bai"), key=key(), **what)


def total(what="stb"):
    return Balance.objects.filter(physical=True, item__code=what).aggregate(total=Sum("quantity"))["total"]


def test_shipped_goods_are_in_neither_store():
    shipped(stock.boxes(*TEN))
    assert [stock.on_hand(code, "stb") for code in ("main", "in_transit", "east")] == [0, 10, 0]
    assert total() == 10
    stock.check_books()


def test_ten_are_sent_and_nine_arrive():
    number = shipped(stock.boxes(*TEN))
    done = received(number, scanned=TEN[:9])
    assert [stock.on_hand(code, "stb") for code in ("main", "in_transit", "east")] == [0, 1, 9]
    assert total() == 10 and stock.where(TEN[9]) == "in_transit"
    claim = Document.objects.get(number=done.facts["claim"])
    assert (claim.kind, claim.state, claim.follows.number) == ("claim", "submitted", number)
    stock.check_books()


def test_the_claim_is_agreed_by_somebody_else_and_then_written_off():
    claim = received(shipped(stock.boxes(*TEN)), scanned=TEN[:9]).facts["claim"]
    with pytest.raises(WrongState):
        stock.post(claim)
    with pytest.raises(Exception) as refusal:
        services.approve_document(number=claim, by=actor("ku"), key=key())
    assert refusal.value.code in {OwnDocument.code, "kernel.not_allowed"}
    services.approve_document(number=claim, by=actor("ji"), key=key())
    stock.post(claim)
    assert stock.where(TEN[9]) == "loss" and stock.on_hand("in_transit", "stb") == 0
    stock.check_books()


def test_everything_arrives_when_nobody_says_otherwise_and_no_claim_is_opened():
    done = received(shipped(stock.boxes(*TEN), stock.metres(40)))
    assert done.facts["claim"] == ""
    assert (stock.on_hand("east", "stb"), stock.on_hand("east", "cable")) == (10, 40)


def test_metres_arrive_in_part():
    done = received(shipped(stock.metres(40)), received={"cable": Decimal("38.5")})
    assert [stock.on_hand(code, "cable") for code in ("main", "in_transit", "east")] == [
        60,
        Decimal("1.5"),
        Decimal("38.5"),
    ]
    assert done.facts["claim"]
    stock.check_books()


def test_nothing_arrives():
    done = received(shipped(stock.boxes(*TEN)), scanned=[])
    assert stock.on_hand("in_transit", "stb") == 10 and done.facts["claim"]
    stock.check_books()


def test_more_than_was_sent_and_strange_boxes_are_refused():
    number = shipped(stock.metres(40), stock.boxes(*TEN))
    with pytest.raises(BadDocument):
        received(number, received={"cable": Decimal(41)})
    with pytest.raises(BadDocument) as refusal:
        received(number, scanned=["STRANGE1"])
    assert "STRANGE1" in str(refusal.value.fields)
    assert stock.document(number).state == "shipped"


def test_it_is_received_once():
    number = shipped(stock.metres(40))
    received(number)
    with pytest.raises(WrongState):
        received(number)
    stock.check_books()


def test_a_transfer_is_not_posted_without_its_receiver():
    number = stock.write("transfer", stock.metres(1), source="main", target="east")
    with pytest.raises(WrongState):
        stock.post(number)
