"""Headquarters opens a locked month of a branch anew: as a new version, with a reason that stays."""

from django.utils.translation import gettext as _

from apps.costing.models import SettlementRun
from apps.costing.permissions import UNLOCKERS
from apps.costing.rules.periods import CLOSED
from apps.costing.services import _settling as settling
from apps.costing.settlement_errors import BadTerms
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tenants.models import Tenant


def unlock_month(*, branch: Tenant, month: str, reason: str, by: Actor, key: str) -> Receipt:
    """From headquarters' site into the branch, where the trace is kept. Raises NotAllowed, BadTerms, MonthNotFound,
    WrongMonthState. The old lines stay as they were; a correction that needs no new version goes into the next month.
    """
    if by.kind != "hq" or not by.holds(*UNLOCKERS):
        raise NotAllowed
    with in_branch(branch):
        return _unlock_month(month=month, reason=reason.strip(), by=by, key=key)


@command("costing.unlock_month")
def _unlock_month(*, month: str, reason: str, by: Actor) -> Receipt:
    if not reason:
        raise BadTerms({"reason": [_("Say why the month is opened again. The branch reads it.")]})
    period = settling.lock_month(month, by, UNLOCKERS, states=CLOSED)
    old = {"hash": period.lines_hash, "version": period.version}
    # The trace comes first: the database lets nobody open the month who has left none.
    settling.note(period, "unlock", by, reason=reason[:300], data=old)
    SettlementRun.objects.filter(period=period, state__in=("waiting", "running")).update(state="cancelled")
    return settling.reopen(period)
