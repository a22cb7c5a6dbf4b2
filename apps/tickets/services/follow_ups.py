"""Follow-ups (domain.md §3.5): after a survey the installation, after an inspection's defect its repair."""

from apps.tickets.errors import TicketNotFound
from apps.tickets.models import Ticket, TicketLink
from apps.tickets.selectors import visible_tickets
from steppe.kernel import clock
from steppe.kernel.actors import Actor

FOLLOW_UP = "follow_up"


def earlier_of(public_id: str, by: Actor) -> Ticket | None:
    """The ticket that a report says it follows. Raises TicketNotFound, also out of sight. One query; none for none."""
    if not public_id:
        return None
    found = visible_tickets(by).filter(public_id=public_id).first() if by.kind == "staff" else None
    if found is None:
        raise TicketNotFound
    return found


def note_follow_up(ticket: Ticket, earlier: Ticket | None, by: Actor) -> None:
    """Link the new ticket to what it follows. The earlier one stays as it is, whatever its state."""
    if earlier is not None:
        TicketLink.objects.create(
            source=ticket, target=earlier, kind=FOLLOW_UP, made_by=by.ref, made_at=clock.now()
        )  # fmt: skip
