"""T24 network incidents: many reports, one cause. One master is repaired; all who reported are told together."""

import logging
from collections.abc import Sequence
from uuid import uuid4

from django.db.models import F, Q

from apps.tickets.errors import IncidentOver, NotAnIncident, NotATrouble, NotLinked
from apps.tickets.events import IncidentDeclared, IncidentLinked, IncidentResolved, IncidentUnlinked
from apps.tickets.models import Ticket
from apps.tickets.reasons import INCIDENT_ENDED
from apps.tickets.rules.workflow import OPEN
from apps.tickets.services import _steps as step
from apps.tickets.services import orphans
from apps.tickets.services.callbacks import after_work, over
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM, Actor
from steppe.kernel.commands import Receipt, command

log = logging.getLogger("steppe.sweep")
MOST = 200
BATCH = 20


@command("tickets.declare_incident")
def declare_incident(*, public_id: str, reports: Sequence[str], version: int | None = None, by: Actor) -> Receipt:
    """This open ticket is the master of an incident; the named reports are linked to it.

    Raises NotATrouble. Locks: technicians ascending, tickets ascending.
    """
    step.authorise(by, "link_incident")
    master = step.lock_tickets([public_id, *reports], by=by, action="link_incident")[public_id]
    step.check_version(master, version)
    step.check_state(master, "link_incident")
    if not master.is_incident:
        before = step.stay(master, "link_incident", is_incident=True)
        step.record(master, "link_incident", before, by, data={"master": True})
        step.announce(IncidentDeclared, master, before)
    linked = _link(master, [one for one in reports if one != public_id], by)
    return step.receipt(master, linked=linked)


@command("tickets.link_incident")
def link_incident(*, public_id: str, master: str, version: int | None = None, by: Actor) -> Receipt:
    """T24: this report has the cause of that incident; its customer is told so. Raises NotAnIncident, IncidentOver."""
    step.authorise(by, "link_incident")
    both = step.lock_tickets([public_id, master], by=by, action="link_incident")
    step.check_version(both[public_id], version)
    _link(both[master], [public_id], by)
    return step.receipt(Ticket.objects.get(public_id=public_id))


def _link(master: Ticket, reports: Sequence[str], by: Actor) -> int:
    if not master.is_incident:
        raise NotAnIncident(number=master.ticket_no)
    if master.status not in OPEN:
        raise IncidentOver(number=master.ticket_no)
    found = Ticket.objects.select_related("type", "type_version").filter(public_id__in=reports).order_by("id")
    return sum(_link_one(master, report, by) for report in found)


def _link_one(master: Ticket, report: Ticket, by: Actor) -> bool:
    if report.incident_id == master.pk:
        return False
    if report.type.kind != "trouble" or report.is_incident:
        raise NotATrouble(number=report.ticket_no)
    step.check_state(report, "link_incident")
    before = step.stay(report, "link_incident", incident_id=master.pk)
    step.record(report, "link_incident", before, by, data={"incident": master.ticket_no})
    step.announce(IncidentLinked, report, before, incident_id=master.pk)
    return True


@command("tickets.unlink_incident")
def unlink_incident(*, public_id: str, reason: str, version: int | None = None, by: Actor) -> Receipt:
    """This report has another cause after all: it is repaired by itself, and the incident's end is not its own.

    Raises ReasonMissing, NotLinked.
    """
    step.authorise(by, "unlink_incident")
    step.check_reason("unlink_incident", reason)
    ticket = step.lock_ticket(public_id, by=by, action="unlink_incident", version=version)
    if ticket.incident is None:
        raise NotLinked
    master = ticket.incident
    before = step.stay(ticket, "unlink_incident", incident_id=None)
    step.record(ticket, "unlink_incident", before, by, reason=reason, data={"incident": master.ticket_no})
    step.announce(IncidentUnlinked, ticket, before, incident_id=master.pk)
    return step.receipt(ticket)


@command("tickets.resolve_incident")
def resolve_incident(*, public_id: str, solution: str, by: Actor) -> Receipt:
    """The cause is repaired: every linked report that is still open waits for its callback, all at once; a child ends.

    Their children that nobody accepted end with them. The master itself is completed by who repaired it. Locks:
    technicians ascending, tickets ascending.
    """
    step.authorise(by, "resolve_incident")
    linked = Ticket.objects.filter(incident__public_id=public_id, status__in=OPEN)
    # A report that is the child of another one comes before it.
    names = linked.order_by(F("parent_id").asc(nulls_last=True), "id")[:MOST]
    reports = list(names.values_list("public_id", flat=True))
    children = orphans.names(parent__public_id__in=reports)
    found = step.lock_tickets([public_id, *reports], by=by, action="resolve_incident", beside=children)
    master = found[public_id]
    if not master.is_incident:
        raise NotAnIncident(number=master.ticket_no)
    done = 0
    for report in reports:
        if children:
            orphans.end_waiting(found[report], by)
        done += _resolve_one(found[report], solution, by)
    return step.receipt(master, resolved=done)


def _resolve_one(report: Ticket, solution: str, by: Actor) -> bool:
    if report.status not in OPEN:
        return False
    now = clock.now()
    ends = after_work(report, now)
    if report.parent_id is not None:
        ends["close_code"] = "done"
    step.end_assignment(report, "incident")
    before = step.move(
        report, "resolve_incident", over(report), finished_at=now, solution=solution.strip()[:500],
        first_finished_at=report.first_finished_at or now, hold_class="", held_from="", **ends,
    )  # fmt: skip
    step.record(report, "resolve_incident", before, by, reason=solution)
    step.announce(IncidentResolved, report, before)
    return True


def sweep_incidents() -> int:
    """Incidents that are over: if the cause is repaired their reports follow, if not they go their own way again.

    How many incidents were resolved and reports let go.
    """
    left = Ticket.objects.filter(status__in=OPEN, incident__isnull=False).exclude(incident__status__in=OPEN)
    repaired = Q(incident__finished_at__isnull=False) & ~Q(incident__close_code="not_done")
    masters = left.filter(repaired).order_by("incident_id").values_list("incident__public_id", "incident__solution")
    freed = left.exclude(repaired).order_by("id").values_list("public_id", flat=True)
    done = sum(_resolve_all(name or "", solution or "") for name, solution in masters.distinct()[:BATCH])
    return done + sum(map(_let_go, freed[:BATCH]))


def _resolve_all(public_id: str, solution: str) -> bool:
    """One incident that cannot be resolved now must not keep the others waiting."""
    try:
        resolve_incident(public_id=public_id, solution=solution, by=SYSTEM, key=uuid4().hex)
    except Exception:
        log.exception("an incident was not resolved", extra={"ticket": public_id})
        return False
    return True


def _let_go(public_id: str) -> bool:
    try:
        unlink_incident(public_id=public_id, reason=INCIDENT_ENDED, by=SYSTEM, key=uuid4().hex)
    except Exception:
        log.exception("a report was not let go", extra={"ticket": public_id})
        return False
    return True
