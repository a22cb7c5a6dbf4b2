"""What a published month goes through with its technicians: working days, disputes, looks, the hash. Pure.

A line is confirmed, or disputed; a dispute is answered by the grid leader, and decided by the department's manager if
it goes on (domain.md §5.3). The levels that look at a line are periods.REVIEWERS, in that order.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from apps.costing.rules.month import Line
from apps.costing.rules.periods import REVIEWERS, ZONE
from steppe.kernel.hashing import canonical

CONFIRM_DAYS = 3  # working days to confirm or dispute; silence confirms
ANSWER_DAYS = 3  # for the grid leader; then it goes up
APPEAL_DAYS = 3  # for the technician after a refusal; silence accepts it
DECIDE_DAYS = 5  # for the department's manager
WEEKEND = 5
ZERO = Decimal(0)

RAISED, REFUSED, APPEALED, WON, LOST, WITHDRAWN = DISPUTE_STATES = (
    "raised", "refused", "appealed", "won", "lost", "withdrawn",
)  # fmt: skip
UNSETTLED = (RAISED, REFUSED, APPEALED)
LINE_OPEN, CONFIRMED, DISPUTED = "open", "confirmed", "disputed"

GROSS_KINDS = ("earn", "travel", "bonus")
CORRECTION_KINDS = ("clawback", "adjustment", "dispute_correction")


def ends_after(moment: datetime, days: int, special: Mapping[date, bool]) -> datetime:
    """The midnight that ends the `days`-th working day after the day of `moment`. `special`: is this day worked?"""
    day, left = moment.astimezone(ZONE).date(), days
    while left:
        day += timedelta(days=1)
        left -= special.get(day, day.weekday() < WEEKEND)
    return datetime.combine(day + timedelta(days=1), time(), ZONE)


@dataclass(frozen=True)
class Sums:
    """A technician's entries of a month, added up by kind, with their signs."""

    technician_id: int
    of: Mapping[str, Decimal]
    tickets: int = 0

    def line(self, *, coefficient: Decimal, base_fen: int, guarantee_fen: int) -> Line:
        """As the month's arithmetic takes it."""
        return Line(
            self.technician_id, gross=self._sum(GROSS_KINDS), deductions=-self._sum(("deduction",)),
            corrections=self._sum(CORRECTION_KINDS), coefficient=coefficient, base_fen=base_fen,
            guarantee_fen=guarantee_fen,
        )  # fmt: skip

    def _sum(self, kinds: Iterable[str]) -> Decimal:
        return sum((self.of.get(kind, ZERO) for kind in kinds), ZERO)


@dataclass(frozen=True)
class Rate:
    """Both sides of a rate; without anything to divide by it says nothing."""

    good: int
    of: int

    @property
    def pct(self) -> Decimal | None:
        return round(Decimal(self.good) * 100 / self.of, 2) if self.of else None


@dataclass(frozen=True)
class Kpis:
    """One technician's rates of a month by measure (rulebook.MEASURES)."""

    of: Mapping[str, Rate] = field(default_factory=dict)

    @property
    def pcts(self) -> dict[str, Decimal | None]:
        return {code: rate.pct for code, rate in self.of.items()}

    def body(self) -> dict[str, list[int]]:
        """As JSON; nothing that could not be measured."""
        return {code: [rate.good, rate.of] for code, rate in self.of.items() if rate.of}

    @classmethod
    def read(cls, body: Mapping[str, Sequence[int]]) -> "Kpis":
        return cls({code: Rate(*sides) for code, sides in body.items()})


def seal(head: Mapping[str, Any], lines: Iterable[Mapping[str, Any]]) -> str:
    """Hex SHA-256 over the month's terms and all its lines: the same figures, the same hash."""
    told = "\n".join([canonical(dict(head)), *(canonical(dict(one)) for one in lines)])
    return hashlib.sha256(told.encode()).hexdigest()


def next_level(done: Iterable[str]) -> str | None:
    """Who has to look at a line next; None when all have."""
    seen = set(done)
    return next((level for level in REVIEWERS if level not in seen), None)


def granted(wanted: Decimal | None, points: Decimal | None, *, whole: bool) -> bool:
    """May so much be granted? `whole`: all that was named, or nothing (the grid leader); else up to it."""
    if points is None or not points:
        return False
    if wanted is None:
        return True
    same_side = (points > 0) == (wanted > 0)
    return points == wanted if whole else same_side and abs(points) <= abs(wanted)
