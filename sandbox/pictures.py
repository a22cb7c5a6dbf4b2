"""Pictures as WeChat stores them."""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

JPEG_QUALITY = 85


def jpeg(body: bytes) -> bytes:
    """The picture upright and as JPEG; ValueError if it is none."""
    try:
        with Image.open(io.BytesIO(body)) as picture:
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise ValueError("not a picture") from error
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()
