"""A branch's month, or the sum of several branches', as people read it: rates made of two sums. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from apps.headquarters.rules.months import COSTS, DAYS_OF_A_YEAR, ELEMENTS, part
from steppe.kernel.money import Fen


@dataclass(frozen=True)
class Sums:
    """What rules/months.py MEASURES come to. Rates are None where there is nothing to divide by."""

    of: Mapping[str, int]

    def __getitem__(self, name: str) -> int:
        return self.of[name]

    @property
    def elements(self) -> dict[str, Fen]:
        return {element: self.of[f"cost_{element}"] for element in ELEMENTS}

    @property
    def cost(self) -> Fen:
        return sum(self.of[name] for name in COSTS)

    @property
    def contribution(self) -> Fen:
        return self.of["revenue"] - self.cost

    @property
    def per_ticket(self) -> Fen | None:
        return _fen(part(self.cost, self.of["closed_tickets"], digits=0))

    @property
    def per_point(self) -> Fen | None:
        """Labour cost of one point: points are kept in hundredths."""
        return _fen(part(self.of["cost_labour"], self.of["settled_points"], times=100, digits=0))

    @property
    def points(self) -> Decimal:
        return Decimal(self.of["settled_points"]) / 100

    @property
    def waiting(self) -> Decimal:
        return Decimal(self.of["provisional_points"]) / 100

    @property
    def budget_pct(self) -> Decimal | None:
        return part(self.of["budget_used"], self.of["budget"], times=100)

    @property
    def hours_pct(self) -> Decimal | None:
        return part(self.of["standard_seconds"], self.of["duty_seconds"], times=100)

    @property
    def turns(self) -> Decimal | None:
        """How often a year the stock is used up."""
        return part(self.of["stock_used"], self.of["stock_fen_days"], times=DAYS_OF_A_YEAR, digits=2)

    @property
    def accuracy_pct(self) -> Decimal | None:
        return part(self.of["lines_right"], self.of["lines_counted"], times=100)

    @property
    def recovery_pct(self) -> Decimal | None:
        return part(self.of["recovered"], self.of["to_recover"], times=100)


def _fen(amount: Decimal | None) -> Fen | None:
    return None if amount is None else int(amount)
