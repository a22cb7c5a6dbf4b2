"""The door of the console and the key of a form."""

from collections.abc import Callable, Iterable

from django.http import HttpRequest

from apps.costing.money_permissions import EXPENSE_APPROVERS, EXPENSE_READERS, MONEY_READERS, PLANNERS
from apps.costing.permissions import DECIDERS as POINTS_DECIDERS
from apps.costing.permissions import READERS as POINTS_READERS
from apps.costing.permissions import SETTLEMENT_READERS
from apps.costing.rule_permissions import HOUR_READERS, RULE_DESK, RULE_TRIERS
from apps.exports.sources import roles_of_all
from apps.headquarters.permissions import REPORTS
from apps.inventory.permissions import APPROVERS, KEEPERS, READERS
from apps.tickets.permissions import ACTIONS, ASKERS, CONSOLE, SETTINGS_KEEPERS, TYPE_KEEPERS
from steppe.kernel.actors import Actor, require
from steppe.kernel.errors import KeyMissing


def desk_actor(request: HttpRequest) -> Actor:
    """Who is at the desk. Raises Unauthenticated, NotAllowed."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require(actor, CONSOLE)
    return actor


def actor_for(request: HttpRequest, action: str) -> Actor:
    """Who is at the desk and knows this action at all."""
    actor = desk_actor(request)
    require(actor, ACTIONS[action])
    return actor


def _door(*levels: Iterable[str]) -> Callable[[HttpRequest], Actor]:
    """Who comes in holds a role of every level. The door raises Unauthenticated, NotAllowed."""

    def door(request: HttpRequest) -> Actor:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        for roles in levels:
            require(actor, roles)
        return actor

    return door


requests_reader = _door(CONSOLE, ASKERS)  # who asks for a step that another decides, or decides one
types_keeper = _door(CONSOLE, TYPE_KEEPERS)  # who keeps the branch's ticket types
settings_keeper = _door(CONSOLE, SETTINGS_KEEPERS)  # who decides the branch's settings
stock_reader = _door(READERS)  # who may look at stock on the console
settlement_reader = _door(CONSOLE, SETTLEMENT_READERS)  # who may look at settlement months


def keeps_only_stock(request: HttpRequest) -> bool:
    """Somebody who may look at stock and at no ticket of the desk."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor.holds(*READERS) and not actor.holds(*CONSOLE)


stock_approver = _door(READERS, APPROVERS)  # who agrees to what others wrote
stock_keeper = _door(READERS, KEEPERS)  # who writes stock's documents and keeps its items
money_reader = _door(MONEY_READERS)  # who may look at costs and profit
money_planner = _door(MONEY_READERS, PLANNERS)  # who sets budgets and norms
expense_reader = _door(EXPENSE_READERS)  # who decides about expenses, or enters them at a desk
expense_approver = _door(EXPENSE_READERS, EXPENSE_APPROVERS)  # who decides about expenses
points_reader = _door(POINTS_READERS)  # who reads the points of others
points_decider = _door(POINTS_READERS, POINTS_DECIDERS)  # who decides about claims, shares and repeats
rules_reader = _door(RULE_DESK)  # who may look at the rules of points on the console
rules_trier = _door(RULE_DESK, RULE_TRIERS)  # who may see what a draft would have paid to whom
hours_reader = _door(HOUR_READERS)  # who may look at the hours of other people

reports_reader = _door(REPORTS)  # who reads the figures of the branch, or of a part of it
work_reader = hours_reader  # who reads what each technician did


def exporter(request: HttpRequest) -> Actor:
    """Who may take any table away. Raises Unauthenticated, NotAllowed."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require(actor, roles_of_all())
    return actor


def key_of(request: HttpRequest) -> str:
    """The client's own key of a write: the form's hidden input, or the header. Raises KeyMissing."""
    key = request.POST.get("idempotency_key") or request.headers.get("Idempotency-Key", "")
    if not key:
        raise KeyMissing
    return key
