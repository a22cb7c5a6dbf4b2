"""The payroll of a locked month as a file: Excel, or CSV as a Chinese Excel opens it.

The same month and version give the same bytes, whoever asks and whenever: it is made of the locked lines only, in
Chinese, and carries no clock of its own. No cell is ever a formula. Money is yuan as real numbers.
"""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import override, pgettext
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from apps.costing.models import Period, SettlementLine
from apps.costing.permissions import SETTLERS
from apps.costing.rules.periods import CLOSED
from apps.costing.services import _lines, _settling
from apps.costing.settlement_read import stored_month
from steppe.kernel import clock
from steppe.kernel.actors import Actor

MIMES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8",
}  # fmt: skip
RISKY = tuple("=+-@\t\r")
OF_PAPER = "zh-hans"  # a payroll is a Chinese paper, whoever fetches it
BOLD, TWO, FINE = Font(bold=True), "#,##0.00", "#,##0.00##"
STILL = (1980, 1, 1, 0, 0, 0)
Row = list[Any]


def payroll(actor: Actor, month: str, form: str) -> bytes:
    """The file of a locked or exported month. Two queries. Raises NotAllowed, MonthNotFound, WrongMonthState."""
    _settling.check_whole_branch(actor, SETTLERS)
    period = stored_month(month)
    _settling.check_state(period, CLOSED)
    lines = list(_lines.lines_of(period).order_by("org_path", "name", "technician"))
    with override(OF_PAPER):
        return _xlsx(period, lines) if form == "xlsx" else _csv(period, lines)


def _heads() -> list[str]:
    return [
        pgettext("payroll", "No."), pgettext("payroll", "Staff no."), pgettext("payroll", "Name"),
        pgettext("payroll", "Grid"),
        pgettext("payroll", "Tickets"), pgettext("payroll", "Points before deductions"),
        pgettext("payroll", "Deducted"),
        pgettext("payroll", "Points"), pgettext("payroll", "Yuan a point"), pgettext("payroll", "Coefficient"),
        pgettext("payroll", "For points (yuan)"), pgettext("payroll", "Base (yuan)"),
        pgettext("payroll", "Guarantee (yuan)"),
        pgettext("payroll", "To be paid (yuan)"),
    ]  # fmt: skip


def _rows(lines: Sequence[SettlementLine]) -> Iterator[Row]:
    for number, one in enumerate(lines, 1):
        yield [
            number, one.inputs.get("work_no", ""), one.name, one.inputs.get("unit", ""), one.tickets, one.gross,
            one.deducted, one.points, one.unit_price / 100, one.coefficient, _yuan(one.inputs["points_fen"]),
            _yuan(one.base_fen), _yuan(one.guarantee_fen), _yuan(one.pay_fen),
        ]  # fmt: skip


def _total(lines: Sequence[SettlementLine]) -> Row:
    return [
        "", "", pgettext("payroll", "Together"), "", sum(one.tickets for one in lines),
        _sum(one.gross for one in lines),
        _sum(one.deducted for one in lines), _sum(one.points for one in lines), "", "",
        _yuan(sum(one.inputs["points_fen"] for one in lines)), _yuan(sum(one.base_fen for one in lines)), "",
        _yuan(sum(one.pay_fen for one in lines)),
    ]  # fmt: skip


def _foot(period: Period) -> list[Row]:
    """Which month and version it is, and the digest by which anybody can tell that nothing was changed."""
    locked = period.locked_at.astimezone(clock.BUSINESS_ZONE) if period.locked_at else None
    return [
        [],
        [pgettext("payroll", "Month"), period.month, pgettext("payroll", "Version"), period.version],
        [pgettext("payroll", "Locked"), f"{locked:%Y-%m-%d %H:%M}" if locked else ""],
        [pgettext("payroll", "Digest of the lines (SHA-256)"), period.lines_hash],
    ]


def _csv(period: Period, lines: Sequence[SettlementLine]) -> bytes:
    out = io.StringIO()
    table = [_heads(), *_rows(lines), _total(lines), *_foot(period)]
    csv.writer(out).writerows([_harmless(cell) for cell in row] for row in table)
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: Any) -> Any:
    """A text that a table program would calculate gets an apostrophe before it; a number is its plain digits."""
    if isinstance(cell, Decimal):
        return f"{cell:.2f}" if cell == round(cell, 2) else f"{cell:f}"
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(RISKY) else cell


def _xlsx(period: Period, lines: Sequence[SettlementLine]) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = f"{pgettext('payroll', 'Payroll')} {period.month}"
    sheet.freeze_panes = "D2"
    for place, head in enumerate(_heads(), 1):
        _put(sheet.cell(1, place), head, font=BOLD)
        sheet.column_dimensions[get_column_letter(place)].width = 8 if place == 1 else 14
    for place, row in enumerate([*_rows(lines), _total(lines)], 2):
        for column, value in enumerate(row, 1):
            _put(sheet.cell(place, column), value, font=BOLD if place == len(lines) + 2 else None)
    for place, row in enumerate(_foot(period), len(lines) + 3):
        for column, value in enumerate(row, 1):
            _put(sheet.cell(place, column), value)
    return _saved(book, period.locked_at)


def _put(cell: Cell, value: Any, font: Font | None = None) -> None:
    """A number stays a number; a text stays a text, `=1+1` too, also when somebody saves the file anew."""
    cell.value = value if value != "" else None
    if isinstance(value, str) and value:
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(RISKY)
    if isinstance(value, Decimal):
        cell.number_format = TWO if value == round(value, 2) else FINE
        cell.alignment = Alignment(horizontal="right")
    if font:
        cell.font = font


def _saved(book: Workbook, at: datetime | None) -> bytes:
    """Written without the clock: the file's own time is that of the lock, its parts have none."""
    stamp = (at or clock.now()).astimezone(clock.BUSINESS_ZONE).replace(tzinfo=None, microsecond=0)
    book.properties.created = book.properties.modified = stamp
    book.properties.creator = ""
    raw, out = io.BytesIO(), io.BytesIO()
    ExcelWriter(book, zipfile.ZipFile(raw, "w")).save()
    with zipfile.ZipFile(raw) as parts, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as still:
        for name in parts.namelist():
            still.writestr(zipfile.ZipInfo(name, STILL), parts.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _yuan(fen: int) -> Decimal:
    return Decimal(fen) / 100


def _sum(values: Any) -> Decimal:
    return sum(values, Decimal(0))
