"""Goods come in, go to a technician's van and back: numbers, metres, value, and every refusal."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from apps.inventory import services
from apps.inventory.errors import (
    BadDocument,
    DocumentNotFound,
    NotEnough,
    NotYourPlace,
    PlaceNotFound,
    SerialElsewhere,
    SerialKnown,
    StaleDocument,
    WrongState,
)  # fmt: skip
from apps.inventory.models import Entry, Item, Movement, Serial, SerialStep, Valuation
from apps.inventory.services import Told
from steppe.kernel.errors import NotAllowed
from steppe.kernel.journal.models import OutboxEvent
from tenants.context import in_branch
from tests.inventory import stock
from tests.make import actor, key

pytestmark = pytest.mark.usefixtures("lotus_db")


@pytest.fixture(autouse=True)
def goods(lotus_db):
    stock.item()
    stock.cable()


def test_a_receipt_puts_boxes_and_metres_into_the_warehouse_and_tells_it():
    stock.receive(stock.boxes(), stock.metres(100, 50))
    assert stock.on_hand("main", "stb") == 5 and stock.on_hand("main", "cable") == 100
    assert stock.where("SN0003") == "main"
    assert Serial.objects.get(number="SN0003").state == "in_stock"
    assert OutboxEvent.objects.filter(kind="inventory.posted").count() == 1
    stock.check_books()


def test_a_draft_moves_nothing():
    stock.write("receipt", stock.boxes(), target="main")
    assert stock.on_hand("main", "stb") == 0
    assert not Movement.objects.exists()


def test_an_issue_carries_named_boxes_to_the_van_and_a_return_brings_them_back():
    stock.receive(stock.boxes())
    van = stock.van("wu")
    stock.post(stock.write("issue", stock.boxes("SN0001", "SN0002"), source="main", target=van.code))
    assert stock.where("SN0002") == van.code
    assert Serial.objects.get(number="SN0002").state == "with_technician"
    stock.post(stock.write("return", stock.boxes("SN0002"), source=van.code, target="main"))
    assert (stock.on_hand("main", "stb"), stock.on_hand(van.code, "stb")) == (4, 1)
    assert SerialStep.objects.filter(serial__number="SN0002").count() == 3
    stock.check_books()


def test_posting_twice_with_one_key_posts_once_and_with_another_key_is_refused():
    number = stock.write("receipt", stock.metres(7), target="main")
    once = key()
    first = services.post_document(number=number, by=actor("ku"), key=once)
    again = services.post_document(number=number, by=actor("ku"), key=once)
    assert again.replayed and again.version == first.version
    with pytest.raises(WrongState):
        stock.post(number)
    assert stock.on_hand("main", "cable") == 7 and Entry.objects.count() == 1


def test_more_than_there_is_is_refused_with_what_there_is_and_changes_nothing():
    stock.receive(stock.metres(10))
    number = stock.write("issue", stock.metres("10.5"), source="main", target=stock.van().code)
    with pytest.raises(NotEnough) as refusal:
        stock.post(number)
    assert refusal.value.params["free"] == "10"
    assert stock.document(number).state == "draft"
    stock.check_books()


def test_one_line_too_many_takes_the_whole_document_back():
    stock.receive(stock.metres(10), stock.boxes("SN0001"))
    number = stock.write("issue", stock.boxes("SN0001"), stock.metres(11), source="main", target=stock.van().code)
    with pytest.raises(NotEnough):
        stock.post(number)
    assert stock.where("SN0001") == "main"
    stock.check_books()


def test_a_box_that_is_elsewhere_is_named():
    stock.receive(stock.boxes("SN0001", "SN0002"))
    stock.receive(stock.boxes("SN0003"), target=stock.store().code)
    number = stock.write("issue", stock.boxes("SN0001", "SN0003"), source="main", target=stock.van().code)
    with pytest.raises(SerialElsewhere) as refusal:
        stock.post(number)
    assert refusal.value.params["numbers"] == "SN0003"


def test_a_box_cannot_come_in_twice():
    stock.receive(stock.boxes("SN0001"))
    number = stock.write("receipt", stock.boxes("SN0001", "SN0009"), target="main")
    with pytest.raises(SerialKnown) as refusal:
        stock.post(number)
    assert refusal.value.params["numbers"] == "SN0001"
    assert not Serial.objects.filter(number="SN0009").exists()


def test_a_box_that_went_back_to_its_supplier_may_come_in_again():
    stock.receive(stock.boxes("SN0001"))
    number = stock.write("supplier_return", stock.boxes("SN0001"), source="main")
    services.submit_document(number=number, by=actor("ku"), key=key())
    services.approve_document(number=number, by=actor("ji"), key=key())
    stock.post(number)
    stock.receive(stock.boxes("SN0001"))
    assert stock.where("SN0001") == "main"
    stock.check_books()


def test_the_value_is_the_moving_average_to_the_fen():
    stock.receive(stock.metres(3, 10))
    stock.receive(stock.metres(4, "20.25"))
    book = Valuation.objects.get(item__code="cable")
    assert (book.quantity, book.value) == (7, 30 + 81)
    number = stock.write("scrap", stock.metres(2), source="main", reason="broken")
    services.submit_document(number=number, by=actor("ku"), key=key())
    services.approve_document(number=number, by=actor("ji"), key=key())
    stock.post(number)
    book.refresh_from_db()
    assert (book.quantity, book.value) == (5, 111 - 32)  # 111 × 2 / 7 = 31.71
    stock.check_books()


def test_drums_have_a_cost_each():
    stock.item("drum", "batch", unit="m", usual_cost=40)
    stock.receive(Told("drum", Decimal(500), batch="D1", unit_cost=Decimal(30)))
    stock.receive(Told("drum", Decimal(500), batch="D2", unit_cost=Decimal(60)))
    stock.post(stock.write("issue", Told("drum", Decimal(100), batch="D2"), source="main", target=stock.van().code))
    values = dict(Valuation.objects.values_list("batch__number", "value"))
    assert values == {"D1": 15_000, "D2": 30_000}
    stock.check_books()


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (Told("nothing", Decimal(1)), "lines.0.item"),
        (Told("cable", Decimal(0)), "lines.0.quantity"),
        (Told("stb"), "lines.0.serials"),
        (Told("stb", serials=("SN1", "SN1")), "lines.0.serials"),
        (Told("stb", serials=("sn 1",)), "lines.0.serials"),
        (Told("cable", Decimal(1), serials=("SN1",)), "lines.0.serials"),
        (Told("cable", Decimal(1), batch="D1"), "lines.0.batch"),
        (Told("cable", Decimal(1), unit_cost=Decimal(-1)), "lines.0.unit_cost"),
        (Told("cable", Decimal("0.001")), "lines.0.quantity"),
        (Told("cable", Decimal("1e11")), "lines.0.quantity"),
        (Told("cable", Decimal("NaN")), "lines.0.quantity"),
        (Told("cable", Decimal(1), unit_cost=Decimal("1e20")), "lines.0.unit_cost"),
        (Told("cable", Decimal(1), unit_cost=Decimal("0.00001")), "lines.0.unit_cost"),
    ],
)
def test_what_is_wrong_with_a_line_is_told_at_its_field(told, field):
    with pytest.raises(BadDocument) as refusal:
        stock.write("receipt", told, target="main")
    assert list(refusal.value.fields) == [field]


def test_a_document_without_lines_or_of_no_kind_or_to_no_place_is_refused():
    with pytest.raises(BadDocument):
        stock.write("receipt", target="main")
    with pytest.raises(BadDocument):
        stock.write("consumption", stock.metres(1))
    with pytest.raises(PlaceNotFound):
        stock.write("receipt", stock.metres(1), target="van-1")


def test_who_keeps_no_store_writes_nothing():
    for name in ("wu", "lin", "cai", "ji"):
        with pytest.raises(NotAllowed):
            stock.write("receipt", stock.metres(1), target="main", by=name)


def test_a_keeper_of_one_unit_has_no_say_in_the_stores_of_another():
    from apps.people.accounts.models import RoleGrant

    stock.store("west", "WEST")
    grant = RoleGrant.objects.get(user__username="ku", role="storekeeper")
    RoleGrant.objects.filter(pk=grant.pk).update(org_path="/1/2/")
    stock.write("receipt", stock.metres(1), target=stock.store("east2").code)
    for other in ("west", "main"):
        with pytest.raises(NotYourPlace):
            stock.write("receipt", stock.metres(1), target=other)


def test_a_stale_version_is_refused():
    number = stock.write("receipt", stock.metres(1), target="main")
    services.change_document(number=number, told=[stock.metres(2)], by=actor("ku"), key=key())
    with pytest.raises(StaleDocument):
        services.post_document(number=number, version=1, by=actor("ku"), key=key())


def test_the_kind_of_an_item_that_has_moved_stays():
    from apps.inventory.errors import BadItem

    stock.receive(stock.metres(1))
    with pytest.raises(BadItem):
        stock.item("cable", "serialized")
    assert Item.objects.get(code="cable").kind == "quantity"


def test_nobody_rewrites_the_books():
    stock.receive(stock.metres(5))
    for statement in (
        "UPDATE inventory_movement SET delta = delta + 1",
        "DELETE FROM inventory_movement",
        "TRUNCATE inventory_serialstep",
        "DELETE FROM inventory_entry",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_balance_that_was_changed_by_hand_stops_the_next_posting():
    stock.receive(stock.metres(5))
    van = stock.van().code

    def forged():
        with connection.cursor() as cursor:
            cursor.execute("UPDATE inventory_balance SET quantity = 500 WHERE physical")
        stock.post(stock.write("issue", stock.metres(400), source="main", target=van))

    refused_by_the_database(forged)


def test_an_entry_that_does_not_sum_to_nothing_is_refused_by_the_database():
    stock.receive(stock.metres(5))
    one, place = Movement.objects.filter(delta__gt=0).get(), stock.store()

    def half():
        Movement.objects.create(entry=one.entry, place=place, item=one.item, delta=1, balance=1, at=one.at)

    refused_by_the_database(half)


def refused_by_the_database(work):
    """What happens at the commit, and everything is as it was before."""

    def work_and_commit():
        with connection.cursor() as cursor:
            work()
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    before = transaction.savepoint()  # no atomic block: a command opens its own, and it must be the outermost
    with pytest.raises(DatabaseError):
        work_and_commit()
    transaction.savepoint_rollback(before)
    stock.check_books()


def test_the_other_branch_has_no_such_document(maple):
    number = stock.write("receipt", stock.metres(1), target="main")
    with in_branch(maple.tenant), pytest.raises(DocumentNotFound):
        services.post_document(number=number, by=maple.people["ku"], key=key())
