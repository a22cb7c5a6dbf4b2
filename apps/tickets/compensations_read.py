"""The tickets past the law's limit about which nobody has said yet what the customer is owed."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min, Q

from apps.tickets.models import Ticket
from apps.tickets.permissions import ACTIONS
from apps.tickets.rules.escalation import LEGAL
from steppe.kernel.actors import Actor

MOST = 100


@dataclass(frozen=True)
class Owed:
    """A ticket, and since when its legal limit has passed."""

    ticket: Ticket
    since: datetime


def owed(actor: Actor) -> list[Owed]:
    """What this person is to decide, the longest waiting first; empty for who may not. One query, or none."""
    paths = actor.scopes(ACTIONS["compensate"])
    if not paths:
        return []
    reach = Q()
    for path in paths:
        reach |= Q(org_path__startswith=path)
    rows = Ticket.objects.filter(reach, notices__level=LEGAL.name, compensation__isnull=True)
    rows = rows.select_related("type").annotate(passed_at=Min("notices__at", filter=Q(notices__level=LEGAL.name)))
    return [Owed(one, one.passed_at) for one in rows.order_by("passed_at", "id")[:MOST]]
