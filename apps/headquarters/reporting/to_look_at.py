"""Alarms of the overview with names and ways: who should be looked at first, and why."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.urls import reverse

from apps.headquarters.branches_read import name_of
from apps.headquarters.kpi_words import WORDS
from apps.headquarters.reporting.told import Told
from apps.headquarters.reports_read import Line
from apps.headquarters.rules.alarms import Alarm, Measured, Seen, alarms
from apps.headquarters.rules.kpis import KPIS
from apps.headquarters.selectors import BranchLine
from steppe.kernel import clock
from tenants.models import Status, Tenant

WATCHED = ("on_time_rate", "overdue_rate", "avg_accept_minutes", "mttr", "csat")  # jumps of these are told


def alarms_of(
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
