"""The photos and documents of a ticket as a reader may see them, each with the check of where and when it was taken."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.tickets import selectors
from apps.tickets.errors import TicketNotFound
from apps.tickets.models import Photo, Ticket
from apps.tickets.permissions import ACTIONS
from apps.tickets.rules import taken
from apps.tickets.rules.taken import Check, Taken
from apps.tickets.selectors import TicketView
from steppe.kernel.actors import Actor
from tenants.context import policy


@dataclass(frozen=True)
class Attachment:
    """One file of a ticket, and how it fits."""

    photo: Photo
    check: Check | None  # None: not for this reader

    @property
    def is_picture(self) -> bool:
        return self.photo.kind == "picture"


def attachments_in(actor: Actor, view: TicketView) -> list[Attachment]:
    """What hangs on the ticket, for who may see its contact; for nobody else. One query at most."""
    return [attachment(photo, view.ticket) for photo in selectors.photos_in(actor, view)]


def attachment(photo: Photo, ticket: Ticket) -> Attachment:
    """The file with its check. No query."""
    told = Taken(photo.taken_at, photo.taken_lat, photo.taken_lng)
    place = (ticket.lat, ticket.lng) if ticket.has_place and ticket.lat is not None and ticket.lng is not None else None
    near = policy().check_in_radius(ticket.area_class)
    return Attachment(photo, taken.check(told, place=place, near_m=near, since=_since(photo, ticket)))


def _since(photo: Photo, ticket: Ticket) -> datetime:
    """The earliest moment that makes sense: the fault was there a while before it was told, the work was not."""
    hours = 0 if photo.stage in {"arrive", "finish"} else policy().photo_old_hours
    return ticket.reported_at - timedelta(hours=hours)


def may_attach(actor: Actor, view: TicketView) -> bool:
    """May this person add a file now? Who sees the ticket's files may, as long as it is not archived. No query."""
    knows = actor.holds(*ACTIONS["attach"]) or actor.technician_id is not None
    return knows and view.reveal and view.ticket.archived_at is None


def may_take_off(actor: Actor, photo: Photo, view: TicketView) -> bool:
    """Is this file one that was added by hand, and this person's to take off? No query."""
    if photo.stage != "added" or not may_attach(actor, view):
        return False
    reach = actor.scopes(ACTIONS["detach"])
    return photo.owner == actor.ref or any(view.ticket.org_path.startswith(path) for path in reach)


def picture_path(actor: Actor, public_id: str) -> str:
    """The thumbnail's file, or the picture's own where an old one has none. Raises TicketNotFound, as `photo_for`."""
    photo = selectors.photo_for(actor, public_id)
    if photo.kind != "picture":
        raise TicketNotFound
    return photo.thumb_path or photo.path
