"""T4 dispatch, T5 confirm, T6 decline, T7 reassign, T22 void: what the dispatcher's hand does."""

from typing import Any

from apps.people import roles
from apps.people import selectors as people_reads
from apps.people import services as people
from apps.people.errors import TechnicianNotFound
from apps.tickets.errors import DeclinedTooOften, OnlyDispatcher, SameTechnician
from apps.tickets.events import (
    TicketConfirmed,
    TicketDeclined,
    TicketDispatched,
    TicketReassigned,
    TicketVoided,
)
from apps.tickets.models import Assignment, Ticket, TicketEvent
from apps.tickets.reasons import is_reason, reason_told
from apps.tickets.rules.workflow import State
from apps.tickets.services import _steps as step
from apps.tickets.services import orphans
from apps.tickets.services.waves import push_wave
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command
from tenants.context import policy

NO_SLOT: dict[str, object] = {"appointment_start": None, "appointment_end": None}
DECIDERS = (roles.DISPATCHER, roles.BRANCH_ADMIN)


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
def decline_dispatch(
    *, public_id: str, reason: str, note: str = "", version: int | None = None, by: Actor
) -> Receipt:  # fmt: skip
    """T6: the technician gives a dispatched ticket back; it stands in the pool and others are asked.

    `reason` is the code of one that is allowed (reasons.py), `note` what there is to say besides. Raises
    DeclinedTooOften beyond the branch's number of a month, ReasonMissing, UnknownReason.
    """
    step.authorise(by, "decline")
    step.check_choice("decline", reason, note)
    ticket = step.lock_ticket(public_id, by=by, action="decline", version=version)
    step.check_assignee(by, ticket)
    _check_quota(by)

    reason = reason_told("decline", reason, note)
    step.end_assignment(ticket, reason)
    before = step.move(ticket, "decline", State.POOLED, **back_to_pool(ticket))
    step.record(ticket, "decline", before, by, reason=reason, data={"technician_id": by.technician_id})
    step.announce(TicketDeclined, ticket, before)
    push_wave(ticket)
    return step.receipt(ticket)


def _check_quota(by: Actor) -> None:
    """The technician's row is locked: two at once do not both pass. One query."""
    most, since = policy().decline_quota, clock.month_begin()
    left = Assignment.objects.filter(technician_id=by.technician_id or 0, mode="dispatch", ended_at__gte=since)
    steps = TicketEvent.objects.filter(ticket_id__in=left.values("ticket_id"), at__gte=since)
    if steps.filter(action="decline", actor=by.ref).count() >= most:
        raise DeclinedTooOften(times=most)


@command("tickets.reassign")
def reassign_ticket(
    *, public_id: str, technician_id: int, reason: str, version: int | None = None, by: Actor
) -> Receipt:
    """T7: another technician takes over. The customer's clock goes on, the internal clocks start anew.

    Raises SameTechnician besides T4's refusals. Locks: both technicians ascending, ticket.
    """
    step.authorise(by, "reassign")
    step.check_reason("reassign", reason)
    ticket = step.lock_ticket(public_id, by=by, action="reassign", version=version, also=[technician_id])
    step.check_reach(by, "reassign", technician_id)
    former = ticket.technician_id
    if former == technician_id:
        raise SameTechnician(name=people_reads.technician(technician_id).user.name)

    hand_to(ticket, {"technician_id": technician_id}, by=by, reason=reason)
    return step.receipt(ticket)


def hand_to(ticket: Ticket, asked: dict[str, Any], *, by: Actor, reason: str) -> None:
    """Another technician has it now. The caller has locked both technicians and the ticket."""
    former, technician_id = ticket.technician_id, asked["technician_id"]
    step.end_assignment(ticket, reason)
    people.take_slot(technician_id=technician_id, forced=True)
    kept = {} if ticket.arrived_at is None else NO_SLOT  # a slot that somebody kept is over, one ahead is promised
    before = _give(ticket, "reassign", technician_id, reassign_count=ticket.reassign_count + 1, arrived_at=None, **kept)
    step.record(ticket, "reassign", before, by, reason=reason, data={"from": former, "to": technician_id})
    step.announce(TicketReassigned, ticket, before, former_technician_id=former)


