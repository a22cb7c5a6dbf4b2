"""Files opened again by readers of their own: rows of plain values, whatever the format; and what they should be."""

import csv
import io
import json
from datetime import datetime
from decimal import Decimal

import pyarrow.parquet as pq
from openpyxl import load_workbook

from apps.exports.sources import SOURCES
from steppe.kernel import clock

RISKY = "=+-@\t\r\n＝＋－＠"
EXACT = Decimal("0.0001")


def opened(form, content, source, codes):
    """Rows of the file: numbers as Decimal, moments on the branch's clock, nothing as None."""
    kinds = {one.code: one.kind for one in SOURCES[source].columns}
    return opened_as(form, content, {code: kinds[code] for code in codes})


def opened_as(form, content, kinds):
    """The same for columns that are no source's; `kinds` by code, in their order."""
    return [
        [READ[form](kind, cell) for kind, cell in zip(kinds.values(), row, strict=True)]
        for row in ROWS[form](content, list(kinds))
    ]


def wanted(form, source, rows, codes):
    """What the database says, as the file should have it."""
    kinds = {one.code: one.kind for one in SOURCES[source].columns}
    return [[_wanted(form, kinds[code], row[code]) for code in codes] for row in rows]


def _wanted(form, kind, value):
    if value is None or value == "":
        return None
    if kind == "money":
        return (Decimal(value) / 100).quantize(EXACT)
    if kind in ("int", "decimal", "percent"):
        return Decimal(value).quantize(EXACT)
    if kind == "moment":
        return value.astimezone(clock.BUSINESS_ZONE).replace(tzinfo=None, microsecond=0)
    if form == "csv":
        return "'" + value if value[0] in RISKY else value
    return value.replace("\r", "_x000D_") if form == "xlsx" else value


def _csv(content, codes):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1:]


def _excel(content, codes):
    rows = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(content)).active.iter_rows()][1:]
    return [row for row in rows if not any(isinstance(cell, str) and cell.startswith("=SUM(") for cell in row)]


def _lines(content, codes):
    return [[json.loads(line)[code] for code in codes] for line in content.decode().splitlines()]


def _parquet(content, codes):
    table = pq.read_table(io.BytesIO(content))
    return list(zip(*(table.column(code).to_pylist() for code in codes), strict=True))


def _number(value):
    return None if value in (None, "") else Decimal(str(value)).quantize(EXACT)


def _moment(value):
    """Texts and moments; openpyxl is off by less than a millisecond."""
    if value in (None, ""):
        return None
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    home = found.astimezone(clock.BUSINESS_ZONE).replace(tzinfo=None) if found.tzinfo else found
    return home.replace(microsecond=0)


def _cell(kind, value):
    if kind == "moment":
        return _moment(value)
    return (value or None) if kind == "text" else _number(value)


def _excel_cell(kind, value):
    if kind == "percent":
        return None if value is None else (Decimal(str(value)) * 100).quantize(EXACT)
    return _cell(kind, value)


ROWS = {"csv": _csv, "xlsx": _excel, "jsonl": _lines, "parquet": _parquet}
READ = {"csv": _cell, "xlsx": _excel_cell, "jsonl": _cell, "parquet": _cell}
