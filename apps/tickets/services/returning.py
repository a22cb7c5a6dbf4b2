"""T9 return: the ticket goes back to the pool, and who gave it back does not get it again so soon."""

from typing import Any

from apps.tickets.errors import PhotoMissing
from apps.tickets.events import TicketReturned
from apps.tickets.models import Assignment, Ticket, TicketRequest
from apps.tickets.rules.workflow import State
from apps.tickets.services import _steps as step
from apps.tickets.services.dispatching import back_to_pool
from apps.tickets.services.photos import attach_photos
from apps.tickets.services.waves import push_wave
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM, Actor
from steppe.kernel.commands import Receipt, command
from tenants.context import policy

AUTOMATIC = SYSTEM.ref


def check_return(ticket: Ticket, asked: dict[str, Any]) -> dict[str, Any]:
    """What is kept of it; the photos are hung on the ticket by `keep_photos`."""
    return {"photos": list(asked.get("photos") or []), "technician_id": ticket.technician_id}


def keep_photos(ticket: Ticket, asked: dict[str, Any], by: Actor) -> None:
    """They hang on the ticket from now on: who decides sees them, and who goes there next. Raises PhotoMissing."""
    hung = attach_photos(ticket, tuple(asked["photos"]), by, stage="added")
    if ticket.status == State.IN_PROGRESS and not hung:
        raise PhotoMissing({"photos": [str(PhotoMissing.message)]})


def give_back(ticket: Ticket, asked: dict[str, Any], *, by: Actor, reason: str) -> None:
    """Back to the pool; others are asked. The caller has locked technician and ticket."""
    former = ticket.technician_id
    step.end_assignment(ticket, reason)
    before = step.move(ticket, "return", State.POOLED, **back_to_pool(ticket))
    step.record(ticket, "return", before, by, reason=reason, data={"technician_id": former})
    step.announce(TicketReturned, ticket, before, former_technician_id=former)
    push_wave(ticket)


def is_free(ticket: Ticket, by: Actor) -> bool:
    """Just grabbed, and not too often this month: nobody needs to be asked. At most two queries.

    What came back from the callback was not grabbed, whoever once did.
    """
    if ticket.accept_mode != "grab" or ticket.accepted_at is None or ticket.status != State.ACCEPTED:
        return False
    if clock.now() - ticket.accepted_at > clock.minutes(policy().return_free_minutes):
        return False
    grabbed = Assignment.objects.filter(ticket_id=ticket.pk, ended_at__isnull=True, mode="grab")
    return grabbed.exists() and _free_returns(by) < policy().return_quota


def _free_returns(by: Actor) -> int:
    mine = TicketRequest.objects.filter(kind="return", requested_by=by.ref, decided_by=AUTOMATIC, state="approved")
    return mine.filter(requested_at__gte=clock.month_begin()).count()


@command("tickets.return_silent")
def return_silent(*, public_id: str, by: Actor) -> Receipt:
    """Nobody called the customer in time: the system puts the ticket back. Nothing happens if somebody did meanwhile.

    Locks: technician, ticket.
    """
    ticket = step.lock_ticket(public_id, by=by, action="return")
    silent = ticket.status == State.ACCEPTED and ticket.contacted_at is None
    if not silent or ticket.contact_due_at is None or ticket.contact_due_at > clock.now():
        return step.receipt(ticket, returned=False)
    give_back(ticket, {}, by=by, reason="no_contact")
    return step.receipt(ticket, returned=True)
