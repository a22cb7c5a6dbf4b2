"""The page of one KPI: what it is, its figure, and by what it is made up; down to the tickets behind it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from apps.headquarters import reports_read
from apps.headquarters.errors import NoSuchKpi
from apps.headquarters.names import Name, names_of
from apps.headquarters.reach import reach_of
from apps.headquarters.reporting.figures import LOOKS, Tile, change, level_of, level_word, shown, sides
from apps.headquarters.reporting.told import DAY, DIMENSIONS, MONTH, Told
from apps.headquarters.reporting.ways import Ways
from apps.headquarters.reports_read import Line
from apps.headquarters.rules.kpis import KPIS, Figure, Kpi
from steppe.kernel.actors import Actor
from tenants.context import in_public

CHARTED = 14  # bars that can still be told apart; the table has all of them
OVER_TIME = (DAY, MONTH)
TABLED = ("percent", "minutes", "hours", "score", "count")


@dataclass(frozen=True)
class Row:
    """One line of the table. `link`: one step down, or to the tickets; `same_mix`: its value at the common mix."""

    name: str
    figure: Figure
    value: str
    sides: str
    link: str
    level: str
    charted: bool
    same_mix: str = ""

    @property
    def look(self) -> str:
        return LOOKS[self.level]

    @property
    def level_word(self) -> str:
        return level_word(self.level)


def kpi_of(code: str) -> Kpi:
    """The KPI of this code. Raises NoSuchKpi."""
    if code not in KPIS:
        raise NoSuchKpi
    return KPIS[code]


def page_of(actor: Actor, ways: Ways, told: Told, code: str) -> dict[str, Any]:
    """The context. Twelve queries at most, six more at a common mix of areas, one for each step we are down."""
    kpi = kpi_of(code)
    dimension = _dimension(kpi, told)
    now, before, year = reports_read.compared(actor, told.asked, [code])
    lines = reports_read.by(actor, told.asked, dimension, [code])
    mixed = _mixed(actor, told, dimension, code) if told.same_mix else {}
    whole = now.figures[code]
    return {
        "ways": ways, "told": told, "tile": tile(kpi, now, before, year), "kpi": kpi,
        "dimension": dimension, "dimension_word": DIMENSIONS[dimension], "over_time": dimension in OVER_TIME,
        "rows": _rows(ways, told, kpi, dimension, lines, whole, mixed), "whole": whole,
        "whole_value": shown(kpi, whole.value), "whole_sides": sides(kpi, whole),
        "crumbs": crumbs(actor, told), "splits": splits(kpi, told, dimension),
        "may_mix": ways.across and dimension == "branch" and kpi.denominator is not None and not told.asked.area_class,
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


def reader_s(name: Name) -> str:
    """The name in the reader's language."""
    english = (get_language() or "").startswith("en")
    return (english and name[1]) or name[0]


def _dimension(kpi: Kpi, told: Told) -> str:
    """By what this page is split: at the bottom of the way by day, and a month's figures by month or branch only."""
    wanted = told.dimension or DAY
    if kpi.source == "now" and wanted in OVER_TIME:
        wanted = next((one for one in told.open_dimensions() if one not in OVER_TIME), "area_class")
    return wanted if _known_by(kpi, wanted) else MONTH


def _known_by(kpi: Kpi, dimension: str) -> bool:
    return kpi.source != "month" or dimension in {"branch", MONTH}


def _mixed(actor: Actor, told: Told, dimension: str, code: str) -> dict[str, Figure]:
    if dimension != "branch":
        return {}
    return {line.key: line.figures[code] for line in reports_read.standardised(actor, told.asked, code)}


def _rows(
    ways: Ways, told: Told, kpi: Kpi, dimension: str, lines: list[Line], whole: Figure, mixed: dict[str, Figure]
) -> list[Row]:  # fmt: skip
    ordered = lines if dimension in OVER_TIME else sorted(lines, key=lambda line: _order(kpi, line.figures[kpi.code]))
    return [
        _row(ways, told, kpi, dimension, line, whole, mixed.get(line.key), place < CHARTED or dimension in OVER_TIME)
        for place, line in enumerate(ordered)
    ]


def _order(kpi: Kpi, figure: Figure) -> tuple[bool, Any]:
    """The worst first where that can be said, else the largest; what has no figure at the end."""
    if figure.value is None:
        return True, 0
    return False, figure.value if kpi.direction == "up" else -figure.value


def _row(
    ways: Ways, told: Told, kpi: Kpi, dimension: str, line: Line, whole: Figure, mixed: Figure | None, charted: bool
) -> Row:  # fmt: skip
    own = line.figures[kpi.code]
    return Row(
        reader_s((line.name, line.name_en)) or "—", own, shown(kpi, own.value), sides(kpi, own),
        _link(ways, told, kpi, dimension, line.key), _level(kpi, own, whole), charted,
        shown(kpi, mixed.value) if mixed else "",
    )  # fmt: skip


def _level(kpi: Kpi, own: Figure, whole: Figure) -> str:
    """A bare count has no better or worse beside the sum of all."""
    return level_of(kpi.code, own.value, whole.value if kpi.denominator is not None else None)


def _link(ways: Ways, told: Told, kpi: Kpi, dimension: str, key: str) -> str:
    """One step down; where nothing is left to split by, the tickets."""
    if not key or (kpi.source == "month" and dimension != "branch"):
        return ""
    below = told.narrowed(dimension, key)
    last = not below.dimension and kpi.source != "month"
    return f"{ways.to_tickets(kpi.code) if last else ways.to_kpi(kpi.code)}?{below.query}"
