"""Expenses for who entered them, for who decides, and beside a ticket's account."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from apps.costing.models import Expense
from apps.costing.money_permissions import EXPENSE_APPROVERS, EXPENSE_READERS, SPENDERS
from apps.costing.rules.spending import PROPOSED, STATES
from steppe.kernel.actors import Actor, require
from steppe.kernel.errors import NotFound

PAGE = 50


@dataclass(frozen=True)
class Page:
    """So many of them, and what to ask for the next ones; `next_after` is None at the end."""

    rows: Sequence[Expense]
    next_after: str | None


def expenses_for(actor: Actor, *, state: str = "", ticket: str = "", after: str = "") -> Page:
    """In scope, the newest first. Raises NotAllowed. One query."""
    require(actor, EXPENSE_READERS)
    rows = Expense.objects.filter(scope_of(actor)).select_related("technician__user").order_by("-id")
    if state in STATES:
        rows = rows.filter(state=state)
    if ticket:
        rows = rows.filter(ticket=ticket)
    if after.isascii() and after.isdigit():
        rows = rows.filter(id__lt=int(after))
    found = list(rows[: PAGE + 1])
    return Page(found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else None)


def how_many_wait_for(actor: Actor) -> int:
    """How many this person may decide about. One query, none for who decides nothing."""
    return waiting_for(actor).count() if actor.holds(*EXPENSE_APPROVERS) else 0


def waiting_for(actor: Actor) -> QuerySet[Expense]:
    """Those somebody else entered, in the scope in which this person decides."""
    rows = Expense.objects.filter(scope_of(actor, EXPENSE_APPROVERS), state=PROPOSED).exclude(entered_by=actor.ref)
    return rows.exclude(technician_id=actor.technician_id) if actor.technician_id else rows


def may_decide(actor: Actor, one: Expense) -> bool:
    """Would the commands let this person decide about it? No query."""
    own = one.entered_by == actor.ref or (actor.technician_id is not None and actor.technician_id == one.technician_id)
    return not own and any(one.org_path.startswith(path) for path in actor.scopes(EXPENSE_APPROVERS))


def of_ticket(actor: Actor, ticket: str) -> list[Expense]:
    """What was entered for a ticket that the caller has shown to be the actor's to see. One query."""
    require(actor, SPENDERS)
    return list(Expense.objects.filter(ticket=ticket).order_by("-id")[:PAGE])


def expense_for(actor: Actor, public_id: str) -> Expense:
    """One in scope. Raises NotAllowed, NotFound. One query."""
    require(actor, EXPENSE_READERS)
    found = Expense.objects.filter(scope_of(actor), public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def scope_of(actor: Actor, roles: Sequence[str] = EXPENSE_READERS) -> Q:
    """What lies at or below the nodes of these roles. No query."""
    if actor.kind == "system":
        return Q()
    seen = Q(pk__in=[])
    for path in actor.scopes(roles):
        seen |= Q(org_path__startswith=path)
    return seen
