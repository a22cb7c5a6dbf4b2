"""Writes of the roll-ups: one event at a time, or all of a branch anew. One lock: the branch's AppliedSeq row."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from apps.headquarters.counting import Tally, effect, effects
from apps.headquarters.models import AppliedSeq, BranchDaily, BranchStateCount
from apps.headquarters.services.facts import mark
from apps.tickets import tallies
from steppe.kernel import clock
from steppe.kernel.db import connection
from steppe.kernel.events import EventRecord
from steppe.kernel.journal import stream
from steppe.kernel.journal.models import OutboxEvent
from tenants.context import in_branch, in_public
from tenants.models import Tenant

TRIES = 20
_ADD_STATE = """
INSERT INTO headquarters_branchstatecount (branch_id, state, n) VALUES (%s, %s, %s)
ON CONFLICT (branch_id, state) DO UPDATE SET n = headquarters_branchstatecount.n + excluded.n
"""
_ADD_DAY = """
INSERT INTO headquarters_branchdaily (branch_id, day, metric, n) VALUES (%s, %s, %s, %s)
ON CONFLICT (day, branch_id, metric) DO UPDATE SET n = headquarters_branchdaily.n + excluded.n
"""


class Restless(RuntimeError):
    """The branch committed something new during every single count; try again in a quieter minute."""


def apply_event(*, branch_id: int, epoch: str, record: EventRecord) -> bool:
    """Count one event, once: False when its number was already counted. Its ticket is marked, and its figures follow.

    Locks: the branch's AppliedSeq.
    """
    with in_public(), transaction.atomic():
        applied = _locked(branch_id)
        if applied.epoch == epoch and applied.seq >= record.seq:
            return False
        _add(branch_id, effect(record))
        mark(branch_id, record)
        _moved(applied, epoch, record.seq, record.occurred_at)
    return True


def rebuild(branch: Tenant) -> Tally:
    """Count a branch's tickets anew and replace what was there.

    The counts are those of the stream's head, whatever the relay is doing meanwhile: what is committed but
    not yet numbered is taken out again, because the subscriber will bring it.
    """
    _number(branch)
    with in_public(), transaction.atomic():
        applied = _locked(branch.pk)
        found = _recount(branch)
        BranchStateCount.objects.filter(branch=branch.pk).delete()
        BranchDaily.objects.filter(branch=branch.pk).delete()
        _add(branch.pk, found.tally)
        _moved(applied, found.head.epoch, found.head.seq, clock.now())
    return found.tally


def compare(branch: Tenant) -> dict[str, tuple[int, int]]:
    """Where the roll-up disagrees with the branch's own rows: name → (stored, counted). Empty is right.

    Events that the subscriber has not yet brought are left out on both sides.
    """
    with in_public(), transaction.atomic():
        applied = _locked(branch.pk)
        stored = _stored(branch.pk)
        counted = _recount(branch, after=applied.seq)
    return stored.differences(counted.tally)


@dataclass(frozen=True)
class _Recount:
    head: stream.Head
    tally: Tally


def _recount(branch: Tenant, after: int | None = None) -> _Recount:
    """The branch's counts as they were at number `after` (or at the head), in a moment when nothing moved."""
    with in_branch(branch):
        for _ in range(TRIES):
            seen = _Beyond.look(after)
            tally = Tally(Counter(tallies.counts_by_state()), Counter(tallies.counts_by_day()))
            if seen == _Beyond.look(after):
                return _Recount(seen.head, tally.add(effects(seen.events), -1))
    raise Restless(branch.code)


@dataclass(frozen=True)
class _Beyond:
    """The head, and every event that the branch's rows hold already but the roll-up must not."""

    head: stream.Head
    events: list[OutboxEvent]

    @classmethod
    def look(cls, after: int | None) -> "_Beyond":
        head = stream.head()
        rows = Q(seq__isnull=True) if after is None else Q(seq__isnull=True) | Q(seq__gt=after)
        return cls(head, list(OutboxEvent.objects.filter(rows).order_by("id")))


def _number(branch: Tenant) -> None:
    """Give every committed event its number first, so that the new counts are as fresh as can be."""
    with in_branch(branch):
        while stream.number_committed()[1]:
            continue


def _locked(branch_id: int) -> AppliedSeq:
    AppliedSeq.objects.get_or_create(branch_id=branch_id)
    return AppliedSeq.objects.select_for_update().get(branch_id=branch_id)


def _moved(applied: AppliedSeq, epoch: str, seq: int, at: datetime) -> None:
    applied.epoch, applied.seq, applied.changed_at = epoch, seq, at
    applied.save(update_fields=["epoch", "seq", "changed_at"])


def _add(branch_id: int, tally: Tally) -> None:
    """Add to the stored counts, row by row in a fixed order."""
    states = [(branch_id, state, n) for state, n in sorted(tally.states.items()) if n]
    days = [(branch_id, day, metric, n) for (day, metric), n in sorted(tally.days.items()) if n]
    with connection.cursor() as cursor:
        cursor.executemany(_ADD_STATE, states)
        cursor.executemany(_ADD_DAY, days)


def _stored(branch_id: int) -> Tally:
    states = BranchStateCount.objects.filter(branch=branch_id).values_list("state", "n")
    days = BranchDaily.objects.filter(branch=branch_id).values_list("day", "metric", "n")
    return Tally(Counter(dict(states)), Counter({(day.isoformat(), metric): n for day, metric, n in days}))
