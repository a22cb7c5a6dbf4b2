"""T3 grab: the heart. Exactly one winner; the cap holds; the loser learns who won and when."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from apps.people import selectors as people_reads
from apps.people import services as people
from apps.tickets.errors import AlreadyTaken, GaveItBack, KeptForOwner, NotInPool, SkillMissing, TicketNotFound
from apps.tickets.events import TicketGrabbed
from apps.tickets.models import GrabAttempt, Ticket, TicketType
from apps.tickets.permissions import ACTIONS
from apps.tickets.rules.clocks import WARN_AT
from apps.tickets.rules.workflow import State
from apps.tickets.services import _steps as step
from apps.tickets.services.waves import gave_back_lately
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command
from steppe.kernel.db import connection, prepared
from steppe.kernel.errors import DomainError, NotAllowed
from steppe.kernel.light import light
from tenants.context import policy

# The whole grab in one statement, because a branch does nothing more often: slot, ticket, assignment, try, history.
# Duty, cap, state, scope and skill stand in the WHEREs, so nothing is checked before acting. The ticket is claimed
# from the slot's row: the technician is locked first, as the lock order demands, and without a slot nothing moves.
# The contact clock starts: what services._clocks.settle would write, without reading the history.
_CONTACT = "NULLIF((t.terms ->> 'contact')::float, 0) * interval '1 minute'"
_CONTACT_DUE = f"%(now)s::timestamptz + {_CONTACT}"
_CONTACT_WARN = f"%(now)s::timestamptz + {_CONTACT} * {WARN_AT}"
# While the wave of the grid's own people is the last one and its time is not over, nobody else takes it.
_KEPT = """
    t.next_wave_at > %(now)s AND 'owner' = (
        SELECT reach FROM tickets_pushwave WHERE ticket_id = t.id ORDER BY round DESC LIMIT 1)
    AND NOT EXISTS (SELECT FROM people_technician AS me JOIN people_orgunit AS home ON home.id = me.org_unit_id
                     WHERE me.id = slot.id AND home.path = t.org_path)
"""
_CLAIM = f"""
WITH slot AS ({people.TAKE_SLOT}),
claim AS (
    UPDATE tickets_ticket AS t
       SET status = 'accepted', technician_id = slot.id, accept_mode = 'grab', accepted_at = %(now)s,
           changed_at = %(now)s, version = t.version + 1, next_wave_at = NULL,
           overdue_clocks = array_remove(t.overdue_clocks, 'accept'), contact_due_at = {_CONTACT_DUE},
           next_clock_at = LEAST(t.next_clock_at, {_CONTACT_WARN})
      FROM tickets_typeversion AS form, tickets_tickettype AS kind, slot
     WHERE t.public_id = %(ticket)s AND t.status = 'pooled' AND form.id = t.type_version_id AND kind.id = t.type_id
       AND form.skills <@ slot.skills AND t.org_path LIKE ANY (%(scopes)s)
       AND NOT (t.return_count > 0 AND EXISTS (
           SELECT FROM tickets_ticketevent AS back WHERE back.ticket_id = t.id AND back.at > %(rested)s
              AND back.action IN ('return', 'decline') AND (back.data ->> 'technician_id')::bigint = slot.id))
       AND NOT ({_KEPT})
    RETURNING t.id, t.version, t.ticket_no, t.technician_id, kind.code, t.waiting_bonus_pct, t.pending_request
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
    SELECT id, version, 'grab', 'pooled', 'accepted', %(actor)s, %(actor_name)s, '',
           CASE WHEN waiting_bonus_pct > 0 THEN jsonb_build_object('waiting_bonus_pct', waiting_bonus_pct)
                ELSE '{{}}' END, %(now)s
      FROM claim
)
SELECT claim.id, claim.version, claim.ticket_no, claim.pending_request, claim.code FROM slot LEFT JOIN claim ON true
"""  # noqa: S608  (TAKE_SLOT is a constant)

_CLAIMED = ("id", "version", "ticket_no", "pending_request", "public_id", "status", "technician_id")


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
    step.end_question(ticket)
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
        "rested": clock.now() - timedelta(hours=policy().return_rest_hours),
    }  # fmt: skip
    with prepared(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, params)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def _claimed(row: tuple[Any, ...], public_id: str, by: Actor) -> Ticket:
    """The ticket as far as the rest of the command needs it, without reading it again."""
    ticket = light(Ticket, _CLAIMED, (*row[:4], public_id, State.ACCEPTED, by.technician_id))
    ticket._state.fields_cache = {"type": light(TicketType, ("code",), row[4:])}
    return ticket


def _is_mine(public_id: str, by: Actor) -> bool:
    mine = Ticket.objects.filter(public_id=public_id, technician_id=by.technician_id or 0, status=State.ACCEPTED)
    return mine.exists()


def _already_mine(public_id: str, by: Actor) -> Receipt:
    """A second tap of the winner, under a new key: the same answer, nothing changed."""
    return step.receipt(Ticket.objects.get(public_id=public_id, technician_id=by.technician_id or 0))


def _why_not(public_id: str, by: Actor) -> DomainError:
    """After the claim failed: the true reason, in words. One query, or three."""
    ticket = Ticket.objects.select_related("type_version", "technician__user").filter(public_id=public_id).first()
    if ticket is None or not step.in_scope(by, "grab", ticket):
        return TicketNotFound()
    if ticket.technician is not None and ticket.accepted_at is not None:
        at = ticket.accepted_at.astimezone(clock.BUSINESS_ZONE).strftime("%H:%M")
        return AlreadyTaken(winner=ticket.technician.user.name, at=at)
    if ticket.status != State.POOLED:
        return NotInPool()
    if _lacks_skill(ticket, by):
        return SkillMissing()
    if by.technician_id in gave_back_lately(ticket) or ticket.next_wave_at is None:
        return GaveItBack(hours=f"{policy().return_rest_hours:g}")
    return KeptForOwner(at=ticket.next_wave_at.astimezone(clock.BUSINESS_ZONE).strftime("%H:%M"))


def _lacks_skill(ticket: Ticket, by: Actor) -> bool:
    return not set(ticket.type_version.skills) <= set(people_reads.technician(by.technician_id or 0).skills)


def _note_attempt(public_id: str, by: Actor, outcome: str) -> None:
    """A lost try is kept too (fairness), after the refused transaction was rolled back."""
    if by.technician_id is None:
        return
    number = Ticket.objects.filter(public_id=public_id).values_list("ticket_no", flat=True).first()
    if number is None:
        return
    with transaction.atomic():
        GrabAttempt.objects.create(ticket_no=number, technician_id=by.technician_id, outcome=outcome, at=clock.now())
