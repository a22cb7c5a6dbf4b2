"""The pages of the desk in the order people need them, and who may go where.

The daily ones stand in the top bar; stock is one place in it, and so is what is set up now and then, 管理: each has a
row of its own pages. To add a page: a line here, and its row in policy.yaml.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.costing import said_read
from apps.costing.expenses_read import how_many_wait_for as how_many_expenses
from apps.costing.money_permissions import EXPENSE_READERS, MONEY_READERS
from apps.costing.permissions import DECIDERS, SETTLEMENT_READERS
from apps.costing.permissions import READERS as POINTS_READERS
from apps.costing.rule_permissions import HOUR_READERS, RULE_DESK
from apps.costing.slip_read import how_many_wait_for as disputes_waiting
from apps.exports.permissions import may_export
from apps.headquarters.permissions import REPORTS as REPORT_READERS
from apps.inventory.permissions import READERS, REVALUERS
from apps.people import roles
from apps.tickets.compensations_read import how_many_owed
from apps.tickets.handover_read import how_many_wait, may_answer
from apps.tickets.permissions import (
    ACTIONS,
    ASKERS,
    CONSOLE,
    FAIRNESS_READERS,
    HANDOVER_READERS,
    SETTINGS_KEEPERS,
    TYPE_KEEPERS,
)
from apps.tickets.requests_read import how_many_wait_for
from steppe.kernel.actors import Actor
from steppe.ui import badges

May = Callable[[Actor], bool]


@dataclass(frozen=True)
class Place:
    """A page: the name of its address, its title, who may open it, and how many things wait there."""

    name: str
    title: str | Promise
    may: May = lambda _actor: True
    waiting: Callable[[Actor], int] = lambda _actor: 0


@dataclass(frozen=True)
class Entry:
    """A place as one reader sees it in the bar."""

    title: str | Promise
    url: str
    here: bool
    waiting: int = 0


def holding(roles: Iterable[Any]) -> May:
    """May it be opened by who holds one of these?"""
    wanted = tuple(roles)
    return lambda actor: actor.holds(*wanted)


def _arrivals(actor: Actor) -> int:
    """Who cannot answer is not called."""
    return how_many_wait() if may_answer(actor) else 0


def _decisions(actor: Actor) -> int:
    """Requests, and what customers are owed past the legal limit: both stand on the page of requests."""
    return how_many_wait_for(actor) + how_many_owed(actor)


DAILY = (
    Place("console:home", _("Ticket pool"), holding(CONSOLE)),
    Place("console:search", pgettext_lazy("nav", "Find"), holding(CONSOLE)),
    Place("console:callback", _("Callbacks"), holding(ACTIONS["callback_ok"])),
    Place("console:requests", _("Requests"), holding(ASKERS), _decisions),
)
STOCK = (
    Place("console:stock", pgettext_lazy("stock", "Overview"), holding(READERS)),
    Place("console:stock-documents", pgettext_lazy("stock", "Documents"), holding(READERS)),
    Place("console:stock-counts", _("Stocktakes"), holding(READERS)),
    Place("console:stock-balances", pgettext_lazy("stock", "On hand"), holding(READERS)),
    Place("console:stock-card", _("Stock card"), holding(READERS)),
    Place("console:stock-items", pgettext_lazy("stock", "Items"), holding(READERS)),
    Place("console:stock-places", pgettext_lazy("stock", "Places"), holding(READERS)),
    Place("console:stock-warnings", pgettext_lazy("stock", "Warnings"), holding(READERS)),
    Place("console:stock-reports", pgettext_lazy("stock", "Reports"), holding(READERS)),
    Place("console:stock-values", pgettext_lazy("stock", "Values"), holding(REVALUERS)),
)
COSTS = (
    Place("console:costs", pgettext_lazy("costs", "Overview"), holding(MONEY_READERS)),
    Place("console:costs-tickets", pgettext_lazy("costs", "Tickets"), holding(MONEY_READERS)),
    Place("console:costs-control", pgettext_lazy("costs", "Control"), holding(MONEY_READERS)),
    Place("console:costs-budgets", pgettext_lazy("costs", "Budgets"), holding(MONEY_READERS)),
    Place("console:costs-norms", pgettext_lazy("costs", "Norms"), holding(MONEY_READERS)),
    Place("console:costs-plans", pgettext_lazy("costs", "Plans"), holding(MONEY_READERS)),
    Place("console:costs-expenses", pgettext_lazy("costs", "Expenses"), holding(EXPENSE_READERS), how_many_expenses),
    Place("console:costs-months", pgettext_lazy("costs", "Closing"), holding(MONEY_READERS)),
)
POINTS = (
    Place("console:points", pgettext_lazy("points", "To decide"), holding(DECIDERS), said_read.how_many_wait_for),
    Place("console:points-team", pgettext_lazy("points", "People and points"), holding(POINTS_READERS)),
    Place("console:hours", _("Work hours"), holding(HOUR_READERS)),
    Place("console:rules", _("Rules of points"), holding(RULE_DESK)),
    Place("console:settlement", pgettext_lazy("nav", "Settlement months"), holding(SETTLEMENT_READERS)),
    Place(
        "console:settlement-disputes", pgettext_lazy("nav", "Disputes"), holding(SETTLEMENT_READERS), disputes_waiting
    ),
)
REPORTS = (
    Place("console:reports", pgettext_lazy("reports", "Overview"), holding(REPORT_READERS)),
    Place("console:report-figures", pgettext_lazy("nav", "Figures"), holding(REPORT_READERS)),
    Place("console:report-work", _("Work amounts by technician"), holding(HOUR_READERS)),
)
MANAGED = (
    Place("console:handovers", _("Hand-overs"), holding(HANDOVER_READERS), _arrivals),
    Place("console:fairness", _("Fairness"), holding(FAIRNESS_READERS)),
    Place("console:exports", pgettext_lazy("nav", "Exports"), may_export),
    Place("bi:connect", pgettext_lazy("nav", "Connect"), holding(MONEY_READERS)),
    Place("console:types", _("Ticket types"), holding(TYPE_KEEPERS)),
    Place("console:settings", pgettext_lazy("branch", "Settings"), holding(SETTINGS_KEEPERS)),
    Place("wechat:deliveries", _("Deliveries"), holding([roles.DISPATCHER, roles.BRANCH_ADMIN])),
    Place("wechat:codes", _("QR codes"), holding([roles.BRANCH_ADMIN, roles.GRID_LEADER])),
    Place("wechat:guide", _("WeChat"), holding([roles.BRANCH_ADMIN]), lambda _actor: badges.waiting("wechat:guide")),
    Place("partners:page", pgettext_lazy("nav", "Systems"), holding([roles.BRANCH_ADMIN])),
)


@dataclass(frozen=True)
class Group:
    """A place in the top bar that leads to a row of pages."""

    title: str | Promise
    pages: tuple[Place, ...]


GROUPS = (
    Group(pgettext_lazy("nav", "Points"), POINTS), Group(pgettext_lazy("nav", "Costs"), COSTS),
    Group(pgettext_lazy("nav", "Stock"), STOCK), Group(pgettext_lazy("nav", "Reports"), REPORTS),
    Group(_("Management"), MANAGED),
)  # fmt: skip


@dataclass(frozen=True)
class Bar:
    """What one reader sees on one page: the top bar, and the row of the group the page stands in."""

    top: list[Entry]
    inner: list[Entry]
    title: str | Promise = ""


def bar(actor: Actor, path: str) -> Bar:
    """The daily places, then the groups of which the reader may open a page. A query for each place that counts."""
    top = [_entry(place, path, place.waiting(actor)) for place in DAILY if place.may(actor)]
    found = Bar(top, [])
    for group in GROUPS:
        if pages := _pages(group, actor, path):
            way = _way_in(group, pages)
            found = Bar([*found.top, way], *((pages, group.title) if way.here else (found.inner, found.title)))
    return found


def _way_in(group: Group, pages: list[Entry]) -> Entry:
    """A group leads to where something waits, else to its first page."""
    first = next((one for one in pages if one.waiting), pages[0])
    return Entry(group.title, first.url, any(one.here for one in pages), sum(one.waiting for one in pages))


def _pages(group: Group, actor: Actor, path: str) -> list[Entry]:
    found = [_entry(place, path, place.waiting(actor)) for place in group.pages if place.may(actor)]
    # A page below another one's address is that page, not both.
    deepest = max((one.url for one in found if one.here), key=len, default="")
    return [replace(one, here=one.url == deepest) for one in found]


def _entry(place: Place, path: str, waiting: int = 0) -> Entry:
    url = reverse(place.name)
    return Entry(place.title, url, _is_here(url, path), waiting)


def _is_here(url: str, path: str) -> bool:
    # The pool's address begins every other one.
    return path == url or (path.startswith(url) and url != reverse("console:home"))
