"""A count of an open store: frozen, counted blind by several, closed; nothing that moved meanwhile is a difference."""

from decimal import Decimal

import pytest

from apps.inventory import services
from apps.inventory.errors import (
    BadCount,
    BadTally,
    CountNotFound,
    CountOpen,
    CountUnfinished,
    NotYourPlace,
    PlaceNotFound,
    ScanUnknown,
    TallyNotFound,
    WrongState,
)
from apps.inventory.models import Count, Tally
from apps.inventory.services import Told
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tests.inventory import stock
from tests.inventory import stocktake as take
from tests.make import actor, key


@pytest.fixture(autouse=True)
def goods(lotus_db):
    stock.item()
    stock.cable()
    stock.item("plug", "quantity", category="plugs", unit="个", barcode="690123", usual_cost=200)
    stock.item("drum", "batch", category="cables", unit="m")
    stock.receive(stock.boxes(), stock.metres(100), Told("plug", Decimal(40)), Told("drum", Decimal(300), batch="D1"))


def issue(*told, to="wu"):
    stock.post(stock.write("issue", *told, source="main", target=stock.van(to).code))


def count_all(number):
    take.tally(number, "cable", 100)
    take.tally(number, "plug", 40)
    take.tally(number, "drum", 300, batch="D1")
    take.scan(number, *stock.BOXES)


def test_a_count_without_a_difference():
    number = take.opened()
    assert number.startswith("PD-") and take.count(number).lines.count() == 4
    count_all(number)
    take.close(number)
    done = take.count(number)
    assert (done.state, done.lines_counted, done.lines_right, done.value) == ("closed", 4, 4, 0)
    assert take.differences(number) == {} and take.findings(number) == {}


def test_goods_move_before_and_after_a_shelf_is_counted_and_nothing_is_wrong():
    number = take.opened()
    issue(stock.metres(30), stock.boxes("SN0001"))
    take.tally(number, "cable", 70)
    issue(stock.metres(20), Told("plug", Decimal(5)))
    take.tally(number, "plug", 35)
    take.scan(number, "SN0002", "SN0003", "SN0004")
    issue(stock.boxes("SN0005"), to="bo")
    stock.receive(stock.boxes("SN0006"), stock.metres(7))
    take.tally(number, "drum", 300, batch="D1")
    take.close(number)
    assert take.differences(number) == {} and take.findings(number) == {}


def test_three_metres_and_a_box_are_missing_and_two_plugs_too_many():
    number = take.opened()
    issue(stock.metres(30))
    take.tally(number, "cable", 67)
    take.tally(number, "plug", 42)
    take.tally(number, "drum", "299.5", batch="D1")
    take.scan(number, *stock.BOXES[:4])
    take.close(number)
    assert take.differences(number) == {"cable": -3, "plug": 2, "drum": Decimal("-0.5"), "stb": -1}
    assert take.findings(number) == {"SN0005": "missing"}
    values = {code: take.line(number, code).value for code in ("cable", "plug", "stb")}
    assert values == {"cable": -150, "plug": 400, "stb": -20_000}
    done = take.count(number)
    assert (done.lines_counted, done.lines_right) == (4, 0)
    assert done.value == -150 + 400 - 20_000 + take.line(number, "drum").value


def test_several_people_add_up_and_each_takes_back_the_own_last_tally(lotus_db):
    number = take.opened()
    take.tally(number, "plug", 25)
    take.scan(number, "690123", by="bai")
    done = take.scan(number, "690123", by="bai")
    assert done.facts["counted"] == "27"
    services.undo_tally(number=number, by=actor("bai"), key=key())
    assert take.tally(number, "plug", 14).facts["counted"] == "40"
    with pytest.raises(TallyNotFound):
        services.undo_tally(number=number, tally=Tally.objects.last().pk, by=actor("bai"), key=key())
    services.undo_tally(number=number, by=actor("bai"), key=key())
    with pytest.raises(TallyNotFound):
        services.undo_tally(number=number, by=actor("bai"), key=key())
    assert Tally.objects.count() == 4 and Tally.objects.filter(undone=True).count() == 2


def test_a_number_counts_once_whoever_scans_it():
    number = take.opened()
    assert take.scan(number, "CODE_128,sn0001").facts["again"] is False
    again = take.scan(number, "SN0001", by="bai")
    assert (again.facts["again"], again.facts["counted"]) == (True, "1")
    listed = services.tally_numbers(number=number, numbers=stock.BOXES[:3], by=actor("ku"), key=key())
    assert (listed.facts["kept"], listed.facts["again"]) == (2, 1)


def test_the_same_tap_sent_again_after_a_dropped_line_counts_once():
    number, once = take.opened(), key()
    for _ in range(3):
        services.tally_quantity(number=number, item="plug", quantity=Decimal(5), by=actor("ku"), key=once)
    assert Tally.objects.get().quantity == 5


