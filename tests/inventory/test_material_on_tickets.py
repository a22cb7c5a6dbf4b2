"""Material on the own ticket: entered, reserved in the own van, changed, taken off; and who may not."""

from decimal import Decimal

import pytest

from apps.inventory import services
from apps.inventory.errors import (
    BadMaterial,
    ItemNotFound,
    MaterialNotFound,
    NotEnough,
    NotForThisType,
    NotHere,
    NotYourPlace,
    NoVan,
    SerialHeld,
)
from apps.inventory.models import Entry, Material, Serial
from apps.tickets.errors import IllegalTransition, NotYourTicket, TicketNotFound
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tests.inventory import on_tickets as material
from tests.inventory import stock
from tests.make import actor, key
from tests.rules import refused, sent_twice
from tests.tickets.steps import do


@pytest.fixture
def van(lotus_db):
    return material.fill_van()


def test_what_is_entered_is_reserved_in_the_own_van_and_moves_nothing(van):
    ticket, entries = material.ticket("accepted"), Entry.objects.count()
    material.enter(ticket)
    material.enter(ticket, "drum", "12.5", batch="D1")
    material.scan(ticket, "sn 0001")
    assert [material.reserved(van, one) for one in ("cable", "drum", "stb")] == [5, Decimal("12.5"), 1]
    assert stock.on_hand(van, "cable") == 30 and Entry.objects.count() == entries
    assert Serial.objects.get(number="SN0001").held_for == ticket.public_id
    material.check_books()


def test_said_again_the_last_quantity_counts_and_a_box_scanned_twice_stays_one(van):
    ticket = material.ticket()
    first = material.enter(ticket, quantity=5)
    assert material.enter(ticket, quantity=8).entity_id == first.entity_id
    material.scan(ticket), material.scan(ticket, "CODE_128,SN0001")
    sent_twice(lambda once: services.enter_material(
        public_id=ticket.public_id, item="cable", quantity=Decimal(9), by=actor("wu"), key=once))  # fmt: skip
    assert (material.reserved(van), material.reserved(van, "stb")) == (9, 1)
    material.check_books()


def test_a_line_is_changed_explained_and_taken_off_and_the_goods_are_free_again(van):
    ticket = material.ticket()
    line, box = material.enter(ticket).entity_id, material.scan(ticket).entity_id
    told = {"public_id": ticket.public_id, "by": actor("wu")}
    services.change_material(line=line, quantity=Decimal("2.5"), reason=" wet ", **told, key=key())
    assert (material.reserved(van), Material.objects.get(pk=line).reason) == (Decimal("2.5"), "wet")
    for one in (line, box):
        services.take_off_material(line=one, **told, key=key())
        with refused(MaterialNotFound):
            services.take_off_material(line=one, **told, key=key())
    assert (material.reserved(van), material.reserved(van, "stb")) == (0, 0)
    assert material.states(ticket) == {"released": 2}
    material.scan(ticket)
    material.check_books()


def test_nobody_takes_what_is_spoken_for(van):
    one, other = material.ticket(), material.ticket()
    material.enter(one, quantity=25), material.scan(one)
    with refused(NotEnough):
        material.enter(other, quantity=6)
    with refused(SerialHeld, numbers="SN0001"):
        material.scan(other)
    for told, error in ((stock.metres(6), NotEnough), (stock.boxes("SN0001"), SerialHeld)):
        paper = stock.write("return", told, source=van, target="main")
        with refused(error):
            stock.post(paper)
    stock.post(stock.write("return", stock.boxes("SN0002"), stock.metres(5), source=van, target="main"))
    material.check_books()


@pytest.mark.parametrize("status", ["assigned", "awaiting_callback", "closed"])
def test_only_from_acceptance_until_the_ticket_is_finished(van, status):
    ticket = material.ticket(status)
    with refused(IllegalTransition):
        material.enter(ticket)


