"""Calls that ring, or rang a moment ago, at one agent. Nobody else ever reads them."""

from datetime import timedelta

from apps.tickets.models import Call
from apps.tickets.permissions import ACTIONS
from steppe.kernel import clock
from steppe.kernel.actors import Actor

SHOWN = timedelta(minutes=10)
MOST = 20


def calls_for(actor: Actor) -> list[Call]:
    """What rang here within ten minutes, the newest first. One query; none for who may open no ticket."""
    if actor.kind != "staff" or actor.id is None or not actor.holds(*ACTIONS["submit"]):
        return []
    mine = Call.objects.filter(agent_id=actor.id, heard_at__gt=clock.now() - SHOWN)
    return list(mine.order_by("-heard_at", "-id")[:MOST])


def call_for(actor: Actor, public_id: str) -> Call | None:
    """One of them by its name; None for another agent's, and for one that is over. One query."""
    return next((call for call in calls_for(actor) if call.public_id == public_id), None)
