"""What the reading of a file comes to, before anything is written."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from apps.inventory.services._sheets import CUT, FORMULA, Row

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
        if text in (FORMULA, CUT):
            why = _("This is a formula. Write its value.") if text == FORMULA else _(
                "A number this long has lost its last digits. Format the column as text and write it again."
            )  # fmt: skip
            judged.blame(row.place, heads.get(field_name, field_name), why)
            found = True
    return found
