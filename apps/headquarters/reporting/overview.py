"""All branches in one look: map, ranking, alarms, thirty days. Beside them the live pulse (selectors.py)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from apps.headquarters import reports_read
from apps.headquarters.branches_read import all_branches, name_of
from apps.headquarters.kpi_words import WORDS
from apps.headquarters.reporting.figures import LOOKS, level_of, level_word, shown
from apps.headquarters.reporting.region import Shown, region
from apps.headquarters.reporting.told import Told
from apps.headquarters.reports_read import Line
from apps.headquarters.rules.alarms import Alarm, Measured, Seen, alarms
from apps.headquarters.rules.asked import previous
from apps.headquarters.rules.kpis import KPIS, Figure
from apps.headquarters.selectors import BranchLine
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from tenants.models import Status, Tenant

RANKED = ("ticket_volume", "on_time_rate", "overdue_rate", "avg_accept_minutes", "mttr", "csat")
ON_MAP = ("open_overdue", "overdue_rate", "on_time_rate", "csat", "ticket_volume")
WATCHED = ("on_time_rate", "overdue_rate", "avg_accept_minutes", "mttr", "csat")  # jumps of these are told
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


def overview_of(actor: Actor, told: Told, pulse: Mapping[str, BranchLine], *, on_map: str, rank: str) -> dict[str, Any]:
    """The context besides the pulse. Fourteen queries, however many branches there are."""
    on_map = on_map if on_map in ON_MAP else ON_MAP[0]
    rank = rank if rank in RANKED else USUAL
    codes = list(dict.fromkeys((*RANKED, "open_overdue")))
    branches = all_branches(actor)
    lines = {line.key: line for line in reports_read.by(actor, told.asked, "branch", codes)}
    before = {line.key: line for line in reports_read.by(actor, previous(told.asked), "branch", WATCHED)}
    whole = reports_read.total(actor, told.asked, codes)
    fresh = reports_read.as_of_each(actor)
    return {
        "told": told, "region": region(branches, _on_map(told, lines, whole, pulse, on_map)),
        "maps": [(code, WORDS[code].title, code == on_map) for code in ON_MAP], "on_map": on_map,
        "map_title": WORDS[on_map].title, "map_definition": WORDS[on_map].definition,
        "levels": [(code, look, level_word(code)) for code, look in LOOKS.items() if code not in {"plain", "none"}],
        "ranking": _ranking(told, branches, lines, whole, rank), "ranked_by": rank,
        "heads": [(code, WORDS[code].title, f"{_rank_query(told, code, on_map)}", code == rank) for code in RANKED],
        "together": [shown(KPIS[code], whole.figures[code].value) for code in RANKED],
        "alarms": _alarms(branches, lines, before, fresh, pulse, told), "days": _days(actor, told),
        "fresh": min((one for one in fresh.values() if one), default=None), "query": told.period,
    }  # fmt: skip


def _on_map(
    told: Told, lines: Mapping[str, Line], whole: Line, pulse: Mapping[str, BranchLine], code: str
) -> dict[str, Shown]:  # fmt: skip
    door = reverse("headquarters:kpi", args=[code])
    return {
        key: Shown(
            shown(KPIS[code], line.figures[code].value),
            _level(line.figures[code], whole.figures[code], code, pulse[key]),
            pulse[key].open, f"{door}?{told.narrowed('branch', key).query}",
        )
        for key, line in lines.items()
        if key in pulse
    }  # fmt: skip


def _level(own: Figure, whole: Figure, code: str, pulse: BranchLine) -> str:
    """What is overdue is judged by how much is open; rates beside those of all together."""
    if code == "open_overdue":
        share = own.numerator / (pulse.open or 1)
        return "good" if not own.numerator else "near" if share < 0.1 else "bad"
    return level_of(code, own.value, whole.value if KPIS[code].denominator is not None else None)


def _ranking(
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


def _rank_query(told: Told, code: str, on_map: str) -> str:
    return f"{told.period}&{urlencode({'rank': code, 'map': on_map})}"


def _alarms(
    branches: Sequence[Tenant], lines: Mapping[str, Line], before: Mapping[str, Line],
    fresh: Mapping[str, datetime | None], pulse: Mapping[str, BranchLine], told: Told,
) -> list[tuple[Alarm, str, str, str]]:  # fmt: skip
    """Each with the branch's name, the KPI's title where one jumped, and where to look."""
    names = {one.code: name_of(one) for one in branches}
    seen = [
        _seen(one, pulse[one.code].open, lines.get(one.code), before.get(one.code), fresh.get(one.code))
        for one in branches
        if one.code in pulse
    ]
    return [
        (alarm, names[alarm.branch], str(WORDS[alarm.kpi].title) if alarm.kpi else "", _where(alarm, told))
        for alarm in alarms(seen)
    ]


def _seen(branch: Tenant, still: int, line: Line | None, before: Line | None, fresh: datetime | None) -> Seen:
    overdue = line.figures["open_overdue"].numerator if line else 0
    figures = {
        code: Measured(
            KPIS[code].unit, KPIS[code].direction, line.figures[code].value, before.figures[code].value,
            line.figures[code].denominator or 0, before.figures[code].denominator or 0,
        )
        for code in WATCHED
        if line is not None and before is not None
    }  # fmt: skip
    age = clock.now() - fresh if fresh else None
    return Seen(branch.code, branch.status == Status.ACTIVE, still, overdue, age, figures)


def _where(alarm: Alarm, told: Told) -> str:
    if alarm.kpi or alarm.kind == "overdue":
        below = told.narrowed("branch", alarm.branch)
        return f"{reverse('headquarters:kpi', args=[alarm.kpi or 'open_overdue'])}?{below.query}"
    return reverse("headquarters:branch", args=[alarm.branch])


def _days(actor: Actor, told: Told) -> list[dict[str, Any]]:
    """Day by day what came in, what was finished, and how much of it in time. Two queries."""
    rows = []
    for line in reports_read.by(actor, told.asked, "day", ("ticket_volume", "on_time_rate")):
        done = line.figures["on_time_rate"]
        rows.append({
            "day": line.key[5:], "opened": line.figures["ticket_volume"].numerator, "finished": done.denominator or 0,
            "on_time": "" if done.value is None else done.value,
        })  # fmt: skip
    return rows
