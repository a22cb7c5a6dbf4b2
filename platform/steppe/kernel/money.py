"""Money is whole fen in CNY; rates are Decimal; rounding and splitting are written here and nowhere else."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

Fen = int


def round_fen(amount: Decimal) -> Fen:
    """Half up to a whole fen, away from zero as accountants do."""
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def split_fen(total: Fen, weights: Sequence[int | Decimal]) -> list[Fen]:
    """Split exactly by weight (largest remainder): the parts always sum to `total`.

    Ties go to the earlier part. Raises ValueError when no weight is positive.
    """
    whole = sum(Decimal(weight) for weight in weights)
    if whole <= 0 or any(Decimal(weight) < 0 for weight in weights):
        raise ValueError("weights must be non-negative and not all zero")
    exact = [abs(total) * Decimal(weight) / whole for weight in weights]
    parts = [int(share) for share in exact]
    missing = abs(total) - sum(parts)
    by_remainder = sorted(range(len(parts)), key=lambda i: parts[i] - exact[i])
    for index in by_remainder[:missing]:
        parts[index] += 1
    return parts if total >= 0 else [-part for part in parts]


def yuan(amount: Fen) -> str:
    """`3600` → `36.00`: a string, so that no reader turns it into a float."""
    return f"{Decimal(amount) / 100:.2f}"
