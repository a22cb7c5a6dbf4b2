"""Who may listen to a branch, and to which of its events. The rules belong to the rooms that own the rows."""

from apps.tickets import sight
from apps.tickets.sight import Outline
from steppe.kernel.actors import Actor
from steppe.kernel.events import EventRecord

TICKET, CALL = "ticket", "call"


def may_listen(actor: Actor) -> bool:
    """Console staff and technicians to their scope, a customer to their own tickets, nobody else to anything."""
    return sight.may_follow_any(actor)


def may_hear(actor: Actor, event: EventRecord, outline: Outline | None) -> bool:
    """What has no rule is nobody's."""
    if event.entity == CALL:
        return sight.is_called(actor, event.facts.get("agent_id"))
    if event.entity != TICKET or outline is None:
        return False
    states = {str(event.facts.get("before", "")), str(event.facts.get("after", ""))}
    return sight.may_follow(actor, outline, states)
