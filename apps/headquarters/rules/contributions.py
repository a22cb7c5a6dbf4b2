"""What a ticket has added to the days' sums, and what has to be added so that it becomes something else. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from apps.headquarters.rules.measures import by_day

Key = tuple[str, str, str, str, str]  # day, type, grid, area class, department
Sums = dict[Key, dict[str, int]]


class Counted(Protocol):
    """As much of a ticket as its sums need."""

    type_code: str
    grid: str
    area_class: str
    department: str

    @property
    def days(self) -> Mapping[str, str | None]: ...
    @property
    def figures(self) -> Mapping[str, int]: ...


@dataclass(frozen=True)
class Plain:
    """A ticket that stands in no table."""

    type_code: str
    grid: str
    area_class: str
    department: str
    days: Mapping[str, str | None]
    figures: Mapping[str, int]


def contribution(ticket: Counted) -> Sums:
    """What the ticket adds, by day and place."""
    place = (ticket.type_code, ticket.grid, ticket.area_class, ticket.department)
    return {(day, *place): sums for day, sums in by_day(ticket.figures, ticket.days).items()}


def added_up(tickets: Iterable[Counted]) -> Sums:
    """What they add together."""
    total: Sums = {}
    for ticket in tickets:
        add(total, contribution(ticket))
    return total


def add(total: Sums, other: Sums, sign: int = 1) -> None:
    """Add (or with sign -1 take away) sums, in place."""
    for key, sums in other.items():
        mine = total.setdefault(key, {})
        for name, number in sums.items():
            mine[name] = mine.get(name, 0) + sign * number


def cleaned(total: Sums) -> Sums:
    """Without noughts."""
    kept = {key: {name: number for name, number in sums.items() if number} for key, sums in total.items()}
    return {key: sums for key, sums in kept.items() if sums}
