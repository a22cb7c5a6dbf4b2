"""The rates of a month that move its pay, from the rooms that know them: tickets and stock."""

from apps.costing.models import Period
from apps.costing.rules.settling import Kpis, Rate
from apps.inventory import vans_read
from apps.tickets import quality_read


def kpis_of(period: Period) -> dict[int, Kpis]:
    """By technician, as things stand now. Two queries."""
    span = (period.starts_at, period.ends_at)
    quality, vans = quality_read.quality_between(*span), vans_read.accuracy_of_vans(*span)
    return {who: _kpis(quality.get(who), vans.get(who)) for who in sorted(quality.keys() | vans.keys())}


def _kpis(quality: quality_read.Quality | None, van: tuple[int, int] | None) -> Kpis:
    rates = {"stock": Rate(*van)} if van else {}
    if quality is not None:
        sides = {
            "timely": quality.timely, "first_fix": quality.first_fix, "satisfaction": quality.satisfied,
            "data": quality.proved,
        }  # fmt: skip
        rates |= {code: Rate(*pair) for code, pair in sides.items()}
    return Kpis(rates)
