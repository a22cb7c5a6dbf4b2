"""The periods people ask for, and the one an address names."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from apps.headquarters import given
from apps.headquarters.rules.asked import LONGEST, Asked
from steppe.kernel import clock

USUAL = 30  # days
PERIODS: Mapping[str, Promise] = {
    "7": pgettext_lazy("period", "7 days"),
    "30": pgettext_lazy("period", "30 days"),
    "month": pgettext_lazy("period", "This month"),
    "last": pgettext_lazy("period", "Last month"),
    "year": pgettext_lazy("period", "This year"),
}


def period_in(address: Mapping[str, str]) -> tuple[date, date]:
    """From and to of an address; what cannot be a period is the last thirty days."""
    last_days = today() - timedelta(days=USUAL - 1), today()
    first, last = given.day(address, "from", last_days[0]), given.day(address, "to", last_days[1])
    return (first, last) if timedelta() <= last - first <= LONGEST and first.year > 2000 else last_days


def today() -> date:
    """The business day."""
    return date.fromisoformat(clock.today())


def usual(code: str, day: date) -> tuple[date, date]:
    """The first and the last day of one of PERIODS, as of this day."""
    if code.isdecimal():
        return day - timedelta(days=int(code) - 1), day
    if code == "last":
        before = day.replace(day=1) - timedelta(days=1)
        return before.replace(day=1), before
    return (day.replace(month=1, day=1) if code == "year" else day.replace(day=1)), day


def month_within(first: date, *, within: Asked) -> tuple[date, date]:
    """A month, as far as it lies in the period."""
    following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return max(first, within.first), min(following - timedelta(days=1), within.last)
