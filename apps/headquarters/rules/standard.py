"""Direct standardisation: what a branch's rate would be if it had everybody's mix of area classes. Pure.

A branch's rate in each class, weighed by the share of that class in the denominators of all branches together. Classes
a branch has nothing in are left out and the other weights stretched, so that a branch of two classes has a value too.
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from apps.headquarters.rules.kpis import Figure, Kpi, exact, figure

ByClass = Mapping[str, Mapping[str, Mapping[str, int]]]  # area class → branch → figure → number
TWO = Decimal("0.01")


def standard_values(kpi: Kpi, sums: ByClass) -> dict[str, Decimal]:
    """Branch → value; branches with nothing to measure are not in it, nor is anything of a number by itself."""
    found: dict[str, tuple[Decimal, int]] = {}
    for branches in sums.values():
        sides = {branch: figure(kpi, own) for branch, own in branches.items()}
        weight = sum(one.denominator or 0 for one in sides.values())
        for branch, one in sides.items():
            if one.denominator:
                total, weights = found.get(branch, (Decimal(0), 0))
                found[branch] = (total + weight * _exact(kpi, one), weights + weight)
    return {branch: (total / weights).quantize(TWO, ROUND_HALF_UP) for branch, (total, weights) in found.items()}


def _exact(kpi: Kpi, one: Figure) -> Decimal:
    return exact(kpi, one.numerator, one.denominator) or Decimal(0)
