"""What a month comes to in the whole branch, for the rooms above: sums that can be added over branches, nobody's name.

A month is as settlement has it (the branch's cut-off) for points, hours and pay, and as the books have it for money.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from apps.costing.hours_read import TIMED, minutes_of_points, span_of
from apps.costing.models import (
    AccountVersion,
    Budget,
    CostPeriod,
    Dispute,
    MoneyLine,
    Period,
    PeriodStep,
    SettlementLine,
    TicketAccount,
    WorkPointEntry,
)
from apps.costing.models.money import COST_ELEMENTS
from apps.costing.rules.evenness import gini_sides
from apps.costing.rules.periods import period_of
from apps.costing.rules.rulebook import DEFAULT
from apps.costing.rules.widest import Planned, budget_and_used
from apps.costing.services._periods import cut_off
from apps.people import duty_read
from apps.people import selectors as people
from steppe.kernel import clock
from steppe.kernel.money import Fen, round_fen

Spent = Mapping[tuple[int | None, str, str], Fen]
ZERO = Decimal(0)
INSTALL = "install"
FULL_TIME = 15  # days on duty in a month from which a technician counts as active (domain.md §8)


@dataclass(frozen=True)
class MonthSums:
    """`figures`: money in fen, points in hundredths, time in seconds, km in tenths."""

    settlement: str
    costs_closed: bool
    figures: Mapping[str, int] = field(default_factory=dict)


def running_month() -> str:
    """The settlement month we are in. No query."""
    return period_of(clock.now(), cut_off())


def sums_of(month: str) -> MonthSums:
    """One month. Fourteen queries, however much there is in it."""
    money, spent = _money(month)
    budget, used = budget_and_used(_budgets(month), spent)
    state = Period.objects.filter(month=month).values_list("state", flat=True).first() or "open"
    closed = CostPeriod.objects.filter(month=month, state="closed").exists()
    figures = money | _accounts(month) | _points(month) | _pay(month) | _people(month)
    return MonthSums(state, closed, figures | {"budget": budget, "budget_used": used})


def touched_since(moment: datetime) -> set[str]:
    """Months in which something was booked or decided since then. Seven queries."""
    rows: list[QuerySet[Any, str]] = [
        MoneyLine.objects.filter(at__gte=moment).values_list("period", flat=True),
        AccountVersion.objects.filter(at__gte=moment).values_list("account__period", flat=True),
        WorkPointEntry.objects.filter(at__gte=moment).values_list("period", flat=True),
        PeriodStep.objects.filter(at__gte=moment).values_list("period__month", flat=True),
        Dispute.objects.filter(raised_at__gte=moment).values_list("line__period__month", flat=True),
        Budget.objects.filter(changed_at__gte=moment).values_list("month", flat=True),
        CostPeriod.objects.filter(changed_at__gte=moment).values_list("month", flat=True),
    ]
    return {month for some in rows for month in some.order_by().distinct() if month}


def months_known(since: str) -> set[str]:
    """Months from this one on with money, points, a settlement or a budget. Four queries."""
    rows: list[QuerySet[Any, str]] = [
        MoneyLine.objects.filter(period__gte=since).values_list("period", flat=True),
        WorkPointEntry.objects.filter(period__gte=since).values_list("period", flat=True),
        Period.objects.filter(month__gte=since).values_list("month", flat=True),
        Budget.objects.filter(month__gte=since).values_list("month", flat=True),
    ]
    return {month for some in rows for month in some.order_by().distinct()}


def _money(month: str) -> tuple[dict[str, int], Spent]:
    """What the month's lines come to, and its costs as budgets look at them. `cost_upkeep`: without installations."""
    keys = ("side", "account__sub_branch_id", "account__type_code", "element", "account__family")
    rows = MoneyLine.objects.filter(period=month).order_by().values_list(*keys).annotate(Sum("fen"))
    found = {"revenue": 0, "share": 0, "cost_upkeep": 0} | {f"cost_{element}": 0 for element in COST_ELEMENTS}
    spent: dict[tuple[int | None, str, str], Fen] = {}
    for side, unit, code, element, family, fen in rows:
        found[f"cost_{element}" if side == "cost" else side] += fen
        if side == "cost":
            spent[unit, code, element] = spent.get((unit, code, element), 0) + fen
            found["cost_upkeep"] += 0 if family == INSTALL else fen
    return found, spent


