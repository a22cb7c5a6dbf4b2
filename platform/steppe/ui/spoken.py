"""Moments and spans in the reader's language, for sentences put together outside of templates."""

from datetime import datetime, timedelta
from functools import lru_cache

from django.utils.translation import get_language, pgettext

from steppe.kernel import clock
from steppe.ui import formatting


def moment(value: datetime, now: datetime | None = None) -> str:
    """23 Nov 13:42 in Shanghai, with the year only when it is another one."""
    this_year, other_year, months = _moments(get_language())
    return formatting.moment(value, now or clock.now(), this_year=this_year, other_year=other_year, months=months)


def slot(start: datetime, end: datetime, now: datetime | None = None) -> str:
    """23 Nov 14:00–16:00."""
    return f"{moment(start, now)}–{end.astimezone(formatting.SHANGHAI):%H:%M}"


def span(value: timedelta | float) -> str:
    """2 d 3 h, 1 h 12 min, 38 s."""
    seconds = value.total_seconds() if isinstance(value, timedelta) else value
    return formatting.duration(seconds, units(get_language()))


@lru_cache(maxsize=8)
def _moments(language: str | None) -> tuple[str, str, list[str]]:
    """Both patterns of a moment, and the months: a list of fifty tickets says a hundred moments."""
    return (
        pgettext("moment within the year", "{day} {month} {time}"),
        pgettext("moment in another year", "{day} {month} {year} {time}"),
        pgettext("months", "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split(),
    )


@lru_cache(maxsize=8)
def units(language: str | None) -> dict[str, str]:
    """The units of a span as patterns."""
    return {
        "d": pgettext("duration", "{n} d"),
        "h": pgettext("duration", "{n} h"),
        "m": pgettext("duration", "{n} min"),
        "s": pgettext("duration", "{n} s"),
    }
