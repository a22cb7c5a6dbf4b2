"""What a branch's journal still has to do, and what it may forget. Runs in the branch's context."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from steppe.kernel import clock
from steppe.kernel.events import SUBSCRIBERS
from steppe.kernel.journal.models import SubscriberCursor

EVENTS_KEPT = timedelta(days=7)  # a screen away for longer takes a snapshot
KEYS_KEPT = timedelta(days=30)
BATCH = 1000

_LOOK = """
SELECT EXISTS (SELECT 1 FROM journal_outbox WHERE seq IS NULL),
       (SELECT count(*) FROM journal_cursor
         WHERE subscriber = ANY (%(names)s) AND (seq >= stream.head OR retry_at > %(now)s)) < %(wanted)s
  FROM journal_stream AS stream WHERE id = 1
"""
# Only a prefix of the stream may go: a hole in its middle would look like a lost event to every screen.
_FORGET_EVENTS = """
WITH oldest AS (
    SELECT seq, occurred_at FROM journal_outbox WHERE seq <= %(taken)s ORDER BY seq LIMIT %(batch)s
), bound AS (
    SELECT coalesce(min(seq) FILTER (WHERE occurred_at >= %(before)s), max(seq) + 1) AS first_kept FROM oldest
)
DELETE FROM journal_outbox USING bound WHERE seq < bound.first_kept
"""
_FORGET_KEYS = """
DELETE FROM journal_idempotencykey WHERE id IN (
    SELECT id FROM journal_idempotencykey WHERE created_at < %(before)s ORDER BY created_at LIMIT %(batch)s)
"""


@dataclass(frozen=True)
class Backlog:
    """Committed events without a number; subscribers that have not read to the end (and may try now)."""

    unnumbered: bool
    undrained: bool


def look() -> Backlog:
    """Is there work? One query, no lock: asked of every branch every two seconds."""
    names = list(SUBSCRIBERS)
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, {"names": names, "wanted": len(names), "now": clock.now()})
        row = cursor.fetchone()
    return Backlog(*row) if row else Backlog(False, False)


def prune() -> tuple[int, int]:
    """Forget old events that every subscriber has taken, and old keys; returns how many of each."""
    before = clock.now()
    events = _in_batches(_FORGET_EVENTS, before=before - EVENTS_KEPT, taken=_taken_by_all())
    keys = _in_batches(_FORGET_KEYS, before=before - KEYS_KEPT)
    return events, keys


def _taken_by_all() -> int:
    """The number up to which every present subscriber has read; nothing while one has not begun."""
    cursors = SubscriberCursor.objects.filter(subscriber__in=list(SUBSCRIBERS)).values_list("seq", flat=True)
    known = list(cursors)
    if len(known) < len(SUBSCRIBERS):
        return 0
    return min(known, default=2**62)


def _in_batches(statement: str, **params: Any) -> int:
    """Short transactions, so that nobody waits for the broom."""
    total = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, {**params, "batch": BATCH})
            gone = cursor.rowcount
        total += gone
        if gone < BATCH:
            return total
