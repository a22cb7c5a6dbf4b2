"""The rows of figures as they are written. All of them demand the branch's lock (`locked`) in an open transaction."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from apps.headquarters.models import DailyFact, FactName, FactStand, TicketFact
from apps.headquarters.rules.contributions import Key, Sums, add, cleaned, contribution
from apps.headquarters.rules.measures import DAILY
from apps.tickets.facts_read import TicketFacts
from steppe.kernel.db import connection

_PLACE = ("branch_id", "day", "type_code", "grid", "area_class", "department")
_TABLE = DailyFact._meta.db_table
_MORE = ", ".join(f"{name} = {_TABLE}.{name} + excluded.{name}" for name in DAILY)
_ADD = f"""
INSERT INTO {_TABLE} ({", ".join((*_PLACE, *DAILY))}) VALUES ({", ".join(["%s"] * (len(_PLACE) + len(DAILY)))})
ON CONFLICT ({", ".join(_PLACE)}) DO UPDATE SET {_MORE}
"""  # noqa: S608  (names of our own table)
_WRITTEN = (
    "ticket_no", "type_code", "grid", "area_class", "department", "channel", "status", "priority", "reported_at",
    "due_at", "is_open", "overdue", "created_day", "closed_day", "due_day", "measures",
)  # fmt: skip
_NAMED = ("name", "name_en")


def locked(branch_id: int) -> FactStand:
    """The branch's row, locked: who changes its figures takes turns. Two queries."""
    FactStand.objects.get_or_create(branch_id=branch_id)
    return FactStand.objects.select_for_update().get(branch_id=branch_id)


def write_facts(branch_id: int, names: Collection[str], facts: Sequence[TicketFacts]) -> list[str]:
    """Make these tickets' rows, and the sums, what `facts` say; a ticket that is not in them is gone.

    Names those whose row was another. One query when nothing changed, up to four otherwise.
    """
    before = {row.ticket: row for row in TicketFact.objects.filter(branch=branch_id, ticket__in=names)}
    after = {one.ticket: _row(branch_id, one) for one in facts}
    changed = sorted(name for name in set(names) | set(after) if not _same(before.get(name), after.get(name)))
    difference: Sums = {}
    for name in changed:
        _replace(difference, before.get(name), after.get(name))
    add_sums(branch_id, difference)
    _store([after[name] for name in changed if name in after])
    gone = [name for name in changed if name not in after]
    if gone:
        TicketFact.objects.filter(branch=branch_id, ticket__in=gone).delete()
    return changed


def add_sums(branch_id: int, difference: Sums) -> None:
    """Add to the stored sums, in a fixed order."""
    rows = [_values(branch_id, key, sums) for key, sums in sorted(cleaned(difference).items())]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_ADD, rows)


def write_names(branch_id: int, facts: Iterable[TicketFacts]) -> None:
    """What the branch calls its types, grids and departments. One query, two when something is called otherwise."""
    told = {
        (kind, named[0]): named[1:]
        for one in facts
        for kind, named in (("type_code", one.type), ("grid", one.grid), ("department", one.department))
        if named[0]
    }
    stored = FactName.objects.filter(branch=branch_id).values_list("kind", "code", *_NAMED)
    known = {(kind, code): (name, name_en) for kind, code, name, name_en in stored}
    fresh = [
        FactName(branch_id=branch_id, kind=kind, code=code, name=name, name_en=name_en)
        for (kind, code), (name, name_en) in sorted(told.items())
        if known.get((kind, code)) != (name, name_en)
    ]
    if fresh:
        FactName.objects.bulk_create(
            fresh, update_conflicts=True, unique_fields=["branch", "kind", "code"], update_fields=_NAMED
        )


def _replace(difference: Sums, before: TicketFact | None, after: TicketFact | None) -> None:
    if before is not None:
        add(difference, contribution(before), -1)
    if after is not None:
        add(difference, contribution(after))


def _row(branch_id: int, one: TicketFacts) -> TicketFact:
    return TicketFact(
        branch_id=branch_id, ticket=one.ticket, ticket_no=one.ticket_no, type_code=one.type[0], grid=one.grid[0],
        area_class=one.area_class, department=one.department[0], channel=one.channel, status=one.status,
        priority=one.priority, reported_at=one.reported_at, due_at=one.due_at, is_open=one.is_open,
        overdue=one.overdue, created_day=one.created, closed_day=one.closed, due_day=one.due, measures=one.measures,
    )  # fmt: skip


def _same(before: TicketFact | None, after: TicketFact | None) -> bool:
    if before is None or after is None:
        return before is after
    return all(getattr(before, name) == getattr(after, name) for name in _WRITTEN)


def _store(rows: list[TicketFact]) -> None:
    if rows:
        TicketFact.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["branch", "ticket"], update_fields=_WRITTEN
        )


def _values(branch_id: int, key: Key, sums: dict[str, int]) -> list[Any]:
    return [branch_id, *key, *(sums.get(name, 0) for name in DAILY)]
