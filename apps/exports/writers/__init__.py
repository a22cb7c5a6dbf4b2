"""The formats. A writer takes pages of columns and leaves a file; the same rows are the same bytes, on any machine.

Nothing in a file says when it was made or by which release: only then does the same hash mean the same content.
Each is imported when it is first written: parquet's library alone is as large as the rest of the program.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

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

    def page(self, columns: Page) -> None: ...

    def close(self) -> None: ...


@runtime_checkable
class Grown(Protocol):
    """Such a writer can be broken off after any page and gone on with: it takes `at`, the bytes that are there."""

    def mark(self) -> tuple[int, str]:
        """So many bytes are written, and their SHA-256."""


@dataclass(frozen=True)
class Form:
    """A format: its code is the file's ending. `most` rows and `wide` columns are what it can bear; 0 is any number.

    `texts`: it shows moments as text, and takes them so. `grows`: its writer is a Grown one.
    """

    code: str
    word: Word
    mime: str
    module: str
    most: int = 0
    wide: int = 0
    texts: bool = False
    grows: bool = False

    def writer(self, path: Path, sheet: Sheet, at: int = 0) -> Writer:
        """A writer at the beginning of the file, or behind the first `at` bytes of it."""
        made: Any = import_module(f"apps.exports.writers.{self.module}")
        writer: Writer = made.Writer(path, sheet, at) if at else made.Writer(path, sheet)
        return writer


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMS: dict[str, Form] = {
    form.code: form
    for form in (
        Form("xlsx", pgettext_lazy("format", "Excel"), XLSX, "excel", most=1_048_574),
        Form("csv", pgettext_lazy("format", "CSV"), "text/csv; charset=utf-8", "comma", texts=True, grows=True),
        Form("pdf", pgettext_lazy("format", "PDF to print"), "application/pdf", "paper", 20_000, 12, texts=True),
        Form(
            "jsonl", pgettext_lazy("format", "JSON lines"), "application/x-ndjson; charset=utf-8", "lines", grows=True
        ),
        Form("parquet", pgettext_lazy("format", "Parquet"), "application/vnd.apache.parquet", "parquet"),
    )
}
