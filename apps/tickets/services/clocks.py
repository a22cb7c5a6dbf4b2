"""The clocks that run out. Overdue is a flag and a breach row; the state never changes by it."""

import logging
from datetime import datetime

from django.db.models import F

from apps.tickets.events import TicketOverdue
from apps.tickets.models import Breach, Ticket, TicketEvent
from apps.tickets.services import _steps as step
from apps.tickets.services.waves import push_wave
from apps.tickets.workflow import OPEN, State
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM, Actor
from steppe.kernel.commands import Receipt, command

log = logging.getLogger("steppe.sweep")
BATCH = 50
IN_POOL = (State.POOLED, State.ASSIGNED)


def sweep_clocks() -> int:
    """Flag what has run out; how many. Idempotent: one breach per ticket, clock and due."""
    now = clock.now()
    accept = Ticket.objects.filter(status__in=IN_POOL, accept_overdue=False, accept_due_at__lte=now)
    resolve = Ticket.objects.filter(status__in=OPEN, resolve_overdue=False, resolve_due_at__lte=now)
    return _flag("accept", accept) + _flag("resolve", resolve)


def _flag(name: str, due) -> int:  # type: ignore[no-untyped-def]
    found = due.order_by("id").values_list("public_id", "version", f"{name}_due_at")[:BATCH]
    return sum(_flag_one(name, *row) for row in found)


def _flag_one(name: str, public_id: str, version: int, moment: datetime) -> bool:
    """One ticket that cannot be flagged now must not keep the others from their alarm.

    The key names the version: an answer of “stopped meanwhile” holds for that version only.
    """
    key = f"overdue:{name}:{public_id}:{version}"
    try:
        mark_overdue(public_id=public_id, clock_name=name, due_at=moment, by=SYSTEM, key=key)
    except Exception:
        log.exception("a clock was not flagged", extra={"clock": name, "ticket": public_id})
        return False
    return True


@command("tickets.mark_overdue")
def mark_overdue(*, public_id: str, clock_name: str, due_at: datetime, by: Actor) -> Receipt:
    """Set the flag, keep the breach, tell the screens; nobody took it, so more people are asked.

    Nothing happens if the clock was stopped meanwhile.
    """
    ticket = Ticket.objects.select_for_update(of=("self",), no_key=True).select_related("type").get(public_id=public_id)
    if not _still_running(ticket, clock_name, due_at):
        return step.receipt(ticket)
    _, new = Breach.objects.get_or_create(
        ticket=ticket, clock=clock_name, due_at=due_at, defaults={"breached_at": clock.now()}
    )
    Ticket.objects.filter(id=ticket.pk).update(
        **{f"{clock_name}_overdue": True}, version=F("version") + 1, changed_at=clock.now()
    )
    ticket.version += 1
    TicketEvent.objects.create(
        ticket=ticket, version=ticket.version, action="overdue", before=ticket.status, after=ticket.status,
        actor=by.ref, actor_name=by.name, data={"clock": clock_name, "due_at": due_at.isoformat()}, at=clock.now(),
    )  # fmt: skip
    step.announce(TicketOverdue, ticket, ticket.status, clock=clock_name)
    if clock_name == "accept" and ticket.status == State.POOLED:
        push_wave(ticket, wider=True)
    return step.receipt(ticket, breached=new)


def _still_running(ticket: Ticket, clock_name: str, due_at: datetime) -> bool:
    if getattr(ticket, f"{clock_name}_overdue") or getattr(ticket, f"{clock_name}_due_at") != due_at:
        return False
    return ticket.status in (IN_POOL if clock_name == "accept" else OPEN)
