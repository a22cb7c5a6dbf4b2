"""Who took what: numbers of one technician beside those of all, so that near and easy tickets show. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any

NEAR = "AB"  # area classes; C and D are a long way


@dataclass(frozen=True)
class Took:
    """So many tickets of one kind that a technician grabbed, or was sent to."""

    technician_id: int
    grabbed: bool
    area_class: str
    points: Decimal
    n: int


@dataclass
class Tally:
    """One line. `choice` are near and easy grabs; `bonus` is the sum of waiting bonuses in per cent."""

    grabbed: int = 0
    near: int = 0
    far: int = 0
    easy: int = 0
    hard: int = 0
    choice: int = 0
    forced: int = 0
    returned: int = 0
    silent: int = 0
    declined: int = 0
    held: int = 0
    lost: int = 0
    bonus: int = 0

    @property
    def choice_pct(self) -> int | None:
        """How many of a hundred grabs were near and easy; nothing without grabs."""
        return round(100 * self.choice / self.grabbed) if self.grabbed else None

    @property
    def bonus_pct(self) -> int | None:
        """The waiting bonus of an average grab."""
        return round(self.bonus / self.grabbed) if self.grabbed else None

    @property
    def nothing(self) -> bool:
        return not any(getattr(self, one.name) for one in fields(self))

    def add(self, other: "Tally") -> None:
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


@dataclass
class Comparison:
    """Everybody's line, all together, and the points from which a ticket counts as hard."""

    lines: dict[int, Tally] = field(default_factory=dict)
    total: Tally = field(default_factory=Tally)
    average: Decimal = Decimal(0)


def compare(took: Iterable[Took], noted: Mapping[int, Mapping[str, Any]]) -> Comparison:
    """The lines of everybody who took something or is noted (`noted`: more numbers by technician and name)."""
    rows = list(took)
    count = sum(one.n for one in rows)
    average = sum((one.points * one.n for one in rows), Decimal()) / count if count else Decimal()
    found = Comparison(average=average)
    for one in rows:
        _count(found.lines.setdefault(one.technician_id, Tally()), one, average)
    for technician_id, numbers in noted.items():
        found.lines.setdefault(technician_id, Tally()).add(Tally(**numbers))
    for line in found.lines.values():
        found.total.add(line)
    return found


def _count(line: Tally, one: Took, average: Decimal) -> None:
    if not one.grabbed:
        line.forced += one.n
        return
    near, easy = one.area_class in NEAR, one.points <= average
    line.grabbed += one.n
    line.near += near * one.n
    line.far += (not near) * one.n
    line.easy += easy * one.n
    line.hard += (not easy) * one.n
    line.choice += (near and easy) * one.n
