"""An incident that ends without being repaired lets its reports go: none of them is told that all is well, none hangs
on a master that is over, and its work is paid as work again."""

from functools import partial

import pytest

from apps.tickets.errors import IncidentStays
from apps.tickets.events import IncidentCalledOff
from apps.tickets.models import Ticket
from apps.tickets.services import cancel_ticket, declare_incident, link_incident, sweep_incidents
from apps.tickets.worked_read import worked_tickets
from steppe.kernel.actors import Actor
from tenants.context import in_branch
from tests import make
from tests.cast import Branch
from tests.databases import Database
from tests.make import actor, key, make_ticket
from tests.rules import refused, sent_twice
from tests.tickets.hands import at_once
from tests.tickets.steps import do, now_of


def incident(**fields: object) -> tuple[Ticket, Ticket]:
    """A master and its one report."""
    master, report = make_ticket(**fields), make_ticket(contact_phone="13900000001")  # type: ignore[arg-type]
    told = {"public_id": master.public_id, "reports": [report.public_id]}
    declare_incident(**told, by=actor("lin"), key=key())
    assert now_of(report).incident_id == master.pk
    return master, report


def give_up(master: Ticket) -> None:
    make.grab(master.public_id)
    make.check_in(master.public_id)
    do("fail_work", master.public_id, by=actor("wu"))


@pytest.mark.parametrize("how", ["cancel", "void"])
def test_called_off_or_void_its_reports_are_tickets_of_their_own(lotus_db: Branch, how: str) -> None:
    master, report = incident()
    do(how, master.public_id)
    found = now_of(report)
    last = found.history.latest("version")
    assert (found.incident_id, found.status) == (None, "pooled")
    assert (last.action, last.data, last.version) == ("leave_incident", {"incident": master.ticket_no}, found.version)
    assert [event.kind for event in make.events()].count(IncidentCalledOff.kind) == 1
    assert not worked_tickets([report.public_id])[0].incident


def test_given_up_on_site_nobody_is_told_that_it_is_repaired(lotus_db: Branch) -> None:
    master, report = incident()
    give_up(master)
    assert now_of(master).close_code == "not_done" and now_of(report).incident_id is None
    assert sweep_incidents() == 0 and now_of(report).status == "pooled"


def test_the_sweep_leaves_the_reports_of_one_that_was_given_up_before(lotus_db: Branch) -> None:
    master, report = incident()
    give_up(master)
    Ticket.objects.filter(id=report.pk).update(incident_id=master.pk)  # as an earlier release left it
    assert sweep_incidents() == 0 and now_of(report).status == "pooled"


def test_what_was_closed_with_it_stays_as_it_is(lotus_db: Branch) -> None:
    master, report = incident()
    do("resolve_incident", master.public_id)
    do("cancel", master.public_id)
    assert (now_of(report).status, now_of(report).incident_id) == ("awaiting_callback", master.pk)


def test_a_report_that_was_let_go_can_be_linked_to_another_incident(lotus_db: Branch, lin: Actor) -> None:
    master, report = incident()
    do("void", master.public_id)
    other, _ = incident()
    link_incident(public_id=report.public_id, master=other.public_id, by=lin, key=key())
    assert now_of(report).incident_id == other.pk


def test_an_incident_is_not_merged_away(lotus_db: Branch) -> None:
    master, report = incident()
    other = make_ticket(contact_phone="13900000002")
    for kept in (report, other):
        with refused(IncidentStays, number=master.ticket_no):
            do("merge", master.public_id, facts={"master": kept.public_id})
    do("merge", other.public_id, facts={"master": master.public_id})  # the other way round it is
    assert now_of(other).merged_into_id == master.pk and now_of(report).incident_id == master.pk


def test_sent_twice_they_are_let_go_once(lotus_db: Branch, lin: Actor) -> None:
    master, report = incident()
    told = {"public_id": master.public_id, "reason": "recovered", "by": lin}
    sent_twice(lambda once: cancel_ticket(**told, key=once))
    assert report.history.filter(action="leave_incident").count() == 1


def test_called_off_while_a_report_is_grabbed_both_happen(committed: Database, lotus: Branch) -> None:
    with in_branch(lotus.tenant):
        master, report = incident()
    works = [
        partial(cancel_ticket, public_id=master.public_id, reason="recovered", by=lotus.lin, key=key()),
        partial(make.grab, report.public_id),
    ]
    assert at_once(lotus, works) == {"done": 2}
    with in_branch(lotus.tenant):
        found = now_of(report)
        assert (found.status, found.incident_id) == ("accepted", None)
        versions = list(report.history.order_by("version").values_list("version", flat=True))
        assert versions == sorted(set(versions)) and versions[-1] == found.version
