"""Excel: real numbers and dates, the head in sight, the sum below, the sheet named as the table, wide columns.

Rows go to a file beside as they come, so that any length takes the same memory. Texts are written as texts with the
mark of a quoted one: `=1+1` stays a text also when somebody edits the cell. Times are the branch's clock.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import pgettext
from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

from apps.exports.columns import Page
from apps.exports.rules.cells import RISKY, at_home, sums
from apps.exports.writers import Sheet

MADE = datetime(2000, 1, 1)
LOOKS = {
    "text": {}, "int": {"num_format": "0"}, "decimal": {"num_format": "#,##0.00"}, "money": {"num_format": "#,##0.00"},
    "percent": {"num_format": "0.00%"}, "date": {"num_format": "yyyy-mm-dd"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm:ss"},
}  # fmt: skip
WIDEST = 60


class Writer:
    def __init__(self, path: Path, sheet: Sheet) -> None:
        self.book = Workbook(str(path), {"constant_memory": True, "tmpdir": str(path.parent)})
        self.book.set_properties({"title": sheet.title, "created": MADE})
        self.sheet = self.book.add_worksheet(_sheet_name(sheet.title))
        self.looks = {kind: self.book.add_format(look) for kind, look in LOOKS.items()}
        self.quoted = self.book.add_format({"quote_prefix": True})
        self.columns, self.at = sheet.columns, 1
        self.widths = [min(max(one.width, _wide(str(one.word)) + 2), WIDEST) for one in sheet.columns]
        self.totals: list[Any] = [0 if one.total else None for one in sheet.columns]
        head = self.book.add_format({"bold": True, "bg_color": "#EEF2F6", "bottom": 1})
        for place, one in enumerate(sheet.columns):
            self.sheet.write_string(0, place, str(one.word), head)
        self.sheet.freeze_panes(1, 0)

    def page(self, columns: Page) -> None:
        kinds = [one.kind for one in self.columns]
        self.totals = sums(kinds, columns, self.totals)
        turned = [_turned(kind, values) for kind, values in zip(kinds, columns, strict=True)]
        for row in zip(*turned, strict=True):
            for place, (kind, value) in enumerate(zip(kinds, row, strict=True)):
                if value is not None and value != "":
                    self._cell(place, kind, value)
            self.at += 1
        self._widen(columns)

    def close(self) -> None:
        self._sum()
        for place, width in enumerate(self.widths):
            self.sheet.set_column(place, place, width)
        if self.at > 1:
            self.sheet.autofilter(0, 0, self.at - 1, len(self.columns) - 1)
        self.book.close()

    def _cell(self, place: int, kind: str, value: Any) -> None:
        if kind == "text":
            self.sheet.write_string(self.at, place, value, self.quoted if value[0] in RISKY else None)
        elif kind in ("date", "moment"):
            self.sheet.write_datetime(self.at, place, value, self.looks[kind])
        else:
            self.sheet.write_number(self.at, place, value, self.looks[kind])

    def _sum(self) -> None:
        """Below the rows, a formula with its result: it follows when somebody takes rows out."""
        if self.at == 1 or not any(one is not None for one in self.totals):
            return
        bold = {one: self.book.add_format({**LOOKS[one], "bold": True, "top": 1}) for one in LOOKS}
        if self.totals[0] is None:
            self.sheet.write_string(self.at, 0, pgettext("export", "Total"), bold["text"])
        for place, (one, total) in enumerate(zip(self.columns, self.totals, strict=True)):
            if total is not None:
                name = xl_col_to_name(place)
                value = Decimal(total).scaleb(-2) if one.kind == "money" else total
                self.sheet.write_formula(self.at, place, f"=SUM({name}2:{name}{self.at})", bold[one.kind], value)

    def _widen(self, columns: Page) -> None:
        """Texts of the first rows decide with the heads: nobody measures a million."""
        if self.at <= len(columns[0]) + 1:
            for place, one in enumerate(self.columns):
                if one.kind == "text":
                    longest = max((_wide(text) for text in columns[place][:500] if text), default=0)
                    self.widths[place] = min(max(self.widths[place], longest + 2), WIDEST)


def _turned(kind: str, values: Sequence[Any]) -> Sequence[Any]:
    if kind == "moment":
        return [at_home(one) for one in values]
    if kind == "money":
        return [None if one is None else Decimal(one).scaleb(-2) for one in values]
    if kind == "percent":
        return [None if one is None else Decimal(one).scaleb(-2) for one in values]
    return values


def _wide(text: str) -> int:
    """In digits: a Chinese letter takes two."""
    return sum(2 if letter > "\u2e7f" else 1 for letter in text)


def _sheet_name(title: str) -> str:
    """As Excel takes one: at most 31 letters, none of its own signs."""
    return "".join("_" if letter in "[]:*?/\\'" else letter for letter in title)[:31] or "1"
