"""Files that are added to a ticket by hand, and taken off it again. A mark: the state stays as it is.

What came with the report or proves the work stays with the ticket; only what was added by hand can be taken off.
"""

from typing import Any

from apps.tickets.errors import Archived, FileStays, NoFile, NoFileChosen, ReasonMissing, TicketNotFound
from apps.tickets.events import TicketFilesChanged
from apps.tickets.models import Photo, Ticket
from apps.tickets.selectors import may_reveal
from apps.tickets.services import _steps as step
from apps.tickets.services.photos import attach_photos
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command
from steppe.kernel.errors import NotAllowed

ADDED = "added"  # the stage of a file that was added by hand
TAKEN_OFF = "nobody"  # owns what was taken off: no reader may have it until the night sweeps it away


@command("tickets.attach_files")
def attach_files(*, public_id: str, photos: tuple[str, ...], version: int | None = None, by: Actor) -> Receipt:
    """Hang own uploads on a ticket. Who may see its files may add one.

    Raises TicketNotFound, NoFileChosen, TooManyFiles, Archived. Locks: technician, ticket.
    """
    ticket = _open_to(by, public_id, version)
    if not attach_photos(ticket, photos, by, stage=ADDED):
        raise NoFileChosen({"photos": [str(NoFileChosen.message)]})
    kinds = list(Photo.objects.filter(ticket_id=ticket.pk, public_id__in=photos).values_list("kind", flat=True))
    told = {"photos": kinds.count("picture"), "documents": kinds.count("pdf")}
    return _marked(ticket, "attach", by, told)


@command("tickets.take_off_file")
def take_off_file(*, public_id: str, photo: str, reason: str, version: int | None = None, by: Actor) -> Receipt:
    """A file that does not belong here goes, with a reason: by who added it, by the dispatcher, by the administrator.

    It is gone for every reader at once, and from the disk at night; the history keeps who, when and why.
    Raises ReasonMissing, TicketNotFound, NoFile, FileStays, NotAllowed, Archived. Locks: technician, ticket.
    """
    step.authorise(by, "attach")
    if not reason.strip():
        raise ReasonMissing({"reason": [str(ReasonMissing.message)]})
    ticket = _open_to(by, public_id, version)
    file = Photo.objects.filter(public_id=photo, ticket_id=ticket.pk).first()
    if file is None:
        raise NoFile
    _check_may_go(file, ticket, by)
    Photo.objects.filter(pk=file.pk).update(ticket=None, owner=TAKEN_OFF)
    told = {"photos": int(file.kind == "picture"), "documents": int(file.kind == "pdf"), "name": file.name}
    return _marked(ticket, "detach", by, told, reason)


def _open_to(by: Actor, public_id: str, version: int | None) -> Ticket:
    step.authorise(by, "attach")
    ticket = step.lock_ticket(public_id, by=by, action="attach", version=version)
    if not may_reveal(by, ticket):  # a clerk elsewhere in the branch, a technician whose work is over
        raise TicketNotFound
    if ticket.archived_at is not None:
        raise Archived
    return ticket


def _check_may_go(file: Photo, ticket: Ticket, by: Actor) -> None:
    if file.stage != ADDED:
        raise FileStays
    if file.owner != by.ref and not step.in_scope(by, "detach", ticket):
        raise NotAllowed


def _marked(ticket: Ticket, action: str, by: Actor, told: dict[str, Any], reason: str = "") -> Receipt:
    before = step.flag(ticket)
    step.record(ticket, action, before, by, reason=reason, data=told)
    step.announce(TicketFilesChanged, ticket, before)
    return step.receipt(ticket, **told)
