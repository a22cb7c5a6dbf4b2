"""A report as a file: Excel, or CSV as a Chinese Excel opens it. No cell is ever a formula."""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from apps.inventory import report_words as words
from apps.inventory.reports_read import MONEY, Period, Report
from apps.inventory.workbooks import table_book
from steppe.kernel import clock

RISKY = tuple("=+-@\t\r")


def as_xlsx(report: Report, period: Period) -> bytes:
    """Heads, rows, and under them what it comes to. Money in yuan."""
    heads, *rows = _table(report, period)
    return table_book([str(head) for head in heads], rows)


def as_csv(report: Report, period: Period) -> bytes:
    """The same; with the mark by which Excel knows UTF-8."""
    out = io.StringIO()
    csv.writer(out).writerows([_harmless(cell) for cell in row] for row in _table(report, period))
    return out.getvalue().encode("utf-8-sig")


def _table(report: Report, period: Period) -> Iterator[list[Any]]:
    yield [words.column(name) for name in report.columns]
    for row in report.rows:
        yield [_cell(name, row.get(name)) for name in report.columns]
    yield [words.together(), *(_cell(name, report.total.get(name)) for name in report.columns[1:])]
    if report.figure is not None:
        money = words.is_money(report.code)
        above, below = (one / 100 if money else one for one in (report.figure.numerator, report.figure.denominator))
        yield [words.figure(report.code), report.figure.value, words.above(report.code), above]
        yield ["", "", words.below(report.code), below]
    if report.code != "ageing":
        yield [words.period(), period.first.isoformat(), period.last.isoformat()]


def _cell(name: str, value: Any) -> Any:
    """As people read it: yuan, words for codes, moments of the branch's clock."""
    if value is None:
        return ""
    if name in MONEY:
        return Decimal(value) / 100
    if isinstance(value, datetime):
        form = "%Y-%m" if name == "month" else "%Y-%m-%d %H:%M"
        return value.astimezone(clock.BUSINESS_ZONE).strftime(form)
    return value.isoformat() if isinstance(value, date) else words.value(name, value)


def _harmless(cell: Any) -> Any:
    """A text that a table program would calculate gets an apostrophe before it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(RISKY) else cell
