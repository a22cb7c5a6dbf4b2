"""Dead letters: callbacks of a branch that could not be taken in after all tries. They wait for a person."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from apps.wechat.gateway.models import Inbox
from apps.wechat.gateway.services import MOST_TRIES
from steppe.kernel import clock
from tenants.context import in_public

DISCARDED = "discarded"
SHOWN = 200


def dead(schema_name: str) -> list[Inbox]:
    """The branch's dead letters, newest first, at most SHOWN. One query in `public`."""
    with in_public():
        return list(_dead(schema_name).order_by("-id")[:SHOWN])


def how_many(schema_name: str) -> int:
    """How many there are. One query in `public`."""
    with in_public():
        return _dead(schema_name).count()


def revive(schema_name: str, ids: Iterable[int] | None) -> int:
    """Try these again at once (None: all of them); how many. Others than dead letters are passed over."""
    with in_public(), transaction.atomic():
        return _chosen(schema_name, ids).update(attempts=0, next_try_at=clock.now(), error="")


def discard(schema_name: str, ids: Iterable[int]) -> int:
    """Nobody takes these in any more; forgotten with the others after a week. How many."""
    with in_public(), transaction.atomic():
        return _chosen(schema_name, ids).update(done_at=clock.now(), outcome=DISCARDED)


def _dead(schema_name: str) -> QuerySet[Inbox]:
    return Inbox.objects.filter(schema_name=schema_name, done_at__isnull=True, attempts__gte=MOST_TRIES)


def _chosen(schema_name: str, ids: Iterable[int] | None) -> QuerySet[Inbox]:
    rows = _dead(schema_name)
    return rows if ids is None else rows.filter(pk__in=list(ids))
