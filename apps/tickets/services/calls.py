"""A call rings at an agent: kept for a moment, so that the agent's page can say who it is. Opens no ticket."""

from datetime import datetime, timedelta

from apps.people import selectors as people
from apps.people.phone import normal_phone
from apps.tickets.errors import AgentUnknown, AgentWithoutRight, CallToldOtherwise, PhoneMissing
from apps.tickets.events import CallRang
from apps.tickets.models import Call
from apps.tickets.permissions import ACTIONS
from apps.tickets.services import _steps as step
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command, emit
from steppe.kernel.errors import NotAllowed

KEPT = timedelta(hours=12)  # a phone number nobody asked for: long enough to know a repeated call, less than a day


@command("tickets.ring")
def ring_agent(*, call_id: str, phone: str, agent: str, at: datetime | None = None, by: Actor) -> Receipt:
    """A telephone system says who rings at whom. Told again, nothing happens; only that agent is shown it.

    Raises PhoneMissing, AgentUnknown, AgentWithoutRight, CallToldOtherwise. Locks: nothing but the new row.
    """
    if by.kind != "partner":
        raise NotAllowed
    number, whose, now = _number(phone), _agent(agent), clock.now()
    told = {"phone": number, "agent_id": whose.id}
    fresh = {"public_id": step.new_public_id(), "rang_at": min(at or now, now), "heard_at": now}
    call, new = Call.objects.get_or_create(source=by.ref, call_id=call_id, defaults=told | fresh)
    if (call.phone, call.agent_id) != (number, whose.id):
        raise CallToldOtherwise
    if new:
        emit(CallRang(entity_id=call.pk, public_id=call.public_id, version=1, agent_id=call.agent_id))
    return Receipt("call", call.pk, call.public_id, 1, {"new": new})


def sweep_calls() -> int:
    """Every few seconds: calls of long ago are forgotten; how many. One statement."""
    return Call.objects.filter(heard_at__lt=clock.now() - KEPT).delete()[0]


def _number(phone: str) -> str:
    """As we keep numbers; as it came where it is none of ours, for an agent can still read it."""
    if not phone.strip():
        raise PhoneMissing({"phone": [str(PhoneMissing.message)]})
    return normal_phone(phone) or phone.strip()


def _agent(name: str) -> Actor:
    """Two queries."""
    user_id = people.staff_by_name(name)
    actor = people.actor_for_user(user_id) if user_id else None
    if actor is None:
        raise AgentUnknown({"agent": [str(AgentUnknown.message)]})
    if not actor.holds(*ACTIONS["submit"]):
        raise AgentWithoutRight({"agent": [str(AgentWithoutRight.message)]})
    return actor
