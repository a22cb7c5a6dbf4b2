"""Money against plan: budgets with their lights, what is promised already, why a month came out otherwise, what is odd.

Actual figures are sums over MoneyLine, as in profit_read; the formulas are pure (rules/control.py).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from apps.costing.models import Budget, CostNorm, CostPeriod, MoneyLine, MonthlyFee
from apps.costing.money_permissions import MONEY_READERS
from apps.costing.profit_read import Where, accounts_in, lines_in
from apps.costing.rules import control
from apps.costing.rules.control import Spent, Variance
from apps.inventory import costs_read
from apps.people import selectors as people
from apps.tickets import types_read, worked_read
from steppe.kernel.actors import Actor, require
from steppe.kernel.money import Fen

Spending = Mapping[tuple[int | None, str, str], Fen]  # by sub-branch, type, element
INSTALL, CABLE = "install", "drop_cable"
DEVICES = ("stb", "ont", "onu", "modem", "cpe", "card")
ODD_PCT = 130  # so much more than the branch's own rate is worth a look


@dataclass(frozen=True)
class BudgetLine:
    """A budget with what was spent of it. `light`: none, green, amber, red; `used`: per cent, None without a budget."""

    budget: Budget
    type_name: str
    unit_name: str
    actual: Fen

    @property
    def light(self) -> str:
        return control.light(self.actual, self.budget.fen)

    @property
    def used(self) -> Decimal | None:
        return control.used_pct(self.actual, self.budget.fen)

    @property
    def left(self) -> Fen:
        return self.budget.fen - self.actual


@dataclass(frozen=True)
class Promise:
    """What a type's open tickets will cost: by the norms, for material at least what is reserved for them already."""

    type_name: str
    tickets: int
    by_norm: Fen
    norm_material: Fen
    reserved: Fen

    @property
    def total(self) -> Fen:
        return self.by_norm - self.norm_material + max(self.norm_material, self.reserved)


@dataclass(frozen=True)
class Deviation:
    """A type's element in a month against its norm and its planned volume; the three reasons add up to the whole."""

    type_name: str
    element: str
    plan: Fen
    actual: Fen
    tickets: int
    planned: int
    why: Variance


@dataclass(frozen=True)
class Odd:
    """A figure of the abnormal list for a grid (all of them: empty) with both sides of its rate."""

    code: str
    key: str
    name: str
    numerator: Decimal
    denominator: int
    whole: Decimal | None  # the branch's own rate
    of: int = 1

    @property
    def rate(self) -> Decimal | None:
        return control.per(self.numerator, self.denominator, of=self.of)

    @property
    def odd(self) -> bool:
        return self.rate is not None and self.whole is not None and self.rate * 100 > self.whole * ODD_PCT


def budget_lines(actor: Actor, month: str, unit: str = "") -> list[BudgetLine]:
    """The budgets of a month, those of the branch or of a sub-branch (its code). Raises NotAllowed. Four queries."""
    return _told(actor, month, Q(sub_branch__code=unit) if unit else Q(sub_branch=None))


def every_budget_line(actor: Actor, month: str) -> list[BudgetLine]:
    """The budgets of the month, of the branch and of its parts. Raises NotAllowed. Three queries."""
    return _told(actor, month, Q())


def _told(actor: Actor, month: str, of: Q) -> list[BudgetLine]:
    require(actor, MONEY_READERS)
    rows = Budget.objects.filter(of, month=month).select_related("sub_branch")
    spent, names = _spent(actor, month), _type_names()
    return [
        BudgetLine(one, names.get(one.type_code, one.type_code), one.sub_branch.name if one.sub_branch else "",
                   _of(one, spent))
        for one in rows.order_by("sub_branch_id", "id")
    ]  # fmt: skip


def lights(actor: Actor, month: str) -> dict[str, int]:
    """How many budgets of the month, of the branch and of its parts, stand at which light. Three queries."""
    require(actor, MONEY_READERS)
    spent, found = _spent(actor, month), dict.fromkeys(("red", "amber", "green"), 0)
    for one in Budget.objects.filter(month=month):
        light = control.light(_of(one, spent), one.fen)
        found["green" if light == control.NONE else light] += 1
    return found


