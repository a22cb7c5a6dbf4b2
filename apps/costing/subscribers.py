"""What this room does when something happened to a ticket: the ledger follows it."""

from apps.costing.services import book
from apps.tickets import events as t
from steppe.kernel.actors import SYSTEM
from steppe.kernel.events import EventRecord, subscribe

# After each of these a ticket may pay something else than before; the rest of its life pays nothing.
COUNTS = (
    t.TicketCompleted, t.WorkFailed, t.TicketClosed, t.TicketSentBack, t.TicketReopened, t.TicketVoided, t.TicketMerged,
    t.TicketCancelled, t.TicketHandedOver, t.IncidentResolved, t.IncidentLinked, t.IncidentUnlinked, t.TicketReturned,
    t.BreachExempted, t.TripChanged,
)  # fmt: skip


@subscribe("costing.points", *COUNTS)
def follow_tickets(record: EventRecord) -> None:
    """Book the ticket anew, in the transaction that moves this reader's cursor. Twice is once."""
    book([record.public_id], by=SYSTEM)
