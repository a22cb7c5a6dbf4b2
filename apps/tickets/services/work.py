"""T13 check in and T16 complete: the work on site."""

from apps.people import geo
from apps.tickets.errors import TooFar
from apps.tickets.events import TicketCompleted, WorkStarted
from apps.tickets.models import Ticket
from apps.tickets.services import _steps as step
from apps.tickets.services.photos import attach_photos
from apps.tickets.workflow import State
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command
from steppe.kernel.errors import Invalid
from tenants.context import policy


@command("tickets.check_in")
def check_in(
    *,
    public_id: str,
    lat: float | None = None,
    lng: float | None = None,
    datum: str = "wgs84",
    reason: str = "",
    version: int | None = None,
    by: Actor,
) -> Receipt:
    """T13: the assignee is on site. Far away (or without a position) needs a reason and is kept as such.

    Radius: 500 m in town and 3 km on the steppe by default; nothing to measure against where only the address is
    known. Raises TooFar, NotYourTicket.
    """
    step.authorise(by, "check_in")
    ticket = step.lock_ticket(public_id, by=by, action="check_in", version=version)
    step.check_assignee(by, ticket)
    metres = _distance(ticket, lat, lng, datum)
    near = metres is not None and metres <= policy().check_in_radius(ticket.area_class)
    if not near and not reason.strip() and ticket.has_place:
        raise TooFar(km="?" if metres is None else f"{metres / 1000:.1f}")

    before = step.move(ticket, "check_in", State.IN_PROGRESS, arrived_at=clock.now(), check_in_distance_m=metres)
    step.record(ticket, "check_in", before, by, reason=reason, data={"distance_m": metres, "far": not near})
    step.announce(WorkStarted, ticket, before)
    return step.receipt(ticket, distance_m=metres)


@command("tickets.complete")
def complete_ticket(
    *, public_id: str, solution: str, photos: tuple[str, ...] = (), version: int | None = None, by: Actor
) -> Receipt:
    """T16: the work is done; the ticket waits for the callback, the technician has room again."""
    step.authorise(by, "complete")
    if not solution.strip():
        raise Invalid({"solution": ["required"]})
    ticket = step.lock_ticket(public_id, by=by, action="complete", version=version)
    step.check_assignee(by, ticket)

    now = clock.now()
    step.end_assignment(ticket, "completed")
    before = step.move(
        ticket, "complete", State.AWAITING_CALLBACK, finished_at=now, solution=solution.strip()[:500],
        callback_due_at=now + clock.minutes(policy().callback_minutes),
    )  # fmt: skip
    kept = attach_photos(ticket, photos, by, stage="finish")
    step.record(ticket, "complete", before, by, data={"photos": kept})
    step.announce(TicketCompleted, ticket, before)
    return step.receipt(ticket)


def _distance(ticket: Ticket, lat: float | None, lng: float | None, datum: str) -> float | None:
    if lat is None or lng is None or ticket.lat is None or ticket.lng is None or not geo.valid(lat, lng):
        return None
    if not ticket.has_place:
        return None
    here = geo.to_wgs84(lat, lng, datum)
    return round(geo.distance_m(*here, ticket.lat, ticket.lng), 1)
