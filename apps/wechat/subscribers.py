"""What this room does when something happened to a ticket: rows in the outbox, then a wake-up after the commit.

Who hears of what stands in these tables. The technician is the one named by the event; who had the ticket before stands
there as `former_technician_id`.
"""

from apps.tickets import events as t
from apps.wechat import notify
from apps.wechat.tasks import send_pushes
from steppe.kernel.events import Event, EventRecord, subscribe

TECHNICIAN: dict[type[Event], str] = {
    t.TicketDispatched: "dispatched", t.TicketReassigned: "reassigned", t.TicketCancelled: "ended",
    t.TicketMerged: "ended", t.TicketVoided: "ended", t.TicketUrged: "urged", t.TicketSentBack: "sent_back",
    t.TicketHeld: "held", t.TicketResumed: "resumed", t.RequestRefused: "refused", t.ClockWarned: "clock",
}  # fmt: skip
FORMER: dict[type[Event], str] = {
    t.TicketReassigned: "taken_away", t.TicketTransferred: "taken_away", t.TicketReturned: "taken_away",
}  # fmt: skip
CUSTOMER: dict[type[Event], str] = {
    t.TicketGrabbed: "accepted", t.TicketConfirmed: "accepted", t.TicketCompleted: "completed",
    t.TicketBooked: "booked", t.IncidentLinked: "incident", t.WorkFailed: "not_done",
}  # fmt: skip
TOLD: tuple[tuple[dict[type[Event], str], str], ...] = (
    (TECHNICIAN, "technician_id"),
    (FORMER, "former_technician_id"),
)
HEARD: set[type[Event]] = {t.WavePushed, *TECHNICIAN, *FORMER, *CUSTOMER}
_CUSTOMER_CARD = {event.kind: card for event, card in CUSTOMER.items()}
_STAFF_CARDS = [({event.kind: card for event, card in cards.items()}, who) for cards, who in TOLD]


@subscribe("wechat.cards", *HEARD)
def send_cards(record: EventRecord) -> None:
    """Decide the cards of one event, in the transaction that moves this reader's cursor."""
    if _decide(record):
        send_pushes.wake()


def _decide(record: EventRecord) -> int:
    about = notify.About(record.public_id, record.version, record.occurred_at)
    if record.kind == t.WavePushed.kind:
        return notify.tell_wave(about, wave_id=record.facts["wave_id"])
    made = _tell_staff(record, about)
    if card := _CUSTOMER_CARD.get(record.kind):
        made += notify.tell_customer(card, about)
    return made


def _tell_staff(record: EventRecord, about: notify.About) -> int:
    """Nobody is told twice of one step, nor of a request they took back themselves."""
    if record.facts.get("state") == "withdrawn":
        return 0
    made = 0
    for cards, who in _STAFF_CARDS:
        technician = record.facts.get(who)
        if record.kind in cards and technician:
            made += notify.tell_technician(cards[record.kind], about, technician_id=technician)
    return made
