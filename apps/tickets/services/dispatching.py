"""T4 dispatch, T5 confirm, T6 decline, T7 reassign, T22 void: what the dispatcher's hand does."""

from apps.people import selectors as people_reads
from apps.people import services as people
from apps.tickets.errors import SameTechnician
from apps.tickets.events import (
    TicketConfirmed,
    TicketDeclined,
    TicketDispatched,
    TicketReassigned,
    TicketVoided,
)
from apps.tickets.models import Ticket
from apps.tickets.services import _steps as step
from apps.tickets.services.waves import push_wave
from apps.tickets.workflow import State
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command
from steppe.kernel.errors import Conflict
from tenants.context import policy


@command("tickets.dispatch")
def dispatch_ticket(
    *, public_id: str, technician_id: int, reason: str, version: int | None = None, by: Actor
) -> Receipt:
    """T4: give the ticket to a technician, over duty and cap if need be.

    The branch decides whether the technician must confirm. Raises ReasonMissing, TechnicianNotFound,
    IllegalTransition, StaleVersion. Locks: technician, ticket.
    """
    step.authorise(by, "dispatch")
    step.check_reason("dispatch", reason)
    people.take_slot(technician_id=technician_id, forced=True)
    ticket = step.lock_ticket(public_id, by=by, action="dispatch", version=version)
    step.check_reach(by, "dispatch", technician_id)

    before = _give(ticket, "dispatch", technician_id)
    step.record(ticket, "dispatch", before, by, reason=reason, data={"technician_id": technician_id})
    step.announce(TicketDispatched, ticket, before)
    return step.receipt(ticket)


@command("tickets.confirm")
def confirm_dispatch(*, public_id: str, version: int | None = None, by: Actor) -> Receipt:
    """T5: the technician takes on a dispatched ticket."""
    step.authorise(by, "confirm")
    ticket = step.lock_ticket(public_id, by=by, action="confirm", version=version)
    step.check_assignee(by, ticket)

    before = step.move(ticket, "confirm", State.ACCEPTED, accepted_at=clock.now())
    step.record(ticket, "confirm", before, by)
    step.announce(TicketConfirmed, ticket, before)
    return step.receipt(ticket)


@command("tickets.decline")
def decline_dispatch(*, public_id: str, reason: str, version: int | None = None, by: Actor) -> Receipt:
    """T6: the technician gives a dispatched ticket back, with a reason; it stands in the pool and others are asked."""
    step.authorise(by, "decline")
    step.check_reason("decline", reason)
    ticket = step.lock_ticket(public_id, by=by, action="decline", version=version)
    step.check_assignee(by, ticket)

    step.end_assignment(ticket, reason)
    before = step.move(ticket, "decline", State.POOLED, **back_to_pool(ticket))
    step.record(ticket, "decline", before, by, reason=reason, data={"technician_id": by.technician_id})
    step.announce(TicketDeclined, ticket, before)
    push_wave(ticket)
    return step.receipt(ticket)


@command("tickets.reassign")
def reassign_ticket(
    *, public_id: str, technician_id: int, reason: str, version: int | None = None, by: Actor
) -> Receipt:
    """T7: another technician takes over. The customer's clock goes on, the internal clocks start anew.

    Raises SameTechnician besides T4's refusals. Locks: both technicians ascending, ticket.
    """
    step.authorise(by, "reassign")
    step.check_reason("reassign", reason)
    former = Ticket.objects.filter(public_id=public_id).values_list("technician_id", flat=True).first()
    people.lock_technicians(former, technician_id)
    ticket = step.lock_ticket(public_id, by=by, action="reassign", version=version)
    step.check_reach(by, "reassign", technician_id)
    if ticket.technician_id != former:
        raise Conflict
    if former == technician_id:
        raise SameTechnician(name=people_reads.technician(technician_id).user.name)

    step.end_assignment(ticket, reason)
    people.take_slot(technician_id=technician_id, forced=True)
    before = _give(ticket, "reassign", technician_id, reassign_count=ticket.reassign_count + 1, arrived_at=None)
    step.record(ticket, "reassign", before, by, reason=reason, data={"from": former, "to": technician_id})
    step.announce(TicketReassigned, ticket, before, former_technician_id=former)
    return step.receipt(ticket)


@command("tickets.void")
def void_ticket(*, public_id: str, reason: str, version: int | None = None, by: Actor) -> Receipt:
    """T22: fake, wrong or test; leaves the pool for good and earns nothing."""
    step.authorise(by, "void")
    step.check_reason("void", reason)
    ticket = step.lock_ticket(public_id, by=by, action="void", version=version)

    step.end_assignment(ticket, reason)
    before = step.move(ticket, "void", State.VOID, closed_at=clock.now(), close_code="void")
    step.record(ticket, "void", before, by, reason=reason)
    step.announce(TicketVoided, ticket, before)
    return step.receipt(ticket)


def back_to_pool(ticket: Ticket) -> dict[str, object]:
    """The columns of a ticket that returns to the pool: nobody's, with a fresh accept clock."""
    now = clock.now()
    return {
        "technician_id": None, "accept_mode": "", "assigned_at": None, "accepted_at": None, "arrived_at": None,
        "pooled_at": now, "accept_due_at": now + clock.minutes(policy().accept_target(ticket.area_class)),
        "accept_overdue": False, "return_count": ticket.return_count + 1,
    }  # fmt: skip


def _give(ticket: Ticket, action: str, technician_id: int, **changes: object) -> str:
    now = clock.now()
    confirm = policy().dispatch_needs_confirm
    before = step.move(
        ticket, action, State.ASSIGNED if confirm else State.ACCEPTED, technician_id=technician_id,
        accept_mode="dispatch", assigned_at=now, accepted_at=None if confirm else now,
        accept_due_at=now + clock.minutes(policy().confirm_minutes), accept_overdue=False, **changes,
    )  # fmt: skip
    step.start_assignment(ticket, technician_id, "dispatch", now)
    return before
