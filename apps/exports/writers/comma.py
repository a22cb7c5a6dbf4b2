"""CSV as Excel in China opens it: UTF-8 with its mark, CRLF, words as heads, no text that could be a formula.

Lines are put together here, a page at once: the csv module looks at every letter of every cell, also of numbers and
moments, and took a third of all the time. A test keeps both alike, whatever stands in the cells.
"""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from apps.exports.columns import Page
from apps.exports.rules.cells import WRITTEN, harmless, safe_texts
from apps.exports.writers import Sheet
from apps.exports.writers.growing import Growing

MARK = b"\xef\xbb\xbf"
END = "\r\n"


class Writer:
    def __init__(self, path: Path, sheet: Sheet, at: int = 0) -> None:
        self.file = Growing(path, at)
        self.kinds = [one.kind for one in sheet.columns]
        if not at:
            head = io.StringIO(newline="")
            csv.writer(head, lineterminator=END).writerow([harmless(str(one.word)) for one in sheet.columns])
            self.file.write(MARK + head.getvalue().encode())

    def page(self, columns: Page) -> None:
        if not columns[0]:
            return
        cells = [_cells(kind, values) for kind, values in zip(self.kinds, columns, strict=True)]
        if len(cells) == 1:
            cells = [[one or '""' for one in cells[0]]]  # an empty line would be no row
        self.file.write((END.join(map(",".join, zip(*cells, strict=True))) + END).encode())

    def mark(self) -> tuple[int, str]:
        return self.file.mark()

    def close(self) -> None:
        self.file.close()


def _cells(kind: str, values: Sequence[object]) -> Sequence[str]:
    """A column as it stands in the file. Only texts can hold what must be quoted, and most columns of them do not."""
    if kind != "text":
        return WRITTEN[kind](values)
    texts = safe_texts(values)
    whole = "\0".join(texts)
    if not any(sign in whole for sign in ',"\r\n'):
        return texts
    return [_quoted(one) for one in texts]


def _quoted(text: str) -> str:
    if any(sign in text for sign in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text
