"""What stands in an address, as text and days that the database can take; nonsense is left out."""

from collections.abc import Mapping
from datetime import date


def text(given: Mapping[str, str], name: str, longest: int = 60) -> str:
    """The trimmed words under this name, cut, without the sign that no column takes."""
    return str(given.get(name, "")).replace("\x00", "").strip()[:longest]


def day(given: Mapping[str, str], name: str, otherwise: date) -> date:
    """The day under this name."""
    try:
        return date.fromisoformat(text(given, name, 10))
    except ValueError:
        return otherwise


def number(given: Mapping[str, str], name: str) -> int:
    """A whole number that a column takes, or 0."""
    told = text(given, name, 12)
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 11 else 0
