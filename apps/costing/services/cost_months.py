"""A month of costs is closed by the accountant once it is over, and opened again only by headquarters.

Closing waits for lines that are being written (the month's row), then keeps the digest of all of its lines.
"""

import hashlib

from django.utils.translation import gettext as _

from apps.costing.events import CostsChanged
from apps.costing.models import CostPeriod, MoneyLine
from apps.costing.money_errors import BadMonth, MonthClosed, MonthOpen, TooEarly
from apps.costing.money_permissions import COST_CLOSERS, COST_REOPENERS, check_whole_branch
from apps.costing.rules.periods import bounds, is_period
from apps.costing.services._periods import cut_off
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command, emit
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tenants.models import Tenant


@command("costing.close_cost_month")
def close_cost_month(*, month: str, by: Actor) -> Receipt:
    """Nothing more is written into it; what comes late stands in the next one. Facts: `lines_hash`.

    For the branch's accountant. Raises BadMonth, TooEarly, MonthClosed.
    """
    check_whole_branch(by, COST_CLOSERS)
    row = _locked(month)
    if not is_over(month):
        raise TooEarly(month=month)
    if row.state == "closed":
        raise MonthClosed(month=month)
    return _changed(row, "closed", by, lines_hash=digest_of(month))


@command("costing.reopen_cost_month")
def reopen_cost_month(*, month: str, reason: str, by: Actor) -> Receipt:
    """Headquarters opens it as the next version, and says why. Raises NotAllowed, BadMonth, MonthOpen."""
    require(by, COST_REOPENERS)
    if by.kind != "hq":
        raise NotAllowed
    if not reason.strip():
        raise BadMonth({"reason": [_("Say why it is opened again.")]})
    row = _locked(month)
    if row.state == "open":
        raise MonthOpen(month=month)
    return _changed(row, "open", by, version=row.version + 1, reason=reason.strip()[:300])


def reopen_branch_month(*, branch: Tenant, month: str, reason: str, by: Actor, key: str) -> Receipt:
    """From headquarters' site into the branch, where the trace is kept. Raises as `reopen_cost_month`."""
    if by.kind != "hq":
        raise NotAllowed
    with in_branch(branch):
        return reopen_cost_month(month=month, reason=reason, by=by, key=key)


def is_over(month: str) -> bool:
    """Has the month ended, with its cut-off? No query."""
    return clock.now() >= bounds(month, cut_off())[1]


def digest_of(month: str) -> str:
    """Of all lines of the month, in the order they were written: anybody can work it out again."""
    found = hashlib.sha256()
    rows = MoneyLine.objects.filter(period=month).order_by("id")
    for row in rows.values_list("id", "account__ticket", "side", "element", "fen", "source").iterator(2000):
        found.update("|".join(map(str, row)).encode() + b"\n")
    return found.hexdigest()


def _locked(month: str) -> CostPeriod:
    if not is_period(month):
        raise BadMonth({"month": [_("There is no such month.")]})
    CostPeriod.objects.bulk_create([CostPeriod(month=month)], ignore_conflicts=True)
    return CostPeriod.objects.select_for_update().get(month=month)


def _changed(row: CostPeriod, state: str, by: Actor, **more: object) -> Receipt:
    for name, value in {"state": state, **more}.items():
        setattr(row, name, value)
    row.changed_by, row.changed_by_name, row.changed_at = by.ref, by.name, clock.now()
    row.save()
    emit(CostsChanged(entity_id=row.pk, public_id=row.month, version=row.version, month=row.month))
    facts = {"state": row.state, "lines_hash": row.lines_hash}
    return Receipt("cost_month", row.pk, row.month, row.version, facts)
