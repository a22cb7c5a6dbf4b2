"""Excel files we give. Every text is written as text: no cell of ours is ever a formula, whatever people write."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

MOST_ROWS = 100_000
BOLD = Font(bold=True)
MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Sheet:
    """A table of a file; without a `title` the program's own."""

    heads: Sequence[str]
    rows: Iterable[Sequence[Any]] = ()
    title: str = ""


def workbook(*sheets: Sheet) -> bytes:
    """The tables with bold heads that stay in sight."""
    book = Workbook(write_only=True)
    for one in sheets:
        _write(book, one)
    return saved(book)


def saved(book: Workbook) -> bytes:
    """The file as it is given away."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write(book: Workbook, told: Sheet) -> None:
    sheet = book.create_sheet(told.title or None)
    sheet.freeze_panes = "A2"
    for place in range(1, len(told.heads) + 1):
        sheet.column_dimensions[get_column_letter(place)].width = 18
    sheet.append([_cell(sheet, head, BOLD) for head in told.heads])
    for count, row in enumerate(told.rows):
        if count >= MOST_ROWS:
            break
        sheet.append([_cell(sheet, value) for value in row])


def _cell(sheet: Any, value: Any, font: Font | None = None) -> WriteOnlyCell:
    """A text stays a text: `=1+1` too, also when somebody saves the file anew."""
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value[:1] in tuple("=+-@\t\r") and value != ""
    if font:
        cell.font = font
    return cell
