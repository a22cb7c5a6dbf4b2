"""What a report is asked for, and the periods it is compared with. Pure."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

DIMENSIONS = ("branch", "grid", "type_code", "area_class", "department", "day", "month")
LONGEST = timedelta(days=1100)  # three years at once


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Business days from `first` to `last`, both included, and what it is narrowed to; empty: everything."""

    first: date
    last: date
    branch: str = ""
    grid: str = ""
    type_code: str = ""
    area_class: str = ""
    department: str = ""

    def __post_init__(self) -> None:
        if self.last < self.first or self.last - self.first > LONGEST:
            raise ValueError("a period of at most three years, from its first to its last day")


def days_of(asked: Asked) -> Iterator[date]:
    """Every day of the period."""
    for n in range((asked.last - asked.first).days + 1):
        yield asked.first + timedelta(days=n)


def months_of(asked: Asked) -> list[str]:
    """Every month the period touches, as `YYYY-MM`."""
    return list(dict.fromkeys(f"{day:%Y-%m}" for day in days_of(asked)))


def previous(asked: Asked) -> Asked:
    """The period before: whole months against as many whole months, otherwise as many days."""
    before = asked.first - timedelta(days=1)
    if asked.first.day == 1 and _ends_month(asked.last):
        months = len(months_of(asked))
        return replace(asked, first=_months_back(asked.first, months), last=before)
    return replace(asked, first=before - (asked.last - asked.first), last=before)


def year_before(asked: Asked) -> Asked:
    """The same days a year ago; the end of February stays its end."""
    last = _months_back(asked.last, 12)
    if _ends_month(asked.last):
        last = last.replace(day=calendar.monthrange(last.year, last.month)[1])
    return replace(asked, first=_months_back(asked.first, 12), last=last)


def _ends_month(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


def _months_back(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
