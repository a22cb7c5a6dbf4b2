"""What one event changes in the counts. Pure: no Django, so that rebuild and subscriber agree by construction."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

METRICS = ("opened", "closed", "voided", "overdue")
ENDS = {"closed": "closed", "void": "voided"}


class Fact(Protocol):
    """As much of an event as counting needs."""

    @property
    def kind(self) -> str: ...
    @property
    def facts(self) -> dict[str, object]: ...


@dataclass
class Tally:
    """Counts by state, and by (day, metric); days as `YYYY-MM-DD`."""

    states: Counter[str] = field(default_factory=Counter)
    days: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, other: "Tally", sign: int = 1) -> "Tally":
        """Add (or with sign -1 take away) another tally."""
        for key, n in other.states.items():
            self.states[key] += sign * n
        for day, n in other.days.items():
            self.days[day] += sign * n
        return self

    def differences(self, other: "Tally") -> dict[str, tuple[int, int]]:
        """Where the two disagree: name → (here, there). Empty when they are the same."""
        mine, theirs = self._flat(), other._flat()
        names = sorted(mine.keys() | theirs.keys())
        return {name: (mine[name], theirs[name]) for name in names if mine[name] != theirs[name]}

    def _flat(self) -> Counter[str]:
        return Counter(dict(self.states) | {f"{day} {metric}": n for (day, metric), n in self.days.items()})


def effect(event: Fact) -> Tally:
    """One event's share of the counts."""
    before, after = str(event.facts.get("before", "")), str(event.facts.get("after", ""))
    day, found = str(event.facts.get("day", "")), Tally()
    if before != after:
        found.states[after] += 1
        if before:
            found.states[before] -= 1
    for metric in _metrics(event.kind, before, after):
        found.days[day, metric] += 1
    return found


def effects(events: Iterable[Fact]) -> Tally:
    """The sum over several events."""
    total = Tally()
    for event in events:
        total.add(effect(event))
    return total


def _metrics(kind: str, before: str, after: str) -> list[str]:
    found = ["opened"] if not before and after else []
    if before != after and after in ENDS:
        found.append(ENDS[after])
    return found + (["overdue"] if kind == "ticket.overdue" else [])
