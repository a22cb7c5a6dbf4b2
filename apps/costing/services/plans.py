"""What a month may cost, what a ticket of a type usually costs, what a plan brings in: numbers people set.

Every form is saved as a whole; a cell that is emptied is taken away. Two who save at once: the last one counts, and
the audit keeps both.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from apps.costing.events import CostsChanged
from apps.costing.models import Budget, CostNorm, CostPeriod, MonthlyFee
from apps.costing.models.money import COST_ELEMENTS
from apps.costing.money_errors import BadMonth, BadPlan, MonthClosed
from apps.costing.money_permissions import PLANNERS, check_whole_branch, is_whole_branch
from apps.costing.rules.periods import is_period
from apps.people import selectors as people
from apps.tickets import types_read
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command, emit
from steppe.kernel.errors import NotAllowed

if TYPE_CHECKING:
    from apps.people.models import OrgUnit

MOST_FEN = 10_000_000_000  # a hundred million yuan
MOST_CELLS = 1000


@dataclass(frozen=True)
class Cell:
    """A number of the table: for a type (all of them: empty) and an element (all of them: empty). None: taken away."""

    type_code: str = ""
    element: str = ""
    fen: int | None = None
    tickets: int | None = None  # the volume it was planned for
    quantity: Decimal | None = None  # of a norm: points or km


@command("costing.save_budgets")
def save_budgets(*, month: str, unit: str = "", cells: Sequence[Cell], by: Actor) -> Receipt:
    """The cells of one month for the branch, or for a sub-branch (`unit`, its code). Facts: `cells` written.

    Who plans a part of the branch plans only there. Raises NotAllowed, BadMonth, MonthClosed, BadPlan.
    """
    where = _unit(by, unit)
    _check_month(month)
    _check(cells)
    for one in cells:
        key = {"month": month, "sub_branch": where, "type_code": one.type_code, "element": one.element}
        _put(Budget, key, one.fen, {"tickets": one.tickets}, by)
    emit(CostsChanged(entity_id=0, public_id=month, version=0, month=month))
    return Receipt("budget", 0, month, 0, {"cells": len(cells)})


@command("costing.copy_budgets")
def copy_budgets(*, source: str, month: str, unit: str = "", by: Actor) -> Receipt:
    """Another month's cells, where this one has none yet. Facts: `cells`. Raises as `save_budgets`."""
    where = _unit(by, unit)
    _check_month(month)
    set_already = set(_budgets(month, where).values_list("type_code", "element"))
    rows = [one for one in _budgets(source, where) if (one.type_code, one.element) not in set_already]
    for one in rows:
        key = {"month": month, "sub_branch": where, "type_code": one.type_code, "element": one.element}
        _put(Budget, key, one.fen, {"tickets": one.tickets}, by)
    emit(CostsChanged(entity_id=0, public_id=month, version=0, month=month))
    return Receipt("budget", 0, month, 0, {"cells": len(rows)})


@command("costing.save_norms")
def save_norms(*, cells: Sequence[Cell], by: Actor) -> Receipt:
    """定额, for the whole branch: a type and an element each. Raises NotAllowed, BadPlan."""
    check_whole_branch(by, PLANNERS)
    _check(cells, exact=True)
    for one in cells:
        _put(CostNorm, {"type_code": one.type_code, "element": one.element}, one.fen, {"quantity": one.quantity}, by)
    return Receipt("cost_norm", 0, "", 0, {"cells": len(cells)})


@command("costing.save_monthly_fees")
def save_monthly_fees(*, fees: Sequence[tuple[str, int | None]], by: Actor) -> Receipt:
    """What each plan brings in a month; the one without a name is for all others. Raises NotAllowed, BadPlan."""
    check_whole_branch(by, PLANNERS)
    if len(fees) > MOST_CELLS or any(fen is not None and not 0 <= fen <= MOST_FEN for _plan, fen in fees):
        raise BadPlan({"fees": [_("Nothing or more, please.")]})
    for plan, fen in fees:
        _put(MonthlyFee, {"plan": plan.strip()[:60]}, fen, {}, by)
    return Receipt("monthly_fee", 0, "", 0, {"cells": len(fees)})


def _unit(by: Actor, code: str) -> "OrgUnit | None":
    """None for the branch; else the sub-branch, if it is theirs to plan for."""
    require(by, PLANNERS)
    if not code:
        check_whole_branch(by, PLANNERS)
        return None
    found = people.unit_by_code(code)
    if found is None or found.kind != "sub_branch":
        raise BadPlan({"unit": [_("There is no such sub-branch.")]})
    if not any(is_whole_branch(path) or found.path.startswith(path) for path in by.scopes(PLANNERS)):
        raise NotAllowed
    return found


def _check_month(month: str) -> None:
    if not is_period(month):
        raise BadMonth({"month": [_("There is no such month.")]})
    if CostPeriod.objects.filter(month=month, state="closed").exists():
        raise MonthClosed(month=month)


def _check(cells: Sequence[Cell], *, exact: bool = False) -> None:
    if not 0 < len(cells) <= MOST_CELLS:
        raise BadPlan({"cells": [_("Between 1 and %(most)s cells, please.") % {"most": MOST_CELLS}]})
    wrong = dict(_wrong(cells, _known_types(), exact))
    if wrong:
        raise BadPlan(wrong)


def _known_types() -> set[str]:
    return {one.code for one in types_read.type_words()}


def _wrong(cells: Sequence[Cell], types: set[str], exact: bool) -> Iterable[tuple[str, list[str]]]:
    for one in cells:
        name = f"{one.type_code or 'all'}.{one.element or 'all'}"
        if (one.type_code or exact) and one.type_code not in types:
            yield name, [_("There is no such type.")]
        elif (one.element or exact) and one.element not in COST_ELEMENTS:
            yield name, [_("There is no such kind of cost.")]
        elif (one.fen is not None and not 0 <= one.fen <= MOST_FEN) or (
            one.tickets is not None and not 0 <= one.tickets < 10_000_000
        ):
            yield name, [_("Nothing or more, please.")]
        elif one.quantity is not None and not 0 < one.quantity < 10_000_000:
            yield name, [_("More than nothing, please.")]


def _budgets(month: str, where: "OrgUnit | None") -> QuerySet[Budget]:
    return Budget.objects.filter(month=month, sub_branch=where).order_by("id")


def _put(table: type[Model], key: dict[str, Any], fen: int | None, more: dict[str, Any], by: Actor) -> None:
    rows: Any = table._default_manager
    if fen is None:
        rows.filter(**key).delete()
        return
    told = {"fen": fen, **more, "changed_by": by.ref, "changed_at": clock.now()}
    rows.update_or_create(**key, defaults=told)
