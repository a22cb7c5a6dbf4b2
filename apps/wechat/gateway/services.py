"""Writes to the inbox. Public schema only: a callback's row and the branch's work are different transactions."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F

from apps.wechat.gateway.door import Letter
from apps.wechat.gateway.models import Inbox
from steppe.kernel import clock
from tenants.context import in_public

MOST_TRIES = 8
BATCH = 100
KEPT = timedelta(days=7)


def store(letter: Letter, *, schema_name: str, appid: str) -> None:
    """Keep a callback for the worker; a repetition changes nothing."""
    now = clock.now()
    row = Inbox(
        appid=appid, dedupe=letter.dedupe(schema_name, appid), schema_name=schema_name, payload=letter.payload,
        received_at=now, next_try_at=now,
    )  # fmt: skip
    with in_public(), transaction.atomic():
        Inbox.objects.bulk_create([row], ignore_conflicts=True)


def waiting(schema_name: str) -> list[Inbox]:
    """The branch's callbacks that are due, oldest first. One query in `public`."""
    with in_public():
        rows = Inbox.objects.filter(schema_name=schema_name, done_at__isnull=True, attempts__lt=MOST_TRIES)
        return list(rows.filter(next_try_at__lte=clock.now()).order_by("id")[:BATCH])


def mark_done(row: Inbox, outcome: str) -> None:
    """The branch has taken it."""
    with in_public(), transaction.atomic():
        Inbox.objects.filter(pk=row.pk).update(done_at=clock.now(), outcome=outcome, error="")


def mark_failed(row: Inbox, error: Exception) -> None:
    """Try again later, longer each time; after the last try it is a dead letter and blocks nobody."""
    again = clock.now() + timedelta(seconds=2**row.attempts)
    with in_public(), transaction.atomic():
        Inbox.objects.filter(pk=row.pk).update(
            attempts=F("attempts") + 1, next_try_at=again, error=f"{type(error).__name__}: {error}"[:200]
        )


def forget_old(schema_name: str) -> None:
    """Openids and words of people are not kept longer than needed; dead letters wait for a person."""
    with in_public(), transaction.atomic():
        old = Inbox.objects.filter(schema_name=schema_name, done_at__lt=clock.now() - KEPT)
        old.filter(pk__in=old.order_by("id").values("pk")[:1000]).delete()
