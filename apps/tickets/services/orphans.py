"""Children of a case that is called off (T21 cancel, T22 void, T23 merge) do not stay behind, nor do the reports of an
incident (T24).

What nobody has accepted ends with its parent, in the same transaction. Where somebody has, the parent stays until that
child is finished or called off: nobody's work ends behind their back. A report of an incident that is none is a
ticket of its own again: nobody would close it with the others, and its work would count as a look at a known outage.
"""

from typing import Any

from apps.tickets.errors import ChildrenTaken, OnlyDispatcher
from apps.tickets.events import IncidentCalledOff, TicketCancelled, TicketChanged, TicketVoided
from apps.tickets.models import Ticket
from apps.tickets.reasons import PARENT_ENDED
from apps.tickets.rules.workflow import OPEN, State
from apps.tickets.services import _steps as step
from steppe.kernel import clock
from steppe.kernel.actors import Actor

NOT_ACCEPTED = frozenset({State.SUBMITTED, State.POOLED, State.ASSIGNED})
# The parent's step: how its children end, their code, the event.
_ENDS: dict[str, tuple[State, str, type[TicketChanged]]] = {
    "cancel": (State.CANCELLED, "cancelled", TicketCancelled),
    "void": (State.VOID, "void", TicketVoided),
}


def holders(**parent: Any) -> list[int | None]:
    """Who was sent to the open children: to be locked with the parent's own technician. One query."""
    sent = Ticket.objects.filter(status__in=OPEN, technician__isnull=False, **parent)
    return list(sent.values_list("technician_id", flat=True))


def names(**parent: Any) -> list[str]:
    """The open children, to be locked with the parent. One query."""
    return list(Ticket.objects.filter(status__in=OPEN, **parent).values_list("public_id", flat=True))


def end_children(parent: Ticket, action: str, by: Actor) -> None:
    """End the open children with their parent, which is locked, as are `holders`. One query where there are none.

    Raises ChildrenTaken when somebody has accepted one; to a customer that is OnlyDispatcher. Who was sent to one
    since `holders` looked is locked late, with their slot: a deadlock, should it come to one, is tried again.
    """
    rows = Ticket.objects.select_for_update(of=("self",), no_key=True).select_related("type", "type_version")
    children = list(rows.filter(parent_id=parent.pk, status__in=OPEN).order_by("id"))
    if taken := [child.ticket_no for child in children if child.status not in NOT_ACCEPTED]:
        raise OnlyDispatcher if by.kind == "customer" else ChildrenTaken(numbers=", ".join(taken))
    for child in children:
        _end(child, action, by, parent.ticket_no)


def free_reports(master: Ticket, by: Actor) -> None:
    """The open reports of an incident that ends unrepaired. The master is locked. One query where there are any, else
    none."""
    if not master.is_incident:
        return
    rows = Ticket.objects.select_for_update(of=("self",), no_key=True).select_related("type", "type_version")
    for report in rows.filter(incident_id=master.pk, status__in=OPEN).order_by("id"):
        before = step.flag(report, incident_id=None)
        step.record(report, "leave_incident", before, by, data={"incident": master.ticket_no})
        step.announce(IncidentCalledOff, report, before, incident_id=master.pk)


def _end(child: Ticket, action: str, by: Actor, parent_no: str) -> None:
    state, code, told = _ENDS[action]
    step.end_assignment(child, PARENT_ENDED)
    before = step.move(child, action, state, closed_at=clock.now(), close_code=code)
    step.record(child, action, before, by, reason=PARENT_ENDED, data={"parent": parent_no})
    step.announce(told, child, before)
