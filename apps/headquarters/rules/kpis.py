"""The KPIs of domain.md §8 as a table: which figures are added up above and below the line. Pure.

A value is `scale` × sum above ÷ sum below, of sums over whatever was asked for; nobody averages rates. Without anything
below the line it is a number by itself; with nothing there it is None. Titles and definitions: kpi_words.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from apps.headquarters.rules.measures import DAILY, source_of
from apps.headquarters.rules.months import COSTS, DAYS_OF_A_YEAR, PARTS

PERCENT, COUNT, MINUTES, HOURS, SCORE = "percent", "count", "minutes", "hours", "score"
YUAN, KM, TIMES, INDEX = "yuan", "km", "times", "index"
UP, DOWN, NEITHER = "up", "down", ""
HOLDS = ("customer", "force_majeure", "third_party", "material", "internal")
_SCALES = {
    PERCENT: Decimal(100), COUNT: Decimal(1), SCORE: Decimal(1), MINUTES: 1 / Decimal(60), HOURS: 1 / Decimal(3600),
    YUAN: 1 / Decimal(100), KM: 1 / Decimal(10), TIMES: Decimal(DAYS_OF_A_YEAR),
    INDEX: Decimal(1),
}  # fmt: skip
_TWO = Decimal("0.01")
SECONDS_OF_AN_HOUR = 3600


@dataclass(frozen=True)
class Kpi:
    """One KPI. `direction`: which way is better. `less`: taken away above the line. `settles_after`: so many days after
    its end a period still changes by its nature (a fault may come back for thirty days).
    """

    code: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...] | None = None
    unit: str = PERCENT
    direction: str = NEITHER
    less: tuple[str, ...] = ()
    scale: Decimal | None = None
    settles_after: int = 0

    @property
    def measures(self) -> tuple[str, ...]:
        """Every figure it needs."""
        return tuple(dict.fromkeys((*self.numerator, *self.less, *(self.denominator or ()))))

    @property
    def sources(self) -> frozenset[str]:
        """Where its figures are kept."""
        return frozenset(map(source_of, self.measures))

    @property
    def source(self) -> str:
        """The narrowest of them: a KPI that needs a month's figure is one of months."""
        return next(name for name in ("month", "daily", "now") if name in self.sources)

    @property
    def day(self) -> str:
        """The day its tickets count on; empty for what stands now."""
        return next((DAILY[name] for name in self.numerator if name in DAILY), "")


@dataclass(frozen=True)
class Figure:
    """Both sides of a KPI and its value, two decimals; None where there was nothing to measure."""

    numerator: int
    denominator: int | None
    value: Decimal | None


def figure(kpi: Kpi, sums: Mapping[str, int]) -> Figure:
    """The KPI of these sums; a figure that is not there is nought."""
    above = _sum(sums, kpi.numerator) - _sum(sums, kpi.less)
    below = _sum(sums, kpi.denominator) if kpi.denominator is not None else None
    value = exact(kpi, above, below)
    return Figure(above, below, None if value is None else value.quantize(_TWO, ROUND_HALF_UP))


def exact(kpi: Kpi, above: int, below: int | None) -> Decimal | None:
    """What both sides make, not rounded."""
    if below == 0:
        return None
    scale = kpi.scale if kpi.scale is not None else _SCALES[kpi.unit]
    return scale * above / (1 if below is None else below)


def readable(measures: Sequence[str], amount: int) -> Decimal:
    """One side as people read it: seconds as hours, fen as yuan, tenths and hundredths as what they are parts of."""
    name = measures[0] if measures else ""
    parts = SECONDS_OF_AN_HOUR if name.endswith("_seconds") else PARTS.get(name, 1)
    return (Decimal(amount) / parts).quantize(_TWO, ROUND_HALF_UP)


def _sum(sums: Mapping[str, int], names: Iterable[str]) -> int:
    return sum(sums.get(name, 0) for name in names)


def _rate(code: str, above: str, below: str, direction: str = NEITHER, **more: object) -> Kpi:
    return Kpi(code, tuple(above.split()), tuple(below.split()), direction=direction, **more)  # type: ignore[arg-type]


