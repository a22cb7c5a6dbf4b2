"""A rule set: every number by which work is valued (domain.md §5.2, §7). Pure.

Stored as JSON (`RuleSet.body`); `read` and `body` are inverse. Whether it makes sense: rules/checking.py. What it
makes of a ticket: rules/points.py; of a month: rules/month.py. The defaults are domain.md's, and a branch's to change.

Factors and shares are plain numbers (1.05, 0.60), per cents are named `pct`, money is whole fen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from apps.costing.rules import shapes

AREAS = ("A", "B", "C", "D")
SCORES = ("1", "2", "3", "4", "5")
TEAM, MAIN = "team", "main"
MEASURES = ("timely", "first_fix", "satisfaction", "data", "stock")


@dataclass(frozen=True)
class Quantity:
    """Work beyond the base: `points` for each `per` units that go `beyond`.

    `field`: the key of the ticket's answer that counts it, several joined by `+`; empty, or where the form has none
    of them: the technician enters it.
    """

    code: str
    zh: str
    en: str
    field: str = ""
    beyond: Decimal = Decimal(0)
    per: Decimal = Decimal(1)
    points: Decimal = Decimal(0)

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(filter(None, self.field.split("+")))

    def worth(self, quantity: Decimal) -> Decimal:
        """Points, in proportion: 35 m beyond at 0.5 per 10 m are 1.75."""
        return max(quantity - self.beyond, Decimal(0)) * self.points / self.per


@dataclass(frozen=True)
class Difficulty:
    """One of the list; `needs_leader`: it counts only when the grid leader confirmed it."""

    code: str
    zh: str
    en: str
    factor: Decimal
    needs_leader: bool = False


@dataclass(frozen=True)
class Time:
    """Factors by the hour and the day of the work; `HH:MM`, branch time. The night goes over midnight."""

    night_from: str = "20:00"
    night_until: str = "08:00"
    night: Decimal = Decimal("1.2")
    rest: Decimal = Decimal("1.2")
    holiday: Decimal = Decimal("1.5")


@dataclass(frozen=True)
class Step:
    """Up to so many per cent of the promised time: this factor."""

    until_pct: Decimal
    factor: Decimal


@dataclass(frozen=True)
class Quality:
    """The steps of timeliness, what is later than all of them, the factor of each score, and both limits."""

    steps: tuple[Step, ...] = (
        Step(Decimal(50), Decimal("1.05")),
        Step(Decimal(100), Decimal("1.00")),
        Step(Decimal(125), Decimal("0.90")),
        Step(Decimal(200), Decimal("0.70")),
    )
    later: Decimal = Decimal("0.50")
    scores: Mapping[str, Decimal] = field(
        default_factory=lambda: dict(zip(SCORES, map(Decimal, ("0.60", "0.80", "0.95", "1.00", "1.05")), strict=True))
    )
    floor: Decimal = Decimal("0.5")
    ceiling: Decimal = Decimal("1.1")


@dataclass(frozen=True)
class Travel:
    """Points for the road beyond `free_km` of the round trip, to the team by its shares or to the main technician."""

    free_km: Decimal = Decimal(20)
    per_km: Decimal = Decimal("0.06")
    who: str = TEAM


@dataclass(frozen=True)
class Special:
    """Flat points, and shares of the base, where the formula would say something else."""

    remote: Decimal = Decimal(1)
    empty_trip: Decimal = Decimal("1.5")
    verification: Decimal = Decimal("1.5")
    no_fault_found: Decimal = Decimal("0.60")
    not_done: Decimal = Decimal("0.50")


@dataclass(frozen=True)
class Deduction:
    """What one case costs; `review`: a person looks at it before it counts."""

    code: str
    zh: str
    en: str
    points: Decimal
    review: bool = False


@dataclass(frozen=True)
class Repeat:
    """The same again within so many days, and what of a first visit of bad workmanship is taken back."""

    trouble_days: int = 15
    install_days: int = 15
    clawback: Decimal = Decimal("1.00")


@dataclass(frozen=True)
class Measure:
    """One rate of the month: at `low` per cent and below it brings the floor, at `high` and above the ceiling."""

    code: str
    weight: int
    low_pct: Decimal = Decimal(80)
    high_pct: Decimal = Decimal(100)


@dataclass(frozen=True)
class Month:
    """The coefficient of a technician's month."""

    floor: Decimal = Decimal("0.90")
    ceiling: Decimal = Decimal("1.10")
    measures: tuple[Measure, ...] = (
        Measure("timely", 40), Measure("first_fix", 20), Measure("satisfaction", 20), Measure("data", 10),
        Measure("stock", 10, Decimal(90)),
    )  # fmt: skip


