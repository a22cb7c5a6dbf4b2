"""A picture leaves with its pixels and nothing else."""

import io

import pytest
from PIL import Image, PngImagePlugin

from apps.tickets.errors import NotAPicture
from apps.tickets.services import _pictures as pictures
from tests.cast import Branch

SECRET = b"CNRY-secret"


def _jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (20, 10)).save(out, "JPEG", comment=SECRET, xmp=b"<x>" + SECRET + b"</x>", icc_profile=SECRET)
    return out.getvalue()


def _png() -> bytes:
    out, info = io.BytesIO(), PngImagePlugin.PngInfo()
    info.add_text("comment", SECRET.decode())
    Image.new("RGB", (20, 10)).save(out, "PNG", pnginfo=info)
    return out.getvalue()


@pytest.mark.parametrize("made", [_jpeg, _png])
def test_a_comment_does_not_travel_along(lotus_db: Branch, made: object) -> None:
    content = made()  # type: ignore[operator]
    assert SECRET in content
    assert SECRET not in pictures.read_picture(content).body


def test_a_large_picture_is_turned_upright_and_made_small(lotus_db: Branch) -> None:
    turned, out = Image.Exif(), io.BytesIO()
    turned[0x0112] = 6
    Image.new("RGB", (4000, 2000)).save(out, "JPEG", exif=turned)
    kept = pictures.read_picture(out.getvalue())
    assert (kept.width, kept.height) == (800, 1600)


@pytest.mark.parametrize("error", [TypeError, KeyError, OverflowError])
def test_whatever_a_broken_file_does_to_the_decoder_it_is_no_picture(
    lotus_db: Branch, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def broken(picture: object) -> None:
        raise error("bad operand")

    monkeypatch.setattr(pictures.ImageOps, "exif_transpose", broken)
    with pytest.raises(NotAPicture):
        pictures.read_picture(_jpeg())
