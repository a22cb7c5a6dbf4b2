"""A ticket's work into the ledger: by the subscriber as things happen, or when somebody wants to be sure."""

from apps.costing.events import PointsChanged
from apps.costing.permissions import READERS
from apps.costing.services._booking import book
from apps.costing.services._scope import worked_in_scope
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command, emit


@command("costing.book_ticket")
def book_ticket(*, public_id: str, by: Actor) -> Receipt:
    """Look at this ticket once more: what the ledger lacks of it is appended, and the second time nothing.

    By the system, and by who reads its points. Raises NotAllowed, TicketUnknown. Locks: tickets of the trip, months.
    """
    require(by, READERS)
    return booked(public_id, worked_in_scope(public_id, by, READERS).id, by)


def booked(public_id: str, ticket_id: int, by: Actor, **facts: object) -> Receipt:
    """How commands about a ticket's work end: it is booked, costs are told, the answer. Within a command."""
    entries = book([public_id], by=by)
    tell_costs(public_id, ticket_id)
    return Receipt("ticket_points", ticket_id, public_id, facts={"entries": len(entries), **facts})


def tell_costs(public_id: str, ticket_id: int = 0) -> None:
    """Somebody changed what a ticket pays; nothing for an entry without a ticket. Within a command."""
    if public_id:
        emit(PointsChanged(entity_id=ticket_id, public_id=public_id, version=1))
