"""Cost, revenue and contribution, from the branch's month down to the single line. Everything is a sum over MoneyLine.

So every way down comes to the same: a month's rows by any dimension sum to the month, a row's tickets to the row, a
ticket's lines to the ticket. Late lines count in the month they were booked in, whose ticket may be of an earlier one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from apps.costing.models import AccountVersion, CostNorm, MoneyLine, TicketAccount
from apps.costing.models.money import COST_ELEMENTS
from apps.costing.money_errors import AccountNotFound
from apps.costing.money_permissions import MONEY_READERS, is_whole_branch
from apps.costing.rules.account_lines import base_of
from apps.people import selectors as people
from apps.tickets import types_read
from steppe.kernel.actors import Actor, require
from steppe.kernel.money import Fen

# How accounts are looked at: the dimension and the column that says it.
DIMENSIONS: Mapping[str, str] = {
    "type": "type_code", "grid": "grid_id", "technician": "technician_id", "department": "department_id",
    "sub_branch": "sub_branch_id", "area": "area_class", "cause": "cause_code",
}  # fmt: skip
UNITS = ("grid", "department", "sub_branch")
NOTHING = "-"  # how an empty value is called in an address
CHECKS: Mapping[str, Q] = {
    "cable": Q(family="install"), "empty": Q(empty_trip=True), "repeat": ~Q(repeat_of=""), "km": Q(km__gt=0),
    "late": Q(lines__late=True),
}  # fmt: skip
PAGE = 50
SORTS = ("ticket_no", "cost", "revenue", "contribution", "closed_at")
MONTHS = 12


@dataclass(frozen=True)
class Money:
    """What lines come to. `late`: the part of the costs that stands in a later month than its ticket."""

    elements: Mapping[str, Fen] = field(default_factory=dict)
    revenue: Fen = 0
    share: Fen = 0
    late: Fen = 0

    @property
    def cost(self) -> Fen:
        return sum(self.elements.values())

    @property
    def contribution(self) -> Fen:
        return self.revenue - self.cost

    @property
    def with_share(self) -> Fen:
        return self.contribution + self.share


@dataclass(frozen=True)
class Row:
    """One value of a dimension in a month. `norm`: what a ticket of this type usually costs; None where none is set."""

    key: str
    name: str
    tickets: int
    money: Money
    norm: Fen | None = None

    @property
    def unit_cost(self) -> Fen | None:
        """Fen of one ticket; None without any. Repair tickets are judged by this against the norm."""
        return round(Decimal(self.money.cost) / self.tickets) if self.tickets else None


@dataclass(frozen=True)
class Where:
    """Which lines: of a month, narrowed by dimensions (a value or `-` for none) and by one of CHECKS."""

    month: str
    dims: Mapping[str, str] = field(default_factory=dict)
    check: str = ""


@dataclass(frozen=True)
class TicketRow:
    """A ticket with what it came to in the month that is looked at."""

    account: TicketAccount
    type_name: str
    money: Money


@dataclass(frozen=True)
class Page:
    """So many of them; `total` over all that fit, `count` how many those are."""

    rows: Sequence[TicketRow]
    total: Money
    count: int
    page: int

    @property
    def pages(self) -> int:
        return max(-(-self.count // PAGE), 1)


@dataclass(frozen=True)
class Sheet:
    """Everything booked for one ticket."""

    account: TicketAccount
    lines: Sequence[MoneyLine]
    versions: Sequence[AccountVersion]
    money: Money


def month_of(actor: Actor, where: Where) -> Row:
    """What fits, together. Raises NotAllowed. Two queries."""
    lines, accounts = lines_in(actor, where), accounts_in(actor, where)
    return Row("", "", accounts.count(), _money(lines.values_list("side", "element").annotate(**_SUMS)))


def by_month(actor: Actor, until: str, dims: Mapping[str, str] | None = None) -> list[Row]:
    """The twelve months up to this one, the oldest first; months without a line are left out. Two queries."""
    where = Where("", dims or {})
    lines = lines_in(actor, where).filter(period__lte=until).exclude(period="")
    sums = _grouped(lines, "period")
    counts = dict(accounts_in(actor, where).filter(period__lte=until).values_list("period").annotate(n=Count("id")))
    months = sorted(sums)[-MONTHS:]
    return [Row(one, one, counts.get(one, 0), sums[one]) for one in months]


def by_dimension(actor: Actor, dimension: str, where: Where) -> list[Row]:
    """One row for each value, the dearest first. Raises NotAllowed, KeyError. Four queries, however many rows."""
    column = DIMENSIONS[dimension]
    sums = _grouped(lines_in(actor, where), f"account__{column}")
    counts = dict(accounts_in(actor, where).values_list(column).annotate(n=Count("id")).order_by())
    names = _names(dimension, {*sums, *counts})
    norms = _norms() if dimension == "type" else {}
    rows = [
        Row(key_of(value), names.get(value, str(value or "")), counts.get(value, 0), sums.get(value, Money()),
            norms.get(value))
        for value in {*sums, *counts}
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row.money.cost, row.name))


def tickets_of(actor: Actor, where: Where, *, query: str = "", sort: str = "-cost", page: int = 1) -> Page:
    """The tickets behind it, page by page, by a part of their number. Raises NotAllowed. Six queries."""
    lines = lines_in(actor, where)
    if query:
        lines = lines.filter(account__ticket_no__icontains=query)
    found = lines.values("account").annotate(
        cost=_sum(side="cost"), revenue=_sum(side="revenue"), contribution=_sum(side="revenue") - _sum(side="cost"),
        ticket_no=Max("account__ticket_no"), closed_at=Max("account__closed_at"),
    )  # fmt: skip
    name = sort.removeprefix("-") if sort.removeprefix("-") in SORTS else "cost"
    order = [f"-{name}" if sort.startswith("-") else name, "-account"]
    count = found.count()
    page = min(max(page, 1), max(-(-count // PAGE), 1))
    ids = [row["account"] for row in found.order_by(*order)[(page - 1) * PAGE : page * PAGE]]
    total = _money(lines.values_list("side", "element").annotate(**_SUMS))
    return Page(_ticket_rows(ids, lines), total, count, page)


def sheet_for(actor: Actor, public_id: str) -> Sheet:
    """A ticket's account with every line. Raises NotAllowed, AccountNotFound. Three queries."""
    require(actor, MONEY_READERS)
    dims = ("sub_branch", "department", "grid", "technician__user")
    account = TicketAccount.objects.filter(_scope(actor), ticket=public_id).select_related(*dims).first()
    if account is None:
        raise AccountNotFound
    lines = list(account.lines.select_related("technician__user").order_by("id"))
    rows = [(one.side, one.element, one.fen, one.fen if one.late else 0) for one in lines]
    return Sheet(account, lines, list(account.versions.order_by("number")), _money(rows))


