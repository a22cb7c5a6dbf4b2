"""The money of one ticket: labour, road, share of the subscription, contribution (domain.md §7). Pure.

One rounding rule: every line is rounded once, half up to the fen, when it is made; sums are sums of lines.
"""

from collections.abc import Iterable
from decimal import Decimal

from apps.costing.rules.rulebook import Rates
from steppe.kernel.money import Fen, round_fen

MATERIAL, LABOUR, TRAVEL, OUTSOURCE, OTHER = ELEMENTS = ("material", "labour", "travel", "outsource", "other")
COST, REVENUE, SHARE = SIDES = ("cost", "revenue", "share")
OWN_CAR, COMPANY_CAR = "own", "company"


def labour(points: Decimal, rates: Rates, *, outsourced: bool = False) -> Fen:
    """One technician's points at the planned price with what wages cost on top; a contractor's cost no labour."""
    return 0 if outsourced else round_fen(points * rates.point_fen * (1 + rates.on_cost))


def road(km: Decimal, rates: Rates, *, car: str = OWN_CAR, tolls: Fen = 0) -> Fen:
    """This ticket's km of the trip by the car it was driven in, and the tolls."""
    return round_fen(km * (rates.company_km_fen if car == COMPANY_CAR else rates.own_km_fen)) + tolls


def lodging(trip_km: Decimal, paid: Fen, rates: Rates) -> Fen:
    """A night's receipt, where the round trip was long enough for one."""
    return paid if trip_km > rates.lodging_km else 0


def outsourced(unit_price: Fen, quantity: Decimal) -> Fen:
    """What the contractor gets for it."""
    return round_fen(unit_price * quantity)


def service_share(monthly_fee: Fen, rates: Rates) -> Fen:
    """What of the subscription a sale or a saved customer may claim; reported apart from the ticket's revenue."""
    return round_fen(Decimal(monthly_fee) * rates.share_months * rates.share_pct / 100)


def recovered(usual_cost: Fen, quantity: Decimal, rates: Rates) -> Fen:
    """What good units that came back are worth."""
    return round_fen(usual_cost * quantity * rates.residual_pct / 100)


def contribution(revenue: Iterable[Fen], costs: Iterable[Fen], share: Iterable[Fen] = ()) -> Fen:
    """Revenue − costs; with the share it is the contribution with share."""
    return sum(revenue) + sum(share) - sum(costs)
