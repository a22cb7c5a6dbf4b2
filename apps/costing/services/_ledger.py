"""The one way points come into the ledger: drafts get their month, which is held, and are written. Steps of commands.

Locks: months, ascending, by FOR SHARE (`_periods.py`); the caller has locked technicians, ticket and stock before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from apps.costing.models import WorkPointEntry
from apps.costing.rules.ledger_rules import EARNED
from apps.costing.services import accounts
from apps.costing.services._periods import periods_for
from apps.tickets.worked_read import WorkedTicket
from steppe.kernel import clock
from steppe.kernel.actors import Actor

BATCH = 500


@dataclass(frozen=True)
class Draft:
    """An entry that has no month yet: it goes by `moment`; None: it waits and belongs to none."""

    entry: WorkPointEntry
    moment: datetime | None


def draft(
    *, technician_id: int, kind: str, code: str, points: Decimal, key: str, by: Actor, moment: datetime | None,
    stage: str = EARNED, **more: Any,
) -> Draft:  # fmt: skip
    """A draft; `more` are columns of the entry."""
    entry = WorkPointEntry(
        technician_id=technician_id, kind=kind, code=code, stage=stage, points=points, key=key, by=by.ref,
        by_name=by.name[:60], at=clock.now(), **more,
    )  # fmt: skip
    return Draft(entry, moment)


def append(drafts: Sequence[Draft], *, held: Mapping[str, WorkedTicket] | None = None) -> list[WorkPointEntry]:
    """Write them. None or one query for the entries, two for each month. Their keys are theirs alone.

    Earned points are labour in their tickets' accounts at once: payroll and costs never say two things. That is some
    thirty queries more for all of them together; `held`: what the caller has read of tickets that it holds.
    """
    months = periods_for({one.moment for one in drafts if one.moment is not None}) if drafts else {}
    for one in drafts:
        if one.moment is not None:
            one.entry.period, one.entry.late = months[one.moment].month, months[one.moment].late
    entries = WorkPointEntry.objects.bulk_create([one.entry for one in drafts], batch_size=BATCH)
    if earned := {one.ticket for one in entries if one.ticket and one.stage == EARNED}:
        accounts.settle_all(earned, held=held)
    return entries
