"""Reports over the figures of all branches, or of one: for headquarters' pages, a branch's own, files and doors.

Sums of DailyFact and counts of TicketFact only: no lock on, and no look into, any branch's own tables. Headquarters
sees all branches; a branch's people their own, those of a part of it that part (reach.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from apps.headquarters.errors import NoSuchKpi
from apps.headquarters.facts_listed import Page, Row, tickets_behind
from apps.headquarters.models import FactStand
from apps.headquarters.names import Name, names_of
from apps.headquarters.reach import Reach, reach_of
from apps.headquarters.rules.asked import Asked, days_of, months_of, previous, year_before
from apps.headquarters.rules.kpis import KPIS, Figure, Kpi, figure
from apps.headquarters.rules.standard import standard_values
from apps.headquarters.sums import Sums, gather
from steppe.kernel.actors import Actor
from tenants.context import in_public
from tenants.models import Status

__all__ = [
    "KPIS", "Asked", "Figure", "Line", "Page", "Row", "as_of", "as_of_each", "by", "compared", "standardised",
    "tickets_behind", "total",
]  # fmt: skip

AREAS = "ABCD"


@dataclass(frozen=True)
class Line:
    """One branch, grid, type, day …: its figures by the KPI's code."""

    key: str
    name: str
    name_en: str
    figures: dict[str, Figure]


def by(actor: Actor, asked: Asked, dimension: str, kpis: Sequence[str]) -> list[Line]:
    """The KPIs by `dimension` (rules/asked.py DIMENSIONS). Every branch, day and month asked for has its line; of the
    others those that have figures. Raises NoSuchKpi, NoSuchBranch, NotAllowed. Two to five queries, however many lines.
    """
    reach, wanted = reach_of(actor, asked), _kpis(kpis)
    with in_public():
        sums = gather(reach, dimension, _measures(wanted))
        names = names_of(reach, dimension)
    return [_line(key, names, wanted, sums.get(key, {})) for key in _keys(reach, dimension, sums, names)]


def total(actor: Actor, asked: Asked, kpis: Sequence[str]) -> Line:
    """The KPIs over all that is asked. Raises as `by`. Two to four queries."""
    reach, wanted = reach_of(actor, asked), _kpis(kpis)
    with in_public():
        return _line("", {}, wanted, gather(reach, "", _measures(wanted)).get("", {}))


def compared(actor: Actor, asked: Asked, kpis: Sequence[str]) -> tuple[Line, Line, Line]:
    """The period, the one before it, and the same a year ago. What stands now has no past. Three times `total`."""
    past = [kpi.code for kpi in _kpis(kpis) if kpi.source != "now"]
    return total(actor, asked, kpis), total(actor, previous(asked), past), total(actor, year_before(asked), past)


def standardised(actor: Actor, asked: Asked, kpi: str) -> list[Line]:
    """Branches as they would be at the area classes' mix of all of them together, so that remote ones are not always
    last; both sides stay the branch's own. Raises as `by`. Six queries for a KPI of one source.
    """
    reach, wanted = reach_of(actor, asked), _kpis([kpi])
    with in_public():
        whole = gather(reach, "branch", wanted[0].measures)
        values = standard_values(wanted[0], {area: _of_class(reach, area, wanted[0]) for area in AREAS})
        names = names_of(reach, "branch")
    lines = [_line(one.code, names, wanted, whole.get(one.code, {})) for one in reach.branches]
    return [_at(line, kpi, values.get(line.key)) for line in lines]


def as_of(actor: Actor, branch: str = "") -> datetime | None:
    """The moment up to which everything is counted in: of the branch, or of the slowest that works. One query more."""
    found = as_of_each(actor, branch)
    return None if not found or None in found.values() else min(one for one in found.values() if one)


def as_of_each(actor: Actor, branch: str = "") -> dict[str, datetime | None]:
    """The same for every branch that works, by its code; None: nothing counted yet. Two queries."""
    today = datetime.min.date()
    reach = reach_of(actor, Asked(first=today, last=today, branch=branch))
    with in_public():
        stands = dict(FactStand.objects.values_list("branch_id", "fresh_at"))
    return {one.code: stands.get(one.pk) for one in reach.branches if one.status == Status.ACTIVE}


def _of_class(reach: Reach, area: str, kpi: Kpi) -> Sums:
    if reach.asked.area_class not in {"", area}:
        return {}
    return gather(replace(reach, asked=replace(reach.asked, area_class=area)), "branch", kpi.measures)


def _kpis(codes: Sequence[str]) -> list[Kpi]:
    try:
        return [KPIS[code] for code in codes]
    except KeyError as missing:
        raise NoSuchKpi from missing


def _measures(kpis: Sequence[Kpi]) -> list[str]:
    return list(dict.fromkeys(name for kpi in kpis for name in kpi.measures))


def _keys(reach: Reach, dimension: str, sums: Sums, names: Mapping[str, Name]) -> list[str]:
    if dimension == "branch":
        return [one.code for one in reach.branches]
    if dimension == "day":
        return [day.isoformat() for day in days_of(reach.asked)]
    return months_of(reach.asked) if dimension == "month" else sorted(sums)


def _line(key: str, names: Mapping[str, Name], kpis: Sequence[Kpi], sums: Mapping[str, int]) -> Line:
    name, name_en = names.get(key, (key, ""))
    return Line(key, name, name_en, {kpi.code: figure(kpi, sums) for kpi in kpis})


def _at(line: Line, kpi: str, value: Decimal | None) -> Line:
    own = line.figures[kpi]
    return Line(line.key, line.name, line.name_en, {kpi: Figure(own.numerator, own.denominator, value)})
