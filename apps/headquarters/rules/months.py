"""What is added up of a branch's month: money in fen, points in hundredths, time in seconds, km in tenths. Pure.

Everything here is a sum, so that branches and months can be added; rates are made of two sums when they are shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
ELEMENTS = ("material", "labour", "travel", "outsource", "other")
COSTS = tuple(f"cost_{element}" for element in ELEMENTS)
MONEY = (
    "settled_points", "provisional_points", "pay", "settlement_lines", "settlement_confirmed", "revenue", "share",
    *COSTS, "closed_tickets", "km_tenths", "budget", "budget_used", "standard_seconds", "duty_seconds",
    "active_technicians", "subscribers", "cost_upkeep", "points_apart", "points_by_crew",
)  # fmt: skip
STOCK = (
    "stock_value", "stock_fen_days", "stock_used", "stock_received", "stock_lost", "lines_counted", "lines_right",
    "recovered", "to_recover", "low_stock", "idle_stock",
)  # fmt: skip
MEASURES = (*MONEY, *STOCK)
# What goes on by itself while a month runs: no difference when a later look finds more of it.
MOVING = frozenset(
    {
        "provisional_points",
        "duty_seconds",
        "active_technicians",
        "points_apart",
        "points_by_crew",
        "stock_fen_days",
        "subscribers",
        "low_stock",
        "idle_stock",
    }
)
# How things stand at the end of a month: of several months the last one says it, they are not added.
STANDING = frozenset({"provisional_points", "subscribers", "stock_value", "low_stock", "idle_stock"})
DAYS_OF_A_YEAR = 365
# How many of it make one as people read it: fen of a yuan, hundredths of a point, tenths of a kilometre.
PARTS: Mapping[str, int] = {
    **dict.fromkeys((*COSTS, "cost_upkeep", "pay", "revenue", "share", "budget", "budget_used"), 100),
    **dict.fromkeys(("stock_value", "stock_fen_days", "stock_used", "stock_received", "stock_lost"), 100),
    "settled_points": 100, "provisional_points": 100, "points_apart": 100, "points_by_crew": 100, "km_tenths": 10,
}  # fmt: skip


def month_of(moment: datetime) -> str:
    """The calendar month, in the branches' own time."""
    return f"{moment.astimezone(ZONE):%Y-%m}"


def is_month(text: str) -> bool:
    """Is this the name of a month?"""
    try:
        return f"{date.fromisoformat(f'{text}-01'):%Y-%m}" == text
    except ValueError:
        return False


def back(month: str, by: int) -> str:
    """So many months before (negative: after)."""
    count = int(month[:4]) * 12 + int(month[5:]) - 1 - by
    return f"{count // 12:04d}-{count % 12 + 1:02d}"


def last_months(month: str, count: int) -> list[str]:
    """This one and those before, the oldest first."""
    return [back(month, one) for one in reversed(range(count))]


def added(rows: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The sums of several branches' figures of one month."""
    found = dict.fromkeys(MEASURES, 0)
    for row in rows:
        for name in MEASURES:
            found[name] += row[name]
    return found


def over_months(rows: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """One branch's months together, the oldest first: how things stand is what the last one says."""
    return added(rows) | ({name: rows[-1][name] for name in STANDING} if rows else {})


def differences(stored: Mapping[str, int], counted: Mapping[str, int]) -> dict[str, list[int]]:
    """Where what is stored is not what was counted: measure → [stored, counted]; what goes on by itself is none."""
    names = [name for name in MEASURES if name not in MOVING and stored[name] != counted[name]]
    return {name: [stored[name], counted[name]] for name in names}


def part(above: int, below: int, *, times: int = 1, digits: int = 1) -> Decimal | None:
    """above × times / below, half up; None where there is nothing to divide by."""
    if below <= 0:
        return None
    return (Decimal(above) * times / below).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
