"""Far above the norm takes a reason; swapping and taking down bring a device back, or a reason why not."""

from decimal import Decimal

import pytest

from apps.inventory import services
from apps.inventory.errors import (
    AboveNorm,
    BadMaterial,
    MaterialNotFound,
    NotAtCustomer,
    NoVan,
    RecoveryMissing,
    SerialMismatch,
    StaleItem,
)
from apps.inventory.models import Document, Item, MaterialRule, Recovered, Serial, Valuation
from apps.tickets.errors import IllegalTransition, NotYourTicket
from apps.tickets.rules.catalogue import CODES
from steppe.kernel.errors import NotAllowed
from tests.inventory import on_tickets as material
from tests.inventory import stock
from tests.make import actor, key
from tests.rules import refused, sent_twice
from tests.tickets.steps import do


@pytest.fixture
def van(lotus_db):
    return material.fill_van()


@pytest.fixture
def swap(van):
    return material.ticket(type_code="swap_device")


def test_far_above_the_norm_the_finish_asks_why_and_the_reason_stays(van):
    material.rule("fault_bb", material.norm("drop_cable", 10), material.norm("stb", 1))
    ticket = material.ticket()
    line = material.enter(ticket, quantity="8.01").entity_id
    material.enter(ticket, "drum", 5, batch="D1")  # of the same category: 13.01 in all
    with refused(AboveNorm, lines="CABLE、DRUM（定额 10 m，已录 13.01 m）"):
        do("complete", ticket.public_id)
    material.explain(ticket, line)
    do("complete", ticket.public_id)
    assert Document.objects.get(ticket=ticket.public_id).reason == "long way round"


def test_at_one_point_three_times_the_norm_nobody_asks(van):
    material.rule("fault_bb", material.norm("drop_cable", 10))
    ticket = material.ticket()
    material.enter(ticket, quantity=13)
    do("complete", ticket.public_id)


def test_an_items_own_norm_goes_before_its_categorys_and_the_branch_may_bear_more(van):
    ticket = material.ticket()
    material.enter(ticket, quantity=20)
    material.rule("fault_bb", material.norm("drop_cable", 100), material.norm(item="cable", quantity=10))
    with refused(AboveNorm):
        do("complete", ticket.public_id)
    material.rule("fault_bb", material.norm(item="cable", quantity=10), tolerance_pct=200)
    do("complete", ticket.public_id)


@pytest.mark.parametrize("field", ["serial_in", "serial_out"])
def test_a_number_told_at_the_finish_is_one_of_the_materials(swap, field):
    material.scan(swap), material.back(swap, "old-77")
    told = material.answers() | {"serial_in": "sn0001", "serial_out": "OLD-77"}
    named: set[str] = set()
    with refused(SerialMismatch):
        try:
            material.finish(swap, told=told | {field: "ZTEG999999"})
        except SerialMismatch as refusal:
            named = set(refusal.fields)
            raise
    assert (named, material.papers(swap)) == ({f"outcome.{field}"}, [])
    material.finish(swap, told=told)  # however it is written


def test_where_no_material_has_a_number_nothing_is_compared(van):
    ticket = material.ticket()
    material.enter(ticket)
    do("complete", ticket.public_id, outcome={"serial_in": "ZTEG999999"})


def test_a_swap_without_a_device_back_is_refused_in_words_and_nothing_is_posted(swap):
    material.scan(swap)
    told = material.answers()
    with refused(RecoveryMissing):
        material.finish(swap, told=told)


@pytest.mark.parametrize(
    ("condition", "place", "worth"), [("good", "van", 6_000), ("repairable", "repair", 0), ("scrap", "scrap", None)]
)
def test_a_device_that_nobody_knew_goes_by_its_condition(swap, van, condition, place, worth):
    material.scan(swap), material.back(swap, "old-77", condition)
    material.finish(swap)
    assert material.papers(swap) == [("consumption", "posted"), ("recovery", "posted")]
    box, where = Serial.objects.get(number="OLD-77"), van if place == "van" else place
    assert box.place.code == where and stock.on_hand("customer", "stb") == 0
    assert Document.objects.get(kind="recovery").origin == "customer"
    assert Valuation.objects.get(item__code="stb").value == 20_000 + (worth or 0)
    material.check_books()


def test_a_device_that_was_put_in_before_comes_back_by_its_number_alone(swap, van):
    first = material.ticket()
    material.scan(first, "SN0002")
    do("complete", first.public_id)
    material.back(swap, "sn0002", item="")
    material.finish(swap)
    assert stock.where("SN0002") == van and Serial.objects.get(number="SN0002").account == ""
    material.check_books()