def may_read(actor: Actor) -> bool:
    """May this person look at costs at all? No query."""
    return actor.kind == "system" or actor.holds(*MONEY_READERS)


def latest_month(actor: Actor) -> str:
    """The newest month with a line; empty where nothing is booked yet. One query."""
    require(actor, MONEY_READERS)
    return str(MoneyLine.objects.exclude(period="").aggregate(last=Max("period"))["last"] or "")


def key_of(value: Any) -> str:
    """A dimension's value as an address names it."""
    return str(value) if value not in (None, "") else NOTHING


def name_of(dimension: str, key: str) -> str:
    """What a value is called. At most one query."""
    value = _value(dimension, key)
    return _names(dimension, {value}).get(value, key)


def _scope(actor: Actor, prefix: str = "") -> Q:
    """What this person may see: the whole branch, or what lies at or below the own node, or belongs to it."""
    if actor.kind == "system":
        return Q()
    seen = Q(pk__in=[])
    for path in actor.scopes(MONEY_READERS):
        if is_whole_branch(path):
            return Q()
        seen |= Q(**{f"{prefix}org_path__startswith": path}) | Q(**{f"{prefix}department__path__startswith": path})
    return seen


def accounts_in(actor: Actor, where: Where) -> QuerySet[TicketAccount]:
    """The accounts that fit, of those this person may see. Raises NotAllowed. No query by itself."""
    require(actor, MONEY_READERS)
    rows = TicketAccount.objects.filter(_scope(actor), **_wanted(where.dims)).exclude(period="")
    if where.month:
        rows = rows.filter(period=where.month)
    return rows.filter(_check(where)).distinct() if where.check in CHECKS else rows


