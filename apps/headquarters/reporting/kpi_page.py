"""The page of one KPI: what it is, its figure, and by what it is made up; down to the tickets behind it."""

from typing import Any

from apps.headquarters import reports_read
from apps.headquarters.errors import NoSuchKpi
from apps.headquarters.names import names_of
from apps.headquarters.reach import reach_of
from apps.headquarters.reporting.figures import Tile, above, below, change, shown
from apps.headquarters.reporting.kpi_rows import OVER_TIME, reader_s, rows_of
from apps.headquarters.reporting.told import DAY, DIMENSIONS, MONTH, Told
from apps.headquarters.reporting.ways import Ways
from apps.headquarters.reports_read import Line
from apps.headquarters.rules.kpis import KPIS, Figure, Kpi
from steppe.kernel.actors import Actor
from tenants.context import in_public

MEANS = frozenset({"minutes", "hours", "score"})


def kpi_of(code: str) -> Kpi:
    """The KPI of this code. Raises NoSuchKpi."""
    if code not in KPIS:
        raise NoSuchKpi
    return KPIS[code]


def page_of(actor: Actor, ways: Ways, told: Told, code: str) -> dict[str, Any]:
    """The context. Ten queries at headquarters; two more for a mean, six at a common mix, two for each step down."""
    kpi = kpi_of(code)
    dimension = _dimension(kpi, told)
    now, before, year = reports_read.compared(actor, told.asked, [code])
    lines = reports_read.by(actor, told.asked, dimension, [code])
    mixed = _mixed(actor, told, dimension, code) if told.same_mix else {}
    whole = now.figures[code]
    return {
        "ways": ways, "told": told, "tile": tile(kpi, now, before, year), "kpi": kpi,
        "dimension": dimension, "dimension_word": DIMENSIONS[dimension], "over_time": dimension in OVER_TIME,
        "rows": rows_of(ways, told, kpi, dimension, lines, whole, mixed), "whole": whole,
        "whole_value": shown(kpi, whole.value), "whole_above": above(kpi, whole), "whole_below": below(kpi, whole),
        "spread": _spread(actor, told, kpi), "crumbs": crumbs(actor, told), "splits": splits(kpi, told, dimension),
        "may_mix": _may_mix(ways, told, kpi, dimension),
        "as_of": reports_read.as_of(actor, told.asked.branch),
        "behind": f"{ways.to_tickets(code)}?{told.query}" if kpi.source != "month" else "",
    }  # fmt: skip


def tile(kpi: Kpi, now: Line, before: Line | None = None, year: Line | None = None) -> Tile:
    """One KPI with what it was before."""
    own = now.figures[kpi.code]
    past = [
        change(kpi, own.value, line.figures[kpi.code].value) if line and kpi.code in line.figures else None
        for line in (before, year)
    ]
    return Tile(kpi, own, *past)


def _spread(actor: Actor, told: Told, kpi: Kpi) -> tuple[str, str] | None:
    """Of a mean: what half of the tickets are below, and nine in ten of them."""
    if kpi.source != "daily" or kpi.unit not in MEANS:
        return None
    found = reports_read.spread(actor, told.asked, kpi.code)
    return shown(kpi, found.p50), shown(kpi, found.p90)


def splits(kpi: Kpi, told: Told, dimension: str) -> list[tuple[Any, str, bool]]:
    """By what it can be split: word, address's end, whether it is so now."""
    return [
        (DIMENSIONS[one], told.split_by(one), one == dimension)
        for one in told.open_dimensions()
        if not (one in OVER_TIME and kpi.source == "now") and _known_by(kpi, one)
    ]


def crumbs(actor: Actor, told: Told) -> list[tuple[Any, str, str]]:
    """How far down: the dimension's word, the name, the address's end without it. A query or two for each step."""
    return [(DIMENSIONS[one], _named(actor, told, one, key), told.without(one)) for one, key in told.steps()]


def _named(actor: Actor, told: Told, dimension: str, key: str) -> str:
    reach = reach_of(actor, told.asked)
    with in_public():
        return reader_s(names_of(reach, dimension).get(key, (key, "")))


def _dimension(kpi: Kpi, told: Told) -> str:
    """By what this page is split: at the bottom of the way by day, and a month's figures by month or branch only."""
    wanted = told.dimension or DAY
    if kpi.source == "now" and wanted in OVER_TIME:
        wanted = next((one for one in told.open_dimensions() if one not in OVER_TIME), "area_class")
    return wanted if _known_by(kpi, wanted) else MONTH


def _known_by(kpi: Kpi, dimension: str) -> bool:
    return kpi.source != "month" or dimension in {"branch", MONTH}


def _may_mix(ways: Ways, told: Told, kpi: Kpi, dimension: str) -> bool:
    """Is there a value at a common mix? Nothing of a branch's month is kept by area class."""
    rate = kpi.denominator is not None and kpi.source != "month"
    return ways.across and dimension == "branch" and rate and not told.asked.area_class


def _mixed(actor: Actor, told: Told, dimension: str, code: str) -> dict[str, Figure]:
    if dimension != "branch":
        return {}
    return {line.key: line.figures[code] for line in reports_read.standardised(actor, told.asked, code)}
