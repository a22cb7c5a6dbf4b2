"""The formats. A writer takes pages of columns and leaves a file; the same rows are the same bytes, on any machine.

Nothing in a file says when it was made or by which release: only then does the same hash mean the same content.
Each is imported when it is first written: parquet's library alone is as large as the rest of the program.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from django.utils.translation import pgettext_lazy

from apps.exports.columns import Column, Page, Word


@dataclass(frozen=True)
class Sheet:
    """What stands above the rows: the table's `title`, `period` in words, the branch as its letterhead names it."""

    title: str
    period: str
    branch: str
    columns: Sequence[Column]


class Writer(Protocol):
    """Writes to a path. `page` as often as there are pages, then `close` once, also for no page at all."""

    def __init__(self, path: Path, sheet: Sheet) -> None: ...

    def page(self, columns: Page) -> None: ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class Form:
    """A format: its code is the file's ending. `most` rows and `wide` columns are what it can bear; 0 is any number."""

    code: str
    word: Word
    mime: str
    module: str
    most: int = 0
    wide: int = 0

    def writer(self, path: Path, sheet: Sheet) -> Writer:
        made: Any = import_module(f"apps.exports.writers.{self.module}")
        writer: Writer = made.Writer(path, sheet)
        return writer


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMS: dict[str, Form] = {
    form.code: form
    for form in (
        Form("xlsx", pgettext_lazy("format", "Excel"), XLSX, "excel", most=1_048_574),
        Form("csv", pgettext_lazy("format", "CSV"), "text/csv; charset=utf-8", "comma"),
        Form("pdf", pgettext_lazy("format", "PDF to print"), "application/pdf", "paper", most=20_000, wide=12),
        Form("jsonl", pgettext_lazy("format", "JSON lines"), "application/x-ndjson; charset=utf-8", "lines"),
        Form("parquet", pgettext_lazy("format", "Parquet"), "application/vnd.apache.parquet", "parquet"),
    )
}
