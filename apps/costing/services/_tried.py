"""A month's tickets valued twice: by the rules that counted for each, and by a draft. Reads only."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from apps.costing.rules.rulebook import Rulebook
from apps.costing.rulesets_read import Books
from apps.costing.services._facts import Facts, counts_at
from apps.tickets.worked_read import closed_between

BATCH = 200
ZERO = Decimal(0)


@dataclass
class Both:
    """Points by the rules that counted and by the draft."""

    tickets: int = 0
    before: Decimal = ZERO
    after: Decimal = ZERO


@dataclass(frozen=True)
class Valued:
    """One ticket: its type, and what each person has of it, before and after."""

    type_code: str
    shares: dict[int, tuple[Decimal, Decimal]]


@dataclass
class Trial:
    """The sums so far, by person and by type."""

    tickets: int = 0
    people: dict[int, Both] = field(default_factory=lambda: defaultdict(Both))
    types: dict[str, Both] = field(default_factory=lambda: defaultdict(Both))

    def add(self, tickets: Collection[Valued]) -> None:
        for one in tickets:
            self.tickets += 1
            self.types[one.type_code].tickets += 1
            for who, (before, after) in one.shares.items():
                self.people[who].tickets += 1
                for sums in (self.people[who], self.types[one.type_code]):
                    sums.before += before
                    sums.after += after


def batches(start: datetime, end: datetime) -> Iterator[tuple[int, list[str]]]:
    """The tickets closed in this time, some hundreds at once, with how many there were so far. A query each."""
    done, last = 0, 0
    while rows := closed_between(start, end, after=last, limit=BATCH):
        done, last = done + len(rows), rows[-1][0]
        yield done, [name for _id, name in rows]


def valued(names: Collection[str], draft: Rulebook) -> list[Valued]:
    """These tickets by both rules. About twenty queries, however many."""
    facts, books = Facts.of(names), Books.load()
    return [_valued(facts, name, books.at(counts_at(facts.tickets[name])).rules, draft) for name in facts.tickets]


def _valued(facts: Facts, name: str, counted: Rulebook, draft: Rulebook) -> Valued:
    shares: dict[int, tuple[Decimal, Decimal]] = {}
    for place, book in enumerate((counted, draft)):
        for due in facts.valued(name, book).due:
            had = list(shares.get(due.technician_id, (ZERO, ZERO)))
            had[place] += due.points
            shares[due.technician_id] = (had[0], had[1])
    return Valued(facts.tickets[name].type_code, shares)
