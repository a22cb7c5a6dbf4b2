"""工时: standard minutes of the work that was earned, hours on duty, how full and how even; the ranking among peers.

Standard minutes are points × the minutes of a point of the rules they were booked by, for work, road and what was put
right in it; a bonus, a deduction or a clawback is no time. A month is as settlement has it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Q, Sum

from apps.costing.models import Period, PointRuleSet, WorkPointEntry
from apps.costing.rule_permissions import HOUR_READERS, RANKED
from apps.costing.rules.evenness import gini, ranks, utilisation
from apps.costing.rules.periods import bounds
from apps.costing.rules.rulebook import DEFAULT
from apps.costing.services._periods import cut_off
from apps.people import selectors as people
from apps.people.duty_read import duty_between
from steppe.kernel.actors import Actor, require
from steppe.kernel.errors import NotAllowed
from tenants.context import policy

if TYPE_CHECKING:
    from apps.people.models import OrgUnit, Technician

TIMED = ("earn", "travel", "adjustment", "dispute_correction")
ZERO = Decimal(0)


@dataclass(frozen=True)
class Line:
    """A technician's month. `minutes` are standard minutes; `used_pct` None: not on duty."""

    technician_id: int
    name: str
    unit: str
    unit_id: int
    points: Decimal
    minutes: Decimal
    duty: timedelta

    @property
    def duty_minutes(self) -> Decimal:
        return Decimal(int(self.duty.total_seconds())) / 60

    @property
    def used_pct(self) -> Decimal | None:
        return utilisation(self.minutes, self.duty_minutes)


@dataclass(frozen=True)
class Grid:
    """How even a unit's points lie: 0 everybody the same, towards 1 one has everything."""

    name: str
    people: int
    points: Decimal
    gini: Decimal | None


@dataclass(frozen=True)
class Hours:
    """What the page shows: people by points, units by name, and everybody together."""

    lines: list[Line]
    grids: list[Grid]
    units: "list[OrgUnit]"

    @property
    def points(self) -> Decimal:
        return sum((one.points for one in self.lines), ZERO)

    @property
    def minutes(self) -> Decimal:
        return sum((one.minutes for one in self.lines), ZERO)

    @property
    def duty(self) -> timedelta:
        return sum((one.duty for one in self.lines), timedelta())

    @property
    def used_pct(self) -> Decimal | None:
        """Σ standard minutes / Σ duty minutes: never an average of rates."""
        return utilisation(self.minutes, Decimal(int(self.duty.total_seconds())) / 60)


@dataclass(frozen=True)
class Place:
    """One place of the ranking. `name` is empty where the branch keeps peers anonymous; `mine`: the reader's own."""

    rank: int
    name: str
    points: Decimal
    mine: bool


@dataclass(frozen=True)
class Mine:
    """A technician's own month, and the ranking among those of the same unit."""

    line: Line
    places: list[Place]
    anonymous: bool

    @property
    def place(self) -> Place:
        return next(one for one in self.places if one.mine)


def hours_for(actor: Actor, month: str, *, unit: str = "") -> Hours:
    """Technicians at or below the reader's node (or the chosen one of these). Six queries. Raises NotAllowed."""
    require(actor, HOUR_READERS)
    scopes = tuple(actor.scopes(HOUR_READERS))
    units = [one for one in people.org_tree() if one.path.startswith(scopes) and one.kind != "branch"]
    chosen = tuple(one.path for one in units if one.code == unit) if unit else scopes
    lines = _lines(people.crew_below(chosen), month)
    shown = sorted((one for one in lines if one.points or one.duty), key=lambda one: (-one.points, one.name))
    return Hours(shown, _grids(shown), units)


def hours_of(actor: Actor, month: str) -> Mine:
    """The reader's own month and place. Six queries. Raises NotAllowed for who is no technician."""
    require(actor, RANKED)
    if actor.technician_id is None:
        raise NotAllowed
    me = people.technician(actor.technician_id)
    peers = [one for one in people.crew_below([me.org_unit.path]) if one.user.is_active and _peers(one, me)]
    lines = _lines(peers, month)
    anonymous = policy().ranking_anonymous
    mine = next((one for one in lines if one.technician_id == me.pk), None)
    if mine is None:
        raise NotAllowed
    ranked = [one for one in lines if one.points or one.duty or one.technician_id == me.pk]
    return Mine(mine, _places(ranked, me.pk, anonymous), anonymous)


def months_known() -> list[str]:
    """Months in which points were earned, the newest first. One query."""
    rows = WorkPointEntry.objects.filter(stage="earned").values_list("period", flat=True)
    return list(rows.distinct().order_by("-period")[:24])


def _peers(one: "Technician", me: "Technician") -> bool:
    return one.org_unit_id == me.org_unit_id


def _places(lines: Iterable[Line], me: int, anonymous: bool) -> list[Place]:
    rows = sorted(lines, key=lambda one: (-one.points, one.technician_id))
    return [
        Place(rank, "" if anonymous and one.technician_id != me else one.name, one.points, one.technician_id == me)
        for rank, one in zip(ranks(one.points for one in rows), rows, strict=True)
    ]


def _lines(crew: "Collection[Technician]", month: str) -> list[Line]:
    ids = [one.pk for one in crew]
    points, minutes = _earned(ids, month)
    duty = duty_between(*span_of(month), ids)
    return [
        Line(
            one.pk, one.user.name, one.org_unit.name, one.org_unit_id, points.get(one.pk, ZERO),
            minutes.get(one.pk, ZERO), duty.get(one.pk, timedelta()),
        )
        for one in crew
    ]  # fmt: skip


def _earned(ids: Collection[int], month: str) -> tuple[dict[int, Decimal], dict[int, Decimal]]:
    """All points of the month and the standard minutes of the work in them, by technician. Two queries."""
    of_a_point = minutes_of_points()
    rows = WorkPointEntry.objects.filter(period=month, stage="earned", technician_id__in=ids)
    grouped = rows.values_list("technician_id", "rule_set_id").annotate(
        all=Sum("points"), timed=Sum("points", filter=Q(kind__in=TIMED))
    )
    points: dict[int, Decimal] = defaultdict(Decimal)
    minutes: dict[int, Decimal] = defaultdict(Decimal)
    for who, rule_set, total, timed in grouped.order_by():
        points[who] += total
        minutes[who] += (timed or ZERO) * of_a_point.get(rule_set, DEFAULT.minutes_per_point)
    return points, minutes


def minutes_of_points() -> dict[int | None, int]:
    """What a point is worth in minutes, by the id of the rules it was booked by. One query."""
    rows = PointRuleSet.objects.exclude(state="draft").values_list("id", "body__minutes_per_point")
    return {set_id: int(minutes or DEFAULT.minutes_per_point) for set_id, minutes in rows}


def span_of(month: str) -> tuple[datetime, datetime]:
    """When a settlement month begins and ends. One query."""
    kept = Period.objects.filter(month=month).values_list("starts_at", "ends_at").first()
    return kept or bounds(month, cut_off())


def _grids(lines: Iterable[Line]) -> list[Grid]:
    by_unit: dict[str, list[Decimal]] = defaultdict(list)
    for one in lines:
        by_unit[one.unit].append(one.points)
    return [Grid(name, len(points), sum(points, ZERO), gini(points)) for name, points in sorted(by_unit.items())]
