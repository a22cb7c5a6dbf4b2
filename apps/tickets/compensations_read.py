"""The tickets past the law's limit about which nobody has said yet what the customer is owed."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min, Q, QuerySet

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
    rows = _undecided(actor).select_related("type")
    rows = rows.annotate(passed_at=Min("notices__at", filter=Q(notices__level=LEGAL.name)))
    return [Owed(one, one.passed_at) for one in rows.order_by("passed_at", "id")[:MOST]]


def how_many_owed(actor: Actor) -> int:
    """The number of them, for the bar. One query, or none for who may not decide."""
    return _undecided(actor).values("id").distinct().count()


def _undecided(actor: Actor) -> "QuerySet[Ticket]":
    paths = actor.scopes(ACTIONS["compensate"])
    if not paths:
        return Ticket.objects.none()
    reach = Q()
    for path in paths:
        reach |= Q(org_path__startswith=path)
    return Ticket.objects.filter(reach, notices__level=LEGAL.name, compensation__isnull=True)
