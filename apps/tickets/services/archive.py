"""T28 archive: what is over and settled can only be read."""

import logging
from datetime import timedelta

from apps.tickets import settled
from apps.tickets.events import TicketArchived
from apps.tickets.models import Ticket
from apps.tickets.rules.workflow import FINAL
from apps.tickets.services import _steps as step
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM, Actor
from steppe.kernel.commands import Receipt, command
from tenants.context import policy

log = logging.getLogger("steppe.sweep")
BATCH = 500


@command("tickets.archive")
def archive_ticket(*, public_id: str, by: Actor) -> Receipt:
    """T28, by the system only. A second time changes nothing."""
    step.authorise(by, "archive")
    ticket = step.lock_ticket(public_id, by=by, action="archive")
    if ticket.archived_at is not None:
        return step.receipt(ticket)
    if ticket.pending_request:
        step.overtake(ticket)
    before = step.stay(ticket, "archive", archived_at=clock.now(), pending_request="")
    step.record(ticket, "archive", before, by)
    step.announce(TicketArchived, ticket, before)
    return step.receipt(ticket)


def sweep_archive() -> int:
    """Archive what was closed long enough ago and whose month was settled as long ago; how many. At most 500 in one
    night's turn of a branch.
    """
    since = clock.now() - timedelta(days=policy().archive_days)
    over = Ticket.objects.filter(status__in=FINAL, archived_at__isnull=True, closed_at__lte=since)
    for begin, end in settled.unsettled(since):
        over = over.exclude(closed_at__gte=begin, closed_at__lt=end)
    names = over.order_by("closed_at").values_list("public_id", flat=True)[:BATCH]
    return sum(map(_archive_one, names))


def _archive_one(public_id: str) -> bool:
    """One ticket that cannot be archived tonight must not keep the others."""
    try:
        archive_ticket(public_id=public_id, by=SYSTEM, key=f"archive:{public_id}")
    except Exception:
        log.exception("a ticket was not archived", extra={"ticket": public_id})
        return False
    return True
