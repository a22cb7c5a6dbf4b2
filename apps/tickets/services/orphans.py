"""Children of a case that ends before its work is done do not stay behind.

What nobody has accepted ends with its parent, in the same transaction; nobody's work ends behind their back. Where
somebody has accepted one, a case that is called off (T21 cancel, T22 void, T23 merge) stays until that is over, and so
does one that cannot be done (T17) while a mandatory part of it is worked on. An optional part goes on by itself to its
end, and so does what is worked on when the case goes to another branch (T8b) or was mended with an incident (T24b).
A case that was done (T16) leaves its optional parts as they are: they are still of use to the customer.
"""

from typing import Any

from apps.tickets.errors import ChildrenTaken, OnlyDispatcher
from apps.tickets.events import TicketCancelled, TicketChanged, TicketVoided
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
    children = _open_children(parent)
    if taken := [child.ticket_no for child in children if child.status not in NOT_ACCEPTED]:
        raise OnlyDispatcher if by.kind == "customer" else ChildrenTaken(numbers=", ".join(taken))
    for child in children:
        _end(child, action, by, parent.ticket_no)


def end_waiting(parent: Ticket, by: Actor, *, needs_all: bool = False) -> None:
    """End the open children that nobody has accepted; the others go on. Locks and queries as `end_children`.

    The master of an incident is other customers' business too, and stays. `needs_all`: raises ChildrenTaken when
    somebody has accepted a mandatory one.
    """
    children = _open_children(parent)
    taken = [child for child in children if child.status not in NOT_ACCEPTED]
    if needs_all and (needed := [child.ticket_no for child in taken if child.mandatory]):
        raise ChildrenTaken(numbers=", ".join(needed))
    for child in children:
        if child not in taken and not child.is_incident:
            _end(child, "cancel", by, parent.ticket_no)


def _open_children(parent: Ticket) -> list[Ticket]:
    rows = Ticket.objects.select_for_update(of=("self",), no_key=True).select_related("type", "type_version")
    return list(rows.filter(parent_id=parent.pk, status__in=OPEN).order_by("id"))


def _end(child: Ticket, action: str, by: Actor, parent_no: str) -> None:
    state, code, told = _ENDS[action]
    step.end_assignment(child, PARENT_ENDED)
    before = step.move(child, action, state, closed_at=clock.now(), close_code=code)
    step.record(child, action, before, by, reason=PARENT_ENDED, data={"parent": parent_no})
    step.announce(told, child, before)