def test_only_who_has_the_ticket_and_only_from_the_own_van(van):
    ticket = material.ticket()
    material.fill_van("bo", "SN0003")
    with refused(NotYourTicket, holder="Wu"):
        material.enter(ticket, by="bo")
    with refused(NotHere, place="Wu", number="SN0003"):
        material.scan(ticket, "SN0003")
    with refused(TicketNotFound):
        material.enter(ticket, by="xi")
    for name in ("ku", "lin"):
        with refused(NotAllowed):
            material.enter(ticket, by=name)
    line = material.enter(ticket).entity_id
    with refused(NotYourTicket):
        services.take_off_material(public_id=ticket.public_id, line=line, by=actor("bo"), key=key())
    other = material.ticket()
    with refused(MaterialNotFound):  # a line of another ticket of one's own
        services.take_off_material(public_id=other.public_id, line=line, by=actor("wu"), key=key())


def test_without_a_van_it_says_whom_to_ask(lotus_db):
    stock.cable()
    ticket = material.ticket()
    with refused(NoVan):
        material.enter(ticket)


def test_what_cannot_be_is_refused_in_words(van):
    ticket = material.ticket()
    for told in (("cable", 0), ("cable", "-1"), ("cable", "1.005"), ("cable", "NaN"), ("stb", 1), ("drum", 1)):
        with refused(BadMaterial):
            material.enter(ticket, *told)
    with refused(ItemNotFound):
        material.enter(ticket, "nothing")
    with refused(NotForThisType, item="METER"):
        material.enter(ticket, "meter")
    for number in ("", "a b", "?"):
        with refused(BadMaterial):
            material.scan(ticket, number)
    with refused(NotEnough, place="Wu", item="CABLE", unit="m", free="30"):
        material.enter(ticket, quantity=31)


def test_the_branch_says_what_a_type_may_use(van):
    ticket = material.ticket()
    material.rule("fault_bb", material.norm("drop_cable", 10), material.norm(item="stb"))
    material.enter(ticket), material.scan(ticket)
    material.rule("fault_bb", material.norm(item="stb"))
    with refused(NotForThisType, item="CABLE"):
        material.enter(ticket, quantity=6)
    with refused(NotForThisType, item="CABLE"):  # entered before the branch, or the type, was changed
        do("complete", ticket.public_id)


def test_a_clerk_hands_goods_over_the_counter_on_what_they_entered_themselves(lotus_db):
    stock.cable(), material.fill_van()
    services.open_place(kind="counter", code="shop", name="shop", unit="EAST", by=actor("ku"), key=key())
    services.open_place(kind="counter", code="far", name="far", unit="WEST", by=actor("ku"), key=key())
    stock.receive(stock.metres(10), target="shop")
    ticket = material.ticket("pooled")
    material.enter(ticket, quantity=4, by="cai", counter="shop")
    assert material.reserved("shop") == 4
    others = material.ticket("pooled", by=actor("an"))
    with refused(TicketNotFound):
        material.enter(others, by="cai", counter="shop")
    with refused(NotYourPlace, place="far"):
        material.enter(ticket, by="cai", counter="far")
    do("grab", ticket.public_id), do("check_in", ticket.public_id)
    material.enter(ticket)
    material.step(ticket, "return")
    assert (material.reserved("shop"), material.states(ticket)) == (4, {"reserved": 1, "released": 1})
    do("grab", ticket.public_id, by=actor("bo")), do("check_in", ticket.public_id, by=actor("bo"))
    do("complete", ticket.public_id, by=actor("bo"))
    assert (stock.on_hand("shop", "cable"), material.papers(ticket)) == (6, [("consumption", "posted")])
    material.check_books()


def test_the_same_numbers_in_two_branches_do_not_meet(van, maple):
    ticket = material.ticket()
    material.scan(ticket)
    with in_branch(maple.tenant):
        material.fill_van()
        other = material.ticket()
        with pytest.raises(TicketNotFound):
            material.scan(ticket)
        material.scan(other)
        do("complete", other.public_id)
        assert Serial.objects.get(number="SN0001").state == "installed"
        material.check_books()
    assert Serial.objects.get(number="SN0001").held_for == ticket.public_id
    material.check_books()
