"""The lines of a KPI's table, in order, each with its way one step down."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from apps.headquarters.names import Name
from apps.headquarters.reporting.figures import LOOKS, above, below, level_of, level_word, shown
from apps.headquarters.reporting.told import DAY, MONTH, Told
from apps.headquarters.reporting.ways import Ways
from apps.headquarters.reports_read import Line
from apps.headquarters.rules.kpis import Figure, Kpi
from apps.tickets.labels import word
from apps.tickets.records_read import CHANNELS

CHARTED = 14  # bars that can still be told apart; the table has all of them
OVER_TIME = (DAY, MONTH)


@dataclass(frozen=True)
class Row:
    """One line of the table. `link`: one step down, or to the tickets; `same_mix`: its value at the common mix."""

    name: str
    figure: Figure
    value: str
    above: str
    below: str
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


def reader_s(name: Name) -> str:
    """The name in the reader's language."""
    english = (get_language() or "").startswith("en")
    return (english and name[1]) or name[0]


def rows_of(
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
        _name(dimension, line) or "—", own, shown(kpi, own.value), above(kpi, own), below(kpi, own),
        _link(ways, told, kpi, dimension, line.key), _level(kpi, own, whole), charted,
        shown(kpi, mixed.value) if mixed else "",
    )  # fmt: skip


def _name(dimension: str, line: Line) -> str:
    return word(CHANNELS, line.key) if dimension == "channel" else reader_s((line.name, line.name_en))


def _level(kpi: Kpi, own: Figure, whole: Figure) -> str:
    """A bare count has no better or worse beside the sum of all."""
    return level_of(kpi.code, own.value, whole.value if kpi.denominator is not None else None)


def _link(ways: Ways, told: Told, kpi: Kpi, dimension: str, key: str) -> str:
    """One step down; where nothing is left to split by, the tickets. Nothing is kept by channel below this."""
    if not key or dimension == "channel" or (kpi.source == "month" and dimension != "branch"):
        return ""
    below = told.narrowed(dimension, key)
    last = not below.dimension and kpi.source != "month"
    return f"{ways.to_tickets(kpi.code) if last else ways.to_kpi(kpi.code)}?{below.query}"
