"""Who calls, as the agent's pages show it: the number, the customer behind it, and what they wait for."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from apps.console.rows import Row, row_of
from apps.people import selectors as people
from apps.tickets import calls_read, duplicates
from apps.tickets.permissions import CONTACT_VIEWERS
from steppe.kernel.actors import Actor

if TYPE_CHECKING:
    from apps.people.models import Customer
    from apps.tickets.models import Call

CHANNEL = "hotline_96066"
AT_ONCE = 2  # who speaks, and who rings meanwhile; what was missed before stands in the entry form


@dataclass(frozen=True)
class Ring:
    """A call with who it is, as far as this agent may know: each open ticket, and whether its page may be opened."""

    call: "Call"
    customer: "Customer | None"
    found: list[tuple[Row, bool]]


def rings(actor: Actor) -> list[Ring]:
    """The last calls of this agent, the newest first. One query, two more for each."""
    return [_ring(actor, call) for call in calls_read.calls_for(actor)[:AT_ONCE]]


def filled_in(actor: Actor, public_id: str) -> dict[str, Any]:
    """What the entry form need not ask about this call; nothing for another agent's. Two queries."""
    call = calls_read.call_for(actor, public_id)
    if call is None:
        return {}
    known = {"phone": call.phone, "channel": CHANNEL}
    if customer := _customer(actor, call.phone):
        known |= {"contact_name": customer.name, "address": customer.address, "account_no": customer.account_no}
    return known


def _ring(actor: Actor, call: "Call") -> Ring:
    likely = duplicates.likely(actor, phone=call.phone)
    return Ring(call, _customer(actor, call.phone), [(row_of(one.view), one.seen) for one in likely])


def _customer(actor: Actor, phone: str) -> "Customer | None":
    return people.customer_who_calls(phone=phone) if actor.scopes(CONTACT_VIEWERS) else None
