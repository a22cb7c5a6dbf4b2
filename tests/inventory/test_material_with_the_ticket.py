"""A ticket's steps take its material along: posted at the finish, free when it goes back, back when it comes back."""

from decimal import Decimal

import pytest

from apps.inventory import services
from apps.inventory.errors import AboveNorm, NotYourPlace
from apps.inventory.models import Entry, Material, Serial, Valuation
from apps.tickets.models import Ticket
from tests.inventory import on_tickets as material
from tests.inventory import stock
from tests.make import actor, events, key
from tests.rules import refused, sent_twice
from tests.tickets.steps import STEPS, do


@pytest.fixture
def van(lotus_db):
    return material.fill_van()


@pytest.fixture
def ticket(van):
    one = material.ticket()
    material.enter(one), material.scan(one)
    return one


def test_the_finish_posts_one_paper_and_the_box_knows_ticket_and_account(ticket, van):
    Ticket.objects.update(account_no="8001")
    do("complete", ticket.public_id)
    assert material.papers(ticket) == [("consumption", "posted")]
    assert (stock.on_hand(van, "cable"), material.reserved(van), stock.on_hand(van, "stb")) == (25, 0, 1)
    box = Serial.objects.get(number="SN0001")
    assert (box.state, box.ticket, box.account, box.held_for) == ("installed", ticket.public_id, "8001", "")
    assert material.states(ticket) == {"posted": 2}
    [entry] = Entry.objects.filter(ticket=ticket.public_id)
    assert (entry.key, entry.by) == (f"{ticket.public_id}/0/{stock.place(van).pk}/used", actor("wu").ref)
    material.check_books()


def test_the_event_names_ticket_and_what_left_the_stock_in_fen(ticket, van):
    do("complete", ticket.public_id)
    told = [one for one in events() if one.kind == "inventory.posted" and one.facts["ticket"] == ticket.public_id]
    assert [one.facts["value"] for one in told] == [-(20_000 + 5 * 50)]


def test_work_that_could_not_be_done_posts_what_was_used_too(ticket):
    material.step(ticket, "fail_work")
    assert material.papers(ticket) == [("consumption", "posted")]


def test_the_finish_sent_twice_posts_once(ticket, van):
    facts = STEPS["complete"].told()
    sent_twice(lambda once: do("complete", ticket.public_id, key=once, facts=facts))
    assert stock.on_hand(van, "cable") == 25
    material.check_books()


def test_a_refused_finish_posts_nothing(ticket, van):
    material.rule("fault_bb", material.norm("drop_cable", 3), material.norm("stb", 1))
    with refused(AboveNorm):
        do("complete", ticket.public_id)
    assert (material.papers(ticket), material.reserved(van)) == ([], 5)


@pytest.mark.parametrize(
    "action", ["return", "reassign", "transfer", "cancel", "hand_over", "merge", "resolve_incident"]
)
def test_a_ticket_that_goes_gives_its_goods_free(ticket, van, action):
    material.step(ticket, action)
    assert (material.reserved(van), material.reserved(van, "stb"), material.papers(ticket)) == (0, 0, [])
    assert material.states(ticket) == {"released": 2}
    assert Serial.objects.get(number="SN0001").held_for == ""
    material.check_books()


def test_voided_before_anybody_drove_there_it_is_free_too(van):
    ticket = material.ticket("accepted")
    material.enter(ticket)
    do("void", ticket.public_id)
    assert material.reserved(van) == 0


