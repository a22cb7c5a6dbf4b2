"""What somebody else makes of a closed count: posted as surplus and shortage, moved here, sent back, refused."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from apps.inventory import services, stocktake_read
from apps.inventory.errors import (
    BadCount,
    CountMovedOn,
    CountReserved,
    NotYourPlace,
    OwnCount,
    StaleDocument,
    WrongState,
)
from apps.inventory.models import Balance, Count, Document, Entry, Movement, Serial
from apps.inventory.services import Told
from apps.people.accounts.models import RoleGrant
from apps.people.models import OrgUnit
from steppe.kernel.errors import NotAllowed
from tests.inventory import stock
from tests.inventory import stocktake as take
from tests.make import actor, events, key

PLUGS = Told("plug", Decimal(40))


@pytest.fixture(autouse=True)
def goods(lotus_db):
    stock.item()
    stock.cable()
    stock.item("plug", "quantity", unit="个", usual_cost=200)
    stock.receive(stock.boxes(), stock.metres(100), PLUGS)


def closed(*seen, cable=97, plug=42, place="main", **more):
    """Three metres and, unless all are seen, boxes missing; two plugs too many."""
    number = take.opened(place)
    take.tally(number, "cable", cable)
    take.tally(number, "plug", plug)
    take.tally(number, "stb", 0)
    take.scan(number, *(seen or stock.BOXES[:4]), **more)
    take.close(number, leave_out=True)
    return number


def issue(*told, to="wu"):
    van = stock.van(to).code
    stock.post(stock.write("issue", *told, source="main", target=van))
    return van


def test_an_approved_count_is_posted_as_surplus_and_shortage():
    number = closed()
    take.approve(number)
    done = take.count(number)
    assert done.state == "posted" and done.decided_name == "Ji"
    papers = {one.kind: one for one in Document.objects.filter(number__in=done.papers)}
    assert set(papers) == {"surplus", "shortage"}
    assert all((one.state, one.reason) == ("posted", number) for one in papers.values())
    assert papers["shortage"].approved_by == actor("ji").ref != papers["shortage"].submitted_by
    assert [stock.on_hand("main", code) for code in ("cable", "plug", "stb")] == [97, 42, 4]
    assert stock.where("SN0005") == "loss"
    worth = Movement.objects.filter(entry__document__in=papers.values(), place__code="main")
    assert sum(worth.values_list("value", flat=True)) == done.value == -150 + 400 - 20_000
    stock.check_books()


def test_a_count_without_a_difference_posts_nothing_and_is_decided_all_the_same():
    number = closed(*stock.BOXES, cable=100, plug=40)
    entries = Entry.objects.count()
    take.approve(number)
    assert take.count(number).papers == [] and Entry.objects.count() == entries
    assert take.count(number).lines_right == 3


@pytest.mark.parametrize("who", ["ku", "bai"])
def test_who_took_part_cannot_decide(who):
    number = take.opened(by="bai")
    take.tally(number, "cable", 97)
    services.undo_tally(number=number, by=actor("ku"), key=key())
    take.tally(number, "cable", 97, by="bai")
    take.close(number, by="bai", leave_out=True)
    with pytest.raises((OwnCount, NotAllowed)):
        take.approve(number, by=who)
    with pytest.raises((OwnCount, NotAllowed)):
        services.send_back_count(number=number, reason="why", by=actor(who), key=key())
    assert take.count(number).state == "closed"


def test_the_database_itself_refuses_an_approval_by_who_opened():
    number = closed()
    with pytest.raises(IntegrityError), transaction.atomic():
        Count.objects.filter(number=number).update(state="posted", decided_by=F("opened_by"))


def test_only_approvers_of_the_place_decide():
    number = closed()
    for who in ("wu", "lin", "cai", "ku"):
        with pytest.raises((NotAllowed, NotYourPlace)):
            take.approve(number, by=who)


def test_it_is_posted_once_and_by_the_version_that_was_looked_at():
    number = closed()
    with pytest.raises(StaleDocument):
        take.approve(number, version=1)
    once = key()
    for _ in range(2):
        services.approve_count(number=number, by=actor("ji"), key=once)
    with pytest.raises(WrongState):
        take.approve(number, by="de")
    assert len(take.count(number).papers) == 2 and stock.on_hand("main", "cable") == 97
    stock.check_books()


def test_a_box_of_a_colleagues_van_is_brought_here_with_the_approval():
    van = issue(stock.boxes("SN0005"))
    number = closed(*stock.BOXES, cable=100, plug=40)
    assert take.findings(number) == {"SN0005": "elsewhere"}
    take.approve(number)
    [paper] = take.count(number).papers
    assert (stock.document(paper).kind, stock.document(paper).source.code) == ("relocation", van)
    assert stock.where("SN0005") == "main" and stock.on_hand(van, "stb") == 0
    stock.check_books()


def test_the_approver_may_leave_it_where_the_books_have_it():
    van = issue(stock.boxes("SN0005"))
    number = closed(*stock.BOXES, cable=100, plug=40)
    with pytest.raises(BadCount):
        take.approve(number, move=["SN0001"])
    take.approve(number, move=[])
    assert stock.where("SN0005") == van and take.count(number).papers == []


def test_nothing_is_brought_from_a_place_the_approver_has_no_say_in():
    stock.store("east")
    number = take.opened("east")
    take.scan(number, "SN0001")
    take.close(number)
    RoleGrant.objects.filter(user__username="ji").update(org_path=OrgUnit.objects.get(code="EAST").path)
    [found] = stocktake_read.result_for(actor("ji"), number).findings
    assert (found.number, found.place.code, found.movable) == ("SN0001", "main", False)
    with pytest.raises(BadCount):
        take.approve(number, move=["SN0001"])
    take.approve(number)
    assert stock.where("SN0001") == "main" and take.count(number).papers == []


def test_a_box_on_the_way_is_shown_and_not_moved():
    stock.store("east")
    paper = stock.write("transfer", stock.boxes("SN0005"), source="main", target="east")
    services.ship_transfer(number=paper, by=actor("ku"), key=key())
    number = closed(*stock.BOXES, cable=100, plug=40)
    assert take.findings(number) == {"SN0005": "elsewhere"}
    with pytest.raises(BadCount):
        take.approve(number, move=["SN0005"])
    take.approve(number)
    assert stock.where("SN0005") == "in_transit"


def test_boxes_no_book_has_and_one_written_off_come_in_as_surplus():
    take.approve(closed())
    number = take.opened()
    take.scan(number, *stock.BOXES)
    take.scan(number, "NEW00001", item="stb")
    take.close(number, leave_out=True)
    assert take.findings(number) == {"SN0005": "new", "NEW00001": "new"}
    take.approve(number)
    assert stock.where("SN0005") == stock.where("NEW00001") == "main"
    stock.check_books()


def test_what_a_ticket_waits_for_may_be_at_the_customer_already_and_is_nobodys_difference():
    Balance.objects.filter(place__code="main", item__code="cable").update(reserved=2)
    Serial.objects.filter(number="SN0005").update(held_for="T1")
    number = closed()
    Balance.objects.filter(place__code="main", item__code="cable").update(reserved=0)
    assert take.differences(number) == {"cable": -1, "plug": 2} and take.findings(number) == {}
    Serial.objects.filter(number="SN0005").update(held_for="")


def test_what_was_promised_to_a_ticket_after_the_counting_is_not_written_off():
    number = closed()
    Balance.objects.filter(place__code="main", item__code="cable").update(reserved=98)
    with pytest.raises(CountReserved) as refusal:
        take.approve(number)
    assert (refusal.value.params["missing"], refusal.value.params["free"]) == ("3", "2")
    assert take.count(number).state == "closed" and stock.on_hand("main", "plug") == 40
    Balance.objects.filter(place__code="main", item__code="cable").update(reserved=0)
    take.approve(number)


def test_a_box_that_was_promised_to_a_ticket_after_the_counting_is_worked_out_again():
    number = closed()
    Serial.objects.filter(number="SN0005").update(held_for="T1")
    with pytest.raises(CountMovedOn):
        take.approve(number)
    Serial.objects.filter(number="SN0005").update(held_for="")


def test_a_missing_box_that_turned_up_after_the_closing_is_worked_out_again():
    number = closed()
    issue(stock.boxes("SN0005"))
    with pytest.raises(CountMovedOn):
        take.approve(number)
    services.work_out_count(number=number, by=actor("ku"), key=key())
    assert take.findings(number) == {} and take.differences(number) == {"cable": -3, "plug": 2}
    take.approve(number)
    assert stock.on_hand("main", "stb") == 4
    stock.check_books()


def test_sent_back_only_what_differs_is_counted_again():
    number = closed(*stock.BOXES, cable=100)
    with pytest.raises(BadCount):
        services.send_back_count(number=number, reason=" ", by=actor("ji"), key=key())
    services.send_back_count(number=number, reason="too many plugs", by=actor("ji"), key=key())
    assert (take.count(number).state, take.count(number).reason) == ("counting", "too many plugs")
    take.tally(number, "plug", 40)
    take.close(number)
    assert take.count(number).lines_right == 3 and take.differences(number) == {}


def test_each_step_is_told():
    number = closed()
    take.approve(number)
    told = [one.facts["state"] for one in events() if one.kind == "inventory.count_changed"]
    assert told == ["counting", "closed", "posted"]
