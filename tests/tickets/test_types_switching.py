"""Switching types on and off, and their order: in lists at once, for tickets that are there never."""

import pytest

from apps.tickets import selectors, types_read
from apps.tickets.errors import TypeNotFound, UnknownType
from apps.tickets.models import TicketType
from apps.tickets.services import enable_type, move_type
from steppe.kernel.actors import Actor
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tests.cast import Branch
from tests.make import key, make_ticket
from tests.rules import refused, sent_twice
from tests.tickets.steps import do, now_of


def order() -> list[str]:
    return [one.code for one in selectors.ticket_types()]


def test_a_type_that_is_off_is_offered_no_more_and_its_tickets_go_on(lotus_db: Branch, bai: Actor) -> None:
    ticket = make_ticket(status="in_progress")
    enable_type(code="fault_bb", enabled=False, by=bai, key=key())
    assert "fault_bb" not in order() and "fault_bb" not in {one.type.code for one in types_read.forms_in_force()}
    with pytest.raises(UnknownType):
        make_ticket()
    do("complete", ticket.public_id)
    assert now_of(ticket).status == "awaiting_callback"
    assert "fault_bb" in {line.type.code for line in types_read.type_lines(bai)}


def test_it_comes_back_where_it_stood(lotus_db: Branch, bai: Actor) -> None:
    before = order()
    for enabled in (False, True, True):
        enable_type(code="fault_tv", enabled=enabled, by=bai, key=key())
    assert order() == before


def test_a_type_is_put_before_another_or_last(lotus_db: Branch, bai: Actor) -> None:
    first, second, third, *rest = order()
    move_type(code=third, before=first, by=bai, key=key())
    assert order() == [third, first, second, *rest]
    move_type(code=third, before="", by=bai, key=key())
    assert order() == [first, second, *rest, third]
    move_type(code=first, before=first, by=bai, key=key())
    assert order() == [first, second, *rest, third]


def test_only_who_keeps_the_types(lotus_db: Branch, lin: Actor, wu: Actor) -> None:
    for who in (lin, wu, lotus_db.mei):
        with refused(NotAllowed):
            enable_type(code="fault_bb", enabled=False, by=who, key=key())
        with refused(NotAllowed):
            move_type(code="fault_bb", before="", by=who, key=key())
        with pytest.raises(NotAllowed):
            types_read.type_lines(who)


def test_a_type_that_is_not_there_is_not_found(lotus_db: Branch, bai: Actor) -> None:
    for code, before in (("nothing", ""), ("fault_bb", "nothing")):
        with refused(TypeNotFound):
            move_type(code=code, before=before, by=bai, key=key())
    with refused(TypeNotFound):
        enable_type(code="nothing", enabled=True, by=bai, key=key())


def test_the_same_key_switches_and_moves_once(lotus_db: Branch, bai: Actor) -> None:
    sent_twice(lambda once: enable_type(code="fault_bb", enabled=False, by=bai, key=once))
    sent_twice(lambda once: move_type(code="fault_tv", before="", by=bai, key=once))


def test_the_other_branch_keeps_its_own(lotus_db: Branch, maple: Branch, bai: Actor) -> None:
    with in_branch(maple.tenant):
        before = order()
    enable_type(code="fault_bb", enabled=False, by=bai, key=key())
    move_type(code="fault_tv", before="", by=bai, key=key())
    with in_branch(maple.tenant):
        assert order() == before and TicketType.objects.get(code="fault_bb").enabled


def test_the_list_counts_the_open_tickets_of_each(lotus_db: Branch, bai: Actor) -> None:
    make_ticket()
    make_ticket(status="void")
    counts = {line.type.code: line.open_tickets for line in types_read.type_lines(bai)}
    assert counts["fault_bb"] == 1 and counts["fault_tv"] == 0
