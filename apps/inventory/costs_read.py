"""What goods cost a ticket, for the rooms above: read from entries, which never change, so twice says the same.

Costing hears `StockPosted`, and asks here for the lines of the entry it names. A reversal is an entry of its own with
the opposite signs: the sum over a ticket's entries is what the ticket cost, at every moment.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet, Sum

from apps.inventory.models import Material, Movement, Valuation
from apps.inventory.rules.valuation import Book
from steppe.kernel.money import Fen, round_fen


@dataclass(frozen=True)
class CostLine:
    """So much of an item left the branch's stock (came back, negative), worth so many fen at the average of then."""

    entry_id: int
    ticket: str
    document: str
    kind: str
    place: str
    item: str
    category: str
    batch: str
    quantity: Decimal
    value: Fen


def lines_of_entry(entry_id: int) -> Sequence[CostLine]:
    """What one entry took out of the valued places, or brought into them. One query."""
    return _lines(Movement.objects.filter(entry=entry_id))


def lines_of_ticket(ticket: str) -> Sequence[CostLine]:
    """Every line of every entry of a ticket, the oldest first. One query."""
    return lines_of_tickets([ticket])


def lines_of_tickets(tickets: Collection[str]) -> Sequence[CostLine]:
    """The same for many tickets at once, by entry. One query."""
    return _lines(Movement.objects.filter(entry__ticket__in=tickets))


def cost_of_ticket(ticket: str) -> Fen:
    """What went into a ticket less what came back from it: material cost as domain.md §7 has it. One query."""
    rows = Movement.objects.filter(entry__ticket=ticket).exclude(entry__ticket="")
    return -(rows.aggregate(total=Sum("value"))["total"] or 0)


def reserved_by_ticket() -> dict[str, Fen]:
    """What lies in vans for a ticket that is not finished, at what it is worth now. Two queries."""
    worth = {
        (one.item_id, one.batch_id): Book(one.quantity, one.value).average
        for one in Valuation.objects.filter(quantity__gt=0)
    }
    found: dict[str, Decimal] = {}
    for line in Material.objects.filter(state="reserved"):
        value = line.quantity * worth.get((line.item_id, line.batch_id), Decimal(0))
        found[line.ticket] = found.get(line.ticket, Decimal(0)) + value
    return {ticket: round_fen(value) for ticket, value in found.items()}


def _lines(rows: QuerySet[Movement]) -> list[CostLine]:
    """The lines on the branch's own side: the other side of each is a customer, a supplier, a loss."""
    own = rows.filter(place__valued=True).select_related("entry__document", "place", "item", "batch")
    return [
        CostLine(
            entry_id=one.entry_id, ticket=one.entry.ticket, document=one.entry.document.number,
            kind=one.entry.document.kind, place=one.place.code, item=one.item.code, category=one.item.category,
            batch=one.batch.number if one.batch else "", quantity=-one.delta, value=-one.value,
        )
        for one in own.order_by("id")
    ]  # fmt: skip
