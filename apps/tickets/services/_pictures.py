"""A picture as it is kept: decoded, turned upright, made small, written anew as a JPEG; and its thumbnail.

Nothing of the file that came travels along: no place, no time, no device, no comment, no second file behind it.
What the camera wrote about place and moment is read first and kept beside the picture.
"""

import io
import struct
import zlib
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from apps.tickets.errors import NotAPicture, PictureIsHeic, PictureTooLarge
from apps.tickets.rules import taken
from apps.tickets.rules.taken import UNKNOWN, Taken
from steppe.kernel import clock
from tenants.context import policy

LONGEST_SIDE = 1600
THUMB_SIDE = 320
MAX_PIXELS = 50_000_000
FORMATS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}  # as the branch's policy calls them, as the decoder does
HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
EXIF_PART, GPS_PART = 0x8769, 0x8825
# What the decoder and its reading of EXIF raise over a broken file.
BROKEN = (
    UnidentifiedImageError, OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, OverflowError,
    struct.error, zlib.error,
)  # fmt: skip


@dataclass(frozen=True)
class Kept:
    """A file as it will be stored: a picture with its thumbnail, or a document without."""

    kind: str
    suffix: str
    body: bytes
    thumb: bytes = b""
    width: int = 0
    height: int = 0
    taken: Taken = UNKNOWN


def read_picture(content: bytes) -> Kept:
    """The picture as a fresh JPEG, longest side 1600. Raises NotAPicture, PictureIsHeic, PictureTooLarge."""
    limit = policy().photo_max_mb
    if len(content) > limit * 1024 * 1024:
        raise PictureTooLarge(mb=limit)
    if content[4:8] == b"ftyp" and content[8:12] in HEIC:
        raise PictureIsHeic
    try:
        upright, told = _decoded(content, limit)
    except Image.DecompressionBombError as error:  # the decoder's own limit lies above ours
        raise PictureTooLarge(mb=limit) from error
    except BROKEN as error:
        raise NotAPicture from error
    body, size = _jpeg(upright, LONGEST_SIDE), upright.size
    return Kept("picture", "jpg", body, _jpeg(upright, THUMB_SIDE, quality=70), *size, taken=told)


def _decoded(content: bytes, limit: int) -> tuple[Image.Image, Taken]:
    formats = [FORMATS[name] for name in policy().attachment_types if name in FORMATS]
    with Image.open(io.BytesIO(content), formats=formats) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise PictureTooLarge(mb=limit)
        told = _taken(picture)
        picture.thumbnail((2 * LONGEST_SIDE, 2 * LONGEST_SIDE))  # before any copy: 50 million pixels are dear
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright.info = {}  # a JPEG comment would be written again
    return upright, told


def _taken(picture: Image.Image) -> Taken:
    """What the camera wrote; a part that cannot be read says nothing and spoils no picture."""
    try:
        exif = picture.getexif()
        return taken.read({**exif, **exif.get_ifd(EXIF_PART)}, exif.get_ifd(GPS_PART), clock.now())
    except BROKEN:
        return UNKNOWN


def _jpeg(picture: Image.Image, longest: int, quality: int = 80) -> bytes:
    out, small = io.BytesIO(), picture
    if max(picture.size) > longest:
        small = picture.copy()
        small.thumbnail((longest, longest))
    small.save(out, "JPEG", quality=quality)
    return out.getvalue()