def lines_in(actor: Actor, where: Where) -> QuerySet[MoneyLine]:
    """The lines that fit. Raises NotAllowed. No query by itself."""
    require(actor, MONEY_READERS)
    rows = MoneyLine.objects.filter(_scope(actor, "account__"), **_wanted(where.dims, "account__"))
    if where.month:
        rows = rows.filter(period=where.month)
    if where.check in CHECKS:
        rows = rows.filter(account__in=TicketAccount.objects.filter(_check(where)))
    return rows.order_by()


def _check(where: Where) -> Q:
    return CHECKS[where.check]


def _wanted(dims: Mapping[str, str], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for dimension, key in dims.items():
        value, column = _value(dimension, key), DIMENSIONS[dimension]
        found |= {f"{prefix}{column}__isnull": True} if value is None else {f"{prefix}{column}": value}
    return found


def _value(dimension: str, key: str) -> Any:
    """Nonsense in an address is a value that nothing has."""
    if dimension in (*UNITS, "technician"):
        return None if key == NOTHING else int(key) if key.isascii() and key.isdigit() and len(key) < 10 else 0
    return "" if key == NOTHING else key


def _sum(**condition: Any) -> Any:
    return Coalesce(Sum("fen", filter=Q(**condition)), 0)


_SUMS = {"total": Sum("fen"), "late": Sum("fen", filter=Q(late=True))}


def _grouped(lines: QuerySet[MoneyLine], column: str) -> dict[Any, Money]:
    """What the lines come to by a column. One query."""
    found: dict[Any, list[tuple[str, str, Fen, Fen | None]]] = {}
    for value, *row in lines.values_list(column, "side", "element").annotate(**_SUMS):
        found.setdefault(value, []).append((row[0], row[1], row[2], row[3]))
    return {value: _money(rows) for value, rows in found.items()}


def _money(rows: Any) -> Money:
    elements, sides, late = dict.fromkeys(COST_ELEMENTS, 0), {"revenue": 0, "share": 0}, 0
    for side, element, fen, of_it_late in rows:
        if side == "cost":
            elements[element] += fen
            late += of_it_late or 0
        else:
            sides[side] += fen
    return Money(elements, sides["revenue"], sides["share"], late)


def _ticket_rows(ids: Sequence[int], lines: QuerySet[MoneyLine]) -> list[TicketRow]:
    sums = _grouped(lines.filter(account__in=ids), "account")
    rows = TicketAccount.objects.select_related("grid", "technician__user").in_bulk(ids)
    types = _names("type", set())
    return [TicketRow(rows[one], types.get(rows[one].type_code, rows[one].type_code), sums[one]) for one in ids]


def _names(dimension: str, values: set[Any]) -> dict[Any, str]:
    """What the values are called. One query, none where they are their own names."""
    ids = [one for one in values if isinstance(one, int)]
    if dimension == "type":
        return {one.code: one.name for one in types_read.type_words()}
    if dimension in UNITS:
        return {one: unit.name for one, unit in people.units_by_id(ids).items()}
    if dimension == "technician":
        return {one: who.user.name for one, who in people.technicians_by_id(ids).items()}
    return {}


def _norms() -> dict[str, Fen]:
    rows = CostNorm.objects.values_list("type_code").annotate(total=Sum("fen"))
    return dict(rows)


def source_of(line: MoneyLine) -> tuple[str, str]:
    """What a line comes from, and its name there: a stock paper, an entry of points, a charge, an expense."""
    kind, _slash, name = base_of(line.source).partition("/")
    if kind == "stock":
        return kind, str(line.inputs.get("document", ""))
    return kind, name
