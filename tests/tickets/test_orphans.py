"""T8b, T17, T21–T23 and child tickets: no child stays behind when its case ends before the work is done."""

from functools import partial

import pytest
from django.utils.translation import override

from apps.tickets.errors import ChildrenTaken, MergeIntoItself, OnlyDispatcher
from apps.tickets.models import Assignment, Ticket
from apps.tickets.sentences import facts, reason
from apps.tickets.services import (
    approve_request,
    cancel_ticket,
    declare_incident,
    fail_work,
    grab_ticket,
    resolve_incident,
)
from steppe.kernel.actors import Actor
from tenants.context import in_branch
from tests import make
from tests.cast import Branch
from tests.databases import Database
from tests.make import actor, key, make_ticket
from tests.rules import refused, sent_twice
from tests.tickets.hands import at_once
from tests.tickets.steps import ask, do, load_of, now_of, shown
from tests.tickets.test_open_counts import reconcile

ENDED = "The case it was part of has ended"


def family(*children: str) -> tuple[Ticket, list[Ticket]]:
    """A case that Wu has accepted, and its children as far as they are."""
    parent = make_ticket(status="accepted", contact_phone="13900004444")
    return parent, [_child(parent, how) for how in children]


def _child(parent: Ticket, how: str, *, mandatory: bool = False, **more: str) -> Ticket:
    do("spawn_child", parent.public_id, mandatory=mandatory, type_code="fault_tv", **more)
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


# --- the case ends without being called off: it cannot be done, goes to another branch, is mended with an incident


def given_up(parent: Ticket, way: str) -> None:
    """The case ends as `way` says; Wu has it and is there."""
    if way == "resolve_incident":
        master = make_ticket(contact_phone="13900006666").public_id
        declare_incident(public_id=master, reports=[parent.public_id], by=actor("lin"), key=key())
        resolve_incident(public_id=master, solution="spliced", by=actor("lin"), key=key())
    elif way == "fail_work":
        make.check_in(parent.public_id)
        do(way, parent.public_id, reason="no_resource")
    else:
        do(way, parent.public_id)


@pytest.mark.parametrize(("ending", "ends"), [
    ("fail_work", "awaiting_callback"), ("hand_over", "closed"), ("resolve_incident", "awaiting_callback"),
])  # fmt: skip
def test_without_its_case_nobody_takes_a_part_and_who_is_at_one_goes_on(
    lotus_db: Branch, ending: str, ends: str
) -> None:
    parent, (waiting, sent, taken) = family("pooled", "assigned", "accepted")
    given_up(parent, ending)
    for child in (waiting, sent):
        found, last = now_of(child), child.history.latest("version")
        assert (found.status, found.close_code, last.reason) == ("cancelled", "cancelled", "parent_ended")
    assert (now_of(parent).status, now_of(taken).status) == (ends, "accepted")
    make.check_in(taken.public_id, "yun")
    do("complete", taken.public_id, by=actor("yun"))
    assert (now_of(taken).status, load_of(actor("yun")), load_of(actor("wu"))) == ("closed", 0, 0)
    reconcile()


def test_a_part_that_is_needed_and_worked_on_holds_up_who_gives_up(lotus_db: Branch) -> None:
    parent = make_ticket(status="in_progress")
    needed, optional = (_child(parent, "accepted", mandatory=must) for must in (True, False))
    photos = shown()
    with refused(ChildrenTaken, numbers=needed.ticket_no):
        do("fail_work", parent.public_id, facts={"reason": "no_resource", "photos": photos})
    do("cancel", needed.public_id)
    do("fail_work", parent.public_id)
    assert (now_of(parent).status, now_of(optional).status) == ("awaiting_callback", "accepted")


def test_a_part_that_is_needed_and_nobody_took_ends_with_who_gives_up(lotus_db: Branch) -> None:
    parent = make_ticket(status="in_progress")
    do("spawn_child", parent.public_id, mandatory=True, type_code="fault_tv")
    do("fail_work", parent.public_id)
    assert (parent.children.get().status, now_of(parent).close_code) == ("cancelled", "not_done")


def test_a_part_that_became_an_incident_is_others_business_too(lotus_db: Branch, lin: Actor) -> None:
    parent, (child,) = family("pooled")
    declare_incident(public_id=child.public_id, reports=[parent.public_id], by=lin, key=key())
    resolve_incident(public_id=child.public_id, solution="spliced", by=lin, key=key())
    assert (now_of(parent).status, now_of(child).status) == ("awaiting_callback", "pooled")


def test_a_case_and_its_part_that_report_the_same_incident_are_both_resolved(lotus_db: Branch, lin: Actor) -> None:
    parent, (child,) = family("pooled")
    master = make_ticket(contact_phone="13900006666").public_id
    names = [parent.public_id, child.public_id]
    declare_incident(public_id=master, reports=names, by=lin, key=key())
    done = resolve_incident(public_id=master, solution="spliced", by=lin, key=key())
    assert done.facts["resolved"] == 2
    assert (now_of(parent).status, now_of(child).status) == ("awaiting_callback", "closed")  # one callback for both


def test_given_up_and_taken_at_once_it_is_one_of_both(committed: Database, lotus: Branch) -> None:
    with in_branch(lotus.tenant):
        parent, _ = family()
        child = _child(parent, "pooled", unit="E1", mandatory=True)
        make.check_in(parent.public_id)
        photos = shown()
    told = {"public_id": parent.public_id, "reason": "no_resource", "photos": photos}
    works = [
        partial(fail_work, **told, by=lotus.wu, key=key()),
        partial(grab_ticket, public_id=child.public_id, by=lotus.bo, key=key()),
    ]
    found = at_once(lotus, works)
    with in_branch(lotus.tenant):
        both = (now_of(parent).status, now_of(child).status)
        assert (both, found) in [
            (("awaiting_callback", "cancelled"), {"done": 1, "tickets.not_in_pool": 1}),
            (("in_progress", "accepted"), {"done": 1, "tickets.children_taken": 1}),
        ]
        reconcile()
