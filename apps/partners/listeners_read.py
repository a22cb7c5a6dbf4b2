"""Who listens, and to what they may."""

from collections.abc import Sequence

from apps.partners.models import Listener
from apps.partners.rules import scopes
from steppe.kernel import clock


def listening() -> Sequence[Listener]:
    """Every listener that stands, of partners whose token is good; also the paused, whose events wait. One query."""
    rows = Listener.objects.select_related("partner").filter(ended_at=None)
    return list(rows.filter(partner__revoked_at=None, partner__expires_at__gt=clock.now()).order_by("id"))


def heard_by(listener: Listener) -> tuple[str, ...]:
    """Of what it asked for, what its token may hear now. No query."""
    return tuple(kind for kind in listener.event_types if scopes.may_hear(kind, listener.partner.scopes))
