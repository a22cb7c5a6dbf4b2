"""Points are shared out in hundredths and add up exactly (domain.md §5.2). Pure."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from steppe.kernel.money import split_fen

HUNDREDTH = Decimal("0.01")


def rounded(points: Decimal) -> Decimal:
    """Two decimals, half up; below nothing away from it, as money is."""
    return points.quantize(HUNDREDTH, rounding=ROUND_HALF_UP)


def floored(points: Decimal) -> Decimal:
    """Two decimals, never more than it was: for limits that must hold after rounding."""
    return points.quantize(HUNDREDTH, rounding=ROUND_FLOOR)


def split(points: Decimal, weights: Sequence[int | Decimal]) -> list[Decimal]:
    """`points` (two decimals) by weight: largest remainder over hundredths, ties to the earlier part.

    Raises ValueError when no weight is positive, one is negative, or the points have more than two decimals.
    """
    if points != rounded(points):
        raise ValueError("points are shared after they are rounded")
    return [Decimal(part) * HUNDREDTH for part in split_fen(int(points * 100), weights)]


def usual(people: int, laid_down: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """What a team of so many shares until it says otherwise, per cent, the main technician first.

    A size nobody laid down shares evenly; what does not divide goes to the earlier ones.
    """
    found = next((tuple(shares) for shares in laid_down if len(shares) == people), None)
    return found if found is not None else tuple(split_fen(100, [1] * people))
