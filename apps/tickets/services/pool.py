"""T3 grab: the heart. Exactly one winner; the cap holds; the loser learns who won and when."""

from typing import Any

from django.db import transaction

from apps.people import services as people
from apps.tickets.errors import AlreadyTaken, NotInPool, SkillMissing, TicketNotFound
from apps.tickets.events import TicketGrabbed
from apps.tickets.models import GrabAttempt, Ticket, TicketType
from apps.tickets.permissions import ACTIONS
from apps.tickets.services import _steps as step
from apps.tickets.workflow import State
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command
from steppe.kernel.db import connection, prepared
from steppe.kernel.errors import DomainError, NotAllowed

# The whole grab in one statement, because a branch does nothing more often: slot, ticket, assignment, try, history.
# Duty, cap, state, scope and skill stand in the WHEREs, so nothing is checked before acting. The ticket is claimed
# from the slot's row: the technician is locked first, as the lock order demands, and without a slot nothing moves.
_CLAIM = f"""
WITH slot AS ({people.TAKE_SLOT}),
claim AS (
    UPDATE tickets_ticket AS t
       SET status = 'accepted', technician_id = slot.id, accept_mode = 'grab', accepted_at = %(now)s,
           changed_at = %(now)s, version = t.version + 1
      FROM tickets_tickettype AS kind, slot
     WHERE t.public_id = %(ticket)s AND t.status = 'pooled' AND kind.id = t.type_id
       AND (kind.skill = '' OR kind.skill = ANY (slot.skills)) AND t.org_path LIKE ANY (%(scopes)s)
    RETURNING t.id, t.version, t.ticket_no, t.technician_id, kind.code
),
assignment AS (
    INSERT INTO tickets_assignment (ticket_id, technician_id, mode, started_at, end_reason)
    SELECT id, technician_id, 'grab', %(now)s, '' FROM claim
),
attempt AS (
    INSERT INTO tickets_grabattempt (ticket_no, technician_id, outcome, at)
    SELECT ticket_no, technician_id, 'won', %(now)s FROM claim
),
history AS (
    INSERT INTO tickets_ticketevent
           (ticket_id, version, action, before, after, actor, actor_name, reason, data, at)
    SELECT id, version, 'grab', 'pooled', 'accepted', %(actor)s, %(actor_name)s, '', '{{}}', %(now)s FROM claim
)
SELECT claim.id, claim.version, claim.ticket_no, claim.code FROM slot LEFT JOIN claim ON true
"""  # noqa: S608  (TAKE_SLOT is a constant)


def grab_ticket(*, public_id: str, by: Actor, key: str) -> Receipt:
    """T3: the technician takes the ticket from the pool.

    Raises AlreadyTaken (names winner and time), NotInPool, SkillMissing, CapReached, OffDuty, TicketNotFound.
    The winner tapping again gets the same answer. Locks: technician, ticket. Every try leaves a GrabAttempt.
    """
    try:
        receipt = _grab(public_id=public_id, by=by, key=key)
    except DomainError as refusal:
        _note_attempt(public_id, by, refusal.code)
        raise
    return receipt


@command("tickets.grab")
def _grab(*, public_id: str, by: Actor) -> Receipt:
    step.authorise(by, "grab")
    if by.technician_id is None:
        raise NotAllowed
    ticket = _take(public_id, by)
    if ticket is None:
        return _already_mine(public_id, by)
    step.announce(TicketGrabbed, ticket, State.POOLED)
    return step.receipt(ticket)


def _take(public_id: str, by: Actor) -> Ticket | None:
    """Slot, then ticket; None when the ticket is this technician's already. The slot's lock settles a double tap."""
    technician_id = by.technician_id or 0
    row = _claim(public_id, by)
    if row is not None and row[0] is not None:
        return _claimed(row, public_id, by)
    if _is_mine(public_id, by):
        if row is not None:
            people.free_slot(technician_id=technician_id)
        return None
    raise _why_not(public_id, by) if row is not None else people.why_no_slot(technician_id)


def _claim(public_id: str, by: Actor) -> tuple[Any, ...] | None:
    """The claimed ticket; a row of nulls when only the slot was there, no row without a slot."""
    params = {
        "technician": by.technician_id, "actor": by.ref, "actor_name": by.name, "now": clock.now(),
        "ticket": public_id, "scopes": [f"{path}%" for path in by.scopes(ACTIONS["grab"])],
    }  # fmt: skip
    with prepared(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, params)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def _claimed(row: tuple[Any, ...], public_id: str, by: Actor) -> Ticket:
    """The ticket as far as the rest of the command needs it, without reading it again."""
    kind = TicketType(code=row[3])
    return Ticket(
        id=row[0], public_id=public_id, version=row[1], ticket_no=row[2], type=kind, status=State.ACCEPTED,
        technician_id=by.technician_id,
    )  # fmt: skip


def _is_mine(public_id: str, by: Actor) -> bool:
    mine = Ticket.objects.filter(public_id=public_id, technician_id=by.technician_id or 0, status=State.ACCEPTED)
    return mine.exists()


def _already_mine(public_id: str, by: Actor) -> Receipt:
    """A second tap of the winner, under a new key: the same answer, nothing changed."""
    return step.receipt(Ticket.objects.get(public_id=public_id, technician_id=by.technician_id or 0))


def _why_not(public_id: str, by: Actor) -> DomainError:
    """After the claim failed: the true reason, in words. One query."""
    ticket = Ticket.objects.select_related("type", "technician__user").filter(public_id=public_id).first()
    if ticket is None or not step.in_scope(by, "grab", ticket):
        return TicketNotFound()
    if ticket.technician is not None and ticket.accepted_at is not None:
        at = ticket.accepted_at.astimezone(clock.BUSINESS_ZONE).strftime("%H:%M")
        return AlreadyTaken(winner=ticket.technician.user.name, at=at)
    return NotInPool() if ticket.status != State.POOLED else SkillMissing()


def _note_attempt(public_id: str, by: Actor, outcome: str) -> None:
    """A lost try is kept too (fairness), after the refused transaction was rolled back."""
    if by.technician_id is None:
        return
    number = Ticket.objects.filter(public_id=public_id).values_list("ticket_no", flat=True).first()
    if number is None:
        return
    with transaction.atomic():
        GrabAttempt.objects.create(ticket_no=number, technician_id=by.technician_id, outcome=outcome, at=clock.now())
