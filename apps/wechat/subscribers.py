"""What this room does when something happened to a ticket: rows in the outbox, then a wake-up after the commit."""

from steppe.kernel.events import EventRecord, subscribe

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
    where = {"public_id": record.public_id, "at": record.occurred_at}
    if record.kind == WavePushed.kind:
        return notify.tell_wave(wave_id=record.facts["wave_id"], **where)
    if card := GIVEN.get(record.kind):
        technician_id = record.facts["technician_id"]
        return notify.tell_technician(card_key=card, version=record.version, technician_id=technician_id, **where)
    return notify.tell_customer(card_key=CUSTOMER[record.kind], version=record.version, **where)
