"""Stock's reports over a period: tables of rows, with the figure they lead to. One shape for page, API and file.

Rows are from the books, so a report of a past period says the same whenever it is asked. A reader sees their places;
what is worth the same everywhere (turnover) is for who reads the whole branch.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from apps.inventory.models import Balance, Movement, Recovered, Serial, Valuation
from apps.inventory.models import Count as Stocktake
from apps.inventory.permissions import READERS
from apps.inventory.rules.figures import Ratio, average_stock, stock_turns
from apps.inventory.rules.places import is_whole_branch
from apps.inventory.rules.watching import AGES, aged
from apps.inventory.selectors import places_for
from apps.inventory.services._watched import came_since
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.errors import NotAllowed
from steppe.kernel.money import round_fen

MOST_DAYS = 1100
LOSSES = ("shortage", "surplus", "scrap", "claim")
Row = dict[str, Any]


@dataclass(frozen=True)
class Period:
    """Whole days of the branch, the last one included."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, time(), clock.BUSINESS_ZONE)

    @property
    def until(self) -> datetime:
        return datetime.combine(self.last + timedelta(days=1), time(), clock.BUSINESS_ZONE)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Report:
    """A table, and what it comes to; `figure` is None where a report leads to no rate."""

    code: str
    columns: Sequence[str]
    rows: Sequence[Row]
    total: Row
    figure: Ratio | None = None


def lately() -> Period:
    """The last thirty days, today included."""
    today = clock.now().astimezone(clock.BUSINESS_ZONE).date()
    return Period(today - timedelta(days=29), today)


def report_for(actor: Actor, code: str, period: Period) -> Report:
    """One report of REPORTS. Raises NotAllowed, KeyError. At most five queries, however much there is."""
    require(actor, READERS)
    return REPORTS[code](actor, period)


def turnover(actor: Actor, period: Period) -> Report:
    """库存周转: what tickets used up, as of a year, to the average stock; by category and together."""
    if actor.kind != "system" and not any(is_whole_branch(path) for path in actor.scopes(READERS)):
        raise NotAllowed
    until = min(period.until, clock.now())
    now = dict(Valuation.objects.values_list("item__category").annotate(Sum("value")))
    since = Movement.objects.filter(at__gte=period.start).exclude(value=0)
    moved = list(since.order_by().values_list("item__category", "at", "value"))
    used = dict(_consumed(actor, period).values_list("item__category").annotate(total=-Sum("value")))
    rows = [_turned(one, used.get(one, 0), now.get(one, 0), _of(one, moved), period, until) for one in sorted(now)]
    whole = _turned("", sum(used.values()), sum(now.values()), [(at, value) for _c, at, value in moved], period, until)
    figure = Ratio(whole["a_year"], whole["average"])
    return Report("turnover", ("category", "used", "average", "a_year", "turns"), rows, whole, figure)


def _of(category: str, moved: list[tuple[str, datetime, int]]) -> list[tuple[datetime, int]]:
    return [(at, value) for one, at, value in moved if one == category]


def _turned(
    category: str, used: int, now: int, moved: list[tuple[datetime, int]], period: Period, until: datetime
) -> Row:
    opening = now - sum(value for _at, value in moved)
    inside = [(at, value) for at, value in moved if at < until]
    average = average_stock(opening, inside, period.start, until)
    found = stock_turns(used, period.days, average)
    return {
        "category": category, "used": used, "average": found.denominator, "a_year": found.numerator,
        "turns": found.value,
    }  # fmt: skip


def losses(actor: Actor, period: Period) -> Report:
    """损耗: what went missing, was scrapped or never arrived, less what turned up; by kind, place and reason."""
    kinds = Movement.objects.filter(entry__document__kind__in=LOSSES, at__gte=period.start, at__lt=period.until)
    rows = kinds.filter(place__in=_seen(actor), place__valued=True).order_by()
    found = rows.values(
        kind=F("entry__document__kind"), where=F("place__name"), reason=F("entry__document__reason")
    ).annotate(papers=Count("entry__document", distinct=True), value=-Sum("value"))
    listed: list[Row] = sorted(
        ({**row} for row in found), key=lambda row: (-row["value"], row["kind"], row["where"], row["reason"])
    )
    total = {"value": sum(row["value"] for row in listed)}
    figure = Ratio(Decimal(total["value"]), Decimal(_used_value(actor, period) + total["value"]))
    return Report("losses", ("kind", "where", "reason", "papers", "value"), listed, total, figure)