@dataclass(frozen=True)
class Rates:
    """Planned money of a ticket: fen per point and per km; what wages cost on top; what a sale may claim of the fee."""

    point_fen: int = 350
    on_cost: Decimal = Decimal("0.30")
    own_km_fen: int = 90
    company_km_fen: int = 160
    lodging_km: Decimal = Decimal(250)
    share_months: int = 3
    share_pct: int = 10
    residual_pct: int = 30


_QUANTITIES = (
    Quantity("cable", "皮线", "Drop cable (m)", "cable_m", Decimal(50), Decimal(10), Decimal("0.5")),
    Quantity("splice", "熔接", "Splices (cores)", "cores", points=Decimal("1.5")),
    Quantity("extra_outlet", "加装分机", "Extra outlets", points=Decimal(2)),
    Quantity("outlets", "加装终端", "Outlets of an order", "outlets", Decimal(1), points=Decimal(2)),
    Quantity("extra_stb", "增加机顶盒", "Extra set-top boxes", points=Decimal(1)),
    Quantity("pole", "登杆", "Poles climbed", points=Decimal(2)),
    Quantity("inspection_point", "巡检点", "Inspection points", "points_ok+points_ng", Decimal(1), points=Decimal(3)),
)
_DIFFICULTIES = (
    Difficulty("easy", "简单", "Easy", Decimal("0.8")),
    Difficulty("normal", "一般", "Normal", Decimal("1.0")),
    Difficulty("hard", "困难", "Hard", Decimal("1.2"), needs_leader=True),
    Difficulty("very_hard", "特别困难", "Very hard", Decimal("1.5"), needs_leader=True),
)
_DEDUCTIONS = (
    Deduction("complaint", "投诉属实", "Verified complaint", Decimal(5)),
    Deduction("complaint_major", "重大投诉属实", "Verified major complaint", Decimal(15)),
    Deduction("no_contact", "接单后未联系用户", "Accepted, customer not contacted", Decimal(1)),
    Deduction("late_return", "接单 2 小时后退单", "Returned later than 2 hours after accepting", Decimal(1)),
    Deduction("photos", "照片缺失或虚假", "Missing or false photos", Decimal(3)),
    Deduction("false_check_in", "虚假签到", "False check-in", Decimal(20), review=True),
    Deduction("unreported_fee", "收费不入账", "Unreported fee", Decimal(20), review=True),
)


@dataclass(frozen=True)
class Rulebook:
    """All of it. `base`: points of a type where the branch pays others than the type's own version says."""

    base: Mapping[str, Decimal] = field(default_factory=dict)
    quantities: tuple[Quantity, ...] = _QUANTITIES
    difficulties: tuple[Difficulty, ...] = _DIFFICULTIES
    area: Mapping[str, Decimal] = field(
        default_factory=lambda: dict(zip(AREAS, map(Decimal, ("1.0", "1.1", "1.2", "1.3")), strict=True))
    )
    time: Time = Time()
    quality: Quality = field(default_factory=Quality)
    shares: tuple[tuple[int, ...], ...] = ((100,), (60, 40), (50, 25, 25))
    travel: Travel = Travel()
    special: Special = Special()
    deductions: tuple[Deduction, ...] = _DEDUCTIONS
    deduction_cap: Decimal = Decimal("0.20")
    minutes_per_point: int = 10
    repeat: Repeat = Repeat()
    month: Month = Month()
    rates: Rates = Rates()

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> "Rulebook":
        """From stored JSON. Raises TypeError for a name it does not know, ValueError for a value of another kind."""
        return shapes.read(cls, body)

    def body(self) -> dict[str, Any]:
        """As JSON: what is written equals what is read back."""
        written: dict[str, Any] = shapes.plain(self)
        return written

    def difficulty(self, code: str) -> Difficulty | None:
        return next((one for one in self.difficulties if one.code == code), None)

    def deduction(self, code: str) -> Deduction | None:
        return next((one for one in self.deductions if one.code == code), None)

    def counted(self, outcome: Mapping[str, Any], entered: Mapping[str, Decimal]) -> dict[str, Decimal]:
        """How much of each quantity item a ticket had: from its answers, else as the technician entered it."""
        found = {one.code: _answered(one, outcome) for one in self.quantities}
        return {
            code: quantity for code, told in found.items()
            if (quantity := entered.get(code, Decimal(0)) if told is None else told)
        }  # fmt: skip


def _answered(item: Quantity, outcome: Mapping[str, Any]) -> Decimal | None:
    """The sum of the item's fields; None where the ticket's form has none of them."""
    told = [outcome[name] for name in item.fields if isinstance(outcome.get(name), int | float)]
    return sum((Decimal(str(one)) for one in told), Decimal(0)) if told else None


DEFAULT = Rulebook()