def _budgets(month: str) -> Iterable[Planned]:
    rows = Budget.objects.filter(month=month)
    return [Planned(*row) for row in rows.values_list("sub_branch_id", "type_code", "element", "fen")]


def _accounts(month: str) -> dict[str, int]:
    """How many tickets closed in it, and the way to them."""
    found = TicketAccount.objects.filter(period=month).aggregate(n=Count("id"), km=Sum("km"))
    return {"closed_tickets": found["n"], "km_tenths": int((found["km"] or ZERO) * 10)}


def _points(month: str) -> dict[str, int]:
    """Points that are earned in it; what waits for its callback stands in the month we are in. Two queries."""
    of_a_point = minutes_of_points()
    waiting = Q(stage="provisional") if month == running_month() else Q(pk__in=[])
    rows = WorkPointEntry.objects.filter(Q(stage="earned", period=month) | waiting).order_by()
    earned = Q(stage="earned")
    sums = rows.values_list("rule_set_id").annotate(
        settled=Sum("points", filter=earned), waiting=Sum("points", filter=~earned),
        timed=Sum("points", filter=earned & Q(kind__in=TIMED)),
    )  # fmt: skip
    points = {"settled": ZERO, "waiting": ZERO, "seconds": ZERO}
    for rule_set, settled, provisional, timed in sums:
        points["settled"] += settled or ZERO
        points["waiting"] += provisional or ZERO
        points["seconds"] += (timed or ZERO) * of_a_point.get(rule_set, DEFAULT.minutes_per_point) * 60
    return {
        "settled_points": int(points["settled"] * 100), "provisional_points": int(points["waiting"] * 100),
        "standard_seconds": round_fen(points["seconds"]),
    }  # fmt: skip


def _pay(month: str) -> dict[str, int]:
    """What the month's present lines pay."""
    lines = SettlementLine.objects.filter(period__month=month, version=F("period__version"))
    said = Count("id", filter=Q(state="confirmed"))
    found = lines.aggregate(pay=Sum("pay_fen"), n=Count("id"), confirmed=said)
    return {
        "pay": found["pay"] or 0, "settlement_lines": found["n"], "settlement_confirmed": found["confirmed"],
    }  # fmt: skip


def _people(month: str) -> dict[str, int]:
    """Time on duty, who was on enough days, the customers there were by its end, how even it was. Six queries."""
    start, end = span_of(month)
    duty = duty_read.duty_of_each(start, end)
    days = duty_read.days_on_duty(start, end)
    return {
        "duty_seconds": int(sum(duty.values(), timedelta()).total_seconds()),
        "subscribers": people.how_many_customers(before=end),
        "active_technicians": sum(count >= FULL_TIME for count in days.values()),
    } | _evenness(month, duty)  # fmt: skip


def _evenness(month: str, duty: Mapping[int, timedelta]) -> dict[str, int]:
    """Both sides of the grids' Ginis. A grid counts whose work can be shared: two people with points or on duty, in the
    grid they stand in now. Two queries."""
    rows = WorkPointEntry.objects.filter(period=month, stage="earned").order_by()
    points = dict(rows.values_list("technician_id").annotate(Sum("points")))
    by_grid: dict[int, list[Decimal]] = defaultdict(list)
    for technician, grid in people.grids_of_technicians().items():
        if technician in duty or points.get(technician):
            by_grid[grid].append(points.get(technician, ZERO))
    sides = [gini_sides(crew) for crew in by_grid.values() if len(crew) > 1]
    return {
        "points_apart": int(sum((apart for apart, _ in sides), ZERO) * 100),
        "points_by_crew": int(sum((all_points for _, all_points in sides), ZERO) * 100),
    }
