"""What a telephone system tells of a call, through the command of the room that shows it."""

from datetime import datetime

from apps.partners.callers import Caller
from apps.partners.rules import scopes
from apps.tickets import services as tickets


def tell_call(
    *, call_id: str, phone: str, agent: str, at: datetime | None, caller: Caller, key: str
) -> tuple[str, bool]:  # fmt: skip
    """Our name for the call, and whether it is new. Raises ScopeMissing and whatever the command refuses."""
    caller.needs(scopes.CALLS)
    done = tickets.ring_agent(call_id=call_id, phone=phone, agent=agent, at=at, by=caller.actor, key=key)
    return done.public_id, bool(done.facts["new"]) and not done.replayed
