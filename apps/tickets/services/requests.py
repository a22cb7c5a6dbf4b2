"""What one person asks for and another decides: return, hold, transfer, reassign, void, a child ticket, another
type, opening again, a hand-over to another branch.

A request changes nothing but the flag `pending_request`; the step itself is taken by who approves, and in their name.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from apps.tickets.errors import AlreadyAsked, NothingAsked, OwnRequest, TicketNotFound
from apps.tickets.events import RequestRefused, TicketRequested
from apps.tickets.models import Ticket, TicketRequest
from apps.tickets.permissions import CUSTOMERS
from apps.tickets.reasons import COME_AS_AGREED
from apps.tickets.services import _steps as step
from apps.tickets.services import (
    callbacks,
    children,
    departments,
    dispatching,
    handing_over,
    holding,
    orphans,
    priorities,
    returning,
)
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM, Actor
from steppe.kernel.commands import Receipt, command
from steppe.kernel.errors import NotAllowed

Asked = dict[str, Any]
OUTSIDE = ("customer", "anonymous")


@dataclass(frozen=True)
class Kind:
    """How a kind of request is asked for, checked, who may approve it, and what approval does.

    `check` returns what is kept of the request, `keep` writes what belongs to it besides; `may_approve` raises for an
    approver who may not; `also` names the technicians to lock with the ticket's own, by the request; `place` is the
    node whose people approve, if not the ticket's own.
    """

    action: str
    check: Callable[[Ticket, Asked], Asked]
    carry_out: Callable[..., object]
    may_approve: Callable[[Actor, Ticket, Asked], None] = lambda by, ticket, asked: None
    keep: Callable[[Ticket, Asked, Actor], None] = lambda ticket, asked, by: None
    also: Callable[[TicketRequest], Sequence[int | None]] = lambda request: ()
    place: Callable[[Asked], str] = lambda asked: ""


KINDS = {
    "return": Kind("request_return", returning.check_return, returning.give_back, keep=returning.keep_photos),
    "hold": Kind("request_hold", holding.check_hold, holding.put_on_hold, holding.check_approver),
    "transfer": Kind(
        "request_transfer", departments.check_transfer, departments.move_to, departments.check_receiver,
        place=departments.path_of,
    ),
    "reassign": Kind(
        "request_reassign", dispatching.check_wish, dispatching.hand_to, dispatching.check_sender,
        also=lambda request: [request.asked["technician_id"]],
    ),
    "void": Kind(
        "request_void", lambda ticket, asked: {}, dispatching.make_void, dispatching.check_voider,
        also=lambda request: orphans.holders(parent_id=request.ticket_id),
    ),
    "spawn_child": Kind("request_child", children.check_child, children.spawn),
    "change_type": Kind("request_type", priorities.check_type, priorities.retype, priorities.check_decider),
    "reopen": Kind("request_reopen", callbacks.check_reopen, callbacks.put_back),
    "let_go": Kind("request_hand_over", handing_over.check_hand_over, handing_over.let_go),
}  # fmt: skip


@command("tickets.ask")
def ask_for(*, public_id: str, kind: str, reason: str, asked: Asked, version: int | None = None, by: Actor) -> Receipt:
    """Ask for a step that another decides. Just after the grab a return needs nobody's consent.

    Raises AlreadyAsked, ReasonMissing and what the kind's own check refuses.
    """
    action = KINDS[kind].action
    if not (by.kind == "customer" and action in CUSTOMERS):
        step.authorise(by, action)
    step.check_reason(action, reason)
    ticket = step.lock_ticket(public_id, by=by, action=action, version=version)
    if ticket.pending_request:
        raise AlreadyAsked(name=_pending(ticket).requested_by_name)
    if action in step.OWN:
        step.check_assignee(by, ticket)
    return _keep(ticket, kind, KINDS[kind].check(ticket, asked), reason, by)


def _keep(ticket: Ticket, kind: str, asked: Asked, reason: str, by: Actor) -> Receipt:
    KINDS[kind].keep(ticket, asked, by)
    request = TicketRequest.objects.create(
        ticket_id=ticket.pk, kind=kind, asked=asked, reason=reason.strip()[:300], requested_by=by.ref,
        requested_by_name=by.name, requested_at=clock.now(),
    )  # fmt: skip
    before = step.stay(ticket, KINDS[kind].action, pending_request=kind)
    step.record(ticket, KINDS[kind].action, before, by, reason=reason, data={"asked": asked})
    step.announce(TicketRequested, ticket, before, request=kind, hold_class=asked.get("hold_class", ""))
    if kind == "return" and returning.is_free(ticket, by):
        _approve(ticket, request, SYSTEM, "")
    return step.receipt(ticket, request=kind, approved=request.state == "approved")


@command("tickets.approve")
def approve_request(*, public_id: str, note: str = "", version: int | None = None, by: Actor) -> Receipt:
    """The step that was asked for is taken. Nobody approves their own. Locks: technicians, ticket, request.

    Raises NothingAsked, OwnRequest, and every refusal of the step itself.
    """
    seen = _seen(public_id, by)
    kind = KINDS[seen.kind]
    step.authorise(by, seen.kind)
    ticket = step.lock_ticket(
        public_id, by=by, action=seen.kind, version=version, also=kind.also(seen), place=kind.place(seen.asked)
    )
    request = _pending(ticket)
    if request.pk != seen.pk:
        raise NothingAsked
    if request.requested_by == by.ref:
        raise OwnRequest
    kind.may_approve(by, ticket, request.asked)
    _approve(ticket, request, by, note)
    return step.receipt(ticket, request=request.kind, approved=True)


def _approve(ticket: Ticket, request: TicketRequest, by: Actor, note: str) -> None:
    _decide(request, "approved", by, note)
    ticket.pending_request = ""
    Ticket.objects.filter(id=ticket.pk).update(pending_request="")
    KINDS[request.kind].carry_out(ticket, request.asked, by=by, reason=request.reason)


@command("tickets.refuse")
def refuse_request(*, public_id: str, reason: str, version: int | None = None, by: Actor) -> Receipt:
    """The step is not taken; who asked reads why. Raises NothingAsked, OwnRequest, ReasonMissing."""
    step.check_reason("refuse", reason)
    seen = _seen(public_id, by)
    step.authorise(by, seen.kind)
    place = KINDS[seen.kind].place(seen.asked)
    ticket = step.lock_ticket(public_id, by=by, action="refuse", version=version, place=place, roles=seen.kind)
    request = _pending(ticket)
    if request.requested_by == by.ref:
        raise OwnRequest
    return _turn_down(ticket, request, "refused", by, reason)


@command("tickets.withdraw")
def withdraw_request(*, public_id: str, version: int | None = None, by: Actor) -> Receipt:
    """Who asked takes it back; to open an own ticket again also the customer, whoever wrote down their wish.

    Raises NothingAsked for a request that is not theirs.
    """
    if by.kind != "customer":
        step.authorise(by, "withdraw")
    ticket = step.lock_ticket(public_id, by=by, action="withdraw", version=version)
    request = _pending(ticket)
    if request.requested_by != by.ref and not (by.kind == "customer" and request.kind == "reopen"):
        raise NothingAsked
    return _turn_down(ticket, request, "withdrawn", by, "")


@command("tickets.answer_hold")
def answer_hold(*, public_id: str, agree: bool, version: int | None = None, by: Actor) -> Receipt:
    """T11: a pause for the customer's own sake needs nobody's leave but theirs; their no is a refusal.

    `by`: the customer, or nobody known who holds the ticket's signed link (who calls this has read it). Raises
    NothingAsked where it is about anything else, HoldOver. Locks: technician, ticket, request.
    """
    if by.kind not in OUTSIDE:
        raise NotAllowed
    ticket = step.lock_ticket(public_id, by=SYSTEM if by.kind == "anonymous" else by, action="hold", version=version)
    request = _pending(ticket)
    if not holding.is_for_the_customer(request):
        raise NothingAsked
    if not agree:
        return _turn_down(ticket, request, "refused", by, COME_AS_AGREED)
    KINDS["hold"].may_approve(by, ticket, request.asked)
    _approve(ticket, request, by, "")
    return step.receipt(ticket, request="hold", approved=True)


def _turn_down(ticket: Ticket, request: TicketRequest, state: str, by: Actor, reason: str) -> Receipt:
    _decide(request, state, by, reason)
    action = "refuse" if state == "refused" else "withdraw"
    before = step.stay(ticket, action, pending_request="")
    step.record(ticket, action, before, by, reason=reason, data={"request": request.kind})
    step.announce(RequestRefused, ticket, before, request=request.kind, state=state)
    return step.receipt(ticket, request=request.kind)


def _decide(request: TicketRequest, state: str, by: Actor, answer: str) -> None:
    request.state, request.decided_by, request.decided_by_name = state, by.ref, by.name
    request.decided_at, request.answer = clock.now(), answer[:300]
    request.save(update_fields=["state", "decided_by", "decided_by_name", "decided_at", "answer"])


def _seen(public_id: str, by: Actor) -> TicketRequest:
    """What waits for a decision, not locked yet. Raises NothingAsked, for a ticket out of reach TicketNotFound."""
    seen = TicketRequest.objects.filter(ticket__public_id=public_id, state="pending").first()
    if seen is not None:
        return seen
    step.authorise(by, "refuse")
    ticket = Ticket.objects.filter(public_id=public_id).first()
    if ticket is None or not step.in_scope(by, "refuse", ticket):
        raise TicketNotFound
    raise NothingAsked


def _pending(ticket: Ticket) -> TicketRequest:
    found = TicketRequest.objects.select_for_update().filter(ticket_id=ticket.pk, state="pending").first()
    if found is None:
        raise NothingAsked
    return found
