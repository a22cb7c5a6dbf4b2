"""CSV as Excel in China opens it: UTF-8 with its mark, CRLF, words as heads, no text that could be a formula."""

import csv
from pathlib import Path

from apps.exports.columns import Page
from apps.exports.rules.cells import WRITTEN, harmless, safe_texts
from apps.exports.writers import Sheet


class Writer:
    def __init__(self, path: Path, sheet: Sheet) -> None:
        self.file = open(path, "w", encoding="utf-8-sig", newline="")  # noqa: SIM115  (closed by close)
        self.rows = csv.writer(self.file, lineterminator="\r\n")
        self.turns = [safe_texts if one.kind == "text" else WRITTEN[one.kind] for one in sheet.columns]
        self.rows.writerow([harmless(str(one.word)) for one in sheet.columns])

    def page(self, columns: Page) -> None:
        turned = [turn(values) for turn, values in zip(self.turns, columns, strict=True)]
        self.rows.writerows(zip(*turned, strict=True))

    def close(self) -> None:
        self.file.close()
