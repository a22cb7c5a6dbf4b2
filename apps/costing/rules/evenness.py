"""How evenly work is spread, and how much of the duty time it fills (domain.md §8). Pure."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal(0)


def gini(points: Iterable[Decimal]) -> Decimal | None:
    """0: everybody has the same; towards 1: one has everything. Two decimals; None without people or without points.

    Somebody below nothing (more taken back than earned) counts as nothing.
    """
    above, below = gini_sides(points)
    return _two(above / below) if below else None


def gini_sides(points: Iterable[Decimal]) -> tuple[Decimal, Decimal]:
    """Both sides of a Gini, so that those of several units can be added up: by how much any two people differ, all
    pairs together; and all points times the number of people. A sum by a sum is the mean of the units' Ginis, each
    weighing as much as its points times its people.
    """
    sizes = sorted(max(one, ZERO) for one in points)
    count = len(sizes)
    apart = sum(((2 * place - count - 1) * one for place, one in enumerate(sizes, 1)), ZERO)
    return apart, count * sum(sizes, ZERO)


def utilisation(standard_minutes: Decimal, duty_minutes: Decimal) -> Decimal | None:
    """Standard minutes in per cent of the minutes on duty, one decimal; None for who was not on duty."""
    if duty_minutes <= 0:
        return None
    return (standard_minutes * 100 / duty_minutes).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def ranks(points: Iterable[Decimal]) -> list[int]:
    """The place of each, 1 for the most; who has the same shares the place, and the next one is left out."""
    rows = list(points)
    ordered = sorted(rows, reverse=True)
    first = {one: place for place, one in reversed(list(enumerate(ordered, 1)))}
    return [first[one] for one in rows]


def _two(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP) + ZERO
