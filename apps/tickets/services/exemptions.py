"""A breach that was nobody's fault is exempted by a named person: out of the figures, never out of the history."""

from apps.tickets.errors import AlreadyExempted, Archived, BreachNotFound, OwnBreach, ReasonMissing
from apps.tickets.events import BreachExempted
from apps.tickets.models import Breach, Ticket
from apps.tickets.services import _steps as step
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command


@command("tickets.exempt_breach")
def exempt_breach(*, public_id: str, breach_id: int, reason: str, version: int | None = None, by: Actor) -> Receipt:
    """Exempt one breach of the ticket, with a reason; the clocks, the flag and the state stay as they are.

    Raises ReasonMissing, TicketNotFound, BreachNotFound, OwnBreach, AlreadyExempted, Archived. Locks: technician,
    ticket.
    """
    step.authorise(by, "exempt")
    if not reason.strip():
        raise ReasonMissing({"reason": [str(ReasonMissing.message)]})
    ticket = step.lock_ticket(public_id, by=by, action="exempt", version=version)
    breach = Breach.objects.filter(id=breach_id, ticket_id=ticket.pk).first()
    _check(ticket, breach, by)
    assert breach is not None
    _exempt(breach, reason.strip()[:200], by)

    before = step.flag(ticket)
    told = {"clock": breach.clock, "due_at": breach.due_at.isoformat()}
    step.record(ticket, "exempt", before, by, reason=reason, data=told)
    step.announce(BreachExempted, ticket, before, clock=breach.clock)
    return step.receipt(ticket, breach_id=breach.pk)


def _check(ticket: Ticket, breach: Breach | None, by: Actor) -> None:
    """Who was late does not forgive themselves."""
    if ticket.archived_at is not None:
        raise Archived
    if breach is None:
        raise BreachNotFound
    if by.technician_id and by.technician_id in {ticket.technician_id, breach.technician_id}:
        raise OwnBreach
    if breach.exempted_at is not None:
        raise AlreadyExempted(name=breach.exempted_by_name)


def _exempt(breach: Breach, reason: str, by: Actor) -> None:
    breach.exempted_at, breach.exempted_by, breach.exempted_by_name = clock.now(), by.ref, by.name
    breach.exemption = reason
    breach.save(update_fields=["exempted_at", "exempted_by", "exempted_by_name", "exemption"])
