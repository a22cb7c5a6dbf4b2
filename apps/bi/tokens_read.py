"""Whose token it is, and which there are."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from apps.bi.access.models import ReportToken
from apps.bi.errors import NoToken, TooFast
from apps.bi.permissions import may_connect
from apps.people import selectors as people
from steppe.kernel import clock, rates
from steppe.kernel.actors import Actor
from tenants import tokens

KIND = "rpt"
PER_MINUTE = 600


@dataclass(frozen=True)
class Holder:
    """Who reads by a token: the person as they are now, with the roles they have now."""

    token: ReportToken
    actor: Actor


def holder_of(shown: str) -> Holder:
    """Looked up afresh each time: a revoked token, a closed account and a role taken away are refused at once.

    Two queries, seldom three. Raises NoToken (another branch's, too), TooFast.
    """
    kept, now = tokens.kept_form(KIND, shown), clock.now()
    found = ReportToken.objects.filter(token_hash=kept, revoked_at=None, expires_at__gt=now) if kept else None
    token = found.first() if found is not None else None
    actor = people.actor_for_user(token.user_id) if token is not None else None
    if token is None or actor is None or not may_connect(actor):
        raise NoToken
    if seconds := rates.seconds_to_wait(f"bi.calls.{token.pk}", PER_MINUTE):
        raise TooFast(seconds=seconds)
    tokens.note_use(token, token.last_used_at, now)
    return Holder(token, actor)


def own_tokens(actor: Actor) -> QuerySet[ReportToken]:
    """The person's own that are not revoked, the newest first. One query."""
    return ReportToken.objects.filter(user_id=actor.id or 0, revoked_at=None).order_by("-id")


def tokens_of_others(actor: Actor) -> QuerySet[ReportToken]:
    """For who looks after them: everybody else's that are not revoked. One query."""
    return (
        ReportToken.objects.filter(revoked_at=None)
        .exclude(user_id=actor.id or 0)
        .select_related("user")
        .order_by("-id")
    )


def shown(rows: Iterable[ReportToken]) -> list[dict[str, Any]]:
    """Each with the word whether it has ended."""
    now = clock.now()
    return [{"row": row, "ended": row.expires_at <= now} for row in rows]
