"""A technician's month: the coefficient, the cap on deductions, and the proposed pay (domain.md §5.2). Pure.

    W = gross − min(deductions, cap × gross) + corrections
    Pay = max(guarantee, base + max(W, 0) × U × C)

Mode A has a fixed U, fen per point. Mode B splits a pool of money among W × C, so that it is given out to the fen.
Base and guarantee are outside the pool.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.costing.rules.rulebook import Measure, Month
from apps.costing.rules.sharing import floored, rounded
from steppe.kernel.money import Fen, round_fen, split_fen

ZERO, ONE = Decimal(0), Decimal(1)
FIXED, POOL = "fixed", "pool"
MODES = (FIXED, POOL)


@dataclass(frozen=True)
class Line:
    """One technician's month before money. `gross`: earned, travel and bonuses; `deductions` is positive;
    `corrections`: clawbacks, adjustments and settled disputes, either way."""

    technician_id: int
    gross: Decimal
    deductions: Decimal = ZERO
    corrections: Decimal = ZERO
    coefficient: Decimal = ONE
    base_fen: Fen = 0
    guarantee_fen: Fen = 0


@dataclass(frozen=True)
class Terms:
    """How the branch pays this month: `price_fen` of a point (mode fixed; parts of a fen may be), or `pool_fen`."""

    mode: str = FIXED
    price_fen: Decimal = ZERO
    pool_fen: Fen = 0
    deduction_cap: Decimal = Decimal("0.20")


@dataclass(frozen=True)
class Pay:
    """`deducted` after the cap; `points` are W; `points_fen` what they bring; `pay_fen` with base and guarantee."""

    technician_id: int
    deducted: Decimal
    points: Decimal
    points_fen: Fen
    pay_fen: Fen


def capped(gross: Decimal, deductions: Decimal, cap: Decimal) -> Decimal:
    """What is really deducted: never more than the cap of the gross, not even by rounding."""
    return min(deductions, floored(max(gross, ZERO) * cap))


def net(line: Line, cap: Decimal) -> Decimal:
    """W: may be below nothing when more was taken back than earned; it then pays nothing."""
    return line.gross - capped(line.gross, line.deductions, cap) + line.corrections


def coefficient(rates: Mapping[str, Decimal | None], month: Month) -> Decimal:
    """C from the month's rates in per cent: between floor and ceiling, by weight, two decimals.

    A rate nobody could measure (None or missing) leaves the others to say; without any it is 1.00.
    """
    known = [(one, rate) for one in month.measures if (rate := rates.get(one.code)) is not None and one.weight]
    weights = sum(one.weight for one, _rate in known)
    if not weights:
        return rounded(min(max(ONE, month.floor), month.ceiling))
    reached = sum((_reached(one, rate) * one.weight for one, rate in known), ZERO) / weights
    return rounded(month.floor + (month.ceiling - month.floor) * reached)


def _reached(measure: Measure, rate: Decimal) -> Decimal:
    """0 at the low mark and below, 1 at the high one and above, evenly between."""
    span = measure.high_pct - measure.low_pct
    if span <= 0:
        return ONE if rate >= measure.high_pct else ZERO
    return min(max((rate - measure.low_pct) / span, ZERO), ONE)


def pays(lines: Sequence[Line], terms: Terms) -> list[Pay]:
    """Everybody's proposed pay, in the order of the lines; the same lines make the same pay."""
    nets = [net(one, terms.deduction_cap) for one in lines]
    worth = [max(points, ZERO) * one.coefficient for one, points in zip(lines, nets, strict=True)]
    return [
        Pay(one.technician_id, capped(one.gross, one.deductions, terms.deduction_cap), points, fen, _pay(one, fen))
        for one, points, fen in zip(lines, nets, _money(worth, terms), strict=True)
    ]


def price(lines: Sequence[Line], terms: Terms) -> Decimal:
    """U as a page shows it, fen per point before the coefficient: the fixed one, or what the pool comes to."""
    if terms.mode == FIXED:
        return terms.price_fen
    points = sum((max(net(one, terms.deduction_cap), ZERO) for one in lines), ZERO)
    return rounded(terms.pool_fen / points) if points else ZERO


def _money(worth: Sequence[Decimal], terms: Terms) -> list[Fen]:
    if terms.mode == FIXED:
        return [round_fen(one * terms.price_fen) for one in worth]
    return split_fen(terms.pool_fen, worth) if any(worth) else [0] * len(worth)


def _pay(line: Line, points_fen: Fen) -> Fen:
    return max(line.guarantee_fen, line.base_fen + points_fen)
