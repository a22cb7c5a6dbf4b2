"""Every step of a ticket by its name in the table, done by whoever usually does it (cast.py)."""

from collections.abc import Callable
from typing import Any

from apps.tickets import services
from apps.tickets.models import Ticket
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt
from tests import make
from tests.cast import NEAR

Step = Callable[..., Receipt]
STEPS: dict[str, tuple[str, Step, dict[str, Any]]] = {
    "release": ("lin", services.release_ticket, {}),
    "place": ("lin", services.place_ticket, {"grid": "E1"}),
    "grab": ("wu", services.grab_ticket, {}),
    "dispatch": ("lin", services.dispatch_ticket, {"to": "wu", "reason": "nearest"}),
    "confirm": ("wu", services.confirm_dispatch, {}),
    "decline": ("wu", services.decline_dispatch, {"reason": "busy"}),
    "reassign": ("lin", services.reassign_ticket, {"to": "bo", "reason": "overloaded"}),
    "check_in": ("wu", services.check_in, {"lat": NEAR[0], "lng": NEAR[1]}),
    "complete": ("wu", services.complete_ticket, {"solution": "new plug"}),
    "callback_ok": ("hui", services.callback_ok, {"score": 5}),
    "callback_reject": ("hui", services.callback_reject, {"reason": "still_broken"}),
    "void": ("lin", services.void_ticket, {"reason": "test"}),
}


def do(action: str, public_id: str, *, by: Actor | None = None, key: str = "", **more: Any) -> Receipt:
    """One step; `to` names the technician, `by` another actor than the usual, `key` is fresh if not given."""
    who, service, usual = STEPS[action]
    wanted = usual | more
    if (to := wanted.pop("to", None)) and "technician_id" not in wanted:
        wanted["technician_id"] = make.actor(to).technician_id
    return service(public_id=public_id, by=by or make.actor(who), key=key or make.key(), **wanted)


def now_of(ticket: Ticket) -> Ticket:
    """The ticket as it stands in the database."""
    return Ticket.objects.select_related("type").get(id=ticket.pk)


def load_of(who: Actor) -> int:
    """How many open tickets are counted for the technician."""
    from apps.people.models import Technician

    return Technician.objects.get(id=who.technician_id).open_count
