"""T26 urge and T21 cancel: what the customer wants besides the repair."""

from typing import Any

from apps.people import roles
from apps.tickets.errors import NotYetAgain, OnlyDispatcher, TicketNotFound
from apps.tickets.events import TicketCancelled, TicketUrged
from apps.tickets.models import Ticket
from apps.tickets.rules.workflow import State
from apps.tickets.services import _steps as step
from apps.tickets.services import orphans
from apps.tickets.services.priorities import raised
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command
from tenants.context import policy

TOLD = {1: "technician", 2: "grid_leader"}  # the third and every later one: the department's manager


@command("tickets.urge")
def urge_ticket(*, public_id: str, note: str = "", version: int | None = None, by: Actor) -> Receipt:
    """T26: the customer waits. The second urge makes it P1 and is told to the grid leader, the third to the manager.

    Raises NotYetAgain within the branch's gap between urges.
    """
    if by.kind != "customer":
        step.authorise(by, "urge")
    ticket = step.lock_ticket(public_id, by=by, action="urge", version=version)
    _check_gap(ticket)

    count = ticket.urge_count + 1
    changes: dict[str, Any] = {"urge_count": count, "urged_at": clock.now()}
    more = raised(ticket, 1) if count >= 2 else {}
    before = step.stay(ticket, "urge", **changes, **more)
    told = TOLD.get(count, "dept_manager")
    step.record(ticket, "urge", before, by, reason=note, data={"count": count, "told": told, **_terms(more)})
    step.announce(TicketUrged, ticket, before, count=count, told=told)
    return step.receipt(ticket, count=count, told=told)


@command("tickets.cancel")
def cancel_ticket(*, public_id: str, reason: str, version: int | None = None, by: Actor) -> Receipt:
    """T21: the request is withdrawn by who made it, or by the dispatcher; on site by the dispatcher only.

    Its children that nobody accepted end with it. Raises OnlyDispatcher, ReasonMissing, ChildrenTaken.
    """
    if by.kind != "customer":
        step.authorise(by, "cancel")
    step.check_reason("cancel", reason)
    ticket = step.lock_ticket(
        public_id, by=by, action="cancel", version=version, also=orphans.holders(parent__public_id=public_id)
    )  # fmt: skip
    _check_canceller(ticket, by)

    orphans.end_children(ticket, "cancel", by)
    step.end_assignment(ticket, reason)
    travelled = ticket.arrived_at is not None
    before = step.move(ticket, "cancel", State.CANCELLED, closed_at=clock.now(), close_code="cancelled")
    step.record(ticket, "cancel", before, by, reason=reason, data={"travelled": travelled})
    step.announce(TicketCancelled, ticket, before)
    return step.receipt(ticket)


def _check_canceller(ticket: Ticket, by: Actor) -> None:
    """A customer before somebody is there; before somebody took it an agent, a clerk what they entered themselves."""
    if by.kind == "system" or by.holds(roles.DISPATCHER, roles.BRANCH_ADMIN):
        return
    if by.kind == "customer":
        if ticket.status == State.IN_PROGRESS or ticket.arrived_at is not None:
            raise OnlyDispatcher
        return
    if ticket.created_by != by.ref and not by.holds(roles.AGENT):
        raise TicketNotFound
    if ticket.status not in {State.SUBMITTED, State.POOLED, State.ASSIGNED}:
        raise OnlyDispatcher


def _check_gap(ticket: Ticket) -> None:
    if ticket.urged_at is None:
        return
    wait = clock.minutes(policy().urge_gap_minutes) - (clock.now() - ticket.urged_at)
    if wait.total_seconds() > 0:
        raise NotYetAgain(minutes=1 + int(wait.total_seconds() // 60))


def _terms(changes: dict[str, Any]) -> dict[str, Any]:
    return {"terms": changes["terms"]} if "terms" in changes else {}
