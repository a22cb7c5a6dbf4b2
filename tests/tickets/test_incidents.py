"""T24 network incidents: one cause, many reports; linked, told and closed together."""

import pytest
from django.db import connection

from apps.tickets.errors import IncidentOver, NotAnIncident, NotATrouble, NotLinked, ReasonMissing, TicketNotFound
from apps.tickets.models import Assignment, Ticket
from apps.tickets.services import (
    declare_incident,
    link_incident,
    resolve_incident,
    sweep_incidents,
    unlink_incident,
)
from steppe.kernel.actors import SYSTEM, Actor
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tests import make
from tests.cast import Branch
from tests.make import actor, key, make_ticket
from tests.rules import refused, sent_twice
from tests.tickets.steps import do, load_of, now_of


def incident(reports: int = 2) -> tuple[Ticket, list[Ticket]]:
    """A master and its reports, as Lin declares it."""
    master, *others = (make_ticket(contact_phone=f"1390000{number:04d}") for number in range(reports + 1))
    names = [one.public_id for one in others]
    declare_incident(public_id=master.public_id, reports=names, by=actor("lin"), key=key())
    return master, others


def test_the_reports_hang_on_the_master_and_stay_where_they_are(lotus_db: Branch) -> None:
    master, others = incident()
    assert now_of(master).is_incident
    for one in others:
        found = now_of(one)
        assert (found.incident_id, found.status) == (master.pk, "pooled")
        assert found.history.last().data["incident"] == master.ticket_no
    kinds = [event.kind for event in make.events()]
    assert (kinds.count("ticket.incident_declared"), kinds.count("ticket.incident_linked")) == (1, 2)


def test_a_later_report_is_linked_once(lotus_db: Branch, lin: Actor) -> None:
    master, _ = incident()
    late = make_ticket(contact_phone="13900009999")
    link = {"public_id": late.public_id, "master": master.public_id, "by": lin}
    sent_twice(lambda once: link_incident(key=once, **link))
    link_incident(key=key(), **link)  # and once more changes nothing
    assert late.history.filter(action="link_incident").count() == 1


def test_repaired_all_wait_for_their_callback_at_once(lotus_db: Branch, wu: Actor) -> None:
    master, (first, second) = incident()
    make.grab(first.public_id)
    do("cancel", second.public_id)
    told = resolve_incident(public_id=master.public_id, solution="spliced", by=actor("lin"), key=key())
    found = now_of(first)
    assert (told.facts["resolved"], found.status, found.solution) == (1, "awaiting_callback", "spliced")
    assert found.finished_at and found.first_finished_at == found.finished_at
    assert load_of(wu) == 0 and Assignment.objects.get(ticket=first).end_reason == "incident"
    assert (now_of(second).status, now_of(master).status) == ("cancelled", "pooled")  # the master is completed by hand


def test_when_the_master_is_done_the_sweeper_brings_the_reports_along(lotus_db: Branch) -> None:
    master, (first, second) = incident()
    assert sweep_incidents() == 0
    make.grab(master.public_id)
    make.check_in(master.public_id)
    make.complete(master.public_id)
    assert (sweep_incidents(), sweep_incidents()) == (1, 0)
    for one in (first, second):
        assert (now_of(one).status, one.history.last().actor) == ("awaiting_callback", SYSTEM.ref)


def test_a_report_with_a_cause_of_its_own_is_not_ended_with_the_incident(lotus_db: Branch, lin: Actor) -> None:
    master, (mine, other) = incident()
    told = {"public_id": mine.public_id, "reason": "own_cause", "by": lin}
    sent_twice(lambda once: unlink_incident(**told, key=once))
    last = mine.history.last()
    assert (last.action, last.reason, last.data["incident"]) == ("unlink_incident", "own_cause", master.ticket_no)
    assert make.events()[-1].kind == "ticket.incident_unlinked"
    resolve_incident(public_id=master.public_id, solution="spliced", by=lin, key=key())
    assert (now_of(mine).status, now_of(mine).incident_id) == ("pooled", None)
    assert now_of(other).status == "awaiting_callback"
    with refused(NotLinked):
        unlink_incident(**told, key=key())


@pytest.mark.parametrize("again", ["callback_reject", "reopen"])
def test_not_mended_with_its_incident_a_report_is_repaired_by_itself(lotus_db: Branch, again: str) -> None:
    master, (report, _) = incident()
    resolve_incident(public_id=master.public_id, solution="spliced", by=actor("lin"), key=key())
    if again == "reopen":
        do("callback_ok", report.public_id)
    do(again, report.public_id)
    assert report.history.last().data["incident_left"] == master.ticket_no
    for step in (make.grab, make.check_in, make.complete):
        step(master.public_id)
    sweep_incidents()
    assert (now_of(report).status, now_of(report).incident_id) == ("pooled", None)


