"""What differs between two rule sets, number by number. Pure; the words: apps/costing/rule_words.py."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from apps.costing.rules.rulebook import Rulebook

NEW, GONE, OTHER = "new", "gone", "other"
Path = tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """One number, name or switch. `path`: as in the body, rows of a list by their code, steps by their place."""

    path: Path
    how: str
    was: Any = None
    now: Any = None


def changes(old: Rulebook, new: Rulebook) -> list[Change]:
    """Everything that differs, in the order of the set; a row that came or went is one change."""
    return list(_between((), old.body(), new.body()))


def _between(path: Path, was: Any, now: Any) -> Iterator[Change]:
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        yield from _parts(path, was, now)
    elif _is_rows(was) and _is_rows(now):
        yield from _parts(path, _named(was), _named(now))
    elif was != now:
        yield Change(path, OTHER, was, now)


def _parts(path: Path, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    for name, part in now.items():
        if name in was:
            yield from _between((*path, name), was[name], part)
        else:
            yield Change((*path, name), NEW, now=part)
    yield from (Change((*path, name), GONE, was=part) for name, part in was.items() if name not in now)


def _is_rows(value: Any) -> bool:
    """A list of rows; a team's shares are one value."""
    return isinstance(value, list) and all(isinstance(one, Mapping) for one in value)


def _named(rows: list[Mapping[str, Any]]) -> dict[str, Any]:
    return {str(row.get("code", place)): row for place, row in enumerate(rows, 1)}
