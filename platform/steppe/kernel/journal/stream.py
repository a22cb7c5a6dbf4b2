"""The sequencer and the readers of a branch's stream. Runs in the branch's context.

A business transaction never waits for the stream: rows are numbered after their commit, in batches, in the
order of their ids. Rows of one ticket cannot change places: a later one takes its id under the ticket's lock.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction

from steppe.kernel import clock
from steppe.kernel.events import SUBSCRIBERS, EventRecord, Subscriber
from steppe.kernel.journal.models import (
    EventStream,
    OutboxEvent,
    ParkedEvent,
    SubscriberCursor,
)

BATCH = 500
PARK_AFTER = 8

_LOCK = "SELECT head FROM journal_stream WHERE id = 1 FOR UPDATE"
_NUMBER = """
WITH batch AS (
    SELECT id, row_number() OVER (ORDER BY id) AS n
      FROM (SELECT id FROM journal_outbox WHERE seq IS NULL ORDER BY id LIMIT %s) AS waiting
), numbered AS (
    UPDATE journal_outbox SET seq = %s + batch.n FROM batch WHERE journal_outbox.id = batch.id RETURNING 1
)
UPDATE journal_stream SET head = head + (SELECT count(*) FROM numbered) WHERE id = 1 RETURNING epoch, head
"""


@dataclass(frozen=True)
class Head:
    """Where the stream stands."""

    epoch: str
    seq: int


def head() -> Head:
    """The stream's present end; read it *before* the data of a snapshot. One query."""
    row = EventStream.objects.only("epoch", "head").get(id=1)
    return Head(str(row.epoch), row.head)


def number_committed() -> tuple[Head, int]:
    """Give the next batch of committed events their numbers; returns the head and how many were numbered.

    Locks the stream's row, so two sequencers take turns and never make a gap.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK)
        (before,) = cursor.fetchone()
        cursor.execute(_NUMBER, [BATCH, before])
        epoch, after = cursor.fetchone()
    return Head(str(epoch), after), after - before


def events_after(seq: int, *, limit: int = BATCH, kinds: Iterable[str] | None = None) -> list[EventRecord]:
    """Numbered events beyond `seq`, in order. One query."""
    rows = OutboxEvent.objects.filter(seq__gt=seq).order_by("seq")
    if kinds is not None:
        rows = rows.filter(kind__in=list(kinds))
    return [_record(row) for row in rows[:limit]]


def pass_over() -> None:
    """Number what is there and move every subscriber past it: for rows that tell of the past (demo, import).

    Nobody gets a card about a ticket of last month; roll-ups are rebuilt by whoever wrote the past.
    """
    while number_committed()[1]:
        pass
    for subscriber in SUBSCRIBERS.values():
        _cursor(subscriber)
        _skip_to(subscriber, head().seq)


def drain(subscriber: Subscriber) -> int:
    """Hand the subscriber what it has not yet taken, one batch; returns how many events it passed.

    Each event is its own transaction together with the cursor, so a failing one undoes only itself.
    """
    cursor = _cursor(subscriber)
    if cursor.retry_at and cursor.retry_at > clock.now():
        return 0
    batch = events_after(cursor.seq)
    for record in batch:
        if record.kind in subscriber.kinds and not _take(subscriber, record):
            return len(batch)
    if batch and batch[-1].kind not in subscriber.kinds:
        _skip_to(subscriber, batch[-1].seq)
    return len(batch)


def _skip_to(subscriber: Subscriber, seq: int) -> None:
    SubscriberCursor.objects.filter(subscriber=subscriber.name, seq__lt=seq).update(seq=seq)


def _take(subscriber: Subscriber, record: EventRecord) -> bool:
    """One event. An effect in the branch shares the cursor's transaction; one in `public` has its own before it."""
    try:
        if not subscriber.writes_branch:
            subscriber.handle(record)
        with transaction.atomic():
            cursor = SubscriberCursor.objects.select_for_update().get(subscriber=subscriber.name)
            if cursor.seq >= record.seq:  # another relay was faster
                return True
            if subscriber.writes_branch:
                subscriber.handle(record)
            _advance(cursor, record.seq)
        return True
    except Exception as error:  # noqa: BLE001 - a subscriber may fail in any way; the stream must go on
        return _failed(subscriber, record, error)


def _advance(cursor: SubscriberCursor, seq: int) -> None:
    cursor.seq, cursor.attempts, cursor.retry_at = seq, 0, None
    cursor.save(update_fields=["seq", "attempts", "retry_at"])


def _failed(subscriber: Subscriber, record: EventRecord, error: Exception) -> bool:
    with transaction.atomic():
        cursor = SubscriberCursor.objects.select_for_update().get(subscriber=subscriber.name)
        if cursor.seq >= record.seq:  # another relay has passed it meanwhile
            return True
        cursor.attempts += 1
        if cursor.attempts >= PARK_AFTER:
            ParkedEvent.objects.get_or_create(
                subscriber=subscriber.name,
                seq=record.seq,
                defaults={"error": f"{type(error).__name__}: {error}"[:2000], "parked_at": clock.now()},
            )
            _advance(cursor, record.seq)
            return True
        cursor.retry_at = clock.now() + timedelta(seconds=min(60, 2**cursor.attempts))
        cursor.save(update_fields=["attempts", "retry_at"])
    return False


def _cursor(subscriber: Subscriber) -> SubscriberCursor:
    return SubscriberCursor.objects.get_or_create(subscriber=subscriber.name)[0]


def _record(row: OutboxEvent) -> EventRecord:
    return EventRecord(
        seq=row.seq or 0,
        kind=row.kind,
        entity=row.entity,
        entity_id=row.entity_id,
        public_id=row.public_id,
        version=row.version,
        facts=row.facts,
        occurred_at=row.occurred_at,
    )
