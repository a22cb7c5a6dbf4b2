"""All branches in one look: map, ranking, alarms, thirty days. Beside them the live pulse (selectors.py)."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from apps.headquarters import reports_read
from apps.headquarters.branches_read import all_branches
from apps.headquarters.kpi_words import WORDS
from apps.headquarters.reporting.figures import LATE, LOOKS, level_of, level_word, shown
from apps.headquarters.reporting.ranking import RANKED, USUAL, rank_query, ranking
from apps.headquarters.reporting.region import Shown, region
from apps.headquarters.reporting.to_look_at import WATCHED, alarms_of
from apps.headquarters.reporting.told import Told
from apps.headquarters.reports_read import Line
from apps.headquarters.rules.asked import previous
from apps.headquarters.rules.kpis import KPIS, Figure
from apps.headquarters.selectors import BranchLine
from steppe.kernel.actors import Actor

ON_MAP = ("open_overdue", "overdue_rate", "on_time_rate", "csat", "ticket_volume")


def overview_of(actor: Actor, told: Told, pulse: Mapping[str, BranchLine], *, on_map: str, rank: str) -> dict[str, Any]:
    """The context besides the pulse. Thirteen queries, however many branches there are."""
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
        "levels": [(code, look, level_word(code)) for code, look in LOOKS.items() if code in _legend(on_map)],
        "ranking": ranking(told, branches, lines, whole, rank), "ranked_by": rank,
        "heads": [(code, WORDS[code].title, rank_query(told, code, on_map), code == rank) for code in RANKED],
        "together": [shown(KPIS[code], whole.figures[code].value) for code in RANKED],
        "alarms": alarms_of(branches, lines, before, fresh, pulse, told), "days": _days(actor, told),
        "fresh": min((one for one in fresh.values() if one), default=None), "query": told.period,
    }  # fmt: skip


def _legend(code: str) -> tuple[str, ...]:
    """The levels a figure can have on the map."""
    return ("good", "near", "late" if code in LATE else "bad") if KPIS[code].direction else ("plain",)


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
        return "good" if not own.numerator else "near" if share < 0.1 else "late"
    return level_of(code, own.value, whole.value if KPIS[code].denominator is not None else None)


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
