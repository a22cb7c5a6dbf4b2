"""PDF to print: A4 across, the branch's name above each page, the head repeated, pages numbered, the sum at the end.

Chinese letters come from the reader's own font of the standard Adobe-GB1 collection (every reader has one): nothing is
embedded, so that a file is small and the same on every machine. A cell that is too long goes on below, never cut.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import pgettext
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from apps.exports.columns import Column, Page
from apps.exports.rules.cells import NUMBERS, WRITTEN, sums
from apps.exports.writers import Sheet

FONT, SIZE, LINE, PAD = "STSong-Light", 7.5, 10.0, 3.0
EDGE, HEAD, FOOT = 28.0, 62.0, 30.0
WIDTH, HEIGHT = landscape(A4)
TALLEST = 40  # lines of a row on one page
pdfmetrics.registerFont(UnicodeCIDFont(FONT))


class Writer:
    def __init__(self, path: Path, sheet: Sheet) -> None:
        self.canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT), pageCompression=1, invariant=1)
        self.canvas.setTitle(sheet.title)
        self.sheet, self.kinds, self.number = sheet, [one.kind for one in sheet.columns], 0
        self.widths = _widths(sheet.columns)
        self.totals: list[Any] = [0 if one.total else None for one in sheet.columns]
        self.rows = 0
        self._begin()

    def page(self, columns: Page) -> None:
        self.totals = sums(self.kinds, columns, self.totals)
        turned = [WRITTEN[kind](values) for kind, values in zip(self.kinds, columns, strict=True)]
        for row in zip(*turned, strict=True):
            self._row(row)
            self.rows += 1

    def close(self) -> None:
        if self.rows and any(one is not None for one in self.totals):
            written = [WRITTEN[kind]([one])[0] for kind, one in zip(self.kinds, self.totals, strict=True)]
            self._row([written[0] or pgettext("export", "Total"), *written[1:]], strong=True)
        if not self.rows:
            self.canvas.setFont(FONT, 10)
            self.canvas.drawString(EDGE, self.y - 20, pgettext("export", "There is nothing in this period."))
        self.canvas.showPage()
        self.canvas.save()

    def _begin(self) -> None:
        """The letterhead, the number of the page and the heads of the columns."""
        self.number += 1
        draw = self.canvas
        draw.setFont(FONT, 14)
        draw.drawString(EDGE, HEIGHT - 34, self.sheet.branch)
        draw.setFont(FONT, 9)
        draw.drawString(EDGE, HEIGHT - 50, f"{self.sheet.title}　{self.sheet.period}")
        draw.drawRightString(WIDTH - EDGE, 16, pgettext("export", "Page %(n)s") % {"n": self.number})
        draw.setStrokeGray(0.4)
        draw.line(EDGE, HEIGHT - HEAD + 4, WIDTH - EDGE, HEIGHT - HEAD + 4)
        self.y = HEIGHT - HEAD
        self._row([str(one.word) for one in self.sheet.columns], strong=True)

    def _row(self, cells: Sequence[str], *, strong: bool = False) -> None:
        """The cells side by side; what is taller than a page goes on upon the next one."""
        lines = [_broken(text, width - 2 * PAD) for text, width in zip(cells, self.widths, strict=True)]
        for begin in range(0, max(map(len, lines)), TALLEST):
            self._part([cell[begin : begin + TALLEST] for cell in lines], strong=strong)

    def _part(self, lines: Sequence[Sequence[str]], *, strong: bool) -> None:
        height = max(map(len, lines)) * LINE + 3
        if self.y - height < FOOT:
            self.canvas.showPage()
            self._begin()
        if strong:
            self.canvas.setFillGray(0.93)
            self.canvas.rect(EDGE, self.y - height, WIDTH - 2 * EDGE, height, stroke=0, fill=1)
            self.canvas.setFillGray(0)
        self._draw(lines, right=not strong)
        self.y -= height
        self.canvas.setStrokeGray(0.85)
        self.canvas.line(EDGE, self.y, WIDTH - EDGE, self.y)

    def _draw(self, lines: Sequence[Sequence[str]], *, right: bool) -> None:
        self.canvas.setFont(FONT, SIZE)
        x = EDGE
        for kind, width, cell in zip(self.kinds, self.widths, lines, strict=True):
            for place, text in enumerate(cell):
                y = self.y - LINE * (place + 1) + 1
                if kind in NUMBERS and right:
                    self.canvas.drawRightString(x + width - PAD, y, text)
                elif text:
                    self.canvas.drawString(x + PAD, y, text)
            x += width


def _widths(columns: Sequence[Column]) -> list[float]:
    whole = sum(one.width for one in columns)
    return [one.width / whole * (WIDTH - 2 * EDGE) for one in columns]


@lru_cache(maxsize=16_384)
def _wide(letter: str) -> float:
    return float(pdfmetrics.stringWidth(letter, FONT, SIZE))


def _broken(text: str, width: float) -> list[str]:
    """The text in lines of this width; a letter that has no picture (a tab, a new line) is a space."""
    lines, line, used = [], "", 0.0
    for letter in text:
        letter = letter if letter.isprintable() else " "
        if used + _wide(letter) > width and line:
            lines.append(line)
            line, used = "", 0.0
        line, used = line + letter, used + _wide(letter)
    return [*lines, line]
