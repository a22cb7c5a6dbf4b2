"""What a stocktake makes of what was frozen, what moved and what was counted. Pure.

The store stays open. For a shelf counted at one moment

    difference = counted − (frozen + what moved between the freezing and that moment).

A shelf is often counted in several goes. What moved between its first and its last tally may have been counted or
not, nobody can say: so there is no difference as long as the count is possible, and beyond that only what is certain.
The same holds for what is spoken for by a ticket: it may lie here, or be at the customer already.

A numbered unit is missing if it was on the list, nobody saw it, no ticket waits for it and the books have not moved it
since. It is one too many if somebody saw it and the books never had it here, from the freezing to the closing.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from decimal import Decimal

from apps.inventory.rules.places import STORES

COUNTING, CLOSED, POSTED, WITHDRAWN = "counting", "closed", "posted", "withdrawn"
STATES = (COUNTING, CLOSED, POSTED, WITHDRAWN)
OPEN = (COUNTING, CLOSED)
COUNTED = (*STORES, "van")  # kinds of places that are counted
PREFIX = "PD"
ZERO = Decimal(0)


@dataclass(frozen=True)
class Outcome:
    """`expected`: what the books say to this count. `moved`: goods moved while it went on; worth another count."""

    counted: Decimal
    expected: Decimal
    moved: bool

    @property
    def difference(self) -> Decimal:
        return self.counted - self.expected


@dataclass(frozen=True)
class Units:
    """Numbers that are not where they should be: on the list but not seen, and seen but never here."""

    missing: frozenset[str]
    strange: frozenset[str]


def outcome(
    *, frozen: Decimal, moved_before: Iterable[Decimal], moved_during: Iterable[Decimal], counted: Decimal,
    spoken_for: Decimal = ZERO,
) -> Outcome:  # fmt: skip
    """A shelf of what is counted by quantity. `moved_before`: from the freezing to the first tally; `moved_during`:
    from the first to the last one, each what it brought in (or took out, negative). `spoken_for`: by tickets, then.
    """
    during = list(moved_during)
    at_first = frozen + sum(moved_before, ZERO)
    least = at_first + sum((one for one in during if one < 0), ZERO) - spoken_for
    most = at_first + sum((one for one in during if one > 0), ZERO)
    return Outcome(counted, min(max(counted, least), most), bool(during))


def units(*, frozen: Set[str], seen: Set[str], left: Set[str], came: Set[str]) -> Units:
    """A shelf of numbered units. `left`: those of the list the books have moved since, or a ticket waits for; `came`:
    those the books have brought here since.
    """
    return Units(frozenset(frozen - seen - left), frozenset(seen - frozen - came))


def number_of(*, year: int, count_id: int) -> str:
    """`PD-2026-000012`."""
    return f"{PREFIX}-{year}-{count_id:06d}"
