"""T11 hold and T12 resume: a pause has a class of reason, an end, and somebody who agreed to it."""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from apps.people import roles
from apps.tickets.errors import BadHold, HoldOver, HoldTooLong, NotAllowedClass
from apps.tickets.events import TicketHeld, TicketResumed
from apps.tickets.models import Ticket, TicketEvent, TicketRequest
from apps.tickets.rules.clocks import HOLD_CLASSES
from apps.tickets.rules.workflow import State
from apps.tickets.services import _steps as step
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM, Actor
from steppe.kernel.commands import Receipt, command
from tenants.context import policy

log = logging.getLogger("steppe.sweep")
BATCH = 50
FOR_THE_CUSTOMER = "customer"


def check_hold(ticket: Ticket, asked: dict[str, Any]) -> dict[str, Any]:
    """A known class, an end that lies ahead and within what the class may take in all. Raises BadHold, HoldTooLong."""
    kind, until = asked.get("hold_class"), asked.get("resume_at")
    if kind not in HOLD_CLASSES:
        raise BadHold({"hold_class": [str(BadHold.message)]})
    if not isinstance(until, datetime) or until <= clock.now():
        raise BadHold({"resume_at": [str(BadHold.message)]})
    limit = timedelta(hours=dict(policy().hold_max_hours)[kind])
    if _held_so_far(ticket, kind) + (until - clock.now()) > limit:
        raise HoldTooLong(hours=f"{limit.total_seconds() / 3600:g}")
    return {"hold_class": kind, "resume_at": until.isoformat()}


def check_approver(by: Actor, ticket: Ticket, asked: dict[str, Any]) -> None:
    """A storm is declared by the branch, not by a grid; a pause begins before it ends. Raises NotAllowedClass,
    HoldOver for an end that passed while the question waited."""
    if asked["hold_class"] == "force_majeure" and not by.holds(roles.BRANCH_ADMIN):
        raise NotAllowedClass
    if datetime.fromisoformat(asked["resume_at"]) <= clock.now():
        raise HoldOver


def is_for_the_customer(request: TicketRequest) -> bool:
    """A pause that the customer themselves may agree to."""
    return request.kind == "hold" and request.asked["hold_class"] == FOR_THE_CUSTOMER


def put_on_hold(ticket: Ticket, asked: dict[str, Any], *, by: Actor, reason: str) -> None:
    """The clocks of this class stop. The caller has locked technician and ticket."""
    before = step.move(
        ticket, "hold", State.ON_HOLD, hold_class=asked["hold_class"], held_from=ticket.status,
    )  # fmt: skip
    step.record(ticket, "hold", before, by, reason=reason, data=asked)
    step.announce(TicketHeld, ticket, before, hold_class=asked["hold_class"])


@command("tickets.resume")
def resume_ticket(*, public_id: str, version: int | None = None, by: Actor) -> Receipt:
    """T12: the work goes on where it stopped; the promise moves by the time that was paused."""
    step.authorise(by, "resume")
    ticket = step.lock_ticket(public_id, by=by, action="resume", version=version)

    before = step.move(ticket, "resume", State(ticket.held_from or State.ACCEPTED), hold_class="", held_from="")
    step.record(ticket, "resume", before, by)
    step.announce(TicketResumed, ticket, before)
    return step.receipt(ticket)


def sweep_holds() -> int:
    """Resume what was to resume by now; how many."""
    due = Ticket.objects.filter(status=State.ON_HOLD, hold_due_at__lte=clock.now()).order_by("hold_due_at")
    return sum(_resume_one(public_id) for public_id in due.values_list("public_id", flat=True)[:BATCH])


def _resume_one(public_id: str) -> bool:
    try:
        resume_ticket(public_id=public_id, by=SYSTEM, key=uuid4().hex)
    except Exception:
        log.exception("a hold did not end", extra={"ticket": public_id})
        return False
    return True


def _held_so_far(ticket: Ticket, kind: str) -> timedelta:
    """How long this ticket was held for this class of reason. One query."""
    total, since = timedelta(), None
    for before, after, at, data in _holds(ticket):
        if after == State.ON_HOLD and data.get("hold_class") == kind:
            since = at
        elif since is not None and before == State.ON_HOLD and after != State.ON_HOLD:
            total, since = total + (at - since), None
    return total


def _holds(ticket: Ticket) -> list[tuple[str, str, datetime, dict[str, Any]]]:
    steps = TicketEvent.objects.filter(ticket_id=ticket.pk).order_by("version")
    return list(steps.values_list("before", "after", "at", "data"))
