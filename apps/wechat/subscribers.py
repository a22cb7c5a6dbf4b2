"""What this room does when something happened to a ticket: rows in the outbox, then a wake-up after the commit."""

from apps.tickets.events import (
    TicketCompleted,
    TicketConfirmed,
    TicketDispatched,
    TicketGrabbed,
    TicketReassigned,
    WavePushed,
)
from apps.wechat import notify
from apps.wechat.tasks import send_pushes
from steppe.kernel.events import EventRecord, subscribe

GIVEN = {TicketDispatched.kind: "dispatched", TicketReassigned.kind: "reassigned"}
CUSTOMER = {TicketGrabbed.kind: "accepted", TicketConfirmed.kind: "accepted", TicketCompleted.kind: "completed"}


@subscribe(
    "wechat.cards", WavePushed, TicketDispatched, TicketReassigned, TicketGrabbed, TicketConfirmed, TicketCompleted
)
def send_cards(record: EventRecord) -> None:
    """Decide the cards of one event, in the transaction that moves this reader's cursor."""
    if _decide(record):
        send_pushes.wake()


def _decide(record: EventRecord) -> int:
    about = notify.About(record.public_id, record.version, record.occurred_at)
    if record.kind == WavePushed.kind:
        return notify.tell_wave(about, wave_id=record.facts["wave_id"])
    if card := GIVEN.get(record.kind):
        return notify.tell_technician(card, about, technician_id=record.facts["technician_id"])
    return notify.tell_customer(CUSTOMER[record.kind], about)
