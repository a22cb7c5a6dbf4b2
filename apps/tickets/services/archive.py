"""T28 archive: what is over and settled can only be read."""

from datetime import timedelta

from apps.tickets.events import TicketArchived
from apps.tickets.models import Ticket
from apps.tickets.rules.workflow import FINAL
from apps.tickets.services import _steps as step
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM, Actor
from steppe.kernel.commands import Receipt, command
from tenants.context import policy

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
    """Archive what was closed long enough ago; how many. At most 500 in one night's turn of a branch."""
    since = clock.now() - timedelta(days=policy().archive_days)
    over = Ticket.objects.filter(status__in=FINAL, archived_at__isnull=True, closed_at__lte=since).order_by("closed_at")
    names = list(over.values_list("public_id", flat=True)[:BATCH])
    for public_id in names:
        archive_ticket(public_id=public_id, by=SYSTEM, key=f"archive:{public_id}")
    return len(names)
