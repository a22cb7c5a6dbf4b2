"""工作量表: what each technician did in a period: tickets, points, standard hours, hours on duty, kilometres.

A period is a row of settlement months, so that the sheet says what the payroll says. Kilometres are those of the
tickets somebody was the main technician of and that closed in it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, Sum

from apps.costing.hours_read import TIMED, ZERO, minutes_of_points, span_of
from apps.costing.models import TicketAccount, WorkPointEntry
from apps.costing.rule_permissions import HOUR_READERS
from apps.costing.rules.evenness import utilisation
from apps.costing.rules.periods import following
from apps.costing.rules.rulebook import DEFAULT
from apps.people import selectors as people
from apps.people.duty_read import duty_between
from steppe.kernel.actors import Actor, require

if TYPE_CHECKING:
    from apps.people.models import OrgUnit, Technician

MOST = 24  # months of one sheet


@dataclass(frozen=True)
class Line:
    """One technician's work. `minutes` are standard minutes; `used_pct` None: not on duty."""

    technician_id: int
    name: str
    work_no: str
    unit: str
    tickets: int
    points: Decimal
    minutes: Decimal
    duty: timedelta
    km: Decimal

    @property
    def used_pct(self) -> Decimal | None:
        return utilisation(self.minutes, Decimal(int(self.duty.total_seconds())) / 60)


@dataclass(frozen=True)
class Sheet:
    """The months, the units one can choose, and everybody who worked or was on duty, the most points first."""

    months: Sequence[str]
    units: "Sequence[OrgUnit]"
    lines: Sequence[Line]

    @property
    def total(self) -> Line:
        """Everybody together. A ticket that two shared counts once for each."""
        lines = self.lines
        return Line(
            0, "", "", "", sum(one.tickets for one in lines), sum((one.points for one in lines), ZERO),
            sum((one.minutes for one in lines), ZERO), sum((one.duty for one in lines), timedelta()),
            sum((one.km for one in lines), ZERO),
        )  # fmt: skip


def work_sheet(actor: Actor, first: str, last: str, *, unit: str = "") -> Sheet:
    """The work of the months from `first` to `last` (YYYY-MM), of the technicians at or below the reader's node.

    Eight queries, however many people. Raises NotAllowed.
    """
    require(actor, HOUR_READERS)
    scopes, months = tuple(actor.scopes(HOUR_READERS)), _months(first, last)
    units = [one for one in people.org_tree() if one.path.startswith(scopes) and one.kind != "branch"]
    chosen = tuple(one.path for one in units if one.code == unit) if unit else scopes
    crew = people.crew_below(chosen)
    lines = _lines(crew, months, [one.pk for one in crew])
    shown = [one for one in lines if one.points or one.duty or one.km or one.tickets]
    return Sheet(months, units, sorted(shown, key=lambda one: (-one.points, one.name)))


def _months(first: str, last: str) -> list[str]:
    found = [first]
    while found[-1] < last and len(found) < MOST:
        found.append(following(found[-1]))
    return found


def _lines(crew: "Collection[Technician]", months: Sequence[str], ids: Collection[int]) -> list[Line]:
    begins, ends = span_of(months[0])[0], span_of(months[-1])[1]
    points, minutes = _worked(months, ids)
    tickets, km, duty = _tickets(months, ids), _driven(begins, ends, ids), duty_between(begins, ends, ids)
    return [
        Line(
            one.pk, one.user.name, one.user.work_no, one.org_unit.name, tickets.get(one.pk, 0),
            points.get(one.pk, ZERO), minutes.get(one.pk, ZERO), duty.get(one.pk, timedelta()), km.get(one.pk, ZERO),
        )
        for one in crew
    ]  # fmt: skip


def _earned(months: Sequence[str], ids: Collection[int]) -> Any:
    return WorkPointEntry.objects.filter(period__in=months, stage="earned", technician_id__in=ids).order_by()


def _worked(months: Sequence[str], ids: Collection[int]) -> tuple[dict[int, Decimal], dict[int, Decimal]]:
    """All points, and the standard minutes of the work in them. Two queries."""
    worth, points, minutes = minutes_of_points(), dict[int, Decimal](), dict[int, Decimal]()
    rows = _earned(months, ids).values_list("technician_id", "rule_set_id").annotate(
        all=Sum("points"), timed=Sum("points", filter=Q(kind__in=TIMED))
    )  # fmt: skip
    for who, rule_set, total, timed in rows:
        points[who] = points.get(who, ZERO) + total
        spent = (timed or ZERO) * worth.get(rule_set, DEFAULT.minutes_per_point)
        minutes[who] = minutes.get(who, ZERO) + spent
    return points, minutes


def _tickets(months: Sequence[str], ids: Collection[int]) -> dict[int, int]:
    rows = _earned(months, ids).exclude(ticket="")
    return dict(rows.values_list("technician_id").annotate(n=Count("ticket", distinct=True)))


def _driven(begins: datetime, ends: datetime, ids: Collection[int]) -> dict[int, Decimal]:
    rows = TicketAccount.objects.filter(closed_at__gte=begins, closed_at__lt=ends, technician_id__in=ids).order_by()
    return dict(rows.values_list("technician_id").annotate(km=Sum("km")))
