"""The rows of deliveries: claim one, say what came of it. PostgreSQL knows what is unsent, not a broker.

A worker may die at any line: its row is claimed again when the lease is over, with the same event id and body. Every
change names the claim it belongs to (`attempts`), so a worker that was given up changes nothing any more.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from apps.partners.models import Delivery, Listener, Status
from apps.partners.outbound import Answer
from apps.partners.rules import retries
from steppe.kernel import clock


def note(rows: Iterable[Delivery]) -> None:
    """Write events for their listeners; those that stand there already stay as they are. One query."""
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)


def claim_next() -> Delivery | None:
    """Take what is due longest; other workers take the others. Two queries, one transaction."""
    with transaction.atomic():
        rows = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).select_related("listener__partner")
        row = rows.filter(_due(clock.now())).order_by("next_try_at", "id").first()
        if row is None:
            return None
        row.status, row.attempts, row.tries = Status.SENDING, row.attempts + 1, row.tries + 1
        row.locked_until = clock.now() + retries.LEASE
        row.save(update_fields=["status", "attempts", "tries", "locked_until"])
    return row


def anything_due() -> bool:
    """One query."""
    return Delivery.objects.filter(_due(clock.now())).exists()


def _due(now: datetime) -> Q:
    """What waits, and what a worker died over; a paused listener's rows wait until it is taken up again."""
    waiting = Q(status=Status.PENDING, next_try_at__lte=now)
    abandoned = Q(status=Status.SENDING, locked_until__lte=now)
    return (waiting | abandoned) & Q(listener__paused_at=None)


def close(row: Delivery, answer: Answer) -> None:
    """It arrived, comes again later, or was the last try; and what that says of the listener. Up to three queries."""
    again = None if answer.arrived else retries.next_try(row.tries, clock.now())
    ended = Status.DELIVERED if answer.arrived else Status.DEAD
    changes: dict[str, Any] = {"status": Status.PENDING, "next_try_at": again} if again else {"status": ended}
    with transaction.atomic():
        if _write(row, answer, **changes):
            _judge(row.listener, arrived=answer.arrived)


def bury(row: Delivery, why: str) -> None:
    """Nobody may be told of this any more; that is not the listener's failure."""
    _write(row, Answer(None, why), status=Status.DEAD)


def forget_old() -> int:
    """What happened long ago, also where nobody has taken up a paused listener since; how many went."""
    old = Delivery.objects.filter(occurred_at__lt=clock.now() - retries.KEPT)
    return old.exclude(status=Status.SENDING).delete()[0]


def _write(row: Delivery, answer: Answer, **changes: Any) -> int:
    mine = Delivery.objects.filter(pk=row.pk, status=Status.SENDING, attempts=row.attempts)
    told = {"answer_status": answer.status, "answer": answer.text[:500], "tried_at": clock.now()}
    return mine.update(locked_until=None, **told, **changes)


def _judge(listener: Listener, *, arrived: bool) -> None:
    mine = Listener.objects.filter(pk=listener.pk)
    if arrived:
        mine.exclude(failures=0).update(failures=0)
        return
    mine.update(failures=F("failures") + 1)
    mine.filter(failures__gte=retries.PAUSE_AFTER, paused_at=None).update(paused_at=clock.now())
