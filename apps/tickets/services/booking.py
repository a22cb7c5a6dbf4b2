"""T10 book and the first contact: the customer knows when somebody comes."""

from datetime import datetime

from apps.tickets.errors import BadSlot
from apps.tickets.events import TicketBooked, TicketContacted
from apps.tickets.models import Ticket
from apps.tickets.services import _steps as step
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command

CAUSES = ("customer", "ours", "weather")


@command("tickets.book")
def book_appointment(
    *, public_id: str, start: datetime, end: datetime, cause: str = "", version: int | None = None, by: Actor
) -> Receipt:
    """T10: an appointment, or another one instead (then `cause` says by whom). It counts as the first contact.

    Raises BadSlot for a slot that is over, turned round or longer than a day.
    """
    if by.kind != "customer":
        step.authorise(by, "book")
    ticket = step.lock_ticket(public_id, by=by, action="book", version=version)
    moved = ticket.appointment_start is not None
    _check_slot(start, end, cause if moved else "ours")

    before = step.stay(
        ticket, "book", appointment_start=start, appointment_end=end,
        contacted_at=ticket.contacted_at or clock.now(), reschedule_count=ticket.reschedule_count + moved,
    )  # fmt: skip
    told = {"start": start.isoformat(), "end": end.isoformat(), "cause": cause if moved else "", "moved": moved}
    step.record(ticket, "book", before, by, data=told)
    step.announce(TicketBooked, ticket, before, moved=moved)
    return step.receipt(ticket)


@command("tickets.contact")
def log_contact(*, public_id: str, note: str = "", version: int | None = None, by: Actor) -> Receipt:
    """The technician has spoken to the customer: the contact clock stops. A second call is kept too."""
    step.authorise(by, "contact")
    ticket = step.lock_ticket(public_id, by=by, action="contact", version=version)
    step.check_assignee(by, ticket)
    return _contacted(ticket, note, by)


def _contacted(ticket: Ticket, note: str, by: Actor) -> Receipt:
    before = step.stay(ticket, "contact", contacted_at=ticket.contacted_at or clock.now())
    step.record(ticket, "contact", before, by, reason=note)
    step.announce(TicketContacted, ticket, before)
    return step.receipt(ticket)


def _check_slot(start: datetime, end: datetime, cause: str) -> None:
    if not start < end or end <= clock.now() or (end - start).days >= 1:
        raise BadSlot({"start": [str(BadSlot.message)]})
    if cause not in CAUSES:
        raise BadSlot({"cause": [str(BadSlot.message)]})