def test_an_unknown_number_is_asked_for_its_item_and_then_counts():
    number = take.opened()
    with pytest.raises(ScanUnknown):
        take.scan(number, "NEW00001")
    assert take.scan(number, "NEW00001", item="stb").facts["scanned"] == "NEW00001"
    take.scan(number, *stock.BOXES)
    for code in ("cable", "plug"):
        take.tally(number, code, {"cable": 100, "plug": 40}[code])
    take.close(number, leave_out=True)
    assert take.findings(number) == {"NEW00001": "new"} and take.line(number, "drum").counted is None


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ({"item": "stb", "quantity": "3"}, BadTally),
        ({"item": "nothing", "quantity": "3"}, BadTally),
        ({"item": "plug", "quantity": "-1"}, BadTally),
        ({"item": "plug", "quantity": "1.001"}, BadTally),
        ({"item": "drum", "quantity": "1"}, BadTally),
        ({"item": "drum", "quantity": "1", "batch": "D9"}, BadTally),
    ],
)
def test_what_cannot_be_counted_like_this_is_refused(what, why):
    number = take.opened()
    with pytest.raises(why):
        take.tally(number, **what)
    assert not Tally.objects.exists()


def test_a_scan_that_means_something_else_is_refused_in_words():
    number = take.opened(category="stb")
    for code in ("stb", "D1", "690123", "??"):
        with pytest.raises((BadTally, ScanUnknown)):
            take.scan(number, code)
    with pytest.raises(BadTally):
        services.tally_numbers(number=number, numbers=["sn 1"], by=actor("ku"), key=key())
    with pytest.raises(ScanUnknown):
        services.tally_numbers(number=number, numbers=["SN0001", "NEW00001"], by=actor("ku"), key=key())
    assert not Tally.objects.exists()


def test_one_category_is_counted_alone_and_no_shelf_twice_at_once():
    number = take.opened(category="cables")
    assert [one.item.code for one in take.count(number).lines.all()] == ["drum"]
    take.opened(category="plugs")
    for category in ("cables", ""):
        with pytest.raises(CountOpen):
            take.opened(category=category)
    services.withdraw_count(number=number, by=actor("ku"), key=key())
    take.opened(category="cables")
    with pytest.raises(BadCount):
        take.opened(category="nothing")
    with pytest.raises(PlaceNotFound):
        take.opened("loss")


def test_shelves_nobody_counted_hold_up_the_closing_unless_they_are_left_out():
    number = take.opened()
    for _ in range(2):
        with pytest.raises(CountUnfinished):
            take.close(number, leave_out=True)
        break
    take.tally(number, "cable", 100)
    with pytest.raises(CountUnfinished) as refusal:
        take.close(number)
    assert refusal.value.params["left"] == 3
    take.tally(number, "stb", 0)
    take.close(number, leave_out=True)
    assert take.count(number).lines_counted == 2 and take.differences(number) == {"stb": -5}


def test_what_differs_is_asked_for_once_more_and_only_the_last_turn_holds():
    number = take.opened()
    count_all(number)
    services.undo_tally(number=number, by=actor("ku"), key=key())
    take.tally(number, "plug", 3)
    done = take.close(number, recount=True)
    assert done.facts["again"] == 2 and take.count(number).state == "counting"
    with pytest.raises(CountUnfinished):
        take.close(number, recount=True)
    take.tally(number, "plug", 40)
    take.scan(number, *stock.BOXES[:4])
    take.close(number, recount=True)
    assert take.differences(number) == {"stb": -1} and take.count(number).state == "closed"


def test_a_shelf_begun_anew_forgets_what_was_counted_on_it():
    number = take.opened()
    take.tally(number, "plug", 400)
    shelf = take.line(number, "plug")
    done = services.count_again(number=number, line=shelf.pk, by=actor("ku"), key=key())
    assert done.facts["counted"] == "0"
    assert take.tally(number, "plug", 40).facts["counted"] == "40"
    with pytest.raises(BadTally):
        services.count_again(number=number, line=0, by=actor("ku"), key=key())


def test_goods_found_where_none_were_listed():
    stock.receive(Told("plug", Decimal(40)))
    issue(Told("plug", Decimal(80)))
    number = take.opened()
    take.tally(number, "plug", 4)
    take.tally(number, "plug", 1)
    count_rest = ("cable", 100), ("stb", 0)
    for code, many in count_rest:
        take.tally(number, code, many)
    take.close(number, leave_out=True)
    assert take.differences(number) == {"plug": 5, "stb": -5} and not take.line(number, "plug").listed


def test_a_technician_counts_the_own_van_and_no_other_place():
    issue(stock.metres(10))
    van = stock.van()
    number = take.opened(van.code)
    take.tally(number, "cable", 10, by="wu")
    for who in ("bo", "xi", "ji", "lin"):
        with pytest.raises((NotAllowed, NotYourPlace)):
            take.tally(number, "cable", 1, by=who)
    with pytest.raises(NotAllowed):
        take.opened(by="wu")
    main = take.opened()
    with pytest.raises((NotAllowed, NotYourPlace)):
        take.tally(main, "cable", 10, by="wu")
    with pytest.raises((NotAllowed, NotYourPlace)):
        take.close(number, by="wu")


def test_a_closed_or_withdrawn_count_takes_no_tallies():
    number = take.opened()
    take.tally(number, "cable", 100)
    take.close(number, leave_out=True)
    for step in (
        lambda: take.tally(number, "cable", 1),
        lambda: take.close(number),
        lambda: take.scan(number, "SN0001"),
    ):
        with pytest.raises(WrongState):
            step()
    services.withdraw_count(number=number, reason="wrong store", by=actor("ku"), key=key())
    assert take.count(number).reason == "wrong store"


def test_another_branch_has_no_such_count(lotus_db, maple):
    number = take.opened()
    with in_branch(maple.tenant):
        assert not Count.objects.exists()
        with pytest.raises(CountNotFound):
            take.tally(number, "cable", 1)
