"""Papers that mean harm, or that nobody thought of: two lines of one item, a changed kind, somebody else's draft."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.inventory import services
from apps.inventory.errors import (
    BadDocument,
    BadItem,
    NotYourPlace,
    PlaceNotFound,
    SerialElsewhere,
    StaleItem,
    WrongState,
)  # fmt: skip
from apps.inventory.models import Batch, Entry, Item, Movement, Place, Serial, SerialStep
from apps.inventory.rules.serials import read_list
from apps.inventory.services import Told
from apps.people.accounts.models import RoleGrant
from apps.people.models import Technician
from tests.inventory import stock
from tests.make import actor, key

pytestmark = pytest.mark.usefixtures("goods")


@pytest.fixture
def goods(lotus_db):
    stock.item()
    stock.cable()


@pytest.fixture
def drums(goods):
    stock.item("drum", "batch", unit="m", usual_cost=40)
    stock.receive(Told("drum", Decimal(500), batch="D1"), Told("drum", Decimal(300), batch="D2"), stock.boxes())
    stock.store("east")


def keeper_of_the_east():
    RoleGrant.objects.filter(user__username="ku", role="storekeeper").update(org_path="/1/2/")


def test_an_item_stands_in_one_line_only_but_its_drums_in_one_each(drums):
    with pytest.raises(BadDocument) as refusal:
        stock.write("receipt", stock.metres(1), stock.boxes("SN8"), stock.metres(2), target="main")
    assert list(refusal.value.fields) == ["lines.2.item"]
    two = [Told("drum", Decimal(1), batch="D1"), Told("drum", Decimal(1), batch="D2")]
    stock.post(stock.write("issue", *two, source="main", target=stock.van().code))
    stock.check_books()


def test_a_drum_nobody_received_is_refused_and_not_made(drums):
    with pytest.raises(BadDocument) as refusal:
        stock.write("issue", Told("drum", Decimal(1), batch="D9"), source="main", target=stock.van().code)
    assert list(refusal.value.fields) == ["lines.0.batch"]
    assert set(Batch.objects.values_list("number", flat=True)) == {"D1", "D2"}


def test_drums_and_boxes_arrive_in_one_transfer_each_in_part(drums):
    told = [Told("drum", Decimal(50), batch="D1"), Told("drum", Decimal(60), batch="D2"), stock.boxes()]
    number = stock.write("transfer", *told, source="main", target="east")
    services.ship_transfer(number=number, by=actor("ku"), key=key())
    came = {"drum/D2": Decimal("58.5")}
    services.receive_transfer(number=number, received=came, scanned=stock.BOXES[:4], by=actor("bai"), key=key())
    assert stock.on_hand("east", "drum") == Decimal("108.5") and stock.on_hand("in_transit", "drum") == Decimal("1.5")
    assert stock.on_hand("east", "stb") == 4 and stock.where("SN0005") == "in_transit"
    stock.check_books()


@pytest.mark.parametrize("came", [{"drum": Decimal(1)}, {"stb": Decimal(1)}, {"cabel": Decimal(1)}])
def test_a_word_of_what_arrived_that_fits_no_line_is_refused_not_passed_over(drums, came):
    told = [Told("drum", Decimal(50), batch="D1"), stock.boxes()]
    number = stock.write("transfer", *told, source="main", target="east")
    services.ship_transfer(number=number, by=actor("ku"), key=key())
    with pytest.raises(BadDocument):
        services.receive_transfer(number=number, received=came, by=actor("bai"), key=key())
    for odd in (Decimal("NaN"), Decimal("1.001"), Decimal(-1)):
        with pytest.raises(BadDocument):
            services.receive_transfer(number=number, received={"drum/D1": odd}, by=actor("bai"), key=key())


def test_a_claim_cannot_be_withdrawn(drums):
    number = stock.write("transfer", stock.boxes(), source="main", target="east")
    services.ship_transfer(number=number, by=actor("ku"), key=key())
    claim = services.receive_transfer(number=number, scanned=[], by=actor("bai"), key=key()).facts["claim"]
    with pytest.raises(WrongState):
        services.withdraw_document(number=claim, by=actor("ku"), key=key())
    assert stock.document(claim).state == "submitted"


def test_an_item_switched_off_meanwhile_still_arrives_and_goes_back_but_comes_in_no_more(drums):
    number = stock.write("transfer", stock.boxes(), source="main", target="east")
    services.ship_transfer(number=number, by=actor("ku"), key=key())
    stock.item(enabled=False)
    services.receive_transfer(number=number, scanned=stock.BOXES[1:], by=actor("bai"), key=key())
    stock.write("repair", stock.boxes("SN0002"), source="east")
    with pytest.raises(BadDocument):
        stock.write("receipt", stock.boxes("SN0009"), target="main")


def test_the_kind_of_an_item_that_stands_in_a_draft_stays():
    stock.write("receipt", stock.metres(5), target="main")
    with pytest.raises(BadItem):
        stock.item("cable", "serialized")


def test_a_draft_whose_item_is_counted_another_way_by_now_is_not_posted():
    number = stock.write("receipt", stock.metres(5), target="main")
    Item.objects.filter(code="cable").update(kind="serialized")
    with pytest.raises(BadDocument):
        stock.post(number)
    assert not Movement.objects.exists()


def test_an_item_somebody_changed_meanwhile_is_not_overwritten():
    stock.cable()
    with pytest.raises(StaleItem):
        stock.item("cable", "quantity", version=1)
    stock.item("cable", "quantity", version=2)


def test_without_a_place_nothing_goes_to_the_first_van_or_from_the_first_store():
    stock.receive(stock.metres(5))
    van = stock.van().code
    for source, target in (("main", ""), ("", van)):
        with pytest.raises(PlaceNotFound):
            stock.write("issue", stock.metres(1), source=source, target=target)


def test_the_same_number_of_another_item_is_another_box():
    stock.item("onu")
    stock.receive(stock.boxes("SAME01"))
    stock.receive(stock.boxes("SN0002"), Told("onu", serials=("SAME01",)))
    assert Serial.objects.filter(number="SAME01").count() == 2
    stock.check_books()


def test_boxes_elsewhere_are_named_and_those_that_are_here_are_not():
    stock.receive(stock.boxes("SN0001", "SN0002", "SN0003"))
    van = stock.van().code
    stock.post(stock.write("issue", stock.boxes("SN0003"), source="main", target=van))
    stock.post(stock.write("issue", stock.boxes("SN0001"), source="main", target=van))
    number = stock.write("issue", stock.boxes("SN0001", "SN0002", "SN0003"), source="main", target=van)
    stock.receive(stock.boxes("SN0008", "SN0009"))
    with pytest.raises(SerialElsewhere) as refusal:
        stock.post(number)
    assert refusal.value.params["numbers"] == "SN0001, SN0003"


def test_a_keeper_of_one_unit_neither_changes_nor_withdraws_the_receipt_of_another():
    number = stock.write("receipt", stock.metres(5), target="main")
    keeper_of_the_east()
    with pytest.raises(NotYourPlace):
        services.change_document(number=number, told=[stock.metres(1)], by=actor("ku"), key=key())
    with pytest.raises(NotYourPlace):
        services.withdraw_document(number=number, by=actor("ku"), key=key())


def test_a_keeper_of_one_unit_opens_no_store_and_no_van_of_another():
    keeper_of_the_east()
    stock.store("east", "EAST")
    with pytest.raises(NotYourPlace):
        stock.store("west", "WEST")
    with pytest.raises(NotYourPlace):
        stock.van("xi")


def test_a_code_stands_for_one_place_and_vans_have_theirs():
    for code in ("main", "van-1", "supplier"):
        with pytest.raises(BadItem):
            stock.store(code)
    assert stock.store("east").pk == stock.store("east").pk


def test_a_van_goes_with_its_technician_to_another_unit():
    van = stock.van("wu")
    west = Technician.objects.get(user__username="xi").org_unit
    Technician.objects.filter(user__username="wu").update(org_unit=west)
    assert stock.van("wu").org_path == west.path != van.org_path
    assert Place.objects.filter(kind="van").count() == 1


def test_the_reason_of_a_document_outlives_its_reversal():
    stock.receive(stock.metres(5))
    number = stock.write("repair", stock.metres(1), source="main", reason="burnt")
    stock.post(number)
    services.reverse_document(number=number, reason="was not", by=actor("ku"), key=key())
    paper = stock.document(number)
    assert (paper.reason, paper.reversed_because) == ("burnt", "was not")


def test_the_times_of_one_shelf_follow_its_movements():
    for _ in range(3):
        stock.receive(stock.metres(1))
    rows = list(Movement.objects.filter(place__code="main").order_by("id").values_list("at", flat=True))
    assert rows == sorted(rows)


@pytest.mark.parametrize(
    ("text", "good", "bad"),
    [
        ("CODE_128,abc123", ["ABC123"], []),
        ("CODE_128,ABC123\nQR_CODE,ABC124", ["ABC123", "ABC124"], []),
        ("abc1,abc2;abc3，ＡＢＣ４ abc1", ["ABC1", "ABC2", "ABC3", "ABC4"], []),
        ("ABC1, x, <script>", ["ABC1"], ["x", "<script>"]),
    ],
)
def test_scanned_lists_are_read_as_people_scan_them(text, good, bad):
    assert read_list(text) == (good, bad)


def test_ten_thousand_boxes_come_in_with_one_document_and_a_few_statements():
    numbers = tuple(f"BULK{n:06d}" for n in range(10_000))
    stock.forget_plans()
    with CaptureQueriesContext(connection) as writing:
        number = stock.write("receipt", stock.boxes(*numbers), target="main")
    stock.forget_plans()
    with CaptureQueriesContext(connection) as posting:
        stock.post(number)
    assert (stock.on_hand("main", "stb"), SerialStep.objects.count(), Entry.objects.count()) == (10_000, 10_000, 1)
    assert len(writing) <= 30 and len(posting) <= 50, (len(writing), len(posting))
