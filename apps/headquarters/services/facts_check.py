"""Every night a branch's figures are computed anew from its tickets, compared, reported and mended; a rebuild is the
same without the report. Page by page, each in its own transaction: the branch works on meanwhile.
"""

import json
import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max, Min

from apps.headquarters.models import DailyFact, DirtyTicket, FactDifference, FactStand, TicketFact
from apps.headquarters.rules.contributions import Key, Sums, add, cleaned
from apps.headquarters.rules.measures import DAILY, DAYS
from apps.headquarters.services._sums import add_sums, locked, write_facts, write_names
from apps.headquarters.services.facts import pending
from apps.people import selectors as people
from apps.tickets import facts_read
from steppe.kernel import clock
from steppe.kernel.db import connection
from tenants.context import in_branch, in_public
from tenants.models import Tenant

PAGE = 200
PAGES = 60  # of one task: half a minute
TOLD = 20  # examples in a report
WINDOW = timedelta(days=31)
log = logging.getLogger("steppe.facts")

_DAY = " ".join(f"WHEN '{name}' THEN f.{name}_day" for name in DAYS)
_KINDS = ", ".join(f"('{name}', '{day}')" for name, day in DAILY.items())
_SUMS = f"""
SELECT day, type_code, grid, area_class, department, jsonb_object_agg(name, n)::text FROM (
    SELECT p.day, p.type_code, p.grid, p.area_class, p.department, p.name, sum(p.number) AS n FROM (
        SELECT CASE kind.day {_DAY} END AS day, f.type_code, f.grid, f.area_class, f.department,
               kind.name, m.value::bigint AS number
          FROM headquarters_ticketfact AS f CROSS JOIN LATERAL jsonb_each_text(f.measures) AS m
          JOIN (VALUES {_KINDS}) AS kind (name, day) ON kind.name = m.key
         WHERE f.branch_id = %(branch)s AND (f.created_day BETWEEN %(first)s AND %(last)s
            OR f.closed_day BETWEEN %(first)s AND %(last)s OR f.due_day BETWEEN %(first)s AND %(last)s)
    ) AS p WHERE p.day BETWEEN %(first)s AND %(last)s GROUP BY 1, 2, 3, 4, 5, 6
) AS s GROUP BY 1, 2, 3, 4, 5
"""  # noqa: S608  (names of our own columns)


@dataclass
class Found:
    """Tickets whose row, and keys whose sum, was another than it should be. What is on its way is neither."""

    tickets: list[str] = field(default_factory=list)
    sums: list[Key] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.tickets or self.sums)


def rebuild_facts(branch: Tenant) -> Found:
    """Make every row and sum of the branch what its tickets say; what was not. Harmless twice. Locks: its FactStand."""
    found, after = Found(), -1
    while after:
        after = _tickets(branch, max(after, 0), found, PAGES)
    _finish(branch, found)
    return found


def check_facts(branch: Tenant, after: int = 0) -> int:
    """The same, so many pages from the ticket `after` on; what was wrong is reported: a row, and a warning for whoever
    watches. Where to go on from, 0 when all is done: a night's work of a large branch is many short tasks.
    """
    found = Found()
    following = _tickets(branch, after, found, PAGES)
    if not following:
        _finish(branch, found)
    if found:
        _report(branch, found)
    return following


def _report(branch: Tenant, found: Found) -> None:
    told = [*found.tickets[:TOLD], *("/".join(key) for key in found.sums[:TOLD])]
    with in_public():
        FactDifference.objects.create(
            branch_id=branch.pk, at=clock.now(), tickets=len(found.tickets), sums=len(found.sums), examples=told
        )
    log.warning("figures differed", extra={"branch": branch.code, "tickets": len(found.tickets)})


def _tickets(branch: Tenant, after: int, found: Found, pages: int) -> int:
    for _ in range(pages):
        after = _page(branch, after, found)
        if not after:
            break
    return after


def _finish(branch: Tenant, found: Found) -> None:
    """What pages of tickets do not show: rows of tickets that are gone, and the sums."""
    _drop_gone(branch, found)
    for first, last in _windows(branch.pk):
        _mend_sums(branch.pk, first, last, found)
    _note_stand(branch)


