"""What a TM Forum question asks for: fields, a page, event types. Pure; what makes no sense is None or empty."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

ALWAYS = ("id", "href", "@type")
PAGE, MOST, DEEPEST = 50, 100, 10_000


def only(shown: Mapping[str, Any], fields: str) -> dict[str, Any]:
    """The attributes that `fields` names, and those that always come; all of them when it names none."""
    if not fields:
        return dict(shown)
    wanted = {*ALWAYS, *(name.strip() for name in fields.split(","))}
    return {name: value for name, value in shown.items() if name in wanted}


def event_types(query: str, known: tuple[str, ...]) -> tuple[str, ...] | None:
    """Of `eventType=…&eventType=…` (or with commas) what this hub has; everything it has when nothing is asked for.

    Nothing at all when another type, or something else than types, is asked for.
    """
    try:
        told = parse_qs(query.lstrip("?"), strict_parsing=True, max_num_fields=10) if query else {}
    except ValueError:
        return None
    named = [one.strip() for part in told.pop("eventType", []) for one in part.split(",")]
    if told or not set(named) <= set(known):
        return None
    return tuple(kind for kind in known if kind in named or not named)
