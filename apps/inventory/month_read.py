"""What a calendar month did to the branch's stock, for the rooms above: sums that can be added over branches.

From the books, so a month that is over says the same whenever it is asked; of one that runs, what there is by now.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, Extract

from apps.inventory.models import Count as Stocktake
from apps.inventory.models import Movement, Recovered, StockWarning, Valuation
from apps.inventory.reports_read import LOSSES, Period
from apps.inventory.rules.watching import IDLE, LOW, VAN
from steppe.kernel import clock
from steppe.kernel.money import round_fen

DAY = 86_400
CONSUMED = Q(entry__document__kind="consumption", place=F("entry__document__source"))
LOST = Q(entry__document__kind__in=LOSSES, place__valued=True)
RECEIVED = Q(entry__document__kind="receipt", place__valued=True)


def sums_of(month: str) -> dict[str, int]:
    """One month: value in fen, `stock_fen_days` fen times days, devices by ticket. Six queries."""
    period = period_of_month(month)
    until = min(period.until, clock.now())
    return _books(period.start, period.until, until) | _counted(period) | _recovered(period) | _warned(until)


def period_of_month(month: str) -> Period:
    """Its whole days."""
    year, number = int(month[:4]), int(month[5:])
    following = date(year + number // 12, number % 12 + 1, 1)
    return Period(date(year, number, 1), date.fromordinal(following.toordinal() - 1))


def touched_since(moment: datetime) -> set[str]:
    """Calendar months in which goods were booked or a count was decided since then: that is when they count.

    One query for each.
    """
    moved = Movement.objects.filter(at__gte=moment).dates("at", "month")
    counted = Stocktake.objects.filter(decided_at__gte=moment).dates("decided_at", "month")
    return {f"{day:%Y-%m}" for some in (moved, counted) for day in some}


def months_known(since: str) -> set[str]:
    """Calendar months from this one on until now, from the first movement on. One query."""
    first = Movement.objects.order_by("id").values_list("at", flat=True).first()
    if first is None:
        return set()
    found, last = [max(since, _month(first))], _month(clock.now())
    while found[-1] < last:
        found.append(_month(period_of_month(found[-1]).until))
    return set(found)


def _month(moment: datetime) -> str:
    return f"{moment.astimezone(clock.BUSINESS_ZONE):%Y-%m}"


def _books(start: datetime, end: datetime, until: datetime) -> dict[str, int]:
    """The value at the end, backwards from what there is now, and what came and went. Two queries."""
    now = Valuation.objects.aggregate(total=Sum("value"))["total"] or 0
    inside = Q(at__lt=end)
    left = Extract(Value(until) - F("at"), "epoch")
    weighed = Sum(F("value") * left, filter=inside, output_field=DecimalField())
    found = Movement.objects.filter(at__gte=start).exclude(value=0).aggregate(
        after=_fen(~inside), inside=_fen(inside), weighed=Coalesce(weighed, Decimal(0)),
        used=_fen(inside & CONSUMED), received=_fen(inside & RECEIVED), lost=_fen(inside & LOST),
    )  # fmt: skip
    value = now - found["after"]
    opening = value - found["inside"]
    seconds = Decimal(opening) * Decimal(max((until - start).total_seconds(), 0)) + Decimal(found["weighed"])
    return {
        "stock_value": value, "stock_fen_days": round_fen(seconds / DAY), "stock_used": -found["used"],
        "stock_received": found["received"], "stock_lost": -found["lost"],
    }  # fmt: skip


def _fen(which: Q) -> Any:
    return Coalesce(Sum("value", filter=which), 0)


def _counted(period: Period) -> dict[str, int]:
    rows = Stocktake.objects.filter(state="posted", decided_at__gte=period.start, decided_at__lt=period.until)
    found = rows.aggregate(lines=Coalesce(Sum("lines_counted"), 0), right=Coalesce(Sum("lines_right"), 0))
    return {"lines_counted": found["lines"], "lines_right": found["right"]}


def _recovered(period: Period) -> dict[str, int]:
    """Tickets that brought a device back, and all that had to. Two queries."""
    rows = Recovered.objects.exclude(state="released")
    rows = rows.filter(entered_at__gte=period.start, entered_at__lt=period.until)
    back = _tickets(rows.filter(state="posted", why=""))
    had_to = back | _tickets(rows.exclude(why=""))
    return {"recovered": len(back), "to_recover": len(had_to)}


def _tickets(rows: QuerySet[Recovered]) -> set[str]:
    return set(rows.order_by().values_list("ticket", flat=True).distinct())


def _warned(until: datetime) -> dict[str, int]:
    """Shelves that wanted somebody's eye then: too little of something, or lying too long."""
    rows = StockWarning.objects.filter(Q(ended_at__isnull=True) | Q(ended_at__gte=until), since__lte=until)
    idle = Count("id", filter=Q(kind__in=(IDLE, VAN)))
    found = rows.aggregate(low=Count("id", filter=Q(kind=LOW)), idle=idle)
    return {"low_stock": found["low"], "idle_stock": found["idle"]}
