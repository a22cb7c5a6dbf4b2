"""The branch's service hours: when an internal clock runs. Pure; times are the branch's wall clock (UTC+8, no DST)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone

ZONE = timezone(timedelta(hours=8), "Asia/Shanghai")
FAR = 3660  # days; a calendar that never opens ends the search instead of running for ever

Hours = tuple[int, int]  # minutes of the day, 0 to 1440


@dataclass(frozen=True)
class ServiceCalendar:
    """Hours of an ordinary day, and the days that are different: `None` is closed all day."""

    ordinary: Hours = (8 * 60, 20 * 60)
    special: Mapping[date, Hours | None] = field(default_factory=dict)

    def hours(self, day: date) -> Hours | None:
        """When the branch serves on this day."""
        return self.special.get(day, self.ordinary)

    def after(self, start: datetime, served: timedelta) -> datetime:
        """The moment when `served` service time has passed since `start`."""
        left, day = served, start.astimezone(ZONE).date()
        for _ in range(FAR):
            opened, closed = self._span(day, start)
            if closed - opened >= left and closed > opened:
                return opened + left
            left -= max(closed - opened, timedelta())
            day += timedelta(days=1)
        raise ValueError("this calendar never opens")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Service time from `start` to `end`."""
        total, day = timedelta(), start.astimezone(ZONE).date()
        while day <= end.astimezone(ZONE).date():
            opened, closed = self._span(day, start)
            total += max(min(closed, end) - opened, timedelta())
            day += timedelta(days=1)
        return total

    def _span(self, day: date, start: datetime) -> tuple[datetime, datetime]:
        """Open and close of the day, cut off at `start`; an empty span when closed."""
        hours = self.hours(day)
        if hours is None:
            return start, start
        midnight = datetime.combine(day, time(), ZONE)
        opened, closed = (midnight + timedelta(minutes=minutes) for minutes in hours)
        return max(opened, start), max(closed, start)
