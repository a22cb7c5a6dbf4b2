"""T27 change of type or priority: the clocks are judged anew from the report; the old promise stays in the history.

Another type is as if it had been reported so: its queue, its urgency and its waves, where nobody has decided otherwise.
"""

from dataclasses import asdict
from typing import Any

from apps.people import roles
from apps.tickets.errors import BadPriority, OnlyDispatcher, SameType, UnknownType
from apps.tickets.events import TicketReprioritised, TicketRetyped
from apps.tickets.models import Ticket, TicketType, TypeVersion
from apps.tickets.permissions import ACTIONS
from apps.tickets.rules.workflow import State
from apps.tickets.services import _clocks as clocks
from apps.tickets.services import _retyping as retyping
from apps.tickets.services import _steps as step
from apps.tickets.services._opening import LOWEST
from apps.tickets.services.waves import push_wave
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command

BEFORE_ACCEPT = frozenset({State.SUBMITTED, State.POOLED, State.ASSIGNED})


@command("tickets.change_type")
def change_type(*, public_id: str, type_code: str, reason: str, version: int | None = None, by: Actor) -> Receipt:
    """T27: it is another kind of work, by that type's version in force. Raises UnknownType, SameType."""
    step.authorise(by, "change_type")
    step.check_reason("change_type", reason)
    ticket = step.lock_ticket(public_id, by=by, action="change_type", version=version)
    check_decider(by, ticket, {})
    retype(ticket, {"type_code": type_code}, by=by, reason=reason)
    return step.receipt(ticket)


def check_type(ticket: Ticket, asked: dict[str, Any]) -> dict[str, Any]:
    """What is asked for is a type in force, and another one. Raises UnknownType, SameType."""
    return {"type_code": _another_type(ticket, str(asked.get("type_code", ""))).code}


def _another_type(ticket: Ticket, code: str) -> TicketType:
    kind = TicketType.objects.filter(code=code, enabled=True).first()
    if kind is None:
        raise UnknownType({"type_code": [str(UnknownType.message)]})
    if kind.pk == ticket.type_id:
        raise SameType(name=kind.name)
    return kind


def check_decider(by: Actor, ticket: Ticket, asked: dict[str, Any]) -> None:
    """Once somebody took it, a call-centre agent changes no type any more. Raises OnlyDispatcher."""
    _check_before_accept(ticket, by, "change_type")


def retype(ticket: Ticket, asked: dict[str, Any], *, by: Actor, reason: str) -> None:
    """By the version in force at this moment; from the pool others are asked. What was told and is no answer to the
    new form stays with the old one, in the history. The caller has locked the ticket. Raises UnknownType, SameType.
    """
    kind = _another_type(ticket, asked["type_code"])
    told = {"from": ticket.type.code, "to": kind.code, **_was_due(ticket)}
    form = TypeVersion.objects.select_related("type").get(type=kind, number=kind.number)
    changes, facts = retyping.under(ticket, form)
    retyping.unname_pictures(ticket, facts.get("left", {}))
    before = step.stay(ticket, "change_type", type=kind, type_version=form, **changes)
    step.record(ticket, "change_type", before, by, reason=reason, data=told | facts)
    step.announce(TicketRetyped, ticket, before)
    if ticket.status == State.POOLED:
        push_wave(ticket)


@command("tickets.change_priority")
def change_priority(*, public_id: str, priority: int, reason: str, version: int | None = None, by: Actor) -> Receipt:
    """T27: more or less urgent, P0 to P3. Raises BadPriority, OnlyDispatcher."""
    step.authorise(by, "change_priority")
    step.check_reason("change_priority", reason)
    ticket = step.lock_ticket(public_id, by=by, action="change_priority", version=version)
    _check_before_accept(ticket, by, "change_priority")
    if not 0 <= priority <= LOWEST or priority == ticket.priority:
        raise BadPriority({"priority": [str(BadPriority.message)]})

    told = {"from": ticket.priority, "to": priority, **_was_due(ticket)}
    changes = with_priority(ticket, priority)
    before = step.stay(ticket, "change_priority", **changes)
    step.record(ticket, "change_priority", before, by, reason=reason, data={**told, "terms": changes["terms"]})
    step.announce(TicketReprioritised, ticket, before)
    return step.receipt(ticket)


def raised(ticket: Ticket, priority: int) -> dict[str, Any]:
    """The columns of a ticket that becomes at least this urgent; nothing if it is already."""
    return with_priority(ticket, priority) if ticket.priority > priority else {}


def with_priority(ticket: Ticket, priority: int) -> dict[str, Any]:
    """The columns of another urgency: the targets follow."""
    definition = ticket.type_version.definition
    terms = clocks.terms_for(definition, area_class=ticket.area_class, priority=priority)
    return {"priority": priority, "terms": asdict(terms)}


def _check_before_accept(ticket: Ticket, by: Actor, action: str) -> None:
    """A call-centre agent decides before somebody took it, later the dispatcher's side (domain.md §1.3)."""
    others = set(ACTIONS[action]) - {roles.AGENT}
    if ticket.status not in BEFORE_ACCEPT and by.kind != "system" and not by.holds(*others):
        raise OnlyDispatcher


def _was_due(ticket: Ticket) -> dict[str, Any]:
    due = ticket.resolve_due_at
    return {"was_due": due.isoformat() if due else None}
