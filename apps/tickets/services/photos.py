"""Pictures: decoded, checked, stripped of their metadata and stored under the branch's own folder."""

import hashlib
import io
import struct
import zlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageOps, UnidentifiedImageError

from apps.tickets.errors import NotAPicture, PictureTooLarge
from apps.tickets.models import Photo, Ticket
from apps.tickets.services import _steps as step
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command
from steppe.kernel.errors import NotAllowed
from tenants.context import current_branch, policy

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
    path = default_storage.save(f"{current_branch().uuid}/photos/{public_id}.jpg", ContentFile(jpeg))
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