def _count(code: str, what: str, direction: str = NEITHER) -> Kpi:
    return Kpi(code, (what,), unit=COUNT, direction=direction)


def _mean(code: str, above: str, below: str, unit: str, direction: str = DOWN) -> Kpi:
    return Kpi(code, (above,), (below,), unit=unit, direction=direction)


_TABLE = (
    _count("ticket_volume", "volume"),
    _rate("grab_rate", "grabbed", "accepted", UP),
    _rate("dispatch_rate", "dispatched", "accepted"),
    _mean("avg_accept_minutes", "accept_seconds", "accept_timed", MINUTES),
    _rate("accept_on_time_rate", "accept_on_time", "accepted", UP),
    _rate("contact_on_time_rate", "contact_on_time", "accepted", UP),
    _rate("appointment_kept_rate", "kept", "booked", UP, settles_after=15),
    _rate("reschedule_rate", "rescheduled", "booked", DOWN),
    _rate("on_time_rate", "on_time", "finished", UP),
    _rate("overdue_rate", "late late_open", "finished open_late", DOWN),
    _count("open_overdue", "open_overdue", DOWN),
    _mean("mttr", "repair_seconds", "repaired", HOURS),
    _mean("mttr_gross", "repair_gross_seconds", "repaired", HOURS),
    _mean("avg_arrive_minutes", "arrive_seconds", "arrived", MINUTES),
    _rate("first_time_fix_rate", "fixed_first", "trouble_closed", UP, settles_after=30),
    _rate("repeat_fault_rate", "repeats", "trouble", DOWN),
    _rate("early_failure_rate", "early_failures", "installs", DOWN, settles_after=15),
    _rate("callback_rate", "callbacks_done", "callbacks_due", UP),
    _rate("callback_reach_rate", "calls_reached", "calls", UP),
    _rate("csat", "satisfied", "scored", UP),
    _mean("mean_score", "score_sum", "scored", SCORE, UP),
    _rate("reopen_rate", "reopened", "finished", DOWN),
    _rate("complaint_rate", "complaints", "closed", DOWN),
    _rate("complaints_per_1000", "complaints", "customers", DOWN, unit=COUNT, scale=Decimal(1000)),
    _rate("urge_rate", "urged", "ended", DOWN),
    _rate("return_rate", "returns", "accepted", DOWN),
    _rate("reassign_rate", "reassigns", "accepted", DOWN),
    _rate("transfer_rate", "transfers", "accepted", DOWN),
    _count("handover_out", "handed_out"),
    _count("handover_in", "handed_in"),
    _rate("hold_rate", "held", "accepted", DOWN),
    _mean("avg_hold_hours", "hold_seconds", "held", HOURS),
    *(_mean(f"avg_hold_hours_{cause}", f"hold_{cause}_seconds", "held", HOURS) for cause in HOLDS),
    _rate("tickets_per_tech", "closed", "active_technicians", UP, unit=COUNT, scale=Decimal(1)),
    _rate("fault_per_100", "trouble", "customers", DOWN, unit=COUNT, scale=Decimal(100)),
    _rate("void_rate", "voided", "created", DOWN),
    _rate("direct_report_share", "trouble_direct", "trouble"),
    # of whole months: money, stock, hours
    _rate("cost_per_ticket", " ".join(COSTS), "closed_tickets", DOWN, unit=YUAN),
    _rate("cost_per_point", "cost_labour", "settled_points", DOWN, unit=YUAN, scale=Decimal(1)),
    _mean("cost_per_subscriber", "cost_upkeep", "subscribers", YUAN),
    _mean("km_per_ticket", "km_tenths", "closed_tickets", KM),
    _rate("budget_use", "budget_used", "budget", DOWN),
    _rate("utilization", "standard_seconds", "duty_seconds", UP),
    _mean("load_gini", "points_apart", "points_by_crew", INDEX),
    _mean("stock_turns", "stock_used", "stock_fen_days", TIMES, UP),
    _rate("stock_accuracy", "lines_right", "lines_counted", UP),
    _rate("recovery_rate", "recovered", "to_recover", UP),
)
KPIS: dict[str, Kpi] = {kpi.code: kpi for kpi in _TABLE}
