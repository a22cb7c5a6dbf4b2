"""T21, T22, T23 and child tickets: no child stays behind when its case is called off."""

from functools import partial

import pytest
from django.utils.translation import override

from apps.tickets.errors import ChildrenTaken, MergeIntoItself, OnlyDispatcher
from apps.tickets.models import Assignment, Ticket
from apps.tickets.sentences import facts, reason
from apps.tickets.services import approve_request, cancel_ticket, grab_ticket
from steppe.kernel.actors import Actor
from tenants.context import in_branch
from tests import make
from tests.cast import Branch
from tests.databases import Database
from tests.make import actor, key, make_ticket
from tests.rules import refused, sent_twice
from tests.tickets.hands import at_once
from tests.tickets.steps import ask, do, load_of, now_of
from tests.tickets.test_open_counts import reconcile

ENDED = "The case it was part of has ended"


def family(*children: str) -> tuple[Ticket, list[Ticket]]:
    """A case that Wu has accepted, and its children as far as they are."""
    parent = make_ticket(status="accepted", contact_phone="13900004444")
    return parent, [_child(parent, how) for how in children]


def _child(parent: Ticket, how: str, **more: str) -> Ticket:
    do("spawn_child", parent.public_id, mandatory=False, type_code="fault_tv", **more)
    child = parent.children.latest("id")
    if how != "pooled":
        make.dispatch(child.public_id, "yun")
    if how in {"accepted", "closed"}:
        do("confirm", child.public_id, by=actor("yun"))
    if how == "closed":
        make.check_in(child.public_id, "yun")
        do("complete", child.public_id, by=actor("yun"))
    return child


def prepared(parent: Ticket, way: str) -> None:
    if way == "asked":
        ask("void", parent.public_id, by=actor("wu"))


def call_off(parent: Ticket, way: str) -> None:
    """End the parent: the dispatcher does, or agrees."""
    if way == "asked":
        approve_request(public_id=parent.public_id, by=actor("lin"), key=key())
    elif way == "merge":
        do(way, parent.public_id, facts={"master": Ticket.objects.get(contact_phone="13900005555").public_id})
    else:
        do(way, parent.public_id)


@pytest.fixture(autouse=True)
def _another(request: pytest.FixtureRequest) -> None:
    """The case that a duplicate would be merged into."""
    if "way" in request.fixturenames:
        request.getfixturevalue("lotus_db")
        make_ticket(contact_phone="13900005555")


@pytest.mark.parametrize(("way", "ends", "code"), [
    ("cancel", "cancelled", "cancelled"), ("void", "void", "void"), ("merge", "void", "void"),
    ("asked", "void", "void"),
])  # fmt: skip
def test_a_child_that_nobody_accepted_ends_with_its_case(lotus_db: Branch, way: str, ends: str, code: str) -> None:
    parent, children = family("pooled", "assigned")
    prepared(parent, way)
    call_off(parent, way)
    for child in children:
        found, last = now_of(child), child.history.latest("version")
        assert (found.status, found.close_code, found.next_clock_at) == (ends, code, None) and found.closed_at
        assert (last.after, last.reason, last.actor_name) == (ends, "parent_ended", "Lin")
        with override("en"):
            assert (reason(last), facts(last)) == (ENDED, f"child of {parent.ticket_no}")
    assert now_of(parent).status == ends
    assert load_of(actor("yun")) == load_of(actor("wu")) == 0 and not Assignment.objects.filter(ended_at=None).exists()
    reconcile()


@pytest.mark.parametrize("way", ["cancel", "void", "merge", "asked"])
def test_where_somebody_has_accepted_one_the_case_stays_until_that_is_over(lotus_db: Branch, way: str) -> None:
    parent, (waiting, taken) = family("pooled", "accepted")
    prepared(parent, way)
    with refused(ChildrenTaken, numbers=taken.ticket_no):
        call_off(parent, way)
    assert (now_of(waiting).status, now_of(taken).status) == ("pooled", "accepted")
    do("cancel", taken.public_id)
    call_off(parent, way)
    assert now_of(waiting).status == now_of(parent).status
    reconcile()


def test_a_child_that_is_done_stays_done(lotus_db: Branch) -> None:
    parent, (done,) = family("closed")
    do("cancel", parent.public_id)
    assert (now_of(done).status, now_of(done).close_code) == ("closed", "done")


def test_who_was_sent_to_it_and_the_screens_are_told(lotus_db: Branch) -> None:
    parent, (child,) = family("assigned")
    do("cancel", parent.public_id)
    told = {(one.public_id, one.kind): one.facts.get("technician_id") for one in make.events()}
    assert told[child.public_id, "ticket.cancelled"] == actor("yun").technician_id
    assert told[parent.public_id, "ticket.cancelled"] == actor("wu").technician_id


def test_what_was_asked_about_the_child_goes_with_it(lotus_db: Branch, lin: Actor) -> None:
    parent, (child,) = family("pooled")
    ask("transfer", child.public_id, by=lin, unit="E1")
    do("cancel", parent.public_id)
    assert (now_of(child).status, now_of(child).pending_request) == ("cancelled", "")


def test_a_customer_is_told_to_call_and_reads_no_number_of_ours(lotus_db: Branch, mei: Actor) -> None:
    for how, ends in (("accepted", "accepted"), ("pooled", "cancelled")):
        parent = make_ticket(by=mei, status="accepted", type_code="fault_tv" if how == "pooled" else "fault_bb")
        child = _child(parent, how)
        if how == "accepted":
            with refused(OnlyDispatcher):
                do("cancel", parent.public_id, by=mei)
        else:
            do("cancel", parent.public_id, by=mei)
        assert now_of(parent).status == now_of(child).status == ends


def test_a_case_is_not_merged_into_its_own_child(lotus_db: Branch) -> None:
    parent, (child,) = family("pooled")
    with refused(MergeIntoItself):
        do("merge", parent.public_id, facts={"master": child.public_id})


def test_sent_twice_each_child_ends_once(lotus_db: Branch, lin: Actor) -> None:
    parent, (child,) = family("pooled")
    sent_twice(lambda once: cancel_ticket(public_id=parent.public_id, reason="recovered", by=lin, key=once))
    assert child.history.filter(action="cancel").count() == 1


def test_taken_and_called_off_at_once_it_is_one_of_both(committed: Database, lotus: Branch) -> None:
    with in_branch(lotus.tenant):
        parent, _ = family()
        child = _child(parent, "pooled", unit="E1")
    works = [
        partial(cancel_ticket, public_id=parent.public_id, reason="recovered", by=lotus.lin, key=key()),
        partial(grab_ticket, public_id=child.public_id, by=lotus.bo, key=key()),
    ]
    found = at_once(lotus, works)
    with in_branch(lotus.tenant):
        both = (now_of(parent).status, now_of(child).status)
        assert (both, found) in [
            (("cancelled", "cancelled"), {"done": 1, "tickets.not_in_pool": 1}),
            (("accepted", "accepted"), {"done": 1, "tickets.children_taken": 1}),
        ]
        reconcile()
