"""Money against plan: the traffic light, norms, and why the month came out otherwise (domain.md §7). Pure."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from steppe.kernel.money import Fen, round_fen

NONE, GREEN, AMBER, RED = "none", "green", "amber", "red"
AMBER_PCT, RED_PCT = 80, 100
NORM_PCT = 130


def light(actual: Fen, budget: Fen, *, amber: int = AMBER_PCT, red: int = RED_PCT) -> str:
    """Amber from `amber` per cent of the budget, red from `red`; none where no budget was set and nothing was spent.

    Money spent without a budget is red.
    """
    if budget <= 0:
        return RED if actual > 0 else NONE
    if actual * 100 >= budget * red:
        return RED
    return AMBER if actual * 100 >= budget * amber else GREEN


def used_pct(actual: Fen, budget: Fen) -> Decimal | None:
    """How much of the budget is used, per cent with one decimal; None without a budget."""
    if budget <= 0:
        return None
    return (Decimal(actual) * 100 / budget).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def over_norm(used: Decimal, norm: Decimal, *, tolerance_pct: int = NORM_PCT) -> bool:
    """More than the norm bears: a reason and the grid leader's approval are needed."""
    return used * 100 > norm * tolerance_pct


@dataclass(frozen=True)
class Spent:
    """`tickets` each used `per_ticket` units (points, metres, km) at `price` fen; parts of a fen may be."""

    tickets: int
    per_ticket: Decimal
    price: Decimal

    @property
    def fen(self) -> Fen:
        return round_fen(self.tickets * self.per_ticket * self.price)


@dataclass(frozen=True)
class Variance:
    """Actual − plan in three reasons that add up to it."""

    price: Fen
    quantity: Fen
    volume: Fen

    @property
    def total(self) -> Fen:
        return self.price + self.quantity + self.volume


def variance(plan: Spent, actual: Spent, actual_fen: Fen | None = None) -> Variance:
    """How much of the difference is dearer units, more units per ticket, more tickets.

    Each step changes one number, and its amount is the difference of two rounded totals: so the three add up to
    actual − plan to the fen. `actual_fen`: what the books say, where the units do not reckon up to it.
    """
    booked = actual.fen if actual_fen is None else actual_fen
    at_plan_price = Spent(actual.tickets, actual.per_ticket, plan.price).fen
    at_plan_use = Spent(actual.tickets, plan.per_ticket, plan.price).fen
    return Variance(booked - at_plan_price, at_plan_price - at_plan_use, at_plan_use - plan.fen)


def per(amount: Decimal | int, count: int, *, of: int = 1) -> Decimal | None:
    """A rate of the abnormal list: metres per install, devices per hundred customers. None without any."""
    if not count:
        return None
    return (Decimal(amount) * of / count).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
