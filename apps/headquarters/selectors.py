"""Reads of the roll-ups. One indexed read each, no lock and no look into any branch's own tables."""

from dataclasses import dataclass, field
from datetime import datetime

from apps.headquarters.counting import METRICS
from apps.headquarters.models import AppliedSeq, BranchDaily, BranchStateCount
from apps.headquarters.permissions import OVERVIEW
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.names import PUBLIC
from tenants.models import Tenant

WORKING = ("submitted", "pooled", "assigned", "accepted", "in_progress", "on_hold", "awaiting_callback")


@dataclass
class BranchLine:
    """One branch beside the others: tickets by state, today's numbers, and how fresh they are."""

    name: str
    name_en: str
    status: str
    states: dict[str, int] = field(default_factory=dict)
    today: dict[str, int] = field(default_factory=lambda: dict.fromkeys(METRICS, 0))
    changed_at: datetime | None = None
    code: str = ""

    @property
    def open(self) -> int:
        """Everything that still wants work, the callback included."""
        return sum(self.states.get(state, 0) for state in WORKING)


@dataclass(frozen=True)
class Overview:
    """All branches, their sum, and the newest change that is counted in."""

    lines: list[BranchLine]
    total: BranchLine
    as_of: datetime | None


def overview(actor: Actor) -> Overview:
    """All branches side by side. Headquarters only. Four queries, however many branches there are."""
    require(actor, OVERVIEW)
    lines = {
        tenant.pk: BranchLine(tenant.name, tenant.name_en, tenant.status, code=tenant.code)
        for tenant in Tenant.objects.exclude(schema_name=PUBLIC).order_by("id")
    }
    for branch, state, n in BranchStateCount.objects.values_list("branch_id", "state", "n"):
        lines[branch].states[state] = n
    today = BranchDaily.objects.filter(day=clock.today()).values_list("branch_id", "metric", "n")
    for branch, metric, n in today:
        lines[branch].today[metric] = n
    for branch, moment in AppliedSeq.objects.values_list("branch_id", "changed_at"):
        lines[branch].changed_at = moment
    return _summed(list(lines.values()))


def _summed(lines: list[BranchLine]) -> Overview:
    total = BranchLine("", "", "")
    for line in lines:
        for state, n in line.states.items():
            total.states[state] = total.states.get(state, 0) + n
        for metric, n in line.today.items():
            total.today[metric] += n
    moments = [line.changed_at for line in lines if line.changed_at]
    return Overview(lines, total, max(moments, default=None))
