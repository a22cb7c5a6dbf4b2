"""Settlement months, their lines and disputes, as each reader may see them.

Who goes out sees the own line (`slip_read`); grid leader, manager and accountant the lines at or below the node of
their role; nobody else any. A month itself is no secret among them: its state, who did what, how many have confirmed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from apps.costing.models import Period, PeriodStep, SettlementLine, SettlementRun
from apps.costing.permissions import SETTLEMENT_READERS, SETTLERS
from apps.costing.rules import periods as rule
from apps.costing.services import _lines, _settling
from apps.costing.services._periods import cut_off
from apps.costing.settlement_errors import LineNotFound, MonthNotFound, RunNotFound
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.money import Fen

PAGE = 50
MOST = 200
SHOWN_MONTHS = 24
SORTS = {
    "name": ("name", "id"), "grid": ("org_path", "name", "id"), "points": ("-points", "id"), "pay": ("-pay_fen", "id"),
    "coefficient": ("-coefficient", "id"), "state": ("state", "name", "id"),
}  # fmt: skip
LINE_STATES = ("open", "confirmed", "disputed")


@dataclass(frozen=True)
class Totals:
    """What some lines come to."""

    lines: int = 0
    tickets: int = 0
    points: Decimal = Decimal(0)
    pay_fen: Fen = 0


@dataclass(frozen=True)
class MonthRow:
    """A month in the list; `lines` by state, of all technicians."""

    period: Period
    lines: Mapping[str, int]


@dataclass(frozen=True)
class MonthView:
    """A month with what was done, its newest calculation, and how far the technicians and the lookers are."""

    period: Period
    steps: Sequence[PeriodStep]
    run: SettlementRun | None
    lines: Mapping[str, int]
    seen: Mapping[str, int]
    open_disputes: int
    over: bool

    @property
    def count(self) -> int:
        return sum(self.lines.values())


@dataclass(frozen=True)
class LinePage:
    """Some lines, what all of them come to, and which pages there are."""

    rows: Sequence[SettlementLine]
    totals: Totals
    page: int
    pages: int


@dataclass(frozen=True)
class Asked:
    """What a reader wants of the lines."""

    q: str = ""
    state: str = ""
    sort: str = "grid"
    page: int = 1
    limit: int = field(default=PAGE)


def months_for(actor: Actor) -> list[MonthRow]:
    """The newest first, with this month and the last one also when nobody has asked for them. Two queries."""
    require(actor, SETTLEMENT_READERS)
    stored = {one.month: one for one in Period.objects.order_by("-month")[:SHOWN_MONTHS]}
    now = rule.period_of(clock.now(), cut_off())
    for month in (now, rule.preceding(now)):
        stored.setdefault(month, _unasked(month))
    counts = _counts(Q(period__in=[one for one in stored.values() if one.pk]))
    return [MonthRow(stored[month], counts.get(stored[month].pk, {})) for month in sorted(stored, reverse=True)]


def month_for(actor: Actor, month: str) -> MonthView:
    """One month. Six queries. Raises NotAllowed, MonthNotFound."""
    require(actor, SETTLEMENT_READERS)
    period = Period.objects.filter(month=month).first() or _maybe(month)
    if period.pk is None:
        return MonthView(period, [], None, {}, {}, 0, clock.now() >= period.ends_at)
    steps = list(PeriodStep.objects.filter(period=period).order_by("id"))
    run = SettlementRun.objects.filter(period=period).order_by("-id").first()
    rows = _lines.lines_of(period)
    seen = dict(rows.filter(reviews__isnull=False).values_list("reviews__level").annotate(Count("pk")).order_by())
    disputed = rows.filter(disputes__state__in=("raised", "refused", "appealed")).aggregate(n=Count("disputes"))["n"]
    over = clock.now() >= period.ends_at
    return MonthView(period, steps, run, _counts(Q(period=period)).get(period.pk, {}), seen, disputed, over)


def lines_for(actor: Actor, month: str, asked: Asked) -> LinePage:
    """The lines in the reader's reach. Three queries. Raises NotAllowed, MonthNotFound."""
    require(actor, SETTLEMENT_READERS)
    period = stored_month(month)
    rows = visible(actor, period)
    if asked.q:
        rows = rows.filter(Q(name__icontains=asked.q) | Q(org_unit__name__icontains=asked.q))
    if asked.state in LINE_STATES:
        rows = rows.filter(state=asked.state)
    totals = totals_of(rows)
    limit = min(max(asked.limit, 1), MOST)
    pages = max(1, -(-totals.lines // limit))
    page = min(max(asked.page, 1), pages)
    sort = SORTS.get(asked.sort, SORTS["grid"])
    found = rows.select_related("org_unit").order_by(*sort)[(page - 1) * limit : page * limit]
    return LinePage(list(found), totals, page, pages)


def line_for(actor: Actor, month: str, technician_id: int) -> SettlementLine:
    """One line in the reader's reach. Two queries. Raises NotAllowed, MonthNotFound, LineNotFound."""
    require(actor, SETTLEMENT_READERS)
    line = (
        visible(actor, stored_month(month))
        .select_related("org_unit", "period")
        .filter(technician=technician_id)
        .first()
    )
    if line is None:
        raise LineNotFound
    return line


def older_lines(line: SettlementLine) -> list[SettlementLine]:
    """The same technician's lines of the month's earlier versions. One query."""
    rows = SettlementLine.objects.filter(period=line.period, technician=line.technician_id, version__lt=line.version)
    return list(rows.order_by("-version"))


def run_for(actor: Actor, public_id: str) -> SettlementRun:
    """How far a calculation is. One query. Raises NotAllowed, RunNotFound."""
    require(actor, SETTLERS)
    run = SettlementRun.objects.select_related("period").filter(public_id=public_id).first()
    if run is None:
        raise RunNotFound
    return run


def visible(actor: Actor, period: Period) -> QuerySet[SettlementLine]:
    """The month's present lines at or below the nodes of the reader's roles. No query by itself."""
    reach = Q(pk__in=[])
    for path in actor.scopes(SETTLEMENT_READERS):
        reach |= Q(org_path__startswith=path)
    rows: QuerySet[SettlementLine] = _lines.lines_of(period)
    return rows if actor.kind == "system" else rows.filter(reach)


def totals_of(rows: QuerySet[SettlementLine]) -> Totals:
    """One query."""
    told: dict[str, Any] = rows.aggregate(
        lines=Count("pk"), tickets=Sum("tickets"), points=Sum("points"), pay_fen=Sum("pay_fen")
    )
    return Totals(**{name: value for name, value in told.items() if value is not None})


def stored_month(month: str) -> Period:
    """One query. Raises MonthNotFound."""
    found = Period.objects.filter(month=month).first()
    if found is None:
        raise MonthNotFound
    return found


def _maybe(month: str) -> Period:
    """A month nobody has asked for yet, if it can be asked for. Raises MonthNotFound."""
    _settling.check_month(month)
    return _unasked(month)


def _unasked(month: str) -> Period:
    starts_at, ends_at = rule.bounds(month, cut_off())
    return Period(month=month, starts_at=starts_at, ends_at=ends_at)


def _counts(of: Q) -> dict[int, dict[str, int]]:
    """Lines of the present versions by month and state. One query."""
    found: dict[int, dict[str, int]] = {}
    rows = SettlementLine.objects.filter(of, version=F("period__version")).values_list("period", "state")
    for period, state, n in rows.annotate(Count("pk")).order_by():
        found.setdefault(period, {})[state] = n
    return found


def unsettled(before: datetime) -> list[tuple[datetime, datetime]]:
    """The months that were not locked for good before this moment, as spans. For the archive of tickets. One query."""
    settled = Q(state__in=rule.CLOSED, locked_at__lte=before)
    return list(Period.objects.exclude(settled).order_by("month").values_list("starts_at", "ends_at"))
