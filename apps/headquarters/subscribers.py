"""Every change of a ticket, counted once for headquarters."""

from apps.headquarters.services import apply_event
from apps.tickets import events
from apps.tickets.events import TicketChanged
from steppe.kernel.events import EventRecord, subscribe
from steppe.kernel.journal import stream
from tenants.context import current_branch

CHANGES = tuple(event for event in events.ALL if issubclass(event, TicketChanged))


@subscribe("headquarters.rollup", *CHANGES, writes_branch=False)
def roll_up(record: EventRecord) -> None:
    """Writes `public` only; guards itself by the event's number, so a second delivery changes nothing."""
    apply_event(branch_id=current_branch().pk, epoch=stream.head().epoch, record=record)
