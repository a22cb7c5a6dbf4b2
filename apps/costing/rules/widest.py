"""Which budgets of a month say how much there is in all, so that no fen is counted twice (domain.md §7). Pure.

Budgets overlap: one for the branch, one for a type in it, one for a sub-branch. Those of one level do not (the level
says what a budget names), so the widest level that has any is taken, and what was spent is what falls under it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from steppe.kernel.money import Fen

# Does a budget of this level name a sub-branch, an element, a type? The widest first.
LEVELS = tuple((unit, element, kind) for unit in (False, True) for kind in (False, True) for element in (False, True))


@dataclass(frozen=True)
class Planned:
    """A budget: of a sub-branch (None: of the branch), a type and an element (empty: of all)."""

    unit: int | None
    type_code: str
    element: str
    fen: Fen

    @property
    def level(self) -> tuple[bool, bool, bool]:
        return self.unit is not None, bool(self.element), bool(self.type_code)

    def covers(self, unit: int | None, type_code: str, element: str) -> bool:
        mine = self.unit in (None, unit) and self.type_code in ("", type_code)
        return mine and self.element in ("", element)


def widest(budgets: Iterable[Planned]) -> list[Planned]:
    """The budgets of the widest level there is; none without any."""
    rows = list(budgets)
    return next((found for level in LEVELS if (found := [one for one in rows if one.level == level])), [])


def budget_and_used(budgets: Iterable[Planned], spent: Mapping[tuple[int | None, str, str], Fen]) -> tuple[Fen, Fen]:
    """What may be spent, and what was of it, in fen. `spent`: by sub-branch, type and element."""
    chosen = widest(budgets)
    used = sum(fen for key, fen in spent.items() if any(one.covers(*key) for one in chosen))
    return sum(one.fen for one in chosen), used