def check_wish(ticket: Ticket, asked: dict[str, Any]) -> dict[str, Any]:
    """Whom the technician would like to see there. Raises TechnicianNotFound, SameTechnician."""
    wanted = asked.get("technician_id")
    found = people_reads.technicians_by_id([wanted]).get(wanted) if isinstance(wanted, int) else None
    if found is None:
        raise TechnicianNotFound
    if found.pk == ticket.technician_id:
        raise SameTechnician(name=found.user.name)
    return {"technician_id": found.pk, "name": found.user.name}


def check_sender(by: Actor, ticket: Ticket, asked: dict[str, Any]) -> None:
    """Who agrees to the wish sends that person, and must have a say there. Raises TechnicianNotFound. One query."""
    step.check_reach(by, "reassign", asked["technician_id"])


@command("tickets.void")
def void_ticket(*, public_id: str, reason: str, version: int | None = None, by: Actor) -> Receipt:
    """T22: fake, wrong or test; leaves the pool for good and earns nothing, and so do its children nobody accepted.

    A call-centre agent may before somebody took it. Raises OnlyDispatcher, ReasonMissing, ChildrenTaken.
    """
    step.authorise(by, "void")
    step.check_reason("void", reason)
    ticket = step.lock_ticket(
        public_id, by=by, action="void", version=version, also=orphans.holders(parent__public_id=public_id)
    )  # fmt: skip
    check_voider(by, ticket, {})
    make_void(ticket, {}, by=by, reason=reason)
    return step.receipt(ticket)


def check_voider(by: Actor, ticket: Ticket, asked: dict[str, Any]) -> None:
    """Once somebody took it, no call-centre agent makes it void, nor agrees that it be. Raises OnlyDispatcher."""
    if ticket.status == State.ACCEPTED and by.kind != "system" and not by.holds(*DECIDERS):
        raise OnlyDispatcher


def make_void(ticket: Ticket, asked: dict[str, Any], *, by: Actor, reason: str, **more: object) -> None:
    """Out of the pool for good; a false report is counted for its number.

    The caller has locked both, and who was sent to its children. Raises ChildrenTaken.
    """
    orphans.end_children(ticket, "void", by)
    step.end_assignment(ticket, reason)
    code = "fake" if is_reason("void", "fake", reason) else "void"
    before = step.move(ticket, "void", State.VOID, closed_at=clock.now(), close_code=code, **more)
    step.record(ticket, "void", before, by, reason=reason)
    step.announce(TicketVoided, ticket, before)


def back_to_pool(ticket: Ticket) -> dict[str, object]:
    """The columns of a ticket that returns to the pool: nobody's, with a fresh accept clock."""
    return {
        "technician_id": None, "accept_mode": "", "assigned_at": None, "accepted_at": None, "arrived_at": None,
        "contacted_at": None, "hold_class": "", "held_from": "", **NO_SLOT,
        "bundle_id": None, "remote": False, "waiting_bonus_pct": 0,
        "pooled_at": clock.now(), "return_count": ticket.return_count + 1,
    }  # fmt: skip


def _give(ticket: Ticket, action: str, technician_id: int, **changes: object) -> str:
    now = clock.now()
    confirm = policy().dispatch_needs_confirm
    before = step.move(
        ticket, action, State.ASSIGNED if confirm else State.ACCEPTED, technician_id=technician_id,
        accept_mode="dispatch", assigned_at=now, accepted_at=None if confirm else now, contacted_at=None,
        hold_class="", held_from="", bundle_id=None, waiting_bonus_pct=0, remote=False, **changes,
    )  # fmt: skip
    step.start_assignment(ticket, technician_id, "dispatch", now)
    return before
