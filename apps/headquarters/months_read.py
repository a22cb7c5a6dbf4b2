"""The branches' months side by side, and one branch's twelve months. Reads of `public` only: no branch is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from apps.costing.rules import control
from apps.headquarters.errors import NoSuchBranch
from apps.headquarters.models import BranchMonth, DirtyMonth
from apps.headquarters.permissions import OVERVIEW
from apps.headquarters.rules.month_figures import Sums
from apps.headquarters.rules.months import MEASURES, added, back, last_months, over_months
from steppe.kernel.actors import Actor, require
from steppe.kernel.names import PUBLIC
from tenants.models import Status, Tenant

SHOWN = 12


@dataclass(frozen=True)
class Line:
    """A branch's month, or all branches' together (`branch` None). `waits`: something happened that is not in it."""

    branch: Tenant | None
    month: str
    sums: Sums
    settlement: str = ""
    costs_closed: bool = False
    counted_at: datetime | None = None
    waits: bool = False

    @property
    def light(self) -> str:
        return control.light(self.sums["budget_used"], self.sums["budget"])


@dataclass(frozen=True)
class Page:
    """Lines with their sum. `as_of`: when the branch that was read longest ago was read; None: none yet.

    `behind`: branches that work and have no such month, or one that waits.
    """

    month: str
    lines: Sequence[Line]
    total: Line
    as_of: datetime | None
    behind: int


def month_of_all(actor: Actor, month: str) -> Page:
    """Every branch in this month. Raises NotAllowed. Three queries, however many branches there are."""
    require(actor, OVERVIEW)
    branches = list(Tenant.objects.exclude(schema_name=PUBLIC).order_by("id"))
    rows = {row.branch_id: row for row in BranchMonth.objects.filter(month=month)}
    dirty = set(DirtyMonth.objects.filter(month=month).values_list("branch_id", flat=True))
    lines = [_line(one, month, rows.get(one.pk), one.pk in dirty) for one in branches]
    moments = [line.counted_at for line in lines if line.counted_at]
    behind = sum(_is_behind(line) for line in lines)
    total = Line(None, month, Sums(added(line.sums.of for line in lines)))
    return Page(month, lines, total, min(moments, default=None), behind)


def months_of_one(actor: Actor, code: str, month: str) -> tuple[Tenant, Page]:
    """One branch's twelve months up to this one, the oldest first. Raises NotAllowed, NoSuchBranch. Three queries."""
    require(actor, OVERVIEW)
    branch = Tenant.objects.exclude(schema_name=PUBLIC).filter(code=code).first()
    if branch is None:
        raise NoSuchBranch
    wanted = last_months(month, SHOWN)
    rows = {row.month: row for row in BranchMonth.objects.filter(branch=branch.pk, month__in=wanted)}
    dirty = set(DirtyMonth.objects.filter(branch=branch.pk).values_list("month", flat=True))
    first = next((n for n, one in enumerate(wanted) if one in rows), len(wanted) - 1)
    lines = [_line(branch, one, rows.get(one), one in dirty) for one in wanted[first:]]
    moments = [line.counted_at for line in lines if line.counted_at]
    total = Line(None, month, Sums(over_months([line.sums.of for line in lines])))
    return branch, Page(month, lines, total, max(moments, default=None), sum(map(_is_behind, lines)))


def ways(month: str) -> tuple[str, str]:
    """The month before and the month after."""
    return back(month, 1), back(month, -1)


def _line(branch: Tenant, month: str, row: BranchMonth | None, dirty: bool) -> Line:
    if row is None or row.counted_at is None:
        return Line(branch, month, Sums(dict.fromkeys(MEASURES, 0)), waits=dirty)
    sums = Sums({name: getattr(row, name) for name in MEASURES})
    return Line(branch, month, sums, row.settlement, row.costs_closed, row.counted_at, dirty)


def _is_behind(line: Line) -> bool:
    assert line.branch is not None
    return line.branch.status == Status.ACTIVE and (line.waits or line.counted_at is None)
