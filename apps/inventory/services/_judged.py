"""What the reading of a file comes to, before anything is written."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from steppe.kernel.sheet_files import Row, why_unreadable

Tell = Callable[[int], None]


@dataclass
class Judged:
    """The good rows as the command wants them, and each bad one as (row, column, sentence)."""

    good: list[Any] = field(default_factory=list)
    wrong: list[list[Any]] = field(default_factory=list)

    def blame(self, place: int, head: str, sentence: str) -> None:
        self.wrong.append([place, head, sentence])


def unreadable(row: Row, heads: dict[str, str], judged: Judged) -> bool:
    """Cells that say nothing we could believe, each named; was there one?"""
    found = False
    for field_name, text in row.cells.items():
        if why := why_unreadable(text):
            judged.blame(row.place, heads.get(field_name, field_name), why)
            found = True
    return found
