"""The rule sets of the branch, and which of them counts when (domain.md §5.1). Without a published one: our defaults.

The set in force is the one with the latest effective day up to then, of those that were published by then: so a
version, whatever its day, never touches what was finished before it was published.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from apps.costing.models import PointRuleSet
from apps.costing.rules.rulebook import DEFAULT, Rulebook
from steppe.kernel import clock


@dataclass(frozen=True)
class Book:
    """A rule set to work by; `id` is None and `number` 0 for the defaults."""

    id: int | None
    number: int
    rules: Rulebook


DEFAULTS = Book(None, 0, DEFAULT)


@dataclass
class Books:
    """All published sets, read once for as many tickets as there are. One query."""

    rows: list[tuple[date, datetime, int, int, dict[str, object]]] = field(default_factory=list)
    _read: dict[int, Book] = field(default_factory=dict)

    @classmethod
    def load(cls) -> "Books":
        published = PointRuleSet.objects.filter(state="published").order_by("-effective_from")
        rows = published.values_list("effective_from", "published_at", "id", "number", "body")
        return cls([(day, told, *row) for day, told, *row in rows if day and told])

    def at(self, moment: datetime) -> Book:
        """The set that counts at this moment: the newest that is effective on its business day and known by then."""
        day = moment.astimezone(clock.BUSINESS_ZONE).date()
        return next((self._book(*row[2:]) for row in self.rows if row[0] <= day and row[1] <= moment), DEFAULTS)

    def named(self, set_id: int | None) -> Book:
        """The set an entry was booked by, whether another one counts by now or not."""
        return next((self._book(*row[2:]) for row in self.rows if row[2] == set_id), DEFAULTS)

    def _book(self, set_id: int, number: int, body: dict[str, object]) -> Book:
        if set_id not in self._read:
            self._read[set_id] = Book(set_id, number, Rulebook.read(body))
        return self._read[set_id]
