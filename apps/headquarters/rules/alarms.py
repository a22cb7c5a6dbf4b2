"""What headquarters should look at: much overdue, no fresh figures, figures that jumped. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

OVERDUE, STALE, CLOSED, ODD = "overdue", "stale", "closed", "odd"
MANY = 20  # overdue tickets that are an alarm in a branch of any size
SHARE = 5  # one overdue ticket in so many open ones
FRESH = timedelta(minutes=15)
ENOUGH = 20  # tickets below the line in both periods, or chance alone makes a jump
JUMP_POINTS = Decimal(10)  # of a rate in per cent
JUMP_PART = Decimal("0.3")  # of anything else


@dataclass(frozen=True)
class Measured:
    """A KPI of a branch now and before, and how much stood below the line."""

    unit: str
    direction: str
    now: Decimal | None
    before: Decimal | None
    weight: int
    weight_before: int


@dataclass(frozen=True)
class Seen:
    """A branch as its alarms are found. `age`: of its figures; None: there are none yet."""

    code: str
    active: bool
    open: int
    overdue: int
    age: timedelta | None
    figures: Mapping[str, Measured] = field(default_factory=dict)


@dataclass(frozen=True)
class Alarm:
    """What is wrong where. `kpi`: of an odd figure; `number`: how many tickets, or the age in minutes."""

    branch: str
    kind: str
    number: int = 0
    kpi: str = ""


def alarms(branches: Iterable[Seen]) -> list[Alarm]:
    """The gravest kind first, within it the largest number."""
    found = [alarm for one in branches for alarm in _of(one)]
    order = (OVERDUE, STALE, ODD, CLOSED)
    return sorted(found, key=lambda alarm: (order.index(alarm.kind), -alarm.number))


def _of(one: Seen) -> Iterator[Alarm]:
    if not one.active:
        yield Alarm(one.code, CLOSED)
        return
    if one.overdue and (one.overdue >= MANY or one.overdue * SHARE >= one.open):
        yield Alarm(one.code, OVERDUE, one.overdue)
    if one.age is None or one.age > FRESH:
        yield Alarm(one.code, STALE, int(one.age.total_seconds() // 60) if one.age else 0)
    for code, measured in one.figures.items():
        if _jumped(measured):
            yield Alarm(one.code, ODD, measured.weight, code)


def _jumped(figure: Measured) -> bool:
    """Much worse than in the period before, with enough below the line to say so."""
    if figure.now is None or figure.before is None or min(figure.weight, figure.weight_before) < ENOUGH:
        return False
    worse = figure.now - figure.before if figure.direction == "down" else figure.before - figure.now
    return worse >= (JUMP_POINTS if figure.unit == "percent" else abs(figure.before) * JUMP_PART) and worse > 0
