"""Which month a moment belongs to, and what a month goes through until it is paid (domain.md §5.3). Pure.

A period is `YYYY-MM` in Asia/Shanghai. With a cut-off day, what closes after that day belongs to the next month;
without one (0) it is the natural month. A branch that decides on another day has had one before: each month ends by
its own day, and begins where the one before it ends, so that nothing falls between two and nothing into both.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
LAST_CUT_OFF = 28  # a day that every month has
OPEN, CALCULATED, PUBLISHED, REVIEWED, APPROVED, LOCKED, EXPORTED = STATES = (
    "open", "calculated", "published", "reviewed", "approved", "locked", "exported",
)  # fmt: skip
TAKES_ENTRIES = (OPEN, CALCULATED)
CLOSED = (LOCKED, EXPORTED)
CutOff = Callable[[str], int] | int  # the day by which a month ends, or one for all of them
# Who reviews, one after the other, before the branch administrator approves.
REVIEWERS = ("grid_leader", "dept_manager", "accountant")


@dataclass(frozen=True)
class Step:
    """From where to where, and whose it is."""

    before: tuple[str, ...]
    after: str
    roles: tuple[str, ...]


STEPS: Mapping[str, Step] = {
    "calculate": Step((OPEN, CALCULATED), CALCULATED, ("accountant", "branch_admin")),
    "publish": Step((CALCULATED,), PUBLISHED, ("accountant", "branch_admin")),
    "review": Step((PUBLISHED,), REVIEWED, REVIEWERS),
    "approve": Step((REVIEWED,), APPROVED, ("branch_admin",)),
    "lock": Step((APPROVED,), LOCKED, ("branch_admin",)),
    "export": Step((LOCKED, EXPORTED), EXPORTED, ("accountant", "branch_admin")),
    "unlock": Step(CLOSED, OPEN, ("hq_admin",)),
}


def may(step: str, state: str, roles: Iterable[str]) -> bool:
    """May somebody with these roles take a period in this state through the step?"""
    found = STEPS[step]
    return state in found.before and bool(set(roles) & set(found.roles))


def period_of(moment: datetime, cut_off: CutOff = 0) -> str:
    """The period of an aware moment."""
    day = moment.astimezone(ZONE).date()
    name = f"{day:%Y-%m}"
    last = _day(cut_off, name)
    return following(name) if last and day.day > last else name


def following(period: str) -> str:
    """The month after."""
    year, month = _read(period)
    return f"{year + month // 12:04d}-{month % 12 + 1:02d}"


def preceding(period: str) -> str:
    """The month before."""
    year, month = _read(period)
    return f"{year - (month == 1):04d}-{(month - 2) % 12 + 1:02d}"


def bounds(period: str, cut_off: CutOff = 0) -> tuple[datetime, datetime]:
    """From (with) and until (without) which moment it goes."""
    return _ends(preceding(period), cut_off), _ends(period, cut_off)


def is_period(text: str) -> bool:
    """Is this the name of a month?"""
    try:
        year, month = _read(text)
    except ValueError:
        return False
    return len(text) == 7 and 2000 <= year <= 9998 and 1 <= month <= 12 and text == f"{year:04d}-{month:02d}"


def booked_in(own: str, states: Mapping[str, str]) -> tuple[str, bool]:
    """Where an entry of a ticket of period `own` goes, and whether it is late: its own as long as that takes entries,
    else the oldest later one that does. A period nobody has opened yet is open."""
    period = own
    while states.get(period, OPEN) not in TAKES_ENTRIES:
        period = following(period)
    return period, period != own


def _ends(period: str, cut_off: CutOff) -> datetime:
    last = _day(cut_off, period)
    year, month = _read(period if last else following(period))
    end = date(year, month, last) + timedelta(days=1) if last else date(year, month, 1)
    return datetime.combine(end, time(), ZONE)


def _day(cut_off: CutOff | int, period: str) -> int:
    return cut_off if isinstance(cut_off, int) else cut_off(period)


def _read(period: str) -> tuple[int, int]:
    year, _dash, month = period.partition("-")
    return int(year), int(month)
