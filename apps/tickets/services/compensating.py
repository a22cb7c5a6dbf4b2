"""Past the law's limit somebody says what the customer is owed: an amount, or none and why (domain.md §3.4)."""

from django.utils.translation import gettext as _

from apps.tickets.errors import AlreadyCompensated, NothingOwed, ReasonMissing
from apps.tickets.events import CompensationDecided
from apps.tickets.models import ClockNotice, Compensation
from apps.tickets.rules.escalation import LEGAL
from apps.tickets.services import _steps as step
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command
from steppe.kernel.errors import Invalid

MOST_FEN = 10_000_000


@command("tickets.decide_compensation")
def decide_compensation(
    *, public_id: str, amount_fen: int, note: str, version: int | None = None, by: Actor
) -> Receipt:  # fmt: skip
    """Close the task: so many fen, or 0 for none; the ticket's state, clocks and breach stay as they are.

    Raises ReasonMissing, Invalid for what is no amount, TicketNotFound, NothingOwed, AlreadyCompensated. Locks:
    technician, ticket.
    """
    step.authorise(by, "compensate")
    if not note.strip():
        raise ReasonMissing({"note": [str(ReasonMissing.message)]})
    if not 0 <= amount_fen <= MOST_FEN:
        raise Invalid({"amount_fen": [_("From nothing to %(most)s yuan, please.") % {"most": MOST_FEN // 100}]})
    ticket = step.lock_ticket(public_id, by=by, action="compensate", version=version)
    if not ClockNotice.objects.filter(ticket_id=ticket.pk, level=LEGAL.name).exists():
        raise NothingOwed
    if before := Compensation.objects.filter(ticket_id=ticket.pk).first():
        raise AlreadyCompensated(name=before.decided_by_name)
    Compensation.objects.create(
        ticket_id=ticket.pk, amount_fen=amount_fen, note=note.strip()[:300], decided_by=by.ref,
        decided_by_name=by.name, decided_at=clock.now(),
    )  # fmt: skip
    state = step.flag(ticket)
    step.record(ticket, "compensate", state, by, reason=note, data={"amount_fen": amount_fen})
    step.announce(CompensationDecided, ticket, state, amount_fen=amount_fen)
    return step.receipt(ticket, amount_fen=amount_fen)
