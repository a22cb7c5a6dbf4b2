"""Writes to the inbox. Public schema only: a callback's row and the branch's work are different transactions."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F

from apps.wechat.gateway.door import Letter
from apps.wechat.gateway.models import Inbox
from apps.wechat.gateway.people import forget_person, serve
from steppe.kernel import clock
from tenants.context import in_public

__all__ = ["forget_old", "forget_person", "mark_done", "mark_failed", "serve", "store", "store_shared", "waiting"]

MOST_TRIES = 8
BATCH = 100
SHARED = "shared"  # stands for the branch in the name of a shared account's callback
KEPT = timedelta(days=7)
POSITION = frozenset({"Latitude", "Longitude", "Precision", "Location_X", "Location_Y", "Label", "SendLocationInfo"})


def store(letter: Letter, *, schema_name: str, appid: str) -> None:
    """Keep a callback for the worker; a repetition changes nothing."""
    _keep([_row(letter, schema_name, appid, schema_name)])


def store_shared(letter: Letter, *, schema_names: list[str], appid: str) -> None:
    """The same for a shared account: one row for each branch that hears of it, "" for one that is still to be found.

    The first row is the same one whatever its branch: between two tries of WeChat the person may have chosen.
    """
    named = [(SHARED if number == 0 else schema, schema) for number, schema in enumerate(schema_names)]
    _keep([_row(letter, dedupe_as, appid, schema) for dedupe_as, schema in named])


def _row(letter: Letter, dedupe_as: str, appid: str, schema_name: str) -> Inbox:
    now = clock.now()
    return Inbox(
        appid=appid, dedupe=letter.dedupe(dedupe_as, appid), schema_name=schema_name, payload=letter.payload,
        received_at=now, next_try_at=now,
    )  # fmt: skip


def _keep(rows: list[Inbox]) -> None:
    with in_public(), transaction.atomic():
        Inbox.objects.bulk_create(rows, ignore_conflicts=True)


def waiting(schema_name: str) -> list[Inbox]:
    """The branch's callbacks that are due, oldest first. One query in `public`."""
    with in_public():
        rows = Inbox.objects.filter(schema_name=schema_name, done_at__isnull=True, attempts__lt=MOST_TRIES)
        return list(rows.filter(next_try_at__lte=clock.now()).order_by("id")[:BATCH])


def mark_done(row: Inbox, outcome: str) -> None:
    """The branch has taken it. Where somebody was does not stay here: the branch keeps what it may."""
    left = {name: value for name, value in row.payload.items() if name not in POSITION}
    told = {"payload": left} if left != row.payload else {}
    with in_public(), transaction.atomic():
        Inbox.objects.filter(pk=row.pk).update(done_at=clock.now(), outcome=outcome, error="", **told)


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
