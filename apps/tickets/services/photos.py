"""Pictures: decoded, checked, stripped of their metadata and stored under the branch's own folder.

A file is older than its row and outlives it: written before the commit, removed after it. What falls between (a
process that died) and what nobody named within a day is swept at night.
"""

import hashlib
import io
import struct
import zlib
from datetime import datetime, timedelta
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from PIL import Image, ImageOps, UnidentifiedImageError

from apps.tickets.errors import NotAPicture, PictureTooLarge
from apps.tickets.models import Photo, Ticket
from apps.tickets.services import _steps as step
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM, Actor
from steppe.kernel.commands import Receipt, command, if_undone
from steppe.kernel.errors import NotAllowed
from tenants.context import current_branch, policy

KEPT_UNNAMED = timedelta(days=1)
BATCH = 200
LONGEST_SIDE = 1600
MAX_PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
# What the decoder and its reading of EXIF raise over a broken file.
BROKEN = (
    UnidentifiedImageError, OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, OverflowError,
    struct.error, zlib.error, Image.DecompressionBombError,
)  # fmt: skip


@command("tickets.upload_photo")
def upload_photo(*, content: bytes, stage: str, owner: str = "", by: Actor) -> Receipt:
    """Keep a picture until a command names it. `owner` ties an anonymous reporter's picture to the session.

    The name the phone gave it, EXIF and GPS are dropped by re-encoding. Raises NotAPicture, PictureTooLarge.
    """
    if by.kind == "anonymous" and not owner:
        raise NotAllowed
    jpeg, size = clean_jpeg(content)
    public_id = step.new_public_id()
    path = default_storage.save(f"{_folder()}/{public_id}.jpg", ContentFile(jpeg))
    if_undone(partial(default_storage.delete, path))
    photo = Photo.objects.create(
        public_id=public_id, owner=owner or by.ref, stage="finish" if stage == "finish" else "report", path=path,
        width=size[0], height=size[1], sha256=hashlib.sha256(jpeg).hexdigest(), uploaded_at=clock.now(),
    )  # fmt: skip
    return Receipt("photo", photo.pk, public_id, facts={"width": size[0], "height": size[1]})


def attach_photos(ticket: Ticket, names: tuple[str, ...], by: Actor, *, stage: str = "report", owner: str = "") -> int:
    """Hang the actor's own, still free pictures on the ticket; others' are silently not there. Returns how many."""
    if not names:
        return 0
    own = Photo.objects.filter(public_id__in=names, ticket__isnull=True, owner__in=[by.ref, owner or by.ref])
    return own.update(ticket_id=ticket.pk, stage=stage)


def sweep_photos() -> int:
    """Every night: pictures nobody named within a day go, and files that belong to no picture; how many went."""
    before = clock.now() - KEPT_UNNAMED
    return _drop_unnamed(before) + _drop_strays(before)


def _drop_unnamed(before: datetime) -> int:
    gone = 0
    while _unnamed(before).exists():
        key = f"unnamed-photos:{clock.now().timestamp()}:{gone}"
        dropped = drop_unnamed_photos(before=before, by=SYSTEM, key=key).facts["dropped"]
        if not dropped:  # somebody else is at them
            break
        gone += dropped
    return gone


@command("tickets.drop_unnamed_photos")
def drop_unnamed_photos(*, before: datetime, by: Actor) -> Receipt:
    """A batch of pictures that hang on no ticket and are older than `before`; their files go after the commit."""
    if by.kind != "system":
        raise NotAllowed
    rows = _unnamed(before).select_for_update(skip_locked=True).order_by("id")
    found = dict(rows.values_list("id", "path")[:BATCH])
    Photo.objects.filter(id__in=found).delete()
    for path in found.values():
        transaction.on_commit(partial(default_storage.delete, path), robust=True)
    return Receipt("photo", 0, facts={"dropped": len(found)})


def _unnamed(before: datetime) -> QuerySet[Photo]:
    return Photo.objects.filter(ticket__isnull=True, uploaded_at__lt=before)


def _drop_strays(before: datetime) -> int:
    """Files of the branch's folder without a row; a young one may belong to a transaction that is still open."""
    folder = _folder()
    if not default_storage.exists(folder):
        return 0
    known = set(Photo.objects.values_list("path", flat=True))
    files = {f"{folder}/{name}" for name in default_storage.listdir(folder)[1]}
    strays = [path for path in files - known if default_storage.get_modified_time(path) < before]
    for path in strays:
        default_storage.delete(path)
    return len(strays)


def _folder() -> str:
    return f"{current_branch().uuid}/photos"


def clean_jpeg(content: bytes) -> tuple[bytes, tuple[int, int]]:
    """The picture as a fresh JPEG, longest side 1600, turned upright. Pure but for the policy's limit."""
    limit = policy().photo_max_mb
    if len(content) > limit * 1024 * 1024:
        raise PictureTooLarge(mb=limit)
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise PictureTooLarge(mb=limit)
            picture.thumbnail((2 * LONGEST_SIDE, 2 * LONGEST_SIDE))  # before any copy: 50 million pixels are dear
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except BROKEN as error:
        raise NotAPicture from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright.info = {}  # a JPEG comment would be written again
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=80)
    return out.getvalue(), upright.size
