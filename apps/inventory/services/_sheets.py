"""Files people bring: opened with care, read row by row as text. Nothing in them is ever calculated or followed."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from apps.inventory.errors import BadFile
from apps.inventory.rules.serials import read_list
from apps.inventory.rules.sheets import LONGEST_WHOLE, MOST_ROWS, Column, matched

BIGGEST = 5 * 1024 * 1024
BIGGEST_UNPACKED = 80 * 1024 * 1024
LONGEST_CELL = 200
FORMULA, CUT = "\x00formula", "\x00cut"  # what cannot be in a cell: a formula, a number that lost its end
BROKEN = (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError, AttributeError, TypeError)


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


def opened(content: bytes, name: str, columns: Sequence[Column], *, plain: str = "") -> Table:
    """The file as a table. `plain`: the field of a file that has one number in each line and no heads.

    Raises BadFile for what is no such file, is too large, or has a column nobody knows.
    """
    if not content or len(content) > BIGGEST:
        raise BadFile({"file": [_("Choose a file of at most %(mb)s MB.") % {"mb": BIGGEST // 1024 // 1024}]})
    if content[:2] == b"PK":
        return _table(_excel(content), columns, _total(content))
    if not name.lower().endswith((".csv", ".txt")):
        raise BadFile({"file": [_("Bring an Excel file (.xlsx), or a list of numbers (.csv, .txt).")]})
    lines = text_of(content.replace(b"\x00", b"")).splitlines()
    rows = _cells(lines)
    if plain and not _has_heads(rows, columns):
        scanned = [(place, word) for place, line in enumerate(lines, 1) for word in _scanned(line)]
        listed = (Row(place, {plain: word}) for place, word in scanned)
        return Table(listed, len(scanned), {plain: plain})
    return _table(iter(rows), columns, max(len(rows) - 1, 0))


def _cells(lines: list[str]) -> list[list[str]]:
    try:
        return [[cell.strip()[:LONGEST_CELL] for cell in row] for row in csv.reader(lines)]
    except csv.Error as error:
        raise BadFile({"file": [_("This file's letters cannot be read. Save it as UTF-8, please.")]}) from error


def _scanned(line: str) -> list[str]:
    """The numbers of a line, and what is none, without the words that readers of bar codes put before them."""
    good, bad = read_list(line)
    return [*good, *bad]


def _has_heads(rows: list[list[str]], columns: Sequence[Column]) -> bool:
    return bool(rows) and any(matched(rows[0], columns)[0])


def _table(rows: Iterator[list[str]], columns: Sequence[Column], total: int) -> Table:
    heads = next(rows, [])
    fields, odd, missing = matched(heads, columns)
    if odd:
        told = {"names": "、".join(head[:30] for head in odd[:5])}
        raise BadFile({"file": [_("These columns are unknown or stand there twice: %(names)s.") % told]})
    if missing or not any(fields):
        told = {"names": "、".join(missing or [one.zh for one in columns])}
        raise BadFile({"file": [_("These columns are missing in the first row: %(names)s.") % told]})
    return Table(_rows(rows, fields), min(total, MOST_ROWS), dict(zip(fields, heads, strict=True)))


def _rows(rows: Iterator[list[str]], fields: list[str]) -> Iterator[Row]:
    """The rows in which something stands, the first after the heads being the second; many more may be there, empty."""
    filled = 0
    for place, row in enumerate(rows, 2):
        filled += any(row)
        if filled > MOST_ROWS:
            raise BadFile({"file": [_("At most %(most)s rows in one file, please.") % {"most": MOST_ROWS}]})
        cells = {field: cell for field, cell in zip(fields, row, strict=False) if field}
        if any(row):
            yield Row(place, cells)


def _excel(content: bytes) -> Iterator[list[str]]:
    """The first sheet's rows. Formulas come as themselves and are refused where they stand."""
    _check_unpacked(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for row in sheet.iter_rows():
            yield [_cell(cell) for cell in row]
    except (*BROKEN, IndexError, SyntaxError) as error:
        raise BadFile({"file": [_("This Excel file cannot be read. Save it anew as .xlsx and try again.")]}) from error


def _total(content: bytes) -> int:
    """About how many rows the first sheet has, without its heads: for the progress, nothing is decided by it."""
    _check_unpacked(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            sheets = sorted(name for name in packed.namelist() if name.startswith("xl/worksheets/"))
            return max(packed.read(sheets[0]).count(b"<row") - 1, 0) if sheets else 0
    except BROKEN as error:
        raise BadFile({"file": [_("This Excel file cannot be read. Save it anew as .xlsx and try again.")]}) from error


def _check_unpacked(content: bytes) -> None:
    """A small file may unpack to a very large one."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            size = sum(part.file_size for part in packed.infolist())
    except BROKEN as error:
        raise BadFile({"file": [_("This Excel file cannot be read. Save it anew as .xlsx and try again.")]}) from error
    if size > BIGGEST_UNPACKED:
        raise BadFile({"file": [_("This file is too large inside. Split it, please.")]})


def _cell(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return FORMULA
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= LONGEST_WHOLE:
        return CUT
    return str(value).strip()[:LONGEST_CELL]


def text_of(content: bytes) -> str:
    """UTF-8, else the Chinese encoding a Windows machine writes."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadFile({"file": [_("This file's letters cannot be read. Save it as UTF-8, please.")]})