def recovery(actor: Actor, period: Period) -> Report:
    """终端回收率: tickets that brought a device back, of all that had to (and else gave a reason)."""
    seen = _seen(actor)
    rows = Recovered.objects.exclude(state="released")
    rows = rows.filter(entered_at__gte=period.start, entered_at__lt=period.until)
    devices = rows.filter(state="posted", document__target__in=seen)
    back = set(devices.values_list("ticket", flat=True))
    reasons = list(rows.exclude(why="").values_list("why", "ticket", "fee"))
    missing = {ticket for _why, ticket, _fee in reasons} - back
    listed = [
        {"outcome": condition, "tickets": tickets, "units": units, "fee": 0}
        for condition, tickets, units in devices.values_list("condition")
        .annotate(Count("ticket", distinct=True), Count("id"))
        .order_by("condition")
    ]
    for why in sorted({one[0] for one in reasons}):
        some = [(ticket, fee) for word, ticket, fee in reasons if word == why]
        listed.append({"outcome": why, "tickets": len({one[0] for one in some}), "units": 0,
                       "fee": sum(fee for _ticket, fee in some)})  # fmt: skip
    figure = Ratio(Decimal(len(back)), Decimal(len(back) + len(missing)))
    return Report("recovery", ("outcome", "tickets", "units", "fee"), listed, {"tickets": len(back | missing)}, figure)


def ageing(actor: Actor, period: Period) -> Report:
    """库龄: what lies in each place now, by how long, with its value at the present average."""
    worth: dict[tuple[int, int | None], tuple[Decimal, int]] = {
        (one.item_id, one.batch_id): (one.quantity, one.value) for one in Valuation.objects.all()
    }
    ages = _ages(actor)
    shelves = Balance.objects.filter(place__in=_seen(actor), place__valued=True, quantity__gt=0)
    listed: list[Row] = []
    for one in shelves.select_related("place", "item", "batch").order_by("item__code", "place__code", "id"):
        parts = ages(one)
        quantity, value = worth.get((one.item_id, one.batch_id), (Decimal(0), 0))
        row: Row = {f"age_{n}": part for n, part in enumerate(parts)}
        row |= {"item": one.item.name, "where": one.place.name, "unit": one.item.unit, "quantity": one.quantity}
        row["value"] = round_fen(value * one.quantity / quantity) if quantity else 0
        row["old_value"] = round_fen(value * parts[-1] / quantity) if quantity else 0
        listed.append(row)
    total = {name: sum(row[name] for row in listed) for name in ("value", "old_value")}
    columns = ("item", "where", "unit", "quantity", *(f"age_{n}" for n in range(len(AGES) + 1)), "value", "old_value")
    return Report("ageing", columns, listed, total, Ratio(Decimal(total["old_value"]), Decimal(total["value"])))


def _ages(actor: Actor) -> Callable[[Balance], tuple[Decimal, ...]]:
    """How old what lies on a shelf is: of numbered units each by its own time. Six queries."""
    now, where = clock.now(), Q(place__in=_seen(actor))
    days = [now - timedelta(days=one) for one in AGES]
    came = [came_since(since, where) for since in days]
    young = [
        {(place, item): Decimal(n) for place, item, n in Serial.objects.filter(where, moved_at__gte=since)
         .values_list("place", "item").annotate(Count("id"))}
        for since in days
    ]  # fmt: skip

    def of(one: Balance) -> tuple[Decimal, ...]:
        if one.item.by_number:
            return aged(one.quantity, tuple(some.get((one.place_id, one.item_id), Decimal(0)) for some in young))
        key = (one.place_id, one.item_id, one.batch_id)
        return aged(one.quantity, tuple(some.get(key, Decimal(0)) for some in came))

    return of


