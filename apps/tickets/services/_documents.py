"""A document as it is kept: a PDF that opens, is not locked, runs nothing and carries no other file.

It is stored as it came (a rewritten invoice has lost its signature), so it is looked through before: every object of
it, whatever refers to it. Told by its content, never by its name.
"""

import io
import logging
import time
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader, apply_configuration
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from apps.tickets.errors import DocumentIsLocked, DocumentRunsSomething, FileTooLarge, NotADocument
from apps.tickets.services._pictures import Kept
from tenants.context import policy

END = b"%%EOF"
# Names of what acts by itself or carries something along. An action's kind is a value, the others are keys.
ACTING_KEYS = frozenset({"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/AF", "/XFA", "/RichMedia", "/Launch"})
ACTING_KINDS = frozenset({
    "/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/Rendition", "/RichMedia", "/EmbeddedFile",
    "/FileAttachment", "/RichMediaExecute", "/Movie", "/Sound",
})  # fmt: skip
# Another file inside: an archive is found from its end, a page by its first words.
ARCHIVE, PAGES = b"PK\x05\x06", (b"<html", b"<script", b"<svg")
TAIL, FOREHEAD = 66_000, 1024
MOST_OBJECTS, MOST_SECONDS, DEEPEST = 20_000, 5.0, 40
MOST_UNPACKED = 20_000_000
logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its complaints about a stranger's file are not our news


def read_document(content: bytes) -> Kept:
    """The PDF, looked through. Raises FileTooLarge, NotADocument, DocumentIsLocked, DocumentRunsSomething."""
    limit = policy().document_max_mb
    if len(content) > limit * 1024 * 1024:
        raise FileTooLarge(mb=limit)
    _check_only_a_pdf(content)
    try:
        with apply_configuration(zlib_maximum_output_length=MOST_UNPACKED, jbig2dec_binary=None):
            _look_through(PdfReader(io.BytesIO(content)))
    except BROKEN as error:
        raise NotADocument from error
    return Kept("pdf", "pdf", content)


BROKEN = (
    PyPdfError, OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, OverflowError,
    RecursionError, NotImplementedError, UnicodeError, EOFError,
)  # fmt: skip


def _check_only_a_pdf(content: bytes) -> None:
    """From the first byte to the last: nothing may stand behind the end, and nothing else be readable in it."""
    head, behind = content[:FOREHEAD].lower(), content[content.rfind(END) + len(END) :]
    if END not in content or behind.strip(b"\r\n\t \0"):
        raise NotADocument
    if ARCHIVE in content[-TAIL:] or any(word in head for word in PAGES):
        raise NotADocument


def _look_through(reader: PdfReader) -> None:
    if reader.is_encrypted:
        raise DocumentIsLocked
    if not reader.pages:
        raise NotADocument
    until = time.monotonic() + MOST_SECONDS
    for number, thing in enumerate(_objects(reader)):
        if number > MOST_OBJECTS or time.monotonic() > until:
            raise NotADocument
        if _acts(thing):
            raise DocumentRunsSomething


def _objects(reader: PdfReader) -> Iterator[Any]:
    """Every object the file lists, also those that nothing refers to."""
    yield reader.trailer
    for generation, places in list(reader.xref.items()):
        for number in list(places):
            yield reader.get_object(IndirectObject(number, generation, reader))
    for number in list(reader.xref_objStm):
        yield reader.get_object(IndirectObject(number, 0, reader))


def _acts(thing: Any, depth: int = 0) -> bool:
    """Does this, or what it holds without reference, act or carry something?"""
    if depth > DEEPEST:
        raise NotADocument
    if isinstance(thing, DictionaryObject):
        if ACTING_KEYS & thing.keys() or any(_kind(thing, key) in ACTING_KINDS for key in ("/S", "/Subtype", "/Type")):
            return True
        return any(_acts(dict.__getitem__(thing, key), depth + 1) for key in thing)
    return isinstance(thing, ArrayObject) and any(_acts(item, depth + 1) for item in list.__iter__(thing))


def _kind(thing: DictionaryObject, key: str) -> str:
    """The name written there, with its reference followed."""
    value = thing.get(key)
    return str(value.get_object() if isinstance(value, IndirectObject) else value)
