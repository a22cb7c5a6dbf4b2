"""T13 check in, T14 remote, T16 complete, T17 not done: the work itself."""

from collections.abc import Mapping
from typing import Any

from apps.people import geo
from apps.tickets.errors import ArrivalPhotoMissing, PhotoMissing, RemoteNotAllowed, TooFar
from apps.tickets.events import TicketCompleted, WorkFailed, WorkStarted
from apps.tickets.models import Ticket
from apps.tickets.rules.workflow import State
from apps.tickets.services import _answers as answers
from apps.tickets.services import _steps as step
from apps.tickets.services import orphans
from apps.tickets.services.callbacks import after_work, over
from apps.tickets.services.children import check_children
from apps.tickets.services.extras import check_charges, check_shares
from apps.tickets.services.photos import attach_photos
from apps.tickets.wording import SENTENCES
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
    photos: tuple[str, ...] = (),
    version: int | None = None,
    by: Actor,
) -> Receipt:
    """T13: the assignee is on site. Far away (or without a position) needs a reason and a photo, and is kept as such.

    Radius: 500 m in town and 3 km on the steppe by default; nothing to measure against where only the address is
    known. Raises TooFar, ArrivalPhotoMissing, NotYourTicket.
    """
    step.authorise(by, "check_in")
    ticket = step.lock_ticket(public_id, by=by, action="check_in", version=version)
    step.check_assignee(by, ticket)
    metres = _distance(ticket, lat, lng, datum)
    near = metres is not None and metres <= policy().check_in_radius(ticket.area_class)
    if not near and not reason.strip() and ticket.has_place:
        raise TooFar(km="?" if metres is None else f"{metres / 1000:.1f}")

    before = step.move(ticket, "check_in", State.IN_PROGRESS, arrived_at=clock.now(), check_in_distance_m=metres)
    shown = attach_photos(ticket, photos, by, stage="arrive")
    if not near and not shown and ticket.has_place:
        raise ArrivalPhotoMissing({"photos": [str(ArrivalPhotoMissing.message)]})
    facts = {"distance_m": metres, "far": not near} | ({"photos": shown} if shown else {})
    step.record(ticket, "check_in", before, by, reason=reason, data=facts)
    step.announce(WorkStarted, ticket, before)
    return step.receipt(ticket, distance_m=metres)


@command("tickets.start_remote")
def start_remote(*, public_id: str, note: str = "", version: int | None = None, by: Actor) -> Receipt:
    """T14: handled from afar, where the type allows it; worth fewer points. Raises RemoteNotAllowed."""
    step.authorise(by, "start_remote")
    ticket = step.lock_ticket(public_id, by=by, action="start_remote", version=version)
    if not ticket.type_version.definition.remote_allowed:
        raise RemoteNotAllowed
    before = step.move(ticket, "start_remote", State.IN_PROGRESS, arrived_at=clock.now(), remote=True)
    step.record(ticket, "start_remote", before, by, reason=note)
    step.announce(WorkStarted, ticket, before)
    return step.receipt(ticket)


@command("tickets.complete")
def complete_ticket(
    *,
    public_id: str,
    solution: str,
    photos: tuple[str, ...] = (),
    outcome: Mapping[str, Any] | None = None,
    version: int | None = None,
    by: Actor,
) -> Receipt:
    """T16: the work is done; the ticket waits for the callback, the technician has room again.

    `outcome`: what the ticket's type asks at completion. A child ticket closes at once: the callback is its parent's.
    Raises ChildrenOpen, FeeOpen, BadShares, BadAnswers, PhotosMissing.
    """
    step.authorise(by, "complete")
    if not solution.strip():
        raise Invalid({"solution": [str(SENTENCES["missing"])]})
    ticket = step.lock_ticket(public_id, by=by, action="complete", version=version)
    step.check_assignee(by, ticket)
    result = check_children(ticket)
    check_charges(ticket)
    check_shares(ticket)
    asked = ticket.type_version.definition
    told = answers.checked(asked, "finish", outcome, proof=not ticket.remote)

    named = (*photos, *answers.pictures_in(asked, "finish", told))
    old = answers.shown_before(ticket, named)
    answers.refuse_old(asked, told, old)

    ends = answers.columns_of(asked, told) | {"outcome": told, "solution": solution.strip()[:500]}
    before = _finish(ticket, "complete", result, **ends)
    kept = attach_photos(ticket, named, by, stage="finish")
    answers.label_pictures(ticket, asked, "finish", told)
    answers.check_photos(ticket, asked, set(named) - old)
    step.record(ticket, "complete", before, by, data={"photos": kept, "result": result})
    step.announce(TicketCompleted if result == "done" else WorkFailed, ticket, before)
    return step.receipt(ticket, result=result)


@command("tickets.fail_work")
def fail_work(
    *, public_id: str, reason: str, photos: tuple[str, ...] = (), version: int | None = None, by: Actor
) -> Receipt:
    """T17: it cannot be done; the customer is told why, usually another ticket follows.

    Who was on site shows what they found there. Its children that nobody accepted end with it. Raises ReasonMissing,
    PhotoMissing, ChildrenTaken while a mandatory one is worked on.
    """
    step.authorise(by, "fail_work")
    step.check_reason("fail_work", reason)
    ticket = step.lock_ticket(
        public_id, by=by, action="fail_work", version=version, also=orphans.holders(parent__public_id=public_id)
    )  # fmt: skip
    step.check_assignee(by, ticket)
    orphans.end_waiting(ticket, by, needs_all=True)
    before = _finish(ticket, "fail_work", "not_done", solution="")
    kept = attach_photos(ticket, photos, by, stage="finish")
    if not kept and not ticket.remote:
        raise PhotoMissing({"photos": [str(PhotoMissing.message)]})
    step.record(ticket, "fail_work", before, by, reason=reason, data={"photos": kept})
    step.announce(WorkFailed, ticket, before)
    return step.receipt(ticket, result="not_done")


def _finish(ticket: Ticket, action: str, result: str, **more: Any) -> str:
    """The technician is free again; the ticket waits for the callback, or closes if it is a child."""
    now = clock.now()
    step.end_assignment(ticket, "completed")
    return step.move(
        ticket, action, over(ticket), finished_at=now, close_code=result,
        first_finished_at=ticket.first_finished_at or now, **after_work(ticket, now), **more,
    )  # fmt: skip


def _distance(ticket: Ticket, lat: float | None, lng: float | None, datum: str) -> float | None:
    if lat is None or lng is None or ticket.lat is None or ticket.lng is None or not geo.valid(lat, lng):
        return None
    if not ticket.has_place:
        return None
    here = geo.to_wgs84(lat, lng, datum)
    return round(geo.distance_m(*here, ticket.lat, ticket.lng), 1)
