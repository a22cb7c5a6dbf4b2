"""Month by month: budgets with their use, and each technician's sheet of work. A page is a month."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, Sum

from apps.costing import money_words
from apps.costing.control_read import BudgetLine, every_budget_line
from apps.costing.hours_read import Line, hours_for
from apps.costing.models import Budget, WorkPointEntry
from apps.costing.money_permissions import MONEY_READERS
from apps.costing.points_read import this_month
from apps.costing.rule_permissions import HOUR_READERS
from apps.costing.rules.periods import period_of, preceding
from apps.costing.services._periods import cut_off
from apps.people import duty_read
from apps.people import selectors as people
from steppe.kernel.actors import Actor, require
from steppe.kernel.tables import Key, Made, Part, Table

# Which kinds of the ledger stand together in a column.
KINDS = {
    "work": ("earn",), "travel": ("travel",), "bonus": ("bonus",), "deducted": ("deduction", "clawback"),
    "corrected": ("adjustment", "dispute_correction"),
}  # fmt: skip
DUTY = Table(("id",), {
    "name": "technician__user__name", "work_no": "technician__user__work_no", "unit": "technician__org_unit__name",
    "started_at": "started_at", "ended_at": "ended_at",
    "hours": Made(("started_at", "ended_at"), lambda start, end: end and _hours((end - start).total_seconds())),
})  # fmt: skip


@dataclass(frozen=True)
class Work:
    """What somebody's month was made of: tickets that were paid, points by column."""

    tickets: int
    points: dict[str, Decimal]


NOTHING = Work(0, {})


def how_many_budgets(actor: Actor, first: str, last: str) -> int:
    """Raises NotAllowed. One query."""
    require(actor, MONEY_READERS)
    return Budget.objects.filter(month__range=(first, last)).count()


def budgets(actor: Actor, first: str, last: str, codes: Sequence[str], after: Key | None = None) -> Iterator[Part]:
    """Raises NotAllowed. Three queries a month, one before."""
    require(actor, MONEY_READERS)
    known = Budget.objects.filter(month__range=(first, last)).values_list("month", flat=True)
    for month in _later(sorted(set(known)), after):
        yield _part([_budget(one) for one in every_budget_line(actor, month)], codes, month)


def how_many_sheets(actor: Actor, first: str, last: str) -> int:
    """Raises NotAllowed. Seven queries a month."""
    return sum(len(hours_for(actor, month).lines) for month in _months(first, last))


def sheets(actor: Actor, first: str, last: str, codes: Sequence[str], after: Key | None = None) -> Iterator[Part]:
    """Technicians with points or duty in these months. Raises NotAllowed. Eight queries a month."""
    for month in _later(_months(first, last), after):
        lines = hours_for(actor, month).lines
        if not lines:
            continue
        numbers = {one.pk: one.user.work_no for one in people.crew_below(actor.scopes(HOUR_READERS))}
        work = _work(month)
        found = [_sheet(month, one, numbers, work.get(one.technician_id, NOTHING)) for one in lines]
        yield _part(found, codes, month)


def duty(actor: Actor, start: object, end: object) -> "QuerySet[Any]":
    """Spans on duty that began from `start` until before `end`, of the reader's people. Raises NotAllowed."""
    require(actor, HOUR_READERS)
    rows = duty_read.spans_below(("/",) if actor.kind == "system" else actor.scopes(HOUR_READERS))
    return rows.filter(started_at__gte=start, started_at__lt=end)


def _budget(line: BudgetLine) -> dict[str, Any]:
    one = line.budget
    return {
        "month": one.month, "unit": line.unit_name, "type": line.type_name,
        "element": money_words.element_word(one.element) if one.element else "", "tickets": one.tickets,
        "budget_fen": one.fen, "actual_fen": line.actual, "left_fen": line.left, "used": line.used,
        "light": money_words.word(money_words.LIGHTS, line.light),
    }  # fmt: skip


def _sheet(month: str, one: Line, numbers: dict[int, str], work: Work) -> dict[str, Any]:
    return {
        "month": month, "name": one.name, "work_no": numbers.get(one.technician_id, ""), "unit": one.unit,
        "tickets": work.tickets, **{code: work.points.get(code, Decimal(0)) for code in KINDS}, "points": one.points,
        "standard_hours": _hours(one.minutes * 60), "duty_hours": _hours(one.duty.total_seconds()),
        "used": one.used_pct,
    }  # fmt: skip


def _hours(seconds: float | Decimal) -> Decimal:
    return round(Decimal(seconds) / 3600, 2)


def _work(month: str) -> dict[int, Work]:
    """By technician. One query."""
    sums = {f"of_{code}": Sum("points", filter=Q(kind__in=kinds), default=Decimal(0)) for code, kinds in KINDS.items()}
    paid = Count("ticket", filter=Q(kind="earn") & ~Q(ticket=""), distinct=True)
    rows = WorkPointEntry.objects.filter(period=month, stage="earned").values_list("technician_id")
    return {
        who: Work(tickets, dict(zip(KINDS, points, strict=True)))
        for who, tickets, *points in rows.annotate(paid=paid, **sums).order_by()
    }


def _months(first: str, last: str) -> list[str]:
    """The months of these in which there can be anything: since the first points or duty, until now. Two queries."""
    points = WorkPointEntry.objects.filter(stage="earned").aggregate(first=Min("period"))["first"]
    duty = duty_read.first_duty()
    begun = [one for one in (points, duty and period_of(duty, cut_off())) if one]
    months, month = [], min(last, max(this_month(), max(begun, default="")))
    while begun and month >= max(first, min(begun)):
        months.append(month)
        month = preceding(month)
    return months[::-1]


def _later(months: Sequence[str], after: Key | None) -> list[str]:
    return [one for one in months if not after or one > str(after[0])]


def _part(rows: Sequence[dict[str, Any]], codes: Sequence[str], month: str) -> Part:
    return Part([[row[code] for row in rows] for code in codes], [month])
