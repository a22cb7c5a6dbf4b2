"""Files as people send them: documents good and bad, pictures that say where and when they were taken."""

import io
import struct
import zlib
from collections.abc import Callable
from datetime import datetime

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject


def pdf(change: Callable[[PdfWriter], object] | None = None) -> bytes:
    """A page of a document; `change` does something to it before it is written."""
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    if change:
        change(writer)
    writer.write(out)
    return out.getvalue()


def _action(kind: str, **more: str) -> DictionaryObject:
    texts = {NameObject(f"/{key}"): TextStringObject(value) for key, value in more.items()}
    return DictionaryObject({NameObject("/S"): NameObject(kind)} | texts)


def _on_open(action: DictionaryObject) -> Callable[[PdfWriter], object]:
    return lambda writer: writer.root_object.update({NameObject("/OpenAction"): action})


def _on_touch(writer: PdfWriter) -> None:
    """Behind a place on the page."""
    spot = DictionaryObject({
        NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject("/Link"),
        NameObject("/A"): writer._add_object(_action("/Launch", F="evil.exe")),
    })  # fmt: skip
    writer.pages[0][NameObject("/Annots")] = ArrayObject([spot])


def _by_name(writer: PdfWriter) -> None:
    names = ArrayObject([TextStringObject("start"), writer._add_object(_action("/JavaScript", JS="app.alert(1)"))])
    scripts = DictionaryObject({NameObject("/Names"): names})
    writer.root_object[NameObject("/Names")] = DictionaryObject({NameObject("/JavaScript"): scripts})


def _with_form(writer: PdfWriter) -> None:
    form = DictionaryObject({NameObject("/XFA"): TextStringObject("<xdp/>")})
    writer.root_object[NameObject("/AcroForm")] = form


def packed(*objects: str) -> bytes:
    """A document whose objects (numbered from 1, the first is the root) lie packed, as modern writers do."""
    starts = [sum(len(one) + 1 for one in objects[:place]) for place in range(len(objects))]
    numbers = " ".join(f"{place} {start}" for place, start in enumerate(starts, 1)) + " "
    inside = zlib.compress((numbers + " ".join(objects)).encode())
    count, out = len(objects), b"%PDF-1.5\n"
    here = len(out)
    head = f"{count + 1} 0 obj\n<</Type/ObjStm/N {count}/First {len(numbers)}/Filter/FlateDecode/Length {len(inside)}>>"
    out += head.encode() + b"stream\n" + inside + b"\nendstream\nendobj\n"
    rows = [struct.pack(">BHB", 0, 0, 0), *(struct.pack(">BHB", 2, count + 1, place) for place in range(count))]
    rows += [struct.pack(">BHB", 1, here, 0), struct.pack(">BHB", 1, len(out), 0)]
    table = f"{count + 2} 0 obj\n<</Type/XRef/W[1 2 1]/Size {count + 3}/Root 1 0 R/Length {4 * len(rows)}>>stream\n"
    end = f"\nendstream\nendobj\nstartxref\n{len(out)}\n%%EOF\n"
    return out + table.encode() + b"".join(rows) + end.encode()


PAGES = ("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>")
PAGE = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
PACKED = packed(*PAGES, PAGE)

DANGEROUS = {
    "a script by name": pdf(_by_name),
    "a script on opening": pdf(_on_open(_action("/JavaScript", JS="app.alert(1)"))),
    "a script nobody refers to": pdf(lambda writer: writer._add_object(_action("/JavaScript", JS="app.alert(1)"))),
    "a program behind a link": pdf(_on_touch),
    "a form that sends itself": pdf(_on_open(_action("/SubmitForm", F="http://elsewhere.example"))),
    "a file inside": pdf(lambda writer: writer.add_attachment("evil.exe", b"MZ")),
    "an XML form": pdf(_with_form),
    "a script in a packed part": packed(*PAGES, PAGE, "<</S/JavaScript/JS(app.alert)>>"),
    "a script spelled in numbers": packed(*PAGES, PAGE, "<</S/J#61vaScript/J#53(app.alert)>>"),
    "a script in a list in a list": packed(*PAGES, PAGE, "[[<</S/JavaScript>>]]"),
}
LOCKED = pdf(lambda writer: writer.encrypt("secret", algorithm="RC4-128"))
LOCKED_FOR_CHANGES = pdf(lambda writer: writer.encrypt("", "owner", algorithm="RC4-128"))  # opens without a word
_ARCHIVE = b"PK\x05\x06" + bytes(18)
BROKEN = {
    "only a head": b"%PDF-1.4 1 0 obj",
    "cut off": pdf()[:-200],
    "without pages": pdf(lambda writer: writer.remove_page(0)),
    "with a page in front": b"%PDF-1.4\n%<html><script>alert(1)</script>\n" + pdf()[9:],
    "with an archive behind": pdf() + b"PK\x03\x04" + bytes(40) + _ARCHIVE,
    "with an archive inside": pdf().replace(b"startxref", b"%" + _ARCHIVE.replace(b"\0", b"A") + b"\nstartxref"),
    "with a program behind": pdf() + b"MZ" * 30,
}


def taken_picture(
    lat: float | None = None, lng: float | None = None, at: datetime | None = None, *, datum: str = ""
) -> bytes:
    """A picture that says where and when it was taken, as a phone's camera writes it."""
    exif, out = Image.Exif(), io.BytesIO()
    if at is not None:
        exif.get_ifd(0x8769).update({0x9003: f"{at:%Y:%m:%d %H:%M:%S}", 0x9011: f"{at:%z}"[:3] + ":00"})
    if lat is not None and lng is not None:
        place = {1: "N" if lat >= 0 else "S", 2: _parts(lat), 3: "E" if lng >= 0 else "W", 4: _parts(lng)}
        exif.get_ifd(0x8825).update(place | ({18: datum} if datum else {}))
    Image.new("RGB", (640, 480), (90, 140, 60)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def _parts(value: float) -> tuple[float, float, float]:
    minutes = abs(value) % 1 * 60
    return float(int(abs(value))), float(int(minutes)), round(minutes % 1 * 60, 4)
