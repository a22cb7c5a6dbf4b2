"""What this room does when something happened to a ticket: rows in the outbox, then a wake-up after the commit.

Who hears of what stands in these tables. The technician is the one named by the event; who had the ticket before stands
there as `former_technician_id`.
"""

from datetime import datetime

from apps.inventory import warnings_read as stock
from apps.inventory.events import StockWarned
from apps.people import roles
from apps.people import selectors as people
from apps.tickets import events as t
from apps.tickets.rules.workflow import State
from apps.wechat.push import notify
from apps.wechat.tasks import send_pushes
from steppe.kernel import clock
from steppe.kernel.events import Event, EventRecord, subscribe

TECHNICIAN: dict[type[Event], str] = {
    t.TicketDispatched: "dispatched", t.TicketReassigned: "reassigned", t.TicketCancelled: "ended",
    t.TicketMerged: "ended", t.TicketVoided: "ended", t.TicketUrged: "urged", t.TicketSentBack: "sent_back",
    t.TicketHeld: "held", t.TicketResumed: "resumed", t.RequestRefused: "refused", t.ClockWarned: "clock",
    t.IncidentResolved: "incident_over", t.TicketHandedOver: "taken_away",
}  # fmt: skip
FORMER: dict[type[Event], str] = {
    t.TicketReassigned: "taken_away", t.TicketTransferred: "taken_away", t.TicketReturned: "taken_away",
}  # fmt: skip
CUSTOMER: dict[type[Event], str] = {
    t.TicketGrabbed: "accepted", t.TicketConfirmed: "accepted", t.TicketDispatched: "accepted",
    t.TicketCompleted: "completed",
    t.TicketBooked: "booked", t.IncidentLinked: "incident", t.WorkFailed: "not_done",
    t.IncidentDeclared: "incident", t.IncidentResolved: "completed", t.TicketRequested: "pause",
    t.TicketMerged: "merged",
}  # fmt: skip
# The next of the chain, by the role that the event says: a repeated urge, a department's clock that runs out soon, a
# clock that ran out some time ago.
LEADERS: dict[type[Event], str] = {
    t.TicketUrged: "escalated", t.ClockEscalated: "escalated", t.ClockWarned: "escalated",
}  # fmt: skip
LEADING = (roles.GRID_LEADER, roles.DEPT_MANAGER, roles.BRANCH_ADMIN)
STOCK = {"low": "库存不足", "idle": "呆滞", "van": "车载超期"}  # WeChat's cards speak Chinese
TOLD: tuple[tuple[dict[type[Event], str], str], ...] = (
    (TECHNICIAN, "technician_id"),
    (FORMER, "former_technician_id"),
)
HEARD: set[type[Event]] = {t.WavePushed, *TECHNICIAN, *FORMER, *CUSTOMER, *LEADERS}
_CUSTOMER_CARD = {event.kind: card for event, card in CUSTOMER.items()}
_LEADERS_CARD = {event.kind: card for event, card in LEADERS.items()}
_STAFF_CARDS = [({event.kind: card for event, card in cards.items()}, who) for cards, who in TOLD]


@subscribe("wechat.cards", *HEARD)
def send_cards(record: EventRecord) -> None:
    """Decide the cards of one event, in the transaction that moves this reader's cursor."""
    if _decide(record):
        send_pushes.wake()


def _decide(record: EventRecord) -> int:
    about = notify.About(record.public_id, record.version, record.occurred_at)
    if record.kind == t.WavePushed.kind:
        return notify.tell_wave(about, wave_id=record.facts["wave_id"], reach=record.facts.get("reach", ""))
    made = _tell_staff(record, about)
    if record.kind in _LEADERS_CARD and record.facts["told"] in LEADING:
        who = {"role": record.facts["told"], "but": record.facts["technician_id"]}
        made += notify.tell_leaders(_LEADERS_CARD[record.kind], about, **who)
    if card := _customer_card(record):
        made += notify.tell_customer(card, about)
    return made


def _customer_card(record: EventRecord) -> str:
    """Somebody comes once somebody has accepted it: who is sent says so first, unless the branch does not ask them.

    Of what is asked for, only a pause for the customer's own sake is theirs to answer.
    """
    waits = record.kind == t.TicketDispatched.kind and record.facts["after"] == State.ASSIGNED
    others = record.kind == t.TicketRequested.kind and record.facts.get("hold_class") != "customer"
    return "" if waits or others else _CUSTOMER_CARD.get(record.kind, "")


def _tell_staff(record: EventRecord, about: notify.About) -> int:
    """Nobody is told twice of one step, nor of a request they took back themselves, nor of the clock of a callback."""
    if record.facts.get("state") == "withdrawn" or _is_about_a_callback(record):
        return 0
    made = 0
    for cards, who in _STAFF_CARDS:
        technician = record.facts.get(who)
        if record.kind in cards and technician:
            made += notify.tell_technician(cards[record.kind], about, technician_id=technician)
    return made


def _is_about_a_callback(record: EventRecord) -> bool:
    """Who repaired it still stands at the ticket then, and has nothing to do with who is asked about it."""
    return record.kind == t.ClockWarned.kind and record.facts["told"] == roles.CALLBACK_AGENT


@subscribe("wechat.stock", StockWarned)
def tell_storekeepers(record: EventRecord) -> None:
    """A card for each storekeeper in whose places the look found something new; what it is stands on the page."""
    since = datetime.fromisoformat(record.facts["noted_at"])
    told = 0
    for user_id in people.staff_holding(roles.STOREKEEPER):
        actor = people.actor_for_user(user_id)
        counts = stock.counts_for(actor, since=since) if actor else None
        if counts and counts.total:
            facts = {"number": str(counts.total), "fault": _in_words(counts.of), "area": "库存"}
            day = since.astimezone(clock.BUSINESS_ZONE).date()
            told += notify.tell_staff("stock", day=day, at=since, user_id=user_id, facts=facts)
    if told:
        send_pushes.wake()


def _in_words(of: dict[str, int]) -> str:
    return "、".join(f"{STOCK[kind]}{n}项" for kind, n in of.items() if n)
