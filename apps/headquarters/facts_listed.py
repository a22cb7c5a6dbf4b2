"""The tickets behind a figure: where the way down from a KPI ends. Rows of the index, no name, phone or address."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q

from apps.headquarters.errors import NoSuchKpi
from apps.headquarters.models import TicketFact
from apps.headquarters.reach import Reach, reach_of
from apps.headquarters.rules.asked import Asked
from apps.headquarters.rules.kpis import KPIS
from apps.headquarters.rules.measures import DAILY
from apps.headquarters.sums import within
from steppe.kernel.actors import Actor
from tenants.context import in_public

SIZE = 50
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SIDES = ("numerator", "denominator")
_NOW = {"open_tickets": Q(is_open=True), "open_overdue": Q(is_open=True, overdue=True)}


@dataclass(frozen=True)
class Row:
    """A ticket as headquarters' index has it; `ticket` is its name in its branch."""

    branch: str
    branch_name: str
    branch_name_en: str
    ticket: str
    ticket_no: str
    type_code: str
    grid: str
    area_class: str
    department: str
    channel: str
    status: str
    priority: int
    overdue: bool
    reported_at: datetime
    due_at: datetime | None


@dataclass(frozen=True)
class Page:
    """`after`: what the next page begins behind; empty when there is none."""

    rows: list[Row]
    after: str


def tickets_behind(
    actor: Actor, asked: Asked, *, kpi: str = "", overdue: bool | None = None, side: str = "numerator",
    after: str = "", size: int = SIZE,
) -> Page:  # fmt: skip
    """Tickets that a KPI's `side` counts in the period, the newest report first; without a KPI those reported in it.

    `overdue`: only open ones that are (not) late, whenever they were reported. Raises NoSuchKpi, NoSuchBranch,
    NotAllowed. Two queries besides who it is.
    """
    reach = reach_of(actor, asked)
    with in_public():
        rows = TicketFact.objects.filter(reach.within(), _counted(reach, kpi, side, overdue), _beyond(after))
        found = list(rows.order_by("-reported_at", "-id")[: size + 1])
    return Page([_row(one, reach) for one in found[:size]], _token(found[size - 1]) if len(found) > size else "")


def _counted(reach: Reach, kpi: str, side: str, overdue: bool | None) -> Q:
    if kpi and kpi not in KPIS:
        raise NoSuchKpi
    open_ones = Q() if overdue is None else Q(is_open=True, overdue=overdue)
    if kpi:
        row = KPIS[kpi]
        names = row.denominator if side == "denominator" and row.denominator else (*row.numerator, *row.less)
        return open_ones & _having(reach, names)
    return open_ones if overdue is not None else within(reach, "created_day")


def _having(reach: Reach, measures: Iterable[str]) -> Q:
    """Tickets that added to one of these figures on a day of the period; none for figures that no ticket makes."""
    found = Q(pk__in=[])
    for name in measures:
        if name in _NOW:
            found |= _NOW[name]
        elif name in DAILY:
            found |= within(reach, f"{DAILY[name]}_day") & Q(measures__has_key=name)
    return found


def _token(last: TicketFact) -> str:
    return f"{(last.reported_at - EPOCH) // timedelta(microseconds=1)}-{last.pk}"


def _beyond(after: str) -> Q:
    """Rows behind this one; a token nobody gave out is the beginning."""
    moment, _, pk = after.partition("-")
    try:
        at, number = EPOCH + timedelta(microseconds=int(moment)), int(pk)
    except (ValueError, OverflowError):
        return Q()
    return Q(reported_at__lte=at) & (Q(reported_at__lt=at) | Q(pk__lt=number))


def _row(one: TicketFact, reach: Reach) -> Row:
    branch = next(own for own in reach.branches if own.pk == one.branch_id)
    return Row(
        branch.code, branch.name, branch.name_en, one.ticket, one.ticket_no, one.type_code, one.grid, one.area_class,
        one.department, one.channel, one.status, one.priority, one.overdue, one.reported_at, one.due_at,
    )  # fmt: skip
