"""When stock needs somebody's eye (domain.md §6.2, 8 and 10): too little, lying too long, too long in a van. Pure.

Age is counted first in, first out: what came in last is what still lies there. Of numbered units each has its own age.
"""

from dataclasses import dataclass
from decimal import ROUND_UP, Decimal

LOW, IDLE, VAN = "low", "idle", "van"
KINDS = (LOW, IDLE, VAN)
USED_DAYS = 30  # over which the use of an item is looked at
AGES = (30, 90, 180)  # days at which the ageing report draws its lines


@dataclass(frozen=True)
class Shelf:
    """What the question of enough is asked of: on hand, on the way there, spoken for, and used in thirty days."""

    on_hand: Decimal = Decimal(0)
    on_the_way: Decimal = Decimal(0)
    reserved: Decimal = Decimal(0)
    used: Decimal = Decimal(0)

    @property
    def free(self) -> Decimal:
        return self.on_hand + self.on_the_way - self.reserved


def is_low(shelf: Shelf, level: Decimal) -> bool:
    """Less than there should be, counting what is on the way and not what is spoken for."""
    return shelf.free < level


def suggested(shelf: Shelf, level: Decimal, lead_days: int, *, whole: bool) -> Decimal:
    """How much to order: what is used until it comes, and at least what is missing. Whole pieces are rounded up."""
    until_then = max(shelf.used, Decimal(0)) * lead_days / USED_DAYS
    wanted = max(until_then, level - shelf.free)
    return wanted.quantize(Decimal(1) if whole else Decimal("0.01"), rounding=ROUND_UP)


def lain_longer(on_hand: Decimal, came_since: Decimal) -> Decimal:
    """So much of it was there before the goods that came in since: first in, first out."""
    return max(on_hand - came_since, Decimal(0))


def aged(on_hand: Decimal, came: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
    """What lies on a shelf by its age: `came` is what came in within each of AGES, counted from today and together.

    One number more than there are ages: the last is what is older than all of them.
    """
    older = [on_hand, *(lain_longer(on_hand, one) for one in came)]
    return tuple(before - after for before, after in zip(older, [*older[1:], Decimal(0)], strict=True))
