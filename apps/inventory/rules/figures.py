"""The figures of stock's reports (domain.md §8): what stands above and below the line, never the rate alone. Pure.

A rate with nothing below the line is none, not nought.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

DAYS_OF_A_YEAR = 365
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Ratio:
    """`numerator` ÷ `denominator`, as people check it."""

    numerator: Decimal
    denominator: Decimal

    @property
    def value(self) -> Decimal | None:
        """To four decimals; None when there is nothing to divide by."""
        return None if not self.denominator else round(self.numerator / self.denominator, 4)


def stock_turns(used: int, days: int, average: Decimal) -> Ratio:
    """How often a year the stock is used up: what was used in the days, as of a year, to the average stock. In fen."""
    if days <= 0:
        raise ValueError("a period has at least a day")
    return Ratio(round(Decimal(used) * DAYS_OF_A_YEAR / days, 2), round(average, 2))


def average_stock(opening: int, changes: Iterable[tuple[datetime, int]], start: datetime, until: datetime) -> Decimal:
    """The value of the stock over a period, each moment weighing the same; `changes` lie within it."""
    whole = Decimal((until - start) / SECOND)
    if whole <= 0:
        return Decimal(opening)
    weighed = sum((Decimal(value) * Decimal((until - at) / SECOND) for at, value in changes), Decimal(0))
    return opening + weighed / whole
