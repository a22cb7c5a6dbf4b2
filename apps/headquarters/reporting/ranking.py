"""Branches in order of one figure, with the others beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from apps.headquarters.branches_read import name_of
from apps.headquarters.kpi_words import WORDS
from apps.headquarters.reporting.figures import LOOKS, level_of, level_word, shown
from apps.headquarters.reporting.told import Told
from apps.headquarters.reports_read import Line
from apps.headquarters.rules.kpis import KPIS
from tenants.models import Tenant

RANKED = ("ticket_volume", "on_time_rate", "overdue_rate", "avg_accept_minutes", "mttr", "csat")
USUAL = "overdue_rate"


@dataclass(frozen=True)
class Cell:
    """A KPI of a ranked branch."""

    title: str
    value: str
    level: str
    link: str

    @property
    def look(self) -> str:
        return LOOKS[self.level]

    @property
    def level_word(self) -> str:
        return level_word(self.level)


@dataclass(frozen=True)
class Ranked:
    """A branch's place by the chosen KPI; no place without a figure."""

    place: int | None
    code: str
    name: str
    cells: Sequence[Cell]


def ranking(
    told: Told, branches: Sequence[Tenant], lines: Mapping[str, Line], whole: Line, rank: str
) -> list[Ranked]:  # fmt: skip
    """The best first; branches with the same figure share a place."""
    kpi = KPIS[rank]
    known = [one for one in branches if one.code in lines]

    def key(one: Tenant) -> tuple[bool, Any]:
        value = lines[one.code].figures[rank].value
        return value is None, 0 if value is None else value if kpi.direction == "down" else -value

    ordered = sorted(known, key=key)
    values = [lines[one.code].figures[rank].value for one in ordered]
    return [
        Ranked(
            None if value is None else values.index(value) + 1,
            one.code,
            name_of(one),
            _cells(told, lines[one.code], whole),
        )
        for one, value in zip(ordered, values, strict=True)
    ]


def _cells(told: Told, line: Line, whole: Line) -> list[Cell]:
    return [
        Cell(
            str(WORDS[code].title), shown(KPIS[code], line.figures[code].value),
            level_of(code, line.figures[code].value, whole.figures[code].value) if KPIS[code].denominator else "plain",
            f"{reverse('headquarters:kpi', args=[code])}?{told.narrowed('branch', line.key).query}",
        )
        for code in RANKED
    ]  # fmt: skip


def rank_query(told: Told, code: str, on_map: str) -> str:
    """The address's end that ranks by this figure."""
    return f"{told.period}&{urlencode({'rank': code, 'map': on_map})}"