def test_not_fixed_takes_it_back_into_the_van_and_holds_it_for_the_same_ticket(ticket, van):
    do("complete", ticket.public_id)
    do("callback_reject", ticket.public_id)
    assert material.papers(ticket) == [("consumption", "reversed")]
    assert (stock.on_hand(van, "cable"), material.reserved(van), material.states(ticket)) == (30, 5, {"reserved": 2})
    box = Serial.objects.get(number="SN0001")
    assert (box.place.code, box.ticket, box.held_for) == (van, "", ticket.public_id)
    assert Valuation.objects.get(item__code="stb").value == 40_000
    material.check_books()
    do("check_in", ticket.public_id)
    material.enter(ticket, quantity=2)  # another five metres stay from the first time
    do("complete", ticket.public_id)
    assert material.papers(ticket) == [("consumption", "reversed"), ("consumption", "posted")]
    assert stock.on_hand(van, "cable") == 23 and Serial.objects.get(number="SN0001").ticket == ticket.public_id
    material.check_books()


def test_reopened_for_somebody_else_what_was_put_in_stays_with_the_ticket(ticket, van):
    do("complete", ticket.public_id), do("callback_ok", ticket.public_id), do("reopen", ticket.public_id)
    assert (stock.on_hand(van, "cable"), material.reserved(van)) == (30, 5)
    bo = actor("bo")
    do("grab", ticket.public_id, by=bo), do("check_in", ticket.public_id, by=bo)
    his = material.fill_van("bo", "SN0009")
    material.enter(ticket, quantity=3, by="bo")
    material.step(ticket, "reassign", to="wu")
    assert (material.reserved(van), material.reserved(his)) == (5, 0)
    do("confirm", ticket.public_id), do("check_in", ticket.public_id), do("complete", ticket.public_id)
    assert (stock.on_hand(van, "cable"), stock.on_hand(his, "cable")) == (25, 30)
    material.check_books()


def test_two_vans_on_one_ticket_are_two_papers(ticket, van):
    do("complete", ticket.public_id), do("callback_ok", ticket.public_id), do("reopen", ticket.public_id)
    his = material.fill_van("bo", "SN0009")
    bo = actor("bo")
    do("grab", ticket.public_id, by=bo), do("check_in", ticket.public_id, by=bo)
    material.scan(ticket, "SN0009", by="bo")
    wus = Material.objects.get(item__code="cable", ticket=ticket.public_id).pk
    told = {"public_id": ticket.public_id, "line": wus, "by": bo}
    with refused(NotYourPlace, place="Wu"):
        services.change_material(quantity=Decimal(6), **told, key=key())
    services.change_material(quantity=Decimal(4), **told, key=key())
    do("complete", ticket.public_id, by=bo)
    assert material.papers(ticket) == [
        ("consumption", "reversed"),
        ("consumption", "posted"),
        ("consumption", "posted"),
    ]
    assert (stock.on_hand(van, "stb"), stock.on_hand(his, "stb"), stock.on_hand(van, "cable")) == (1, 0, 26)
    material.check_books()


def test_reopened_and_called_off_what_was_put_in_is_posted_after_all(ticket, van):
    do("complete", ticket.public_id), do("callback_ok", ticket.public_id), do("reopen", ticket.public_id)
    do("cancel", ticket.public_id)
    assert (stock.on_hand(van, "cable"), material.reserved(van)) == (25, 0)
    assert Serial.objects.get(number="SN0001").state == "installed"
    material.check_books()


def test_a_box_that_went_elsewhere_since_keeps_its_paper_in_the_books(ticket, van):
    do("complete", ticket.public_id), do("callback_ok", ticket.public_id)
    swap = material.ticket(type_code="swap_device")
    material.back(swap, "SN0001", "repairable")
    material.finish(swap)
    do("reopen", ticket.public_id)
    assert (material.papers(ticket), stock.where("SN0001")) == ([("consumption", "posted")], "repair")
    material.check_books()


def test_a_ticket_without_material_costs_three_looks_at_the_finish_and_none_at_the_grab(van):
    ticket = material.ticket()
    with material.looking() as asked:
        do("complete", ticket.public_id)
    assert len(asked) == 3
    other = material.ticket("pooled")
    with material.looking() as asked:
        do("grab", other.public_id)
    assert not asked
