"""T18 and T19: somebody asks the customer. “Fixed?” decides the state, the score decides nothing but the score."""

from apps.people import selectors as people_reads
from apps.people import services as people
from apps.tickets.errors import ReopenLimit, SelfCallback, TicketNotFound
from apps.tickets.events import TicketClosed, TicketSentBack
from apps.tickets.models import CallbackRecord, Ticket, TicketEvent
from apps.tickets.services import _steps as step
from apps.tickets.services.dispatching import back_to_pool
from apps.tickets.services.waves import push_wave
from apps.tickets.workflow import State
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command
from steppe.kernel.errors import Conflict, Invalid
from tenants.context import policy

EXECUTION = ("grab", "dispatch", "reassign", "check_in", "complete")


@command("tickets.callback_ok")
def callback_ok(*, public_id: str, score: int | None, note: str = "", version: int | None = None, by: Actor) -> Receipt:
    """T18 by the callback agent: fixed, so the ticket closes. Raises SelfCallback for who worked on it."""
    step.authorise(by, "callback_ok")
    ticket = step.lock_ticket(public_id, by=by, action="callback_ok", version=version)
    _check_not_self(ticket, by)
    return _close(ticket, by, "phone", score, note)


@command("tickets.rate")
def rate_ticket(*, public_id: str, fixed: bool, score: int | None, note: str = "", by: Actor) -> Receipt:
    """T18/T19 by the customer: one's own ticket only; “not fixed” sends it back, with or without a score."""
    ticket = _own_ticket(public_id, by, "callback_ok" if fixed else "callback_reject")
    if fixed:
        return _close(ticket, by, "wechat", score, note)
    return _send_back(ticket, by, "wechat", score, note or "still_broken")


@command("tickets.callback_reject")
def callback_reject(
    *, public_id: str, reason: str, score: int | None = None, version: int | None = None, by: Actor
) -> Receipt:
    """T19: not fixed; back to the same technician, or to the pool if they are gone. At most three times."""
    step.authorise(by, "callback_reject")
    step.check_reason("callback_reject", reason)
    ticket = step.lock_ticket(public_id, by=by, action="callback_reject", version=version)
    _check_not_self(ticket, by)
    return _send_back(ticket, by, "phone", score, reason)


def _close(ticket: Ticket, by: Actor, channel: str, score: int | None, note: str) -> Receipt:
    _check_score(score)
    now = clock.now()
    before = step.move(ticket, "callback_ok", State.CLOSED, closed_at=now, close_code="done", satisfaction=score)
    _keep(ticket, by, channel, True, score, note)
    step.record(ticket, "callback_ok", before, by, data={"score": score})
    step.announce(TicketClosed, ticket, before, score=score)
    return step.receipt(ticket)


def _send_back(ticket: Ticket, by: Actor, channel: str, score: int | None, reason: str) -> Receipt:
    _check_score(score)
    if ticket.reopen_count >= policy().reopen_max:
        raise ReopenLimit(times=ticket.reopen_count)
    changes: dict[str, object] = {"reopen_count": ticket.reopen_count + 1, "finished_at": None}
    if ticket.technician_id and people_reads.technician(ticket.technician_id).user.is_active:
        people.take_slot(technician_id=ticket.technician_id, forced=True)
        changes |= {"accepted_at": clock.now(), "arrived_at": None}
        before = step.move(ticket, "callback_reject", State.ACCEPTED, **changes)
        step.start_assignment(ticket, ticket.technician_id, "reopen", clock.now())
    else:
        before = step.move(ticket, "callback_reject", State.POOLED, **(back_to_pool(ticket) | changes))
    _keep(ticket, by, channel, False, score, reason)
    step.record(ticket, "callback_reject", before, by, reason=reason)
    step.announce(TicketSentBack, ticket, before)
    if ticket.status == State.POOLED:
        push_wave(ticket)
    return step.receipt(ticket)


def _own_ticket(public_id: str, by: Actor, action: str) -> Ticket:
    seen = Ticket.objects.filter(public_id=public_id).values_list("technician_id", flat=True).first()
    people.lock_technicians(seen)
    rows = Ticket.objects.select_for_update(of=("self",), no_key=True).select_related("type")
    ticket = rows.filter(public_id=public_id, customer_id=by.id or 0, created_by=by.ref).first()
    if ticket is None or by.kind != "customer":
        raise TicketNotFound
    if ticket.technician_id != seen:
        raise Conflict
    step.check_state(ticket, action)
    return ticket


def _check_not_self(ticket: Ticket, by: Actor) -> None:
    """Separation of duty: who executed or dispatched does not call back (domain.md §1.3)."""
    if TicketEvent.objects.filter(ticket_id=ticket.pk, actor=by.ref, action__in=EXECUTION).exists():
        raise SelfCallback


def _check_score(score: int | None) -> None:
    if score is not None and not 1 <= score <= 5:
        raise Invalid({"score": ["1–5"]})


def _keep(ticket: Ticket, by: Actor, channel: str, fixed: bool, score: int | None, note: str) -> None:
    CallbackRecord.objects.create(
        ticket_id=ticket.pk,
        channel=channel,
        fixed=fixed,
        score=score,
        note=note[:300],
        actor=by.ref,
        at=clock.now(),
    )
