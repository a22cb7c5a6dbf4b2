"""Files people bring: opened with care, read row by row as text. Nothing in them is ever calculated or followed."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from steppe.kernel.errors import BadFile
from steppe.kernel.sheets import LONGEST_WHOLE, Column, matched

MB = 1024 * 1024
FORMULA, CUT = "\x00formula", "\x00cut"  # what cannot be in a cell: a formula, a number that lost its end
BROKEN = (zipfile.BadZipFile, KeyError, ValueError, OSError, AttributeError, TypeError)


@dataclass(frozen=True)
class Limits:
    """How large a file may be: `mb` as it comes, `unpacked_mb` inside; `rows` in which something stands; what is longer
    than `cell` letters is cut.
    """

    mb: int = 5
    unpacked_mb: int = 80
    rows: int = 20_000
    cell: int = 200


@dataclass(frozen=True)
class Lines:
    """A file without heads: what `words` finds in each line stands in the one `field`."""

    field: str
    words: Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class Row:
    """A row: its number in the file, and its cells by field."""

    place: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    """A file as rows; `total` is how many there seem to be. `heads`: the head over each field."""

    rows: Iterator[Row]
    total: int
    heads: dict[str, str]


def opened(
    content: bytes, name: str, columns: Sequence[Column], limits: Limits, *, plain: Lines | None = None
) -> Table:
    """The file as a table. `plain`: how a file is read that has no heads.

    Raises BadFile for what is no such file, is too large, or has a column nobody knows.
    """
    check_size(len(content), limits)
    if content[:2] == b"PK":
        return _table(_excel(content, limits), columns, _total(content, limits), limits)
    if not name.lower().endswith((".csv", ".txt")):
        raise _bad(_("Bring an Excel file (.xlsx) or a text file (.csv, .txt)."))
    lines = text_of(content.replace(b"\x00", b"")).splitlines()
    rows = _cells(lines, limits)
    if plain and not _has_heads(rows, columns):
        listed = [Row(place, {plain.field: word}) for place, line in enumerate(lines, 1) for word in plain.words(line)]
        return Table(iter(listed), len(listed), {plain.field: plain.field})
    return _table(iter(rows), columns, max(len(rows) - 1, 0), limits)


def check_size(size: int, limits: Limits) -> None:
    """Before anything of it is read. Raises BadFile."""
    if not 0 < size <= limits.mb * MB:
        raise _bad(_("Choose a file of at most %(mb)s MB.") % {"mb": limits.mb})


def why_unreadable(cell: str) -> str:
    """Why a cell says nothing we could believe; empty for every other."""
    if cell == FORMULA:
        return _("This is a formula. Write its value.")
    if cell == CUT:
        return _("A number this long has lost its last digits. Format the column as text and write it again.")
    return ""


def _bad(sentence: str) -> BadFile:
    return BadFile({"file": [sentence]})


def _cells(lines: list[str], limits: Limits) -> list[list[str]]:
    try:
        return [[cell.strip()[: limits.cell] for cell in row] for row in csv.reader(lines)]
    except csv.Error as error:
        raise _bad(_("This file's letters cannot be read. Save it as UTF-8, please.")) from error


def _has_heads(rows: list[list[str]], columns: Sequence[Column]) -> bool:
    return bool(rows) and any(matched(rows[0], columns)[0])


def _table(rows: Iterator[list[str]], columns: Sequence[Column], total: int, limits: Limits) -> Table:
    heads = next(rows, [])
    fields, odd, missing = matched(heads, columns)
    if odd:
        told = {"names": "、".join(head[:30] for head in odd[:5])}
        raise _bad(_("These columns are unknown or stand there twice: %(names)s.") % told)
    if missing or not any(fields):
        told = {"names": "、".join(one.head(get_language() or "") for one in missing or columns)}
        raise _bad(_("These columns are missing in the first row: %(names)s.") % told)
    return Table(_rows(rows, fields, limits), min(total, limits.rows), dict(zip(fields, heads, strict=True)))


def _rows(rows: Iterator[list[str]], fields: list[str], limits: Limits) -> Iterator[Row]:
    """The rows in which something stands, the first after the heads being the second; many more may be there, empty."""
    filled = 0
    for place, row in enumerate(rows, 2):
        filled += any(row)
        if filled > limits.rows:
            raise _bad(_("At most %(most)s rows in one file, please.") % {"most": limits.rows})
        cells = {field: cell for field, cell in zip(fields, row, strict=False) if field}
        if any(row):
            yield Row(place, cells)


def _excel(content: bytes, limits: Limits) -> Iterator[list[str]]:
    """The first sheet's rows. Formulas come as themselves and are refused where they stand."""
    from openpyxl import load_workbook  # takes every process that never opens one a fifteenth of its start

    _check_unpacked(content, limits)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for row in sheet.iter_rows():
            yield [_cell(cell, limits) for cell in row]
    except (*BROKEN, IndexError, SyntaxError) as error:
        raise _bad(_("This Excel file cannot be read. Save it anew as .xlsx and try again.")) from error


def _total(content: bytes, limits: Limits) -> int:
    """About how many rows the first sheet has, without its heads: for the progress, nothing is decided by it."""
    _check_unpacked(content, limits)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            sheets = sorted(name for name in packed.namelist() if name.startswith("xl/worksheets/"))
            return max(packed.read(sheets[0]).count(b"<row") - 1, 0) if sheets else 0
    except BROKEN as error:
        raise _bad(_("This Excel file cannot be read. Save it anew as .xlsx and try again.")) from error


def _check_unpacked(content: bytes, limits: Limits) -> None:
    """A small file may unpack to a very large one."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            size = sum(part.file_size for part in packed.infolist())
    except BROKEN as error:
        raise _bad(_("This Excel file cannot be read. Save it anew as .xlsx and try again.")) from error
    if size > limits.unpacked_mb * MB:
        raise _bad(_("This file is too large inside. Split it, please."))


def _cell(cell: Any, limits: Limits) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return FORMULA
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= LONGEST_WHOLE:
        return CUT
    return str(value).strip()[: limits.cell]


def text_of(content: bytes) -> str:
    """UTF-8, else the Chinese encoding a Windows machine writes."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _bad(_("This file's letters cannot be read. Save it as UTF-8, please."))
