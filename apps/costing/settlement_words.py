"""A settlement line in words and sums: where each figure comes from, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.costing.models import SettlementLine
from apps.costing.points_words import KINDS
from apps.costing.rules.month import POOL
from apps.costing.rules.settling import Kpis
from apps.costing.settlement_labels import MEASURES, word
from steppe.kernel.money import yuan


@dataclass(frozen=True)
class RateShown:
    """One rate of the month with both sides; `pct` is None where there was nothing to measure."""

    name: str
    good: int
    of: int
    pct: Decimal | None
    weight: int


@dataclass(frozen=True)
class Explained:
    """`kinds`: points by kind. `deduction`: what the cap did, if it did. `formula`: how the pay comes about."""

    kinds: Sequence[tuple[str, Decimal]]
    deduction: str
    rates: Sequence[RateShown]
    coefficient: str
    formula: str
    guarantee: str
    rules: int


def explained(line: SettlementLine) -> Explained:
    """Everything a reader needs to work the line out again by hand. No query."""
    told = line.inputs
    return Explained(
        kinds=[(word(KINDS, kind), Decimal(told["kinds"][kind])) for kind in KINDS if kind in told["kinds"]],
        deduction=_deduction(line), rates=_rates(line), coefficient=_coefficient(line), formula=_formula(line),
        guarantee=_guarantee(line), rules=int(told["rules"]),
    )  # fmt: skip


def _deduction(line: SettlementLine) -> str:
    asked = Decimal(line.inputs["asked"])
    if asked <= line.deducted:
        return ""
    cap = Decimal(line.inputs["cap"]) * 100
    return _("%(asked)s points of deductions, of which at most %(cap)s %% of the work's points count: %(taken)s.") % {
        "asked": asked, "cap": _plain(cap), "taken": line.deducted,
    }  # fmt: skip


def _rates(line: SettlementLine) -> list[RateShown]:
    known = Kpis.read(line.inputs["rates"]).of
    return [
        RateShown(
            word(MEASURES, code), known[code].good if code in known else 0, known[code].of if code in known else 0,
            known[code].pct if code in known else None, int(weight),
        )
        for code, weight in line.inputs["weights"].items()
    ]  # fmt: skip


def _coefficient(line: SettlementLine) -> str:
    if not line.inputs["rates"]:
        return _("Nothing could be measured this month: the coefficient is 1.")
    return _("Between %(floor)s and %(ceiling)s, by the rates above; what could not be measured counts for nobody.") % {
        "floor": line.inputs["floor"], "ceiling": line.inputs["ceiling"],
    }  # fmt: skip


def _formula(line: SettlementLine) -> str:
    points_fen, sum_fen = line.inputs["points_fen"], line.base_fen + line.inputs["points_fen"]
    told = {
        "base": yuan(line.base_fen), "points": line.points, "price": _plain(line.unit_price / 100),
        "c": _plain(line.coefficient), "money": yuan(points_fen), "sum": yuan(sum_fen),
    }  # fmt: skip
    if line.inputs["mode"] == POOL:
        return _("base %(base)s + a share of the pool by %(points)s points × %(c)s = %(money)s → %(sum)s yuan") % told
    return _("base %(base)s + %(points)s points × %(price)s yuan × %(c)s = %(base)s + %(money)s = %(sum)s yuan") % told


def _guarantee(line: SettlementLine) -> str:
    if line.pay_fen <= line.base_fen + line.inputs["points_fen"]:
        return ""
    return _("The guarantee of %(least)s yuan is more, and is paid.") % {"least": yuan(line.guarantee_fen)}


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
