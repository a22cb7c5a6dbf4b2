"""Where a branch's other reports stand: stock, costs, work; one list, by what the reader may open."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.console.places import May, holding
from apps.costing.money_permissions import MONEY_READERS
from apps.costing.permissions import SETTLEMENT_READERS
from apps.costing.rule_permissions import HOUR_READERS
from apps.inventory.permissions import READERS
from apps.inventory.report_words import REPORTS as STOCK_REPORTS
from apps.tickets.permissions import FAIRNESS_READERS
from steppe.kernel.actors import Actor


@dataclass(frozen=True)
class Link:
    title: str | Promise
    url: str


@dataclass(frozen=True)
class Shelf:
    """Reports of one kind."""

    title: str | Promise
    links: tuple[Link, ...]


_WORK: tuple[tuple[str | Promise, str, May], ...] = (
    (_("Work amounts by technician"), "console:report-work", holding(HOUR_READERS)),
    (_("Work hours"), "console:hours", holding(HOUR_READERS)),
    (pgettext_lazy("nav", "Settlement months"), "console:settlement", holding(SETTLEMENT_READERS)),
    (_("Fairness"), "console:fairness", holding(FAIRNESS_READERS)),
)
_COSTS: tuple[tuple[str | Promise, str, May], ...] = (
    (_("Costs and profit of a month"), "console:costs", holding(MONEY_READERS)),
    (_("Budgets and what is odd"), "console:costs-control", holding(MONEY_READERS)),
    (_("Cost of each ticket"), "console:costs-tickets", holding(MONEY_READERS)),
)
_BY = (("type", _("Costs by ticket type")), ("grid", _("Costs by grid")), ("technician", _("Costs by technician")))


def links_for(actor: Actor) -> list[Shelf]:
    """The shelves that have something for this reader. No query."""
    costs = _open(actor, _COSTS)
    if costs:
        costs += tuple(Link(word, reverse("console:costs-by", args=[one])) for one, word in _BY)
    shelves = [
        Shelf(pgettext_lazy("reports", "Work and points"), _open(actor, _WORK)),
        Shelf(pgettext_lazy("reports", "Costs and profit"), costs), Shelf(pgettext_lazy("nav", "Stock"), _stock(actor)),
    ]  # fmt: skip
    return [one for one in shelves if one.links]


def _open(actor: Actor, rows: tuple[tuple[str | Promise, str, May], ...]) -> tuple[Link, ...]:
    return tuple(Link(title, reverse(name)) for title, name, may in rows if may(actor))


def _stock(actor: Actor) -> tuple[Link, ...]:
    if not actor.holds(*READERS):
        return ()
    return tuple(Link(word, reverse("console:stock-report", args=[code])) for code, word in STOCK_REPORTS.items())
