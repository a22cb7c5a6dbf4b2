"""What a ticket may use, how much of it is usual, and where what comes back goes (domain.md §6.2 rules 6, 7; §7). Pure.

A norm is of one item, or of all items of a category together that have none of their own.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

RESERVED, POSTED, RELEASED = "reserved", "posted", "released"
STATES = (RESERVED, POSTED, RELEASED)
TOLERANCE_PCT = 130  # of the norm; above it somebody says why
USED_UP = ("quantity", "serialized", "batch")  # kinds of items; a tool is lent and comes home
# In what condition a device came back, and the kind of place it goes to; and why there is none.
GOES_TO = {"good": "van", "repairable": "repair", "scrap": "scrap"}
CONDITIONS = tuple(GOES_TO)
WHY_NOT = ("kept", "lost")


@dataclass(frozen=True)
class Norm:
    """Allowed: the item of this code, or everything of this category; `quantity` is usual, None: no matter."""

    item: str = ""
    category: str = ""
    quantity: Decimal | None = None


@dataclass(frozen=True)
class Used:
    """A line on the ticket, as far as norms look at it."""

    item: str
    category: str
    name: str
    unit: str
    quantity: Decimal
    reason: str = ""


@dataclass
class Sum:
    """What was entered against one norm."""

    norm: Norm
    lines: list[Used] = field(default_factory=list)

    @property
    def entered(self) -> Decimal:
        return sum((one.quantity for one in self.lines), Decimal(0))

    @property
    def name(self) -> str:
        return "、".join(dict.fromkeys(one.name for one in self.lines))

    @property
    def unit(self) -> str:
        return self.lines[0].unit

    @property
    def explained(self) -> bool:
        return any(one.reason.strip() for one in self.lines)

    def is_over(self, tolerance_pct: int) -> bool:
        return self.norm.quantity is not None and self.entered * 100 > self.norm.quantity * tolerance_pct


def norm_of(norms: Iterable[Norm], item: str, category: str) -> Norm | None:
    """The item's own, else its category's, else none."""
    named = {(one.item, one.category): one for one in norms}
    return named.get((item, "")) or named.get(("", category))


def is_allowed(norms: Sequence[Norm], *, item: str, category: str, kind: str) -> bool:
    """May a ticket use this item? Where nothing was laid down, everything that can be used up."""
    return kind in USED_UP and (not norms or norm_of(norms, item, category) is not None)


def sums(norms: Sequence[Norm], used: Iterable[Used]) -> list[Sum]:
    """What was entered, by norm; lines without one are left out."""
    found: dict[Norm, Sum] = {}
    for one in used:
        if norm := norm_of(norms, one.item, one.category):
            found.setdefault(norm, Sum(norm)).lines.append(one)
    return list(found.values())


def unexplained(norms: Sequence[Norm], used: Iterable[Used], tolerance_pct: int) -> list[Sum]:
    """Where more was entered than the norm bears, and nobody said why."""
    return [one for one in sums(norms, used) if one.is_over(tolerance_pct) and not one.explained]


def by_shelf(lines: Iterable[tuple[tuple[int, int, int], Decimal]]) -> Mapping[tuple[int, int, int], Decimal]:
    """How much of each shelf (place, item, drum) the lines speak for."""
    total: dict[tuple[int, int, int], Decimal] = defaultdict(Decimal)
    for shelf, quantity in lines:
        total[shelf] += quantity
    return total


def amount(quantity: Decimal | None) -> str:
    """`2.5`, `15`: without the zeros of the column."""
    return f"{quantity:f}".rstrip("0").rstrip(".") if quantity and "." in f"{quantity:f}" else f"{quantity or 0:f}"