def test_a_child_among_the_reports_ends_without_a_callback_of_its_own(lotus_db: Branch, lin: Actor) -> None:
    parent, master = make_ticket(status="accepted"), make_ticket(contact_phone="13900008888")
    do("spawn_child", parent.public_id)
    child = Ticket.objects.get(parent=parent)
    declare_incident(public_id=master.public_id, reports=[child.public_id], by=lin, key=key())
    resolve_incident(public_id=master.public_id, solution="spliced", by=lin, key=key())
    found = now_of(child)
    assert (found.status, found.close_code) == ("closed", "done") and found.closed_at == found.finished_at


def test_taking_a_report_out_needs_a_reason_and_a_say(lotus_db: Branch, cai: Actor, gao: Actor, lin: Actor) -> None:
    _, (report, _) = incident()
    names = {"public_id": report.public_id, "key": key()}
    for who, reason, error in ((lin, " ", ReasonMissing), (cai, "x", NotAllowed), (gao, "x", TicketNotFound)):
        with refused(error):
            unlink_incident(**names, reason=reason, by=who)


def not_repaired(master: Ticket, ending: str) -> None:
    if ending == "fail_work":
        make.grab(master.public_id)
        make.check_in(master.public_id)
    do(ending, master.public_id)


@pytest.mark.parametrize("ending", ["cancel", "void", "merge", "hand_over", "fail_work"])
def test_where_the_incident_ends_without_a_repair_its_reports_go_their_own_way(lotus_db: Branch, ending: str) -> None:
    master, reports = incident()
    not_repaired(master, ending)
    assert (sweep_incidents(), sweep_incidents()) == (2, 0)
    for one in reports:
        found, last = now_of(one), one.history.last()
        assert (found.status, found.incident_id) == ("pooled", None)
        assert (last.reason, last.actor) == ("incident_ended", SYSTEM.ref)


def test_an_incident_that_cannot_be_resolved_now_keeps_no_other_waiting(lotus_db: Branch) -> None:
    (bad, stuck), (good, (report, _)) = incident(), incident()
    for master in (bad, good):
        for taken in (make.grab, make.check_in, make.complete):
            taken(master.public_id)
    only_pooled = "ALTER TABLE tickets_ticket ADD CONSTRAINT broken CHECK (id <> %s OR status = 'pooled')"
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(only_pooled, [stuck[0].pk])
    assert sweep_incidents() == 1
    assert (now_of(stuck[0]).status, now_of(report).status) == ("pooled", "awaiting_callback")


def test_only_a_fault_can_have_that_cause(lotus_db: Branch, lin: Actor) -> None:
    master, _ = incident()
    order = make_ticket(type_code="install_bb")
    with refused(NotATrouble, number=order.ticket_no):
        link_incident(public_id=order.public_id, master=master.public_id, by=lin, key=key())


def test_one_bad_report_and_nothing_is_declared(lotus_db: Branch, lin: Actor) -> None:
    master, good, order = make_ticket(), make_ticket(), make_ticket(type_code="install_bb")
    with refused(NotATrouble):
        declare_incident(public_id=master.public_id, reports=[good.public_id, order.public_id], by=lin, key=key())
    with refused(TicketNotFound):
        declare_incident(public_id=master.public_id, reports=["nonsense"], by=lin, key=key())


def test_an_ordinary_ticket_is_no_incident_and_one_that_is_over_takes_no_more(lotus_db: Branch, lin: Actor) -> None:
    master, _ = incident()
    report, other = make_ticket(), make_ticket()
    with refused(NotAnIncident, number=other.ticket_no):
        link_incident(public_id=report.public_id, master=other.public_id, by=lin, key=key())
    with refused(NotAnIncident):
        resolve_incident(public_id=other.public_id, solution="?", by=lin, key=key())
    for step in (make.grab, make.check_in, make.complete):
        step(master.public_id)
    with refused(IncidentOver, number=master.ticket_no):
        link_incident(public_id=report.public_id, master=master.public_id, by=lin, key=key())


@pytest.mark.parametrize("who", ["wu", "cai", "hui"])
def test_the_field_and_the_counter_do_not_declare(lotus_db: Branch, who: str) -> None:
    master = make_ticket()
    with refused(NotAllowed):
        declare_incident(public_id=master.public_id, reports=[], by=actor(who), key=key())


def test_a_sub_branch_links_only_what_it_sees(lotus_db: Branch, gao: Actor) -> None:
    master = make_ticket()
    with refused(TicketNotFound):
        declare_incident(public_id=master.public_id, reports=[], by=gao, key=key())


def test_the_other_branchs_report_is_not_found(lotus_db: Branch, maple: Branch) -> None:
    report = make_ticket()
    with in_branch(maple.tenant):
        master = make_ticket()
        with refused(TicketNotFound):
            declare_incident(public_id=master.public_id, reports=[report.public_id], by=maple.lin, key=key())
