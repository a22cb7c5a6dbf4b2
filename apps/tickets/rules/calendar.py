"""The branch's service hours: when an internal clock runs. Pure; times are the branch's wall clock (UTC+8, no DST)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, timezone

ZONE = timezone(timedelta(hours=8), "Asia/Shanghai")
FAR = 3660  # days; a calendar that never opens ends the search instead of running for ever

Hours = tuple[int, int]  # minutes of the day, 0 to 1440
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class ServiceCalendar:
    """Hours of an ordinary day, and the days that are different: `None` is closed all day.

    `before`: the ordinary hours of earlier, oldest first, each with the moment until which they counted. What was
    counted stays counted: new hours move no moment that had passed when they were decided.
    """

    ordinary: Hours = (8 * 60, 20 * 60)
    special: Mapping[date, Hours | None] = field(default_factory=dict)
    before: tuple[tuple[datetime, Hours], ...] = ()

    def known_at(self, moment: datetime) -> "ServiceCalendar":
        """With the ordinary hours as they were decided at this moment: a clock that stopped then goes by them."""
        later = [hours for until, hours in self.before if until >= moment]
        if not later:
            return self
        return replace(self, ordinary=later[0], before=self.before[: -len(later)])

    def served(self, day: date, until: datetime) -> list[Span]:
        """The service of this day before this moment, as whole spans."""
        found: list[Span] = []
        for opened, closed in self._spans(day, datetime.combine(day, time(), ZONE)):
            if found and found[-1][1] == opened:
                opened = found.pop()[0]
            found.append((opened, min(closed, until)))
        return [(opened, closed) for opened, closed in found if closed > opened]

    def after(self, start: datetime, served: timedelta) -> datetime:
        """The moment when `served` service time has passed since `start`."""
        left, day = served, start.astimezone(ZONE).date()
        for _ in range(FAR):
            for opened, closed in self._spans(day, start):
                if closed - opened >= left:
                    return opened + left
                left -= closed - opened
            day += timedelta(days=1)
        raise ValueError("this calendar never opens")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Service time from `start` to `end`."""
        total, day = timedelta(), start.astimezone(ZONE).date()
        while day <= end.astimezone(ZONE).date():
            for opened, closed in self._spans(day, start):
                total += max(min(closed, end) - opened, timedelta())
            day += timedelta(days=1)
        return total

    def _spans(self, day: date, start: datetime) -> Iterator[Span]:
        """From open to close of the day, cut off at `start`; two or more where the hours were changed meanwhile."""
        midnight, since = datetime.combine(day, time(), ZONE), start
        for until, hours in self._decided(day):
            if hours is not None and (until is None or until > since):
                opened, closed = (midnight + timedelta(minutes=minutes) for minutes in hours)
                span = max(opened, since), closed if until is None else min(closed, until)
                if span[1] > span[0]:
                    yield span
            since = since if until is None else max(since, until)

    def _decided(self, day: date) -> Iterator[tuple[datetime | None, Hours | None]]:
        """The hours of this day, those of earlier first, each with the moment until which they counted."""
        if day not in self.special:
            yield from self.before
        yield None, self.special.get(day, self.ordinary)