def _page(branch: Tenant, after: int, found: Found) -> int:
    with in_public(), transaction.atomic():
        locked(branch.pk)
        with in_branch(branch):
            facts, following = facts_read.facts_page(after, PAGE)
            names = [one.ticket for one in facts]
            coming = _coming(branch.pk)
        write_names(branch.pk, facts)
        wrong = write_facts(branch.pk, names, facts)
        found.tickets += [name for name in wrong if name not in coming]
    return following


def _coming(branch_id: int) -> set[str]:
    """Tickets whose change is on its way, and those that change with them: read after the tickets, events before marks,
    so that none slips through between.
    """
    names = set(pending(branch_id).values_list("public_id", flat=True))
    with in_public():
        names |= set(DirtyTicket.objects.filter(branch=branch_id).values_list("ticket", flat=True))
    return names | set(facts_read.touched_by(names))


def _drop_gone(branch: Tenant, found: Found) -> None:
    """Rows of tickets that the branch does not have: after a restore."""
    after = 0
    while rows := _rows_behind(branch.pk, after):
        after = rows[-1][0]
        with in_branch(branch):
            gone = {name for _pk, name in rows} - facts_read.known([name for _pk, name in rows])
        if gone:
            found.tickets += _drop(branch.pk, gone)


def _rows_behind(branch_id: int, after: int) -> list[tuple[int, str]]:
    with in_public():
        rows = TicketFact.objects.filter(branch=branch_id, pk__gt=after).order_by("pk")
        return list(rows.values_list("pk", "ticket")[: 10 * PAGE])


def _drop(branch_id: int, gone: Collection[str]) -> list[str]:
    with in_public(), transaction.atomic():
        locked(branch_id)
        return write_facts(branch_id, gone, [])


def _windows(branch_id: int) -> list[tuple[date, date]]:
    """The days that have sums or should have, a month at a time."""
    ends = [
        Min("created_day"),
        Max("created_day"),
        Max("closed_day"),
        Max("due_day"),
        Min("due_day"),
        Min("closed_day"),
    ]
    with in_public():
        days = list(TicketFact.objects.filter(branch=branch_id).aggregate(*ends).values())
        days += list(DailyFact.objects.filter(branch=branch_id).aggregate(Min("day"), Max("day")).values())
    known = [day for day in days if day is not None]
    if not known:
        return []
    first, last = min(known), max(known)
    starts = range(0, (last - first).days + 1, WINDOW.days)
    return [(first + timedelta(days=n), first + timedelta(days=n) + WINDOW - timedelta(days=1)) for n in starts]


def _mend_sums(branch_id: int, first: date, last: date, found: Found) -> None:
    with in_public(), transaction.atomic():
        locked(branch_id)
        difference = _added_up(branch_id, first, last)
        add(difference, _stored(branch_id, first, last), -1)
        difference = cleaned(difference)
        add_sums(branch_id, difference)
    found.sums += sorted(difference)


def _added_up(branch_id: int, first: date, last: date) -> Sums:
    """What the tickets' rows say was added. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, {"branch": branch_id, "first": first, "last": last})
        rows = cursor.fetchall()
    return {(day.isoformat(), *place): json.loads(sums) for day, *place, sums in rows}  # type: ignore[misc]


def _stored(branch_id: int, first: date, last: date) -> Sums:
    rows = DailyFact.objects.filter(branch=branch_id, day__gte=first, day__lte=last)
    place = ("day", "type_code", "grid", "area_class", "department")
    return {
        (day.isoformat(), kind, grid, area, department): dict(zip(DAILY, numbers, strict=True))
        for day, kind, grid, area, department, *numbers in rows.values_list(*place, *DAILY)
    }


def _note_stand(branch: Tenant) -> None:
    with in_branch(branch):
        customers = people.how_many_customers()
    with in_public():
        FactStand.objects.filter(branch=branch.pk).update(checked_at=clock.now(), customers=customers)
