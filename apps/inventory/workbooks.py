"""Excel files we give: items, what lies where, a document's lines; an empty one to fill in; a brought one marked."""

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.core.files.storage import default_storage
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.styles import PatternFill

from apps.inventory.errors import ImportNotFound
from apps.inventory.imports_read import import_for
from apps.inventory.labels import PLACES, word
from apps.inventory.models import Item
from apps.inventory.papers_read import Paper
from apps.inventory.permissions import READERS
from apps.inventory.rules import sheets as rule
from apps.inventory.selectors import Held, sees_costs
from steppe.kernel.actors import Actor, require
from steppe.kernel.sheet_files import text_of
from steppe.kernel.sheets import Column
from steppe.kernel.workbooks import BOLD, Sheet, saved, workbook

WRONG = PatternFill("solid", fgColor="FDEAEB")


def items_book(actor: Actor, items: Iterable[Item]) -> bytes:
    """The items with exactly the columns that an import reads."""
    require(actor, READERS)
    return table_book(_heads(rule.ITEMS), (_item_row(one) for one in items))


def balances_book(actor: Actor, held: Iterable[Held]) -> bytes:
    """What lies where."""
    require(actor, READERS)
    heads = [
        _("Item code"), _("Item name"), _("Category"), _("Place"), _("Kind of place"), _("Drum"), _("Quantity"),
        _("Spoken for"), _("Unit"),
    ]  # fmt: skip
    rows = (
        [
            one.item.code, one.item.name, one.item.category, one.place.name, word(PLACES, one.place.kind), one.batch,
            one.quantity, one.reserved, one.item.unit,
        ]
        for one in held
    )  # fmt: skip
    return table_book(heads, rows)


def paper_book(actor: Actor, paper: Paper) -> bytes:
    """A document's lines, a row for each numbered unit: what an import of a receipt would read."""
    require(actor, READERS)
    costs = sees_costs(actor)
    return table_book([*_heads(rule.RECEIPT), _("Item name"), _("Unit")], _paper_rows(paper, costs))


def pattern_book(what: str) -> bytes:
    """An empty file with the columns that are understood."""
    return table_book(_heads(rule.ITEMS if what == "items" else rule.RECEIPT), [])


def marked_book(actor: Actor, public_id: str) -> bytes:
    """The brought file with a column that says what is wrong in each row. Raises ImportNotFound."""
    row = import_for(actor, public_id)
    if not row.path or not default_storage.exists(row.path):
        raise ImportNotFound
    told: dict[int, list[str]] = {}
    for place, head, sentence in row.wrong:
        told.setdefault(place, []).append(f"{head}：{sentence}")
    with default_storage.open(row.path) as file:
        content = file.read()
    book = _read(content)
    sheet = book.worksheets[0]
    column = sheet.max_column + 1
    sheet.cell(1, column, _("What is wrong")).font = BOLD
    for place, sentences in told.items():
        cell = sheet.cell(place, column, "；".join(sentences))
        cell.data_type, cell.fill = "s", WRONG
    return saved(book)


def _read(content: bytes) -> Workbook:
    """An Excel file as it is; a list of numbers as one column."""
    if content[:2] == b"PK":
        return load_workbook(io.BytesIO(content))
    book = Workbook()
    sheet = book.worksheets[0]
    for place, line in enumerate(text_of(content).splitlines(), 1):
        for column, word_there in enumerate(line.split(","), 1):
            sheet.cell(place, column, word_there).data_type = "s"
    return book


def _heads(columns: Sequence[Column]) -> list[str]:
    language = get_language() or "zh-hans"
    return [one.head(language) for one in columns]


def _item_row(one: Item) -> list[Any]:
    english = (get_language() or "").startswith("en")
    kind = rule.KIND_WORDS[one.kind][1 if english else 0]
    on = ("yes" if one.enabled else "no") if english else ("是" if one.enabled else "否")
    return [
        one.code, one.name, one.category, kind, one.unit, Decimal(one.usual_cost) / 100, one.warranty_months,
        one.min_level, one.barcode, on,
    ]  # fmt: skip


def _paper_rows(paper: Paper, costs: bool) -> Iterable[list[Any]]:
    for line in paper.lines:
        cost = line.unit_cost / 100 if costs and line.unit_cost is not None else None
        batch, numbers = line.batch.number if line.batch else "", sorted(unit.number for unit in line.serials.all())
        tail = [cost, line.item.name, line.item.unit]
        for number in numbers:
            yield [line.item.code, number, batch, 1, *tail]
        if not numbers:
            yield [line.item.code, "", batch, line.quantity, *tail]


def table_book(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Any table whose reader was asked for before: reports."""
    return workbook(Sheet(heads, rows))