def promises(actor: Actor) -> list[Promise]:
    """What is open in the own scope, by type, the dearest first. Raises NotAllowed. Six queries."""
    require(actor, MONEY_READERS)
    paths = ("/",) if actor.kind == "system" else actor.scopes(MONEY_READERS)
    open_now, reserved = worked_read.open_by_type(paths), _reserved(paths)
    norms, names = _norms_by_type(), _type_names()
    rows = [
        Promise(names.get(code, code), count, count * sum(norms.get(code, {}).values()),
                count * norms.get(code, {}).get("material", 0), reserved.get(code, 0))
        for code, count in open_now.items()
    ]  # fmt: skip
    return sorted(rows, key=lambda one: (-one.total, one.type_name))


def deviations(actor: Actor, month: str) -> list[Deviation]:
    """Each norm of a type against the month. Planned volume: the type's budget says it, else what there was.

    Raises NotAllowed. Six queries.
    """
    require(actor, MONEY_READERS)
    where = Where(month)
    sums = {
        (code, element): (fen or 0, quantity)
        for code, element, fen, quantity in lines_in(actor, where).filter(side="cost")
        .values_list("account__type_code", "element").annotate(Sum("fen"), Sum("quantity"))
    }  # fmt: skip
    counts = dict(accounts_in(actor, where).values_list("type_code").annotate(n=Count("id")).order_by())
    volumes = Budget.objects.filter(month=month, sub_branch=None).values_list("type_code", "tickets")
    planned = {code: tickets for code, tickets in volumes if tickets is not None}
    names = _type_names()
    rows = [
        _deviation(one, names, sums.get((one.type_code, one.element), (0, None)), counts.get(one.type_code, 0), planned)
        for one in CostNorm.objects.order_by("type_code", "element")
    ]
    return sorted(rows, key=lambda one: -abs(one.why.total))


def oddities(actor: Actor, month: str) -> list[Odd]:
    """The abnormal list of a month: each figure for the whole and by grid, both sides told. Raises NotAllowed."""
    require(actor, MONEY_READERS)
    return [row for figure in ODD.values() for row in figure(actor, month)]


def norms() -> dict[tuple[str, str], CostNorm]:
    """Every norm by type and element. One query."""
    return {(one.type_code, one.element): one for one in CostNorm.objects.all()}


def norms_for(actor: Actor) -> list[CostNorm]:
    """Every norm, by type. Raises NotAllowed. One query."""
    require(actor, MONEY_READERS)
    return list(CostNorm.objects.order_by("type_code", "element"))


def monthly_fees() -> list[MonthlyFee]:
    """What plans bring in, the one for all others first. One query."""
    return list(MonthlyFee.objects.order_by("plan"))


def months(actor: Actor) -> list[CostPeriod]:
    """The months of costs, the newest first. Raises NotAllowed. One query."""
    require(actor, MONEY_READERS)
    return list(CostPeriod.objects.order_by("-month"))


def state_of(month: str) -> str:
    """Is the month open or closed? One query."""
    return CostPeriod.objects.filter(month=month).values_list("state", flat=True).first() or "open"


def _spent(actor: Actor, month: str) -> Spending:
    """What the month cost, by sub-branch, type and element. One query."""
    rows = lines_in(actor, Where(month)).filter(side="cost")
    keys = ("account__sub_branch_id", "account__type_code", "element")
    return {(unit, code, element): fen for unit, code, element, fen in rows.values_list(*keys).annotate(Sum("fen"))}


def _of(budget: Budget, spent: Spending) -> Fen:
    """What a budget covers: all there is of what it leaves open."""
    return sum(
        fen for (unit, code, element), fen in spent.items()
        if budget.sub_branch_id in (None, unit) and budget.type_code in ("", code) and budget.element in ("", element)
    )  # fmt: skip


def _reserved(paths: Sequence[str]) -> dict[str, Fen]:
    worth = costs_read.reserved_by_ticket()
    found: dict[str, Fen] = {}
    for ticket, (code, path) in worked_read.types_of_open(worth).items():
        if path.startswith(tuple(paths)):
            found[code] = found.get(code, 0) + worth[ticket]
    return found


