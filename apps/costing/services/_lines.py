"""One line per technician from what the ledger says of a month. Nothing is estimated: the same ledger, the same lines.

Rates (KPI) are read when the month is calculated and kept in the lines; what is corrected after the publication is
corrected with the same rates.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, Sum

from apps.costing.models import PayBase, Period, SettlementLine, WorkPointEntry
from apps.costing.rules import month as rule
from apps.costing.rules.rulebook import Rulebook
from apps.costing.rules.settling import Kpis, Sums, seal
from apps.costing.rulesets_read import Books
from apps.costing.services._kpis import kpis_of
from apps.people import selectors as people

if TYPE_CHECKING:
    from apps.people.models import Technician

FIGURES = (
    "tickets", "gross", "deducted", "points", "coefficient", "unit_price", "base_fen", "guarantee_fen", "pay_fen",
    "inputs",
)  # fmt: skip
WHO = ("name", "org_unit_id", "org_path")
NOTHING_KNOWN = Kpis()
Rates = Mapping[int, Kpis]


@dataclass(frozen=True)
class _Month:
    """What all lines of a month have in common."""

    book: Rulebook
    number: int
    terms: rule.Terms
    rates: Rates


def work_out(period: Period, *, rates: Rates | None = None) -> list[SettlementLine]:
    """The month's lines by technician, not written: who has an entry in it, and who has a base pay or a guarantee.

    `rates`: those to go by; without them they are read anew. Six queries, however many technicians there are.
    """
    number, book = rules_of(period)
    common = _Month(book, number, terms_of(period, book), kpis_of(period) if rates is None else rates)
    sums, bases = _sums(period.month), pay_bases(period.month)
    crew = _crew(sums, bases)
    told = [_line(sums.get(who), bases.get(who, (0, 0)), who, common) for who in crew]
    price = rule.price(told, common.terms)
    return [
        _row(period, crew[pay.technician_id], line, pay, price, sums.get(pay.technician_id), common)
        for line, pay in zip(told, rule.pays(told, common.terms), strict=True)
    ]


def write(period: Period, lines: Sequence[SettlementLine]) -> int:
    """Bring the (locked) month's stored lines to these; how many differ. Who and where stays once it is published."""
    fields = FIGURES if period.state == "published" else (*WHO, *FIGURES)
    new, changed, gone = compared(period, lines, fields)
    for row in gone:
        row.delete()
    SettlementLine.objects.bulk_update(changed, fields, batch_size=500)
    SettlementLine.objects.bulk_create(new, batch_size=500)
    return len(new) + len(changed) + len(gone)


def compared(
    period: Period, lines: Sequence[SettlementLine], fields: Sequence[str] = (*WHO, *FIGURES)
) -> tuple[list[SettlementLine], list[SettlementLine], list[SettlementLine]]:
    """New ones, stored ones that change (with the new values set), stored ones that go. One query; locks the lines."""
    stored = {one.technician_id: one for one in lines_of(period).select_for_update().order_by("technician")}
    new = [one for one in lines if one.technician_id not in stored]
    changed = [found for one in lines if (found := stored.get(one.technician_id)) and _differs(found, one, fields)]
    wanted = {one.technician_id for one in lines}
    return new, changed, [one for who, one in stored.items() if who not in wanted]


def _differs(stored: SettlementLine, now: SettlementLine, fields: Sequence[str]) -> bool:
    differing = [name for name in fields if getattr(stored, name) != getattr(now, name)]
    for name in differing:
        setattr(stored, name, getattr(now, name))
    return bool(differing)


def lines_of(period: Period) -> Any:
    """The lines of the month's present version. No query by itself."""
    return SettlementLine.objects.filter(period=period, version=period.version)


def rates_of(period: Period) -> dict[int, Kpis]:
    """The rates the stored lines were worked out with. One query."""
    return {who: Kpis.read(inputs["rates"]) for who, inputs in lines_of(period).values_list("technician", "inputs")}


