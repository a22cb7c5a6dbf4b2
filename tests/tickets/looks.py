"""Ways to look at what a step left behind."""

from apps.tickets.models import Assignment, Ticket, TicketEvent
from steppe.kernel.journal.models import OutboxEvent


def the_event(ticket: Ticket, kind: str) -> OutboxEvent:
    """The one event of this kind about the ticket, at the ticket's present version."""
    ticket.refresh_from_db()
    event = OutboxEvent.objects.get(kind=kind, public_id=ticket.public_id, version=ticket.version)
    assert event.facts["after"] == ticket.status
    return event


def the_step(ticket: Ticket) -> TicketEvent:
    """The newest row of the ticket's history; it says where the ticket stands now."""
    ticket.refresh_from_db()
    step = TicketEvent.objects.get(ticket=ticket, version=ticket.version)
    assert step.after == ticket.status
    return step


def holders(ticket: Ticket) -> list[int]:
    """Who has the ticket now: at most one."""
    return list(Assignment.objects.filter(ticket=ticket, ended_at=None).values_list("technician_id", flat=True))
