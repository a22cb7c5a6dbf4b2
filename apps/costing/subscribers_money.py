"""What a ticket cost, kept true as things happen: called again for the same event, nothing more is written.

Points come with their own money (`services/_ledger.py`), and their reader is registered before this one: so a ticket's
first version has its labour. Were points held up, the account would go on without them and have one version more.

The cursor moves in the same transaction (steppe.kernel.events), so a line is there exactly when its event is passed.
"""

from apps.costing.services import accounts
from apps.inventory.events import StockPosted
from apps.tickets import events as t
from steppe.kernel.events import EventRecord, subscribe


@subscribe(
    "costing.money", t.TicketCompleted, t.WorkFailed, t.TicketClosed, t.TicketSentBack, t.TicketReopened,
    t.TicketCancelled, t.TicketVoided, t.TicketMerged, t.TicketHandedOver,
)  # fmt: skip
def settle_ticket(record: EventRecord) -> None:
    """The ticket came to a point at which money counts: finished, ended, or back again."""
    accounts.settle(record.public_id)


@subscribe("costing.material", StockPosted)
def settle_material(record: EventRecord) -> None:
    """Goods were booked for a ticket, or taken back from it, whenever that was."""
    if ticket := record.facts.get("ticket"):
        accounts.settle(ticket)
