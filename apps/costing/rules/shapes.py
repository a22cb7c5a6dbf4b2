"""Frozen dataclasses to JSON and back, so that a rule set or the facts of a ticket can be kept as they were. Pure.

Decimals travel as strings, moments as ISO with their zone, tuples as lists. A name nobody knows is refused: a rule
that is misspelt must not be a rule that does not count.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


def plain(value: Any) -> Any:
    """As JSON keeps it."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, tuple | list):
        return [plain(part) for part in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def read(kind: type[T], body: Mapping[str, Any]) -> T:
    """The dataclass a body was written from; what is missing is as the dataclass has it.

    Raises TypeError for a name it does not know, ValueError for a value that cannot be one of its kind.
    """
    told: Any = kind  # a type is hashable; the checker does not see it of a type variable
    hints = _hints(told)
    if unknown := set(body) - set(hints):
        raise TypeError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    return kind(**{name: _value(hints[name], part) for name, part in body.items()})


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _value(hint: Any, value: Any) -> Any:
    origin, inner = get_origin(hint), get_args(hint)
    if origin is UnionType:
        return None if value is None else _value(inner[0], value)
    if origin is tuple:
        return tuple(_value(inner[0], part) for part in value)
    if origin is not None:  # a mapping of names
        return {name: _value(inner[1], part) for name, part in value.items()}
    if isinstance(hint, type) and is_dataclass(hint):
        return read(hint, value)
    return _single(hint, value)


def _single(hint: Any, value: Any) -> Any:
    if hint is Decimal:
        return _decimal(value)
    if hint is datetime:
        return datetime.fromisoformat(value)
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        raise ValueError(f"{value!r} is no {hint.__name__}")
    return value


def _decimal(value: Any) -> Decimal:
    """Written as a string or a whole number; a float has lost its end already."""
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise ValueError(f"{value!r} is no decimal")
    found = Decimal(value) if isinstance(value, int) or _looks_decimal(value) else None
    if found is None:
        raise ValueError(f"{value!r} is no decimal")
    return found


def _looks_decimal(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal() and text.isascii()
