"""What of a command's arguments may leave the branch: numbers, codes, names of fields; nobody's words. Pure."""

import json
import re
from typing import Any

CODE = re.compile(r"[A-Za-z0-9_.:+/-]{1,40}")
HIDDEN = "…"
SHORT = 7  # digits; a longer row of digits alone may be a telephone number
DIGITS = re.compile(r"\+?[0-9-]{7,}")


def facts_of(text: str) -> list[tuple[str, str]]:
    """The arguments as the audit keeps them (JSON, perhaps cut at its end), name by name, without anybody's words."""
    try:
        told = json.loads(text)
    except ValueError:
        return [("", HIDDEN)] if text else []
    if not isinstance(told, dict):
        return []
    return [(str(name), shown(value)) for name, value in told.items() if value not in (None, "", [], {})]


def shown(value: Any) -> str:
    """A code or a number as it is, several with commas, anything else as dots."""
    if isinstance(value, bool | int | float):
        return str(value)
    if isinstance(value, str):
        return value if CODE.fullmatch(value) and not DIGITS.fullmatch(value) else HIDDEN
    if isinstance(value, list) and len(value) <= SHORT:
        return ", ".join(shown(one) for one in value)
    return HIDDEN
