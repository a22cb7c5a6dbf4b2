"""A settlement month from its price to the payroll: each step by who may, once, and never by whom it pays.

open → calculated → published → reviewed → approved → locked → exported (domain.md §5.3). Calculating stands in
calculating.py, what technicians say in confirming.py and disputes.py, the looks in reviewing.py.
"""

from decimal import Decimal

from django.utils.translation import gettext as _

from apps.costing.models import Dispute, Period, PeriodStep, PointRuleSet, SettlementRun
from apps.costing.permissions import MONTH_APPROVERS, PRICERS, SETTLERS
from apps.costing.rules import periods as rule
from apps.costing.rules.month import FIXED, MODES, POOL
from apps.costing.rules.settling import CONFIRM_DAYS, UNSETTLED, ends_after
from apps.costing.services import _lines as lines
from apps.costing.services import _settling as settling
from apps.costing.settlement_errors import (
    AtWork,
    BadTerms,
    DisputesOpen,
    LinesMoved,
    NoLines,
    OwnCalculation,
    OwnLine,
    OwnRules,
)
from apps.tickets.work_days import special_days
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command
from steppe.kernel.money import Fen

MOST_PRICE = Decimal(100_000)  # fen a point
MOST_POOL: Fen = 10_000_000_000


@command("costing.set_month_terms")
def set_month_terms(
    *, month: str, mode: str, unit_price: Decimal | None = None, pool_fen: Fen | None = None,
    version: int | None = None, by: Actor,
) -> Receipt:  # fmt: skip
    """What a point is worth this month: `unit_price` fen of each, or `pool_fen` shared out among all.

    After it the month is calculated anew before it is published. Raises BadTerms, MonthNotFound and what lock_month
    finds. Locks the month.
    """
    settling.check_whole_branch(by, PRICERS)
    _check_terms(mode, unit_price, pool_fen)
    settling.ensure_month(month)
    period = settling.lock_month(month, by, PRICERS, version=version, states=rule.TAKES_ENTRIES)
    _check_idle(period)
    price, pool = (unit_price, None) if mode == FIXED else (None, pool_fen)
    data = {name: str(value) for name, value in (("unit_price", price), ("pool_fen", pool)) if value is not None}
    return settling.move(
        period, "terms", period.state, by, data={"mode": mode, **data}, mode=mode, unit_price=price, pool_fen=pool
    )  # fmt: skip


def _check_terms(mode: str, unit_price: Decimal | None, pool_fen: Fen | None) -> None:
    wrong: dict[str, list[str]] = {}
    if mode not in MODES:
        wrong["mode"] = [_("A fixed price or a pool, please.")]
    if mode == FIXED and not _is_price(unit_price):
        wrong["unit_price"] = [_("What one point is worth, in yuan with at most four decimals.")]
    if mode == POOL and not (pool_fen is not None and 0 < pool_fen <= MOST_POOL):
        wrong["pool_fen"] = [_("How much is shared out, in yuan.")]
    if wrong:
        raise BadTerms(wrong)


def _is_price(price: Decimal | None) -> bool:
    return price is not None and price.is_finite() and 0 < price <= MOST_PRICE and price == round(price, 2)


@command("costing.publish_month")
def publish_month(*, month: str, version: int | None = None, by: Actor) -> Receipt:
    """Show every technician the own line; from now on the month takes no entries but corrections of disputes.

    Raises LinesMoved if the ledger has moved on since the calculation, NoLines, AtWork, and what lock_month finds.
    Locks the month and its lines.
    """
    settling.check_whole_branch(by, SETTLERS)
    period = settling.lock_month(month, by, SETTLERS, version=version, states=[rule.CALCULATED])
    _check_idle(period)
    found = lines.work_out(period)
    if not found:
        raise NoLines(month=month)
    if moved := sum(map(len, lines.compared(period, found))):
        raise LinesMoved(month=month, count=moved)
    now = clock.now()
    until = ends_after(now, CONFIRM_DAYS, special_days())
    told = {"lines": len(found), "until": until.isoformat()}
    return settling.move(period, "publish", "published", by, data=told, published_at=now, disputes_until=until)


@command("costing.approve_month")
def approve_month(*, month: str, version: int | None = None, by: Actor) -> Receipt:
    """The branch administrator agrees with the reviewed month. Not who has a line in it, and not who calculated or
    published it. Raises OwnLine, OwnCalculation, DisputesOpen, and what lock_month finds. Locks the month.
    """
    settling.check_whole_branch(by, MONTH_APPROVERS)
    period = settling.lock_month(month, by, MONTH_APPROVERS, version=version, states=[rule.REVIEWED])
    _check_stranger(period, by)
    check_settled(period)
    return settling.move(period, "approve", "approved", by)


@command("costing.lock_month")
def lock_month(*, month: str, version: int | None = None, by: Actor) -> Receipt:
    """Nothing changes any more: the digest of all lines is kept. Not by who has a line in it, nor by who wrote the
    rules it is paid by. Raises OwnLine, OwnRules, and what lock_month finds. Locks the month.
    """
    settling.check_whole_branch(by, MONTH_APPROVERS)
    period = settling.lock_month(month, by, MONTH_APPROVERS, version=version, states=[rule.APPROVED])
    _check_no_own_line(period, by)
    number, _book = lines.rules_of(period)
    if PointRuleSet.objects.filter(number=number, drafted_by=by.ref).exists():
        raise OwnRules(month=month)
    digest = lines.seal_of(period)
    return settling.move(
        period, "lock", "locked", by, data={"hash": digest}, locked_at=clock.now(), lines_hash=digest
    )  # fmt: skip


@command("costing.export_month")
def export_month(*, month: str, form: str, by: Actor) -> Receipt:
    """Say that the payroll was handed out, and to whom; the file itself is `payroll_files`. As often as wanted.

    Raises what lock_month finds. Locks the month.
    """
    settling.check_whole_branch(by, SETTLERS)
    period = settling.lock_month(month, by, SETTLERS, states=rule.CLOSED)
    return settling.move(period, "export", "exported", by, data={"form": form, "hash": period.lines_hash})


def check_settled(period: Period) -> None:
    """Raises DisputesOpen. One query."""
    open_ones = Dispute.objects.filter(line__in=lines.lines_of(period), state__in=UNSETTLED).count()
    if open_ones:
        raise DisputesOpen(month=period.month, count=open_ones)


def _check_idle(period: Period) -> None:
    """Raises AtWork while a calculation runs."""
    if SettlementRun.objects.filter(period=period, state__in=("waiting", "running")).exists():
        raise AtWork(month=period.month)


def _check_stranger(period: Period, by: Actor) -> None:
    _check_no_own_line(period, by)
    steps = PeriodStep.objects.filter(period=period, version=period.version, by=by.ref)
    if steps.filter(step__in=("calculate", "publish")).exists():
        raise OwnCalculation(month=period.month)


def _check_no_own_line(period: Period, by: Actor) -> None:
    if by.technician_id and lines.lines_of(period).filter(technician=by.technician_id).exists():
        raise OwnLine
