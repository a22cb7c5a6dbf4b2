"""Who is calling an interface: the partner of a token, in this branch and now."""

from dataclasses import dataclass

from apps.partners import credentials
from apps.partners.errors import NoToken, ScopeMissing, TooFast
from apps.partners.models import Partner
from apps.people import roles
from apps.people import selectors as people
from steppe.kernel import clock, rates
from steppe.kernel.actors import Actor, Grant
from tenants.tokens import note_use


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
    note_use(partner, partner.last_used_at, now)
    return Caller(partner)


def spend(caller: Caller) -> None:
    """Count one more call of this minute. Raises TooFast. Without a cache everybody may pass: it is no lock."""
    if seconds := rates.seconds_to_wait(f"partners.calls.{caller.partner.pk}", caller.partner.per_minute):
        raise TooFast(seconds=seconds)
