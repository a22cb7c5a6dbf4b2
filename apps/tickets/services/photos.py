"""Pictures and documents: looked at, kept under the branch's own folder, and later named by a command.

A file is older than its row and outlives it: written before the commit, removed after it. What falls between (a
process that died) and what nobody named within a day is swept at night (photo_sweep).
"""

import hashlib
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from apps.tickets.errors import TooManyFiles
from apps.tickets.models import Photo, Ticket
from apps.tickets.services import _steps as step
from apps.tickets.services._pictures import Kept, read_picture
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command, if_undone
from steppe.kernel.errors import Invalid, NotAllowed
from tenants.context import current_branch, policy

STAGES = ("report", "finish")
PDF = b"%PDF-"
UNSEEN = dict.fromkeys([*range(32), 127, *map(ord, '\\/:*?"<>|\u202a\u202b\u202d\u202e\u2066\u2067\u2068')])


@command("tickets.upload_photo")
def upload_photo(
    *, content: bytes, stage: str, owner: str = "", name: str = "", label: str = "", by: Actor
) -> Receipt:  # fmt: skip
    """Keep a picture or a PDF until a command names it. `owner` ties an anonymous reporter's to the session.

    A picture is written anew; where and when it was taken is read before that is dropped. `name` is what the sender
    calls a document, `label` the field of the type it answers. Raises NotAPicture and its kin (errors.py).
    """
    if by.kind == "anonymous" and not owner:
        raise NotAllowed
    kept, public_id = _read(content, by), step.new_public_id()
    path = _store(f"{public_id}.{kept.suffix}", kept.body)
    thumb_path = _store(f"{public_id}.small.jpg", kept.thumb) if kept.thumb else ""
    photo = Photo.objects.create(
        public_id=public_id, owner=owner or by.ref, stage=stage if stage in STAGES else "report", kind=kept.kind,
        label=label[:30], name=_document_name(name) if kept.kind == "pdf" else "", path=path, thumb_path=thumb_path,
        width=kept.width, height=kept.height, size=len(kept.body), sha256=hashlib.sha256(kept.body).hexdigest(),
        taken_at=kept.taken.at, taken_lat=kept.taken.lat, taken_lng=kept.taken.lng, uploaded_at=clock.now(),
    )  # fmt: skip
    facts = {"kind": kept.kind, "width": kept.width, "height": kept.height}
    return Receipt("photo", photo.pk, public_id, facts=facts)


def attach_photos(ticket: Ticket, names: tuple[str, ...], by: Actor, *, stage: str = "report", owner: str = "") -> int:
    """Hang the actor's own, still free files on the ticket; others' are silently not there. Returns how many.

    Raises TooManyFiles when the ticket would hold more than the branch allows.
    """
    if not names:
        return 0
    own = Photo.objects.filter(public_id__in=names, ticket__isnull=True, owner__in=[by.ref, owner or by.ref])
    hung, most = own.update(ticket_id=ticket.pk, stage=stage), _most(by)
    if hung and Photo.objects.filter(ticket_id=ticket.pk).count() > most:  # the command is rolled back
        raise TooManyFiles({"photos": [str(TooManyFiles.message % {"most": most})]}, most=most)
    return hung


def _most(by: Actor) -> int:
    """How many files a ticket may hold when this person adds to it."""
    return policy().report_photos_max if by.kind in {"customer", "anonymous"} else policy().attachments_max


def plain_name(name: str) -> str:
    """A file's name as it may be shown and sent: the last part of its path, nothing that hides or turns letters."""
    last = name.replace("\\", "/").rpartition("/")[2].translate(UNSEEN).strip(". ")
    return last[-120:]


def _document_name(name: str) -> str:
    """It is a PDF whatever its sender called it: saved as `bill.jpg`, nothing would open it."""
    plain = plain_name(name)
    return plain if not plain or plain.lower().endswith(".pdf") else f"{plain[-116:]}.pdf"


def _read(content: bytes, by: Actor) -> Kept:
    """By its content. A document comes from staff only, and only where the branch takes documents."""
    documents = by.kind in {"staff", "system"} and "pdf" in policy().attachment_types
    try:
        return _read_document(content) if documents and content.startswith(PDF) else read_picture(content)
    except Invalid as refusal:
        refusal.fields = refusal.fields or {"photo": [refusal.sentence]}
        raise


def _read_document(content: bytes) -> Kept:
    from apps.tickets.services._documents import read_document  # its reader is a tenth of every process's start

    return read_document(content)


def _store(name: str, content: bytes) -> str:
    path = default_storage.save(f"{folder()}/{name}", ContentFile(content))
    if_undone(partial(default_storage.delete, path))
    return path


def folder() -> str:
    """Where the files of the branch we stand in are."""
    return f"{current_branch().uuid}/photos"
