"""Who may follow what happens to a ticket, for rooms that tell screens. Says the same as selectors.visible_tickets.

The live stream asks for hundreds of readers at once; a query for each would be too dear. So the few facts that
decide are read once per batch (`outlines`), and the decision is taken in Python (`sees`). A test keeps both alike.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import BooleanField, Case, F, Q, When

from apps.tickets.models import Ticket
from apps.tickets.permissions import CONSOLE, CREATORS, POOL_VIEWERS, VIEWERS
from apps.tickets.rules.workflow import State
from steppe.kernel.actors import Actor


@dataclass(frozen=True)
class Outline:
    """What decides who may know of a ticket. `holders`: everybody who has, or had, it assigned."""

    status: str
    org_path: str
    created_by: str
    customer_id: int | None
    technician_id: int | None
    holders: frozenset[int] = frozenset()
    told_with_own: bool = False  # with a number that is proved to be the customer's
    is_child: bool = False  # a department's part of a case; the customer's own is the case


def outlines(ticket_ids: Iterable[int]) -> dict[int, Outline]:
    """The outlines of these tickets by id. One query."""
    columns = (
        "id", "status", "org_path", "created_by", "customer_id", "technician_id",
        "holders", "told_with_own", "is_child",
    )  # fmt: skip
    rows = Ticket.objects.filter(id__in=set(ticket_ids)).order_by()
    proved = ~Q(customer__proved_phone="") & Q(customer__proved_phone=F("contact_phone"))
    rows = rows.annotate(
        holders=ArrayAgg("assignments__technician_id", default=None),
        told_with_own=_whether(proved), is_child=_whether(Q(parent__isnull=False)),
    )  # fmt: skip
    rows = rows.values(*columns)
    return {row.pop("id"): Outline(**{**row, "holders": frozenset(filter(None, row["holders"] or []))}) for row in rows}


def _whether(condition: Q) -> Case:
    return Case(When(condition, then=True), default=False, output_field=BooleanField())


def may_follow_any(actor: Actor) -> bool:
    """May the actor listen to the branch's stream at all?"""
    if actor.kind == "customer":
        return True
    return actor.kind == "staff" and (actor.technician_id is not None or actor.holds(*CONSOLE, *POOL_VIEWERS))


def sees(actor: Actor, ticket: Outline) -> bool:
    """Is the ticket among the actor's `visible_tickets`?"""
    if actor.kind == "customer":
        own = ticket.created_by == actor.ref or ticket.told_with_own
        return actor.id is not None and ticket.customer_id == actor.id and own and not ticket.is_child
    if actor.kind != "staff":
        return False
    if any(ticket.org_path.startswith(path) for path in actor.scopes(VIEWERS)):
        return True
    if actor.scopes(CREATORS) and ticket.created_by == actor.ref:
        return True
    return _sees_as_technician(actor, ticket, {ticket.status})


def may_follow(actor: Actor, ticket: Outline, states: Iterable[str]) -> bool:
    """May the actor hear of an event that led through `states`? Whoever sees the ticket, or saw it until now:

    a technician's list must drop what another has grabbed, and what was taken away from them.
    """
    if sees(actor, ticket):
        return True
    if actor.technician_id is not None and actor.technician_id in ticket.holders:
        return True
    return actor.kind == "staff" and _sees_as_technician(actor, ticket, set(states))


def is_called(actor: Actor, agent_id: object) -> bool:
    """Does the call ring at this very person? Nobody else hears of it, whatever their role."""
    return actor.kind == "staff" and actor.id is not None and actor.id == agent_id


def _sees_as_technician(actor: Actor, ticket: Outline, states: set[str]) -> bool:
    if actor.technician_id is None:
        return False
    if ticket.technician_id == actor.technician_id:
        return True
    in_scope = any(ticket.org_path.startswith(path) for path in actor.scopes(POOL_VIEWERS))
    return in_scope and State.POOLED in states
