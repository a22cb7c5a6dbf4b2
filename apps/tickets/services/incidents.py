"""T24 network incidents: many reports, one cause. One master is repaired; all who reported are told together."""

from collections.abc import Sequence
from uuid import uuid4

from django.db.models import Q

from apps.tickets.errors import IncidentOver, NotAnIncident, NotATrouble
from apps.tickets.events import IncidentDeclared, IncidentLinked, IncidentResolved
from apps.tickets.models import Ticket
from apps.tickets.rules.workflow import OPEN, State
from apps.tickets.services import _steps as step
from apps.tickets.services.callbacks import after_work
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM, Actor
from steppe.kernel.commands import Receipt, command

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


@command("tickets.resolve_incident")
def resolve_incident(*, public_id: str, solution: str, by: Actor) -> Receipt:
    """The cause is repaired: every linked report that is still open waits for its callback, all at once.

    The master itself is completed by who repaired it. Locks: technicians ascending, tickets ascending.
    """
    step.authorise(by, "resolve_incident")
    names = Ticket.objects.filter(incident__public_id=public_id, status__in=OPEN).order_by("id")[:MOST]
    found = step.lock_tickets([public_id, *names.values_list("public_id", flat=True)], by=by, action="resolve_incident")
    master = found.pop(public_id)
    if not master.is_incident:
        raise NotAnIncident(number=master.ticket_no)
    done = sum(_resolve_one(report, solution, by) for report in found.values())
    return step.receipt(master, resolved=done)


def _resolve_one(report: Ticket, solution: str, by: Actor) -> bool:
    if report.status not in OPEN:
        return False
    now = clock.now()
    step.end_assignment(report, "incident")
    before = step.move(
        report, "resolve_incident", State.AWAITING_CALLBACK, finished_at=now, solution=solution.strip()[:500],
        first_finished_at=report.first_finished_at or now, hold_class="", held_from="", **after_work(report),
    )  # fmt: skip
    step.record(report, "resolve_incident", before, by, reason=solution)
    step.announce(IncidentResolved, report, before)
    return True


def sweep_incidents() -> int:
    """Incidents whose master is repaired, not given up: their reports follow. How many incidents."""
    left = Ticket.objects.filter(incident__finished_at__isnull=False, status__in=OPEN).exclude(
        Q(incident__status__in=OPEN) | Q(incident__close_code="not_done")
    )
    masters = list(
        left.order_by("incident_id").values_list("incident__public_id", "incident__solution").distinct()[:BATCH]
    )
    for public_id, solution in masters:
        resolve_incident(public_id=public_id or "", solution=solution or "", by=SYSTEM, key=uuid4().hex)
    return len(masters)
