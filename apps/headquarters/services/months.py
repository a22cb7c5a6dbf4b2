"""The branches' months: events only mark them, a task reads the branch and replaces the row. Public schema only.

Whoever comes twice, late or in between changes nothing: a row is always what the branch itself says at `counted_at`.
One lock: the month's own row, held while the branch is read, so that an older look never covers a newer one.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from apps.costing import month_read as costing
from apps.headquarters.models import BranchMonth, DirtyMonth, MonthDifference
from apps.headquarters.rules import months as rule
from apps.inventory import month_read as inventory
from steppe.kernel import clock
from steppe.kernel.db import connection
from steppe.kernel.journal import stream
from steppe.kernel.journal.models import SubscriberCursor
from tenants.context import in_branch, in_public
from tenants.models import Tenant

# Who writes points and money after what happened to a ticket: a month is not counted before they have.
BEFORE_US = ("costing.points", "costing.money", "costing.material")
AROUND = timedelta(hours=1)  # a transaction that wrote its moment may commit so much later
REST = timedelta(seconds=60)  # a busy branch is not read more often
RENEWED = timedelta(minutes=10)  # a running month goes on also when nothing is told: hours on duty
SHOWN = 13
log = logging.getLogger("steppe.months")
_MARK = """
INSERT INTO headquarters_dirtymonth (branch_id, month, seq, since) VALUES (%s, %s, %s, %s)
ON CONFLICT (branch_id, month) DO UPDATE
   SET seq = greatest(headquarters_dirtymonth.seq, excluded.seq),
       since = least(headquarters_dirtymonth.since, excluded.since)
RETURNING (xmax = 0)
"""


@dataclass(frozen=True)
class Counted:
    """A month as the branch's rooms have it."""

    settlement: str
    costs_closed: bool
    figures: Mapping[str, int]


def mark(branch_id: int, month: str, seq: int, at: datetime) -> bool:
    """Something happened in this month; True when it was clean before. Twice marks it once."""
    with in_public(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_MARK, [branch_id, month, seq, at])
        return bool(cursor.fetchone()[0])


def catch_up(branch: Tenant) -> list[str]:
    """Count what is marked and has rested, and the months that run; the months that were counted."""
    with in_branch(branch):
        running = _running()
    with in_public():
        counted = dict(
            BranchMonth.objects.filter(branch=branch.pk, month__in=running).values_list("month", "counted_at")
        )
        dirty = DirtyMonth.objects.filter(branch=branch.pk).exists()
    now = clock.now()
    old = [one for one in running if not (at := counted.get(one)) or now - at > RENEWED]
    rested = all(at is None or now - at > REST for at in counted.values())
    return recount(branch, months=old, dirty=dirty and rested) if old or (dirty and rested) else []


def recount(branch: Tenant, *, months: Iterable[str] = (), dirty: bool = True) -> list[str]:
    """Count these months anew, and those that are marked; the months that were counted, the oldest first.

    Marks whose points and money are not written yet stay for the next time.
    """
    with in_public():
        marked = list(DirtyMonth.objects.filter(branch=branch.pk)) if dirty else []
    with in_branch(branch):
        marked = marked if marked and _written(max(one.seq for one in marked)) else []
        found = _touched(min(one.since for one in marked) - AROUND) if marked else set()
    wanted = sorted({*months, *found, *(one.month for one in marked)})
    for month in wanted:
        replace(branch, month)
    with in_public():
        for one in marked:
            DirtyMonth.objects.filter(pk=one.pk, seq=one.seq).delete()
    return wanted


def replace(branch: Tenant, month: str) -> dict[str, list[int]]:
    """Read the branch and store what it says; where it was otherwise before. Locks: the month's row."""
    with in_public(), transaction.atomic():
        BranchMonth.objects.get_or_create(branch_id=branch.pk, month=month)
        row = BranchMonth.objects.select_for_update().get(branch=branch.pk, month=month)
        at = clock.now()
        counted = count(branch, month)
        stored = {name: getattr(row, name) for name in rule.MEASURES}
        was = row.counted_at
        told = {"settlement": counted.settlement, "costs_closed": counted.costs_closed, "counted_at": at}
        BranchMonth.objects.filter(pk=row.pk).update(**told, **counted.figures)
    return rule.differences(stored, counted.figures) if was else {}


def count(branch: Tenant, month: str) -> Counted:
    """The month as the branch's own rooms say it. Twenty queries there, writes nothing."""
    with in_branch(branch):
        money, stock = costing.sums_of(month), inventory.sums_of(month)
    return Counted(money.settlement, money.costs_closed, {**money.figures, **stock})


def compare(branch: Tenant) -> dict[str, dict[str, list[int]]]:
    """Count every month of the last thirteen anew and put right what differs; what nothing had told is kept and
    logged. Month → measure → [stored, counted]."""
    since = rule.back(rule.month_of(clock.now()), SHOWN - 1)
    with in_branch(branch):
        known = costing.months_known(since) | inventory.months_known(since) | set(_running())
    found = {}
    for month in sorted(known):
        with in_public():
            told = DirtyMonth.objects.filter(branch=branch.pk).exists()
        if (differs := replace(branch, month)) and not told:
            found[month] = differs
            _report(branch, month, differs)
    return found


def _report(branch: Tenant, month: str, differs: dict[str, list[int]]) -> None:
    log.warning("a month was stored otherwise", extra={"branch": branch.code, "month": month, "found": differs})
    with in_public():
        MonthDifference.objects.create(branch_id=branch.pk, month=month, found=differs, at=clock.now())


def _running() -> list[str]:
    """The months we are in, by the calendar and by settlement, and the one that is being settled. No query."""
    now = rule.month_of(clock.now())
    return sorted({now, costing.running_month(), rule.back(now, 1)})


def _touched(since: datetime) -> set[str]:
    """In the branch. Nine queries."""
    return costing.touched_since(since) | inventory.touched_since(since)


def _written(seq: int) -> bool:
    """Have points and money of everything up to this number been written? In the branch. Two queries."""
    wanted = min(seq, stream.head().seq)
    return SubscriberCursor.objects.filter(subscriber__in=BEFORE_US, seq__gte=wanted).count() == len(BEFORE_US)
