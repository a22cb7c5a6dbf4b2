"""T8b: another branch takes the case. Headquarters' room decides and opens the ticket there; here it only ends."""

from apps.tickets.events import TicketHandedOver
from apps.tickets.rules.workflow import State
from apps.tickets.services import _steps as step
from apps.tickets.services.children import check_children
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command


@command("tickets.hand_over")
def hand_over_ticket(*, public_id: str, link_id: str, reason: str, by: Actor) -> Receipt:
    """The source closes as transferred; no callback, no reopening. By the system, after both branches approved.

    Raises ChildrenOpen.
    """
    step.authorise(by, "hand_over")
    step.check_reason("hand_over", reason)
    ticket = step.lock_ticket(public_id, by=by, action="hand_over")
    check_children(ticket)
    step.end_assignment(ticket, reason)
    before = step.move(ticket, "hand_over", State.CLOSED, closed_at=clock.now(), close_code="transferred")
    step.record(ticket, "hand_over", before, by, reason=reason, data={"link": link_id})
    step.announce(TicketHandedOver, ticket, before, link_id=link_id)
    return step.receipt(ticket, link=link_id)
