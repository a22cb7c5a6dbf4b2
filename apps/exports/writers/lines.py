"""JSON lines, for programs: an object for each row, its names the codes of the columns.

Numbers of people's money and quantities are texts with their places (`"36.00"` yuan): a reader's float must not touch
them. Moments have their zone; what is unknown is null.
"""

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from apps.exports.columns import Page
from apps.exports.rules.cells import HOME, in_yuan
from apps.exports.writers import Sheet
from apps.exports.writers.growing import Growing

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Writer:
    def __init__(self, path: Path, sheet: Sheet, at: int = 0) -> None:
        self.file = Growing(path, at)
        self.codes = [one.code for one in sheet.columns]
        self.kinds = [one.kind for one in sheet.columns]

    def page(self, columns: Page) -> None:
        turned = [_turned(kind, values) for kind, values in zip(self.kinds, columns, strict=True)]
        rows = zip(*turned, strict=True)
        lines = [_encode(dict(zip(self.codes, row, strict=True))) + "\n" for row in rows]
        self.file.write("".join(lines).encode())

    def mark(self) -> tuple[int, str]:
        return self.file.mark()

    def close(self) -> None:
        self.file.close()


def _turned(kind: str, values: Sequence[Any]) -> Sequence[Any]:
    if kind in ("int", "text"):
        return values
    if kind == "money":
        return [None if one is None else str(in_yuan(one)) for one in values]
    if kind == "moment":
        return [None if one is None else one.astimezone(HOME).isoformat() for one in values]
    if kind == "date":
        return [None if one is None else one.isoformat() for one in values]
    return [None if one is None else format(Decimal(one), "f") for one in values]