def accuracy(actor: Actor, period: Period) -> Report:
    """账实相符率: lines without a difference, of those counted, in the stocktakes that were posted in the period."""
    rows = Stocktake.objects.filter(state="posted", decided_at__gte=period.start, decided_at__lt=period.until)
    found = rows.filter(place__in=_seen(actor)).order_by("place__name").values_list("place__name")
    told = ("where", "counts", "lines", "right", "value", "last")
    sums = (Count("id"), Sum("lines_counted"), Sum("lines_right"), Sum("value"), Max("decided_at"))
    listed: list[Row] = [dict(zip(told, row, strict=True)) for row in found.annotate(*sums)]
    for row in listed:
        row["rate"] = Ratio(Decimal(row["right"]), Decimal(row["lines"])).value
    total = {name: sum(row[name] for row in listed) for name in ("counts", "lines", "right", "value")}
    figure = Ratio(Decimal(total["right"]), Decimal(total["lines"]))
    return Report("accuracy", ("where", "counts", "lines", "right", "rate", "value", "last"), listed, total, figure)


def by_item(actor: Actor, period: Period) -> Report:
    """用量: what tickets used up, by item."""
    return _used("by_item", actor, period, {"code": "item__code", "item": "item__name", "unit": "item__unit"})


def by_technician(actor: Actor, period: Period) -> Report:
    """The same by whose van (or which counter) it came from, and item."""
    who = {"where": "place__name", "item": "item__name", "unit": "item__unit"}
    return _used("by_technician", actor, period, who)


def by_month(actor: Actor, period: Period) -> Report:
    """The same month by month, by item."""
    return _used("by_month", actor, period, {"month": "month", "item": "item__name", "unit": "item__unit"})


def _used(code: str, actor: Actor, period: Period, by: dict[str, str]) -> Report:
    """A row for each of `by` (column: what it is read from); what was taken back altogether is no row."""
    columns = (*by, "tickets", "quantity", "value")
    rows = _consumed(actor, period).annotate(month=TruncMonth("at", tzinfo=clock.BUSINESS_ZONE))
    sums = (Count("entry__ticket", distinct=True), -Sum("delta"), -Sum("value"))
    told = dict(zip(columns[-3:], sums, strict=True))
    found = rows.values_list(*by.values()).annotate(**{f"of_{name}": sum_ for name, sum_ in told.items()})
    listed: list[Row] = [dict(zip(columns, row, strict=True)) for row in found.order_by(*by.values())]
    listed = [row for row in listed if row["quantity"] or row["value"]]
    return Report(code, columns, listed, {"value": sum(row["value"] for row in listed)})


def _consumed(actor: Actor, period: Period) -> QuerySet[Movement]:
    """What left a van or counter to be used on a ticket, less what was taken back."""
    rows = Movement.objects.filter(entry__document__kind="consumption", place=F("entry__document__source"))
    return rows.filter(at__gte=period.start, at__lt=period.until, place__in=_seen(actor)).order_by()


def _used_value(actor: Actor, period: Period) -> int:
    return -(_consumed(actor, period).aggregate(total=Sum("value"))["total"] or 0)


def _seen(actor: Actor) -> Any:
    return places_for(actor).order_by().values("pk")


REPORTS: dict[str, Callable[[Actor, Period], Report]] = {
    "turnover": turnover, "losses": losses, "recovery": recovery, "ageing": ageing, "accuracy": accuracy,
    "by_item": by_item, "by_technician": by_technician, "by_month": by_month,
}  # fmt: skip
MONEY = frozenset({"used", "average", "a_year", "value", "old_value", "fee"})
QUANTITIES = frozenset({"quantity", *(f"age_{n}" for n in range(len(AGES) + 1))})
RATES = frozenset({"turns", "rate"})
