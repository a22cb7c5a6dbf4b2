"""What a ticket's account is made from, read at once for a batch of tickets: the tables, no judgement (`_truth.py`)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from apps.costing.models import Expense, MoneyLine, MonthlyFee, WorkClaim, WorkPointEntry
from apps.costing.rules.rulebook import DEFAULT, Rates, Rulebook
from apps.inventory import costs_read
from steppe.kernel.money import Fen

PLAN = "plan"
NOT_WORK = "deduction"  # takes from pay, and makes no ticket cheaper


class OfTicket(Protocol):
    """A row that names the ticket it belongs to."""

    @property
    def ticket(self) -> str: ...


Row = TypeVar("Row", bound=OfTicket)


@dataclass(frozen=True)
class Sources:
    """By a ticket's public id: goods, earned points, the confirmed claim, agreed expenses, the share once said.

    `fees`: what a plan costs a month, by its name.
    """

    material: Mapping[str, Sequence[costs_read.CostLine]]
    earned: Mapping[str, Sequence[WorkPointEntry]]
    claims: Mapping[str, WorkClaim]
    expenses: Mapping[str, Sequence[Expense]]
    shares: Mapping[str, MoneyLine]
    fees: Mapping[str, Fen]
    _rates: dict[int, Rates] = field(default_factory=dict)

    @classmethod
    def of(cls, tickets: Collection[str]) -> "Sources":
        """Six queries, however many tickets. Who writes by them holds the tickets' accounts."""
        points = WorkPointEntry.objects.filter(ticket__in=tickets, stage="earned").exclude(kind=NOT_WORK)
        claims = WorkClaim.objects.filter(ticket__in=tickets, state="confirmed")
        shares = MoneyLine.objects.filter(source__in=[share_of(one) for one in tickets])
        return cls(
            material=_by_ticket(costs_read.lines_of_tickets(tickets)),
            earned=_by_ticket(points.select_related("rule_set").order_by("id")),
            claims={one.ticket: one for one in claims},
            expenses=_by_ticket(Expense.objects.filter(ticket__in=tickets, state="approved").order_by("id")),
            shares={one.source: one for one in shares},
            fees=dict(MonthlyFee.objects.values_list("plan", "fen")),
        )

    def rates(self, entry: WorkPointEntry | None) -> Rates:
        """The rates of the rules by which the work was valued; they never change, so neither does the line."""
        if entry is None or entry.rule_set is None:
            return DEFAULT.rates
        if entry.rule_set.pk not in self._rates:
            self._rates[entry.rule_set.pk] = Rulebook.read(entry.rule_set.body).rates
        return self._rates[entry.rule_set.pk]


def share_of(ticket: str) -> str:
    """The source of a ticket's share of the subscription: one line at most."""
    return f"{PLAN}/{ticket}"


def _by_ticket(rows: Iterable[Row]) -> Mapping[str, Sequence[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.ticket].append(row)
    return found
