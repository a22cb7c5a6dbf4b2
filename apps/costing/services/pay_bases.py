"""What a technician gets in any case: base pay and guarantee, from a month on. Outside points, price and pool."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.costing.models import PayBase, Period
from apps.costing.permissions import PRICERS
from apps.costing.rules import periods as rule
from apps.costing.services import _settling as settling
from apps.costing.settlement_errors import BadTerms, MonthLocked, OwnLine
from apps.people import selectors as people
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command
from steppe.kernel.money import Fen

MOST: Fen = 100_000_00  # in a month
MOST_ROWS = 2000


@dataclass(frozen=True)
class Told:
    """One technician's base and guarantee, in fen a month."""

    technician_id: int
    base_fen: Fen
    guarantee_fen: Fen


@command("costing.set_pay_bases")
def set_pay_bases(*, from_month: str, told: Sequence[Told], by: Actor) -> Receipt:
    """From this month on these get so much. Months that take no entries any more keep what they had: raises
    MonthLocked for them. Nobody says it of themselves: OwnLine. Raises BadTerms. Locks the month.
    """
    settling.check_whole_branch(by, PRICERS)
    if by.technician_id in {one.technician_id for one in told}:
        raise OwnLine
    _check(told)
    settling.ensure_month(from_month)
    settling.lock_month(from_month, by, PRICERS, states=rule.TAKES_ENTRIES)
    if Period.objects.filter(month__gt=from_month).exclude(state__in=rule.TAKES_ENTRIES).exists():
        raise MonthLocked(month=from_month)
    now = clock.now()
    rows = [
        PayBase(
            technician_id=one.technician_id, from_month=from_month, base_fen=one.base_fen,
            guarantee_fen=one.guarantee_fen, by=by.ref, at=now,
        )
        for one in told
    ]  # fmt: skip
    PayBase.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["technician", "from_month"],
        update_fields=["base_fen", "guarantee_fen", "by", "at"],
    )  # fmt: skip
    return Receipt("pay_base", 0, from_month, facts={"month": from_month, "count": len(rows)})


def _check(told: Sequence[Told]) -> None:
    """Raises BadTerms, at the technician's field."""
    if not 0 < len(told) <= MOST_ROWS or len({one.technician_id for one in told}) < len(told):
        raise BadTerms({"told": [_("Say it of somebody, and once of each.")]})
    known = people.technicians_by_id(one.technician_id for one in told)
    wrong: dict[str, list[str]] = {}
    for one in told:
        if one.technician_id not in known:
            wrong[f"base.{one.technician_id}"] = [_("There is no such technician here.")]
        for name, fen in (("base", one.base_fen), ("guarantee", one.guarantee_fen)):
            if not 0 <= fen <= MOST:
                wrong[f"{name}.{one.technician_id}"] = [_("An amount in yuan, please; nothing for none.")]
    if wrong:
        raise BadTerms(wrong)
