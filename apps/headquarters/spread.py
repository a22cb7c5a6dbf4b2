"""How a mean's values are spread: half of the tickets are below the one, nine in ten below the other."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Aggregate, FloatField
from django.db.models.functions import Coalesce

from apps.headquarters.errors import NoSuchKpi
from apps.headquarters.models import TicketFact
from apps.headquarters.reach import reach_of
from apps.headquarters.rules.asked import Asked
from apps.headquarters.rules.kpis import KPIS, Kpi, exact
from apps.headquarters.rules.measures import DAILY
from apps.headquarters.sums import number_of, within
from steppe.kernel.actors import Actor
from tenants.context import in_public

_TWO = Decimal("0.01")


@dataclass(frozen=True)
class Spread:
    """In the KPI's unit; None where there was nothing to measure."""

    p50: Decimal | None
    p90: Decimal | None


class _Half(Aggregate):
    template = "percentile_cont(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


class _NineInTen(_Half):
    template = "percentile_cont(0.9) WITHIN GROUP (ORDER BY %(expressions)s)"


def spread(actor: Actor, asked: Asked, kpi: str) -> Spread:
    """p50 and p90 of a KPI that is a mean over tickets (a time, a score). Two queries.

    Raises NoSuchKpi, also for one that is no mean, NoSuchBranch, NotAllowed.
    """
    row, reach = KPIS.get(kpi), reach_of(actor, asked)
    if row is None or not _is_mean(row):
        raise NoSuchKpi
    above, below = row.numerator[0], (row.denominator or ())[0]
    with in_public():
        rows = TicketFact.objects.filter(reach.within(), within(reach, f"{DAILY[above]}_day"))
        # a ticket that took no time at all has no number, and counts as nought
        value = Coalesce(number_of(above), 0)
        found = rows.filter(measures__has_key=below).aggregate(half=_Half(value), most=_NineInTen(value))
    return Spread(*(_told(row, found[name]) for name in ("half", "most")))


def _is_mean(kpi: Kpi) -> bool:
    """One sum by how many tickets it is of."""
    return kpi.source == "daily" and kpi.unit in {"minutes", "hours", "score"}


def _told(kpi: Kpi, value: float | None) -> Decimal | None:
    told = None if value is None else exact(kpi, round(value), 1)
    return None if told is None else told.quantize(_TWO, ROUND_HALF_UP)
