"""Figures of a branch follow its tickets: events mark what has changed, and what is marked is computed anew.

A ticket's figures are never moved by an event but replaced by what its rows say now, and the sums by the difference;
so an event brought twice, late or in another order changes nothing, and whoever dies is followed by the next.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Min, Q, QuerySet

from apps.headquarters.models import AppliedSeq, DirtyTicket, FactStand
from apps.headquarters.services._sums import locked, write_facts, write_names
from apps.tickets import events, facts_read
from steppe.kernel import clock
from steppe.kernel.db import connection
from steppe.kernel.events import EventRecord
from steppe.kernel.journal import stream
from steppe.kernel.journal.models import OutboxEvent
from tenants.context import in_branch, in_public
from tenants.models import Tenant

BATCH = 200
AT_ONCE = 5  # batches of one wake-up; then the others have their turn
KINDS = sorted(event.kind for event in events.ALL if issubclass(event, events.TicketChanged))
STILL = clock.minutes(0.5)  # a quiet branch says so often enough
_MARK = """
INSERT INTO headquarters_dirtyticket AS d (branch_id, ticket, marks, since) VALUES (%s, %s, 1, %s)
ON CONFLICT (branch_id, ticket) DO UPDATE SET marks = d.marks + 1
"""


def mark(branch_id: int, record: EventRecord) -> None:
    """This ticket has changed. In the transaction that counts the event. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_MARK, [branch_id, record.public_id, record.occurred_at])


def is_marked(branch_id: int) -> bool:
    """Is anything of this branch waiting to be counted? One query."""
    with in_public():
        return DirtyTicket.objects.filter(branch=branch_id).exists()


def converge(branch: Tenant) -> bool:
    """Count up to `BATCH` marked tickets of the branch anew; True when more are waiting. Locks: its FactStand.

    The tickets are read under the lock: whoever comes second reads what is newer. What is marked again meanwhile stays
    marked. About twenty queries, however many tickets.
    """
    begun = clock.now()
    with in_public(), transaction.atomic():
        stand = locked(branch.pk)
        marked = DirtyTicket.objects.filter(branch=branch.pk).order_by("since", "id")
        seen = dict(marked.values_list("ticket", "marks")[:BATCH])
        if seen:
            _count(branch, seen)
            _clean(branch.pk, seen)
        stand.fresh_at = _fresh_at(branch, begun)
        stand.save(update_fields=["fresh_at"])
    return len(seen) == BATCH


def catch_up(branch: Tenant) -> bool:
    """Converge for a while; True when more is waiting. Nothing to do costs two queries."""
    if not _wanted(branch):
        return False
    return all(converge(branch) for _ in range(AT_ONCE))


def _wanted(branch: Tenant) -> bool:
    if is_marked(branch.pk):
        return True
    with in_public():
        return not FactStand.objects.filter(branch=branch.pk, fresh_at__gt=clock.now() - STILL).exists()


def _count(branch: Tenant, names: Collection[str]) -> None:
    with in_branch(branch):
        wanted = {*names, *facts_read.touched_by(names)}
        facts = facts_read.facts_of(wanted)
    write_facts(branch.pk, wanted, facts)
    write_names(branch.pk, facts)


def _clean(branch_id: int, seen: dict[str, int]) -> None:
    """Take away the marks that were seen and no others: by name and number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM headquarters_dirtyticket AS d USING unnest(%s::varchar[], %s::int[]) AS seen (ticket, marks)"
            " WHERE d.branch_id = %s AND d.ticket = seen.ticket AND d.marks = seen.marks",
            [list(seen), list(seen.values()), branch_id],
        )


def _fresh_at(branch: Tenant, begun: datetime) -> datetime:
    """Up to when everything is counted in: until the oldest change that is not, by mark or by an event on its way."""
    with in_branch(branch):
        coming = pending(branch.pk).aggregate(oldest=Min("occurred_at"))["oldest"]
    marked = DirtyTicket.objects.filter(branch=branch.pk).aggregate(oldest=Min("since"))["oldest"]
    return min(one for one in (begun, coming, marked) if one is not None)


def pending(branch_id: int) -> "QuerySet[OutboxEvent]":
    """Changes of tickets of the branch we stand in that are committed but not brought yet. Two queries before it."""
    with in_public():
        applied = AppliedSeq.objects.filter(branch=branch_id).first()
    taken = applied.seq if applied is not None and applied.epoch == stream.head().epoch else 0
    return OutboxEvent.objects.filter(Q(seq__isnull=True) | Q(seq__gt=taken), kind__in=KINDS)
