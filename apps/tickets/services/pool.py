"""T3 grab: the heart. Exactly one winner; the cap holds; the loser learns who won and when."""

from typing import Any

from django.db import connection, transaction

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
from steppe.kernel.errors import DomainError, NotAllowed

# The whole claim in one statement: state, scope and skill stand in its WHERE, so nothing is checked before acting.
_CLAIM = """
UPDATE tickets_ticket AS t
   SET status = 'accepted', technician_id = %(technician)s, accept_mode = 'grab', accepted_at = %(now)s,
       changed_at = %(now)s, version = t.version + 1
  FROM tickets_tickettype AS kind, people_technician AS who
 WHERE t.public_id = %(ticket)s AND t.status = 'pooled' AND kind.id = t.type_id AND who.id = %(technician)s
   AND (kind.skill = '' OR kind.skill = ANY (who.skills)) AND t.org_path LIKE ANY (%(scopes)s)
RETURNING t.id, t.version, t.ticket_no, kind.code
"""


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
    if mine := _already_mine(public_id, by):
        return mine
    people.take_slot(technician_id=by.technician_id)
    ticket = _claim(public_id, by)

    now = clock.now()
    step.start_assignment(ticket, by.technician_id, "grab", now)
    GrabAttempt.objects.create(ticket_no=ticket.ticket_no, technician_id=by.technician_id, outcome="won", at=now)
    step.record(ticket, "grab", State.POOLED, by)
    step.announce(TicketGrabbed, ticket, State.POOLED)
    return step.receipt(ticket)


def _claim(public_id: str, by: Actor) -> Ticket:
    scopes = [f"{path}%" for path in by.scopes(ACTIONS["grab"])]
    params = {"technician": by.technician_id, "ticket": public_id, "now": clock.now(), "scopes": scopes}
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, params)
        row = cursor.fetchone()
    if row is None:
        raise _why_not(public_id, by)
    return _claimed(row, public_id, by)


def _claimed(row: tuple[Any, ...], public_id: str, by: Actor) -> Ticket:
    """The ticket as far as the rest of the command needs it, without reading it again."""
    kind = TicketType(code=row[3])
    return Ticket(
        id=row[0], public_id=public_id, version=row[1], ticket_no=row[2], type=kind, status=State.ACCEPTED,
        technician_id=by.technician_id,
    )  # fmt: skip


def _already_mine(public_id: str, by: Actor) -> Receipt | None:
    """A second tap of the winner, under a new key: the same answer, nothing changed."""
    ticket = Ticket.objects.filter(
        public_id=public_id, technician_id=by.technician_id or 0, status=State.ACCEPTED
    ).first()
    return step.receipt(ticket) if ticket else None


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
