"""Who is calling an interface: the partner of a token, in this branch and now."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Q

from apps.partners import credentials
from apps.partners.errors import NoToken, ScopeMissing, TooFast
from apps.partners.models import Partner
from apps.people import roles
from apps.people import selectors as people
from steppe.kernel import clock
from steppe.kernel.actors import Actor, Grant

WINDOW_S = 60
log = logging.getLogger("steppe.partners")


@dataclass(frozen=True)
class Caller:
    """A partner who has shown its token. Not an actor of the rooms: what it may read is decided by its scopes."""

    partner: Partner

    @property
    def actor(self) -> Actor:
        """Who writes: like a clerk of the whole branch, in whose name every row of history and audit stands.

        One query, for the branch's own node.
        """
        tree = people.org_tree()
        grants = (Grant(roles.CLERK, tree[0].path if tree else "/"),)
        return Actor("partner", self.partner.pk, self.partner.name, grants)

    def has(self, scope: str) -> bool:
        return scope in self.partner.scopes

    def needs(self, scope: str) -> None:
        """Raises ScopeMissing."""
        if not self.has(scope):
            raise ScopeMissing(scope=scope)


def caller_of(token: str) -> Caller:
    """Whose token this is. Looked up afresh each time, so a revoked one is refused at once. One query, seldom two.

    Raises NoToken: for a token of another branch too, whatever rows have the same ids there.
    """
    kept, now = credentials.kept_form(token), clock.now()
    if not kept:
        raise NoToken
    partner = Partner.objects.filter(token_hash=kept, revoked_at=None, expires_at__gt=now).first()
    if partner is None:
        raise NoToken
    _note_use(partner, now)
    return Caller(partner)


def spend(caller: Caller) -> None:
    """Count one more call of this minute. Raises TooFast. Without a cache everybody may pass: it is no lock."""
    now = int(clock.now().timestamp())
    if _count(caller.partner.pk, now // WINDOW_S) > caller.partner.per_minute:
        raise TooFast(seconds=WINDOW_S - now % WINDOW_S)


def _note_use(partner: Partner, now: datetime) -> None:
    """To the minute, so that a busy partner is not a write for each read."""
    minute_ago = now - timedelta(seconds=WINDOW_S)
    if partner.last_used_at is None or partner.last_used_at < minute_ago:
        old = Q(last_used_at=None) | Q(last_used_at__lt=minute_ago)
        Partner.objects.filter(old, pk=partner.pk).update(last_used_at=now)


def _count(partner_id: int, window: int) -> int:
    name = f"partners.calls.{partner_id}.{window}"
    try:
        cache.add(name, 0, timeout=2 * WINDOW_S)
        return cache.incr(name)
    except Exception:  # noqa: BLE001 - cache away, or key forgotten between two calls
        log.warning("no count of calls")
        return 0