def seal_of(period: Period) -> str:
    """The digest of the month's terms and stored lines. One query."""
    head = {
        "month": period.month, "version": period.version, "mode": period.mode, "unit_price": period.unit_price,
        "pool_fen": period.pool_fen,
    }  # fmt: skip
    fields = ("technician_id", *WHO, *FIGURES)
    return seal(head, lines_of(period).order_by("technician").values(*fields))


def rules_of(period: Period) -> tuple[int, Rulebook]:
    """The rule set in force on the month's last day, with its number; 0 where nothing was published. One query."""
    found = Books.load().at(period.ends_at - timedelta(seconds=1))
    return found.number, found.rules


def terms_of(period: Period, book: Rulebook) -> rule.Terms:
    return rule.Terms(period.mode, period.unit_price or Decimal(0), period.pool_fen or 0, book.deduction_cap)


def pay_bases(month: str) -> dict[int, tuple[int, int]]:
    """(base, guarantee) in fen by technician: the newest not after the month. One query."""
    rows = PayBase.objects.filter(from_month__lte=month).order_by("technician", "from_month")
    return {who: (base, least) for who, base, least in rows.values_list("technician", "base_fen", "guarantee_fen")}


def _sums(month: str) -> dict[int, Sums]:
    """Everybody's entries of the month by kind. Two queries."""
    rows = WorkPointEntry.objects.filter(period=month, stage="earned")
    of: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for who, kind, points in rows.values_list("technician", "kind").annotate(Sum("points")).order_by():
        of[who][kind] = points
    worked = rows.filter(~Q(ticket=""), kind="earn").values_list("technician").annotate(Count("ticket", distinct=True))
    tickets = dict(worked.order_by())
    return {who: Sums(who, kinds, tickets.get(who, 0)) for who, kinds in of.items()}


def _crew(sums: Mapping[int, Sums], bases: Mapping[int, tuple[int, int]]) -> "dict[int, Technician]":
    """By id, in the order in which ties of a pool are broken. One query."""
    paid = {who for who, fen in bases.items() if any(fen)}
    found = people.technicians_by_id(sums.keys() | paid)
    return {who: found[who] for who in sorted(found) if who in sums or found[who].user.is_active}


def _line(sums: Sums | None, base: tuple[int, int], who: int, common: _Month) -> rule.Line:
    rates = common.rates.get(who, NOTHING_KNOWN)
    c = rule.coefficient(rates.pcts, common.book.month)
    return (sums or Sums(who, {})).line(coefficient=c, base_fen=base[0], guarantee_fen=base[1])


def _row(
    period: Period, person: "Technician", line: rule.Line, pay: rule.Pay, price: Decimal, sums: Sums | None,
    common: _Month,
) -> SettlementLine:  # fmt: skip
    return SettlementLine(
        period=period, version=period.version, technician=person, name=person.user.name[:60],
        org_unit_id=person.org_unit_id, org_path=person.org_unit.path, tickets=sums.tickets if sums else 0,
        gross=line.gross + line.corrections, deducted=pay.deducted, points=pay.points, coefficient=line.coefficient,
        unit_price=price, base_fen=line.base_fen, guarantee_fen=line.guarantee_fen, pay_fen=pay.pay_fen,
        inputs=_inputs(line, pay, sums, common) | {"work_no": person.user.work_no, "unit": person.org_unit.name},
    )  # fmt: skip


def _inputs(line: rule.Line, pay: rule.Pay, sums: Sums | None, common: _Month) -> dict[str, Any]:
    """What a page needs to explain the line, and what a correction goes by."""
    rates, month = common.rates.get(line.technician_id, NOTHING_KNOWN), common.book.month
    return {
        "kinds": {kind: str(points) for kind, points in sorted(sums.of.items())} if sums else {},
        "asked": str(line.deductions), "cap": str(common.book.deduction_cap), "rates": rates.body(),
        "weights": {one.code: one.weight for one in month.measures}, "floor": str(month.floor),
        "ceiling": str(month.ceiling), "points_fen": pay.points_fen, "mode": common.terms.mode, "rules": common.number,
    }  # fmt: skip