def test_said_again_the_last_condition_counts_and_a_mistake_is_taken_off(swap):
    line = material.back(swap).entity_id
    assert material.back(swap, condition="scrap").entity_id == line
    told = {"public_id": swap.public_id, "line": line, "by": actor("wu")}
    services.take_off_recovered(**told, key=key())
    with refused(MaterialNotFound):
        services.take_off_recovered(**told, key=key())
    answers = material.answers()
    with refused(RecoveryMissing):
        material.finish(swap, told=answers)


def test_the_customer_keeps_it_or_has_lost_it_and_what_is_paid_is_noted(van):
    ticket = material.ticket(type_code="swap_device")
    told = {"public_id": ticket.public_id, "by": actor("wu")}
    sent_twice(lambda once: services.enter_not_recovered(why="lost", fee=5_000, note="flood", **told, key=once))
    services.enter_not_recovered(why="kept", fee=10_000, **told, key=key())
    material.finish(ticket)
    [row] = Recovered.objects.all()
    assert (row.why, row.fee, row.state, material.papers(ticket)) == ("kept", 10_000, "posted", [])


def test_what_cannot_have_come_back_is_refused(swap, van):
    with refused(NotAtCustomer, number="SN0001", place="Wu"):
        material.back(swap, "SN0001")
    for more in ({"number": "?"}, {"condition": "fine"}, {"number": "NEW001", "item": ""}, {"item": "cable"}):
        with refused(BadMaterial):
            material.back(swap, **more)
    with refused(BadMaterial):
        services.enter_not_recovered(public_id=swap.public_id, why="no", by=actor("wu"), key=key())
    with refused(BadMaterial):
        services.enter_not_recovered(public_id=swap.public_id, why="lost", fee=-1, by=actor("wu"), key=key())
    with refused(NotYourTicket, holder="Wu"):
        material.back(swap, by="bo")
    late = material.ticket("closed")
    with refused(IllegalTransition):
        material.back(late)


def test_without_a_van_a_good_device_has_nowhere_to_go(lotus_db):
    stock.item()
    ticket = material.ticket(type_code="swap_device")
    with refused(NoVan):
        material.back(ticket)
    material.back(ticket, condition="scrap")


def test_an_old_model_that_is_switched_off_still_comes_back(swap, van):
    Item.objects.filter(code="stb").update(enabled=False)
    material.back(swap)
    material.finish(swap)
    assert stock.where("OLD001") == van


def test_a_device_once_in_the_books_stays_when_the_ticket_comes_back_and_is_not_asked_for_again(swap, van):
    material.scan(swap), material.back(swap)
    material.finish(swap)
    do("callback_reject", swap.public_id)
    assert (stock.where("OLD001"), stock.where("SN0001")) == (van, van)
    do("check_in", swap.public_id)
    material.finish(swap)
    assert [kind for kind, state in material.papers(swap) if state == "posted"] == ["recovery", "consumption"]
    material.check_books()


def test_work_that_could_not_be_done_needs_no_device(swap):
    material.step(swap, "fail_work")


def test_a_new_branch_has_rules_for_types_that_exist(lotus_db):
    rules = {one.type_code: one for one in MaterialRule.objects.all()}
    assert rules.keys() <= set(CODES)
    assert {code for code, one in rules.items() if one.recovery} == {"swap_device", "disconnect"}


def test_who_keeps_items_lays_down_what_a_type_may_use(van):
    told = {"type_code": "fault_bb", "norms": [material.norm("stb", 1)]}
    done = services.save_material_rule(**told, version=0, by=actor("ku"), key=key())
    assert done.version == 1
    with refused(StaleItem, item="fault_bb"):
        services.save_material_rule(**told, version=0, by=actor("ku"), key=key())
    assert services.save_material_rule(**told, recovery=True, version=1, by=actor("bai"), key=key()).version == 2
    for name in ("wu", "ji", "cai"):
        with refused(NotAllowed):
            services.save_material_rule(**told, by=actor(name), key=key())
    wrong = (
        {"type_code": "nothing"}, {"norms": [material.norm()]}, {"norms": [material.norm("stb", item="stb")]},
        {"norms": [material.norm(item="none")]}, {"norms": [material.norm("stb"), material.norm("stb")]},
        {"norms": [material.norm("stb", 0)]}, {"tolerance_pct": 99}, {"norms": [material.norm(item="meter")]},
    )  # fmt: skip
    for more in wrong:
        with refused(BadMaterial):
            services.save_material_rule(**told | more, by=actor("ku"), key=key())
    assert MaterialRule.objects.get(type_code="fault_bb").norms.get().quantity == Decimal(1)
