"""Moving average, exact to the fen: the book keeps quantity and value, the average follows (domain.md §6.2, 9). Pure.

Value never comes from quantity × a rounded price: what is taken out of Q pieces worth V is worth V × q / Q, rounded
once, and the last piece takes what is left. So the values of all lines sum to the book's value, always.
"""

from dataclasses import dataclass
from decimal import Decimal

from steppe.kernel.money import Fen, round_fen

REFURBISHED_PCT = 30  # of the item's usual cost: what a good unit is worth that comes back from a customer


@dataclass(frozen=True)
class Book:
    """How much of an item (or of one drum) the branch has in valued places, and what it is worth."""

    quantity: Decimal
    value: Fen

    @property
    def average(self) -> Decimal:
        """Fen of one unit; 0 when there is none."""
        return Decimal(self.value) / self.quantity if self.quantity else Decimal(0)

    def take_in(self, quantity: Decimal, value: Fen) -> "Book":
        """More of it, at its own value."""
        if quantity <= 0 or value < 0:
            raise ValueError("goods come in as a positive quantity of no negative value")
        return Book(self.quantity + quantity, self.value + value)

    def take_out(self, quantity: Decimal) -> tuple["Book", Fen]:
        """Less of it, at the present average; what was taken is worth the second."""
        if not 0 < quantity <= self.quantity:
            raise ValueError("more than there is")
        value = round_fen(self.value * quantity / self.quantity)
        return Book(self.quantity - quantity, self.value - value), value

    def revalued(self, unit_cost: Decimal) -> tuple["Book", Fen]:
        """As much of it, one unit worth so many fen; by how much it is worth more is the second."""
        if unit_cost < 0 or not self.quantity:
            raise ValueError("there must be something, and worth no less than nothing")
        value = round_fen(unit_cost * self.quantity)
        return Book(self.quantity, value), value - self.value


def refurbished(usual_cost: Fen, quantity: Decimal) -> Fen:
    """What recovered good units come back at."""
    return round_fen(usual_cost * quantity * REFURBISHED_PCT / 100)


def line_value(unit_cost: Decimal, quantity: Decimal) -> Fen:
    """What a line of goods that come in is worth; the unit's cost is in fen and may have parts of one."""
    return round_fen(unit_cost * quantity)
