"""What this room does when something happened: a row for each listener that asked, in the cursor's own transaction.

The event's id is made of branch, stream, number, type and listener: a replay finds its row already there, and the
partner can tell a repetition by it.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID, uuid5

from apps.inventory import costs_read
from apps.inventory.events import StockPosted
from apps.partners import listeners_read, queue, telling
from apps.partners.models import Delivery, Listener
from apps.partners.rules import shapes
from apps.partners.tasks import send_events
from apps.tickets import events
from apps.tickets.events import TicketChanged
from steppe.kernel.events import EventRecord, subscribe
from steppe.kernel.journal import stream
from tenants.context import current_branch

CHANGES = tuple(event for event in events.ALL if issubclass(event, TicketChanged))


@dataclass(frozen=True)
class News:
    """One event of TM Forum's, before it is known who hears it."""

    event_type: str
    body: dict[str, object]


@subscribe("partners.events", *CHANGES, StockPosted)
def note_events(record: EventRecord) -> None:
    """Two queries where nobody listens, else one for each external name besides what the event itself asks."""
    listening = listeners_read.listening()
    if not listening:
        return
    rows = [row for listener in listening for row in _rows(record, listener)]
    if rows:
        queue.note(rows)
        send_events.wake()


def _rows(record: EventRecord, listener: Listener) -> Iterator[Delivery]:
    wanted = set(listeners_read.heard_by(listener))
    if not wanted:
        return
    for place, news in enumerate(_news(record, listener)):
        if news.event_type in wanted:
            yield _row(record, listener, news, place)


def _news(record: EventRecord, listener: Listener) -> Iterable[News]:
    if record.kind != StockPosted.kind:
        return [News(kind, body) for kind, body in telling.of_ticket(record, listener.partner)]
    lines = costs_read.lines_of_entry(record.entity_id)
    return [News(kind, body) for kind, body in telling.of_stock(lines)]


def _row(record: EventRecord, listener: Listener, news: News, place: int) -> Delivery:
    """`place`: one of ours may be several of theirs."""
    name = f"{stream.head().epoch}/{record.seq}/{place}/{news.event_type}/{listener.public_id}"
    event_id: UUID = uuid5(current_branch().uuid, name)
    told = shapes.event(str(event_id), news.event_type, record.occurred_at, news.body)
    return Delivery(
        event_id=event_id, listener=listener, event_type=news.event_type, about=record.public_id[:16],
        body=json.dumps(told, ensure_ascii=False), next_try_at=record.occurred_at, occurred_at=record.occurred_at,
    )  # fmt: skip