def _norms_by_type() -> dict[str, dict[str, Fen]]:
    found: dict[str, dict[str, Fen]] = {}
    for code, element, fen in CostNorm.objects.values_list("type_code", "element", "fen"):
        found.setdefault(code, {})[element] = fen
    return found


def _type_names() -> dict[str, str]:
    return {one.code: one.name for one in types_read.type_words()}


def _deviation(
    norm: CostNorm,
    names: Mapping[str, str],
    actual: tuple[Fen, Decimal | None],
    tickets: int,
    planned: Mapping[str, int],
) -> Deviation:
    fen, quantity = actual
    volume = planned.get(norm.type_code, tickets)
    each = norm.quantity or Decimal(1)
    plan = Spent(volume, each, Decimal(norm.fen) / each)
    used = (quantity or Decimal(0)) / tickets if norm.quantity and tickets else each
    price = Decimal(fen) / (used * tickets) if used and tickets else Decimal(0)
    why = control.variance(plan, Spent(tickets, used, price), fen)
    name = names.get(norm.type_code, norm.type_code)
    return Deviation(name, norm.element, plan.fen, fen, tickets, volume, why)


def _cable(actor: Actor, month: str) -> list[Odd]:
    """Metres of drop cable per installation."""
    lines = lines_in(actor, Where(month)).filter(account__family=INSTALL, category=CABLE)
    return _odd("cable", _by_grid(lines, Sum("quantity")), _count(actor, month, Q(family=INSTALL)))


def _devices(actor: Actor, month: str) -> list[Odd]:
    """Devices given out on tickets that are no installation, per hundred customers of the branch."""
    lines = lines_in(actor, Where(month)).exclude(account__family=INSTALL).filter(category__in=DEVICES, quantity__gt=0)
    used = _by_grid(lines, Sum("quantity"))
    return [Odd("devices", "", "", sum(used.values(), Decimal(0)), people.how_many_customers(), None, 100)]


def _km(actor: Actor, month: str) -> list[Odd]:
    """Kilometres per ticket."""
    rows = accounts_in(actor, Where(month)).values_list("grid_id").annotate(n=Sum("km")).order_by()
    return _odd("km", {grid: Decimal(n or 0) for grid, n in rows}, _count(actor, month, Q()))


def _empty(actor: Actor, month: str) -> list[Odd]:
    """Trips for nothing, per hundred tickets."""
    empty = {grid: Decimal(n) for grid, n in _count(actor, month, Q(empty_trip=True)).items()}
    return _odd("empty", empty, _count(actor, month, Q()), of=100)


def _repeat(actor: Actor, month: str) -> list[Odd]:
    """Fen of repeated repairs, per repair that was one."""
    lines = lines_in(actor, Where(month)).filter(side="cost").exclude(account__repeat_of="")
    return _odd("repeat", _by_grid(lines, Sum("fen")), _count(actor, month, ~Q(repeat_of="")))


ODD: Mapping[str, Callable[[Actor, str], list[Odd]]] = {
    "cable": _cable, "devices": _devices, "km": _km, "empty": _empty, "repeat": _repeat,
}  # fmt: skip


def _by_grid(lines: QuerySet[MoneyLine], amount: Sum) -> dict[int | None, Decimal]:
    return {grid: Decimal(n or 0) for grid, n in lines.values_list("account__grid_id").annotate(n=amount)}


def _count(actor: Actor, month: str, which: Q) -> dict[int | None, int]:
    rows = accounts_in(actor, Where(month)).filter(which).values_list("grid_id").annotate(n=Count("id")).order_by()
    return dict(rows)


def _odd(code: str, above: Mapping[int | None, Decimal], below: Mapping[int | None, int], of: int = 1) -> list[Odd]:
    """The whole first, then the grids with the highest rate."""
    whole = Odd(code, "", "", sum(above.values(), Decimal(0)), sum(below.values()), None, of)
    names = {one: unit.name for one, unit in people.units_by_id(one for one in below if one).items()}
    grids = [
        Odd(code, str(grid or "-"), names.get(grid or 0, ""), above.get(grid, Decimal(0)), count, whole.rate, of)
        for grid, count in below.items()
    ]
    return [whole, *sorted(grids, key=lambda one: -(one.rate or 0))]
