"""What headquarters sees of a branch's months before it opens one anew: states and traces, nobody's figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from apps.costing.models import CostPeriod, Period, PeriodStep
from apps.costing.money_permissions import COST_REOPENERS
from apps.costing.permissions import UNLOCKERS
from apps.costing.rules.periods import CLOSED
from apps.costing.settlement_labels import state_word
from steppe.kernel.actors import Actor
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tenants.models import Tenant

SHOWN = 24


@dataclass(frozen=True)
class MonthSeen:
    """A month by its state; `reasons` say why it was opened before, the newest first."""

    month: str
    state: str
    version: int
    locked_at: datetime | None
    lines_hash: str
    reasons: Sequence[str]

    @property
    def word(self) -> str:
        return state_word(self.state)

    @property
    def locked(self) -> bool:
        return self.state in CLOSED


def months_of(branch: Tenant, by: Actor) -> list[MonthSeen]:
    """The branch's months, the newest first. Two queries in the branch. Raises NotAllowed."""
    if by.kind != "hq" or not by.holds(*UNLOCKERS):
        raise NotAllowed
    with in_branch(branch):
        periods = list(Period.objects.order_by("-month")[:SHOWN])
        steps = PeriodStep.objects.filter(period__in=periods, step="unlock").order_by("-id")
        why: dict[int, list[str]] = {}
        for period, reason, name in steps.values_list("period", "reason", "by_name"):
            why.setdefault(period, []).append(f"{reason} ({name})")
    return [
        MonthSeen(one.month, one.state, one.version, one.locked_at, one.lines_hash, why.get(one.pk, []))
        for one in periods
    ]


@dataclass(frozen=True)
class CostMonthSeen:
    """A month of costs that was closed once; `reason` says why it was opened again."""

    month: str
    closed: bool
    version: int
    changed_at: datetime | None
    changed_by: str
    reason: str


def cost_months_of(branch: Tenant, by: Actor) -> list[CostMonthSeen]:
    """The branch's months of costs that somebody closed, the newest first. One query there. Raises NotAllowed."""
    if by.kind != "hq" or not by.holds(*COST_REOPENERS):
        raise NotAllowed
    with in_branch(branch):
        rows = list(CostPeriod.objects.filter(changed_at__isnull=False).order_by("-month")[:SHOWN])
    return [
        CostMonthSeen(one.month, one.state == "closed", one.version, one.changed_at, one.changed_by_name, one.reason)
        for one in rows
    ]
