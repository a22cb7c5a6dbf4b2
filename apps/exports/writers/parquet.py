"""Parquet, for tools that reckon: typed columns named by their codes, a row group for some pages.

Its types survive (`store_schema`): money is yuan as decimal(18, 2), quantities decimal(18, 4),
moments microseconds with the branch's zone.
"""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from apps.exports.columns import Page
from apps.exports.rules.cells import in_yuan
from apps.exports.writers import Sheet

GROUP = 20_000  # rows: few enough to hold, many enough to be read quickly
TYPES = {
    "text": pa.string(), "int": pa.int64(), "decimal": pa.decimal128(18, 4), "percent": pa.decimal128(18, 4),
    "money": pa.decimal128(18, 2), "date": pa.date32(), "moment": pa.timestamp("us", tz="Asia/Shanghai"),
}  # fmt: skip


class Writer:
    def __init__(self, path: Path, sheet: Sheet) -> None:
        self.kinds = [one.kind for one in sheet.columns]
        self.schema = pa.schema([pa.field(one.code, TYPES[one.kind]) for one in sheet.columns])
        self.writer = pq.ParquetWriter(path, self.schema, compression="zstd")
        self.waiting: list[Any] = []

    def page(self, columns: Page) -> None:
        both = zip(self.kinds, columns, strict=True)
        arrays = [pa.array(_turned(kind, values), TYPES[kind]) for kind, values in both]
        self.waiting.append(pa.record_batch(arrays, schema=self.schema))
        if sum(batch.num_rows for batch in self.waiting) >= GROUP:
            self._flush()

    def close(self) -> None:
        self._flush()
        self.writer.close()

    def _flush(self) -> None:
        if self.waiting:
            self.writer.write_table(pa.Table.from_batches(self.waiting, self.schema), row_group_size=GROUP + 5000)
        self.waiting = []


def _turned(kind: str, values: Sequence[Any]) -> Sequence[Any]:
    if kind == "money":
        return [in_yuan(one) for one in values]
    if kind in ("decimal", "percent"):
        return [None if one is None else Decimal(one) for one in values]
    return values
