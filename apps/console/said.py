"""What stands in an address or a form, as text that the database can take."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from steppe.kernel import clock


def said(given: Mapping[str, str], name: str, longest: int = 60) -> str:
    """The trimmed words under this name, cut, without the sign that no column takes; nothing when they are missing."""
    return str(given.get(name, "")).replace("\x00", "").strip()[:longest]


def whole(given: Mapping[str, str], name: str) -> int | None:
    """A whole number that a column takes, or None."""
    text = given.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def day_begins(text: str) -> datetime | None:
    """The beginning of a day at the branch; nonsense is no day."""
    try:
        return datetime.combine(date.fromisoformat(text), time(), clock.BUSINESS_ZONE)
    except ValueError:
        return None


def day_ends(text: str) -> datetime | None:
    """The beginning of the day after; the last day of all time has none."""
    begins = day_begins(text)
    try:
        return begins + timedelta(days=1) if begins else None
    except OverflowError:
        return None
