"""Which month an entry is booked in. Months are made when the first entry asks for them.

Its own month as long as that takes entries (open, calculated), else the oldest later one that does, and then it is
late. The month is held by FOR SHARE: many may book at once, and who publishes or locks it (FOR UPDATE) waits for them,
or they for it and then find it closed. Lock order: … ticket, stock, then months ascending, accounts, entries.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from apps.costing.models import Period
from apps.costing.rules.periods import TAKES_ENTRIES, CutOff, bounds, following, period_of
from steppe.kernel.db import connection
from tenants.context import policy

_HOLD = "SELECT state FROM costing_period WHERE month = %s FOR SHARE"


@dataclass(frozen=True)
class Booked:
    """A month that takes entries, held; `late`: it is not the moment's own any more."""

    month: str
    late: bool


def cut_off() -> CutOff:
    """The day of each month after which work belongs to the next one; 0: the natural month."""
    return policy().settlement_cut_off


def period_for(moment: datetime) -> Booked:
    """Where an entry of this moment goes now. Two queries, one more for each month that is closed or new."""
    return periods_for([moment])[moment]


def periods_for(moments: Iterable[datetime]) -> dict[datetime, Booked]:
    """The same for many at once: each month is made and held once, in order."""
    assert connection.in_atomic_block
    own = {moment: period_of(moment, cut_off()) for moment in moments}
    states: dict[str, str] = {}
    found = {month: _open_from(month, states) for month in sorted(set(own.values()))}
    return {moment: Booked(found[month], found[month] != month) for moment, month in own.items()}


def _open_from(month: str, states: dict[str, str]) -> str:
    while states.setdefault(month, "") not in TAKES_ENTRIES:
        if not states[month]:
            states[month] = _held(month)
        else:
            month = following(month)
    return month


def _held(month: str) -> str:
    """Its state, and it keeps it until we are done."""
    state = _hold(month)
    if state is None:
        begins, ends = bounds(month, cut_off())
        Period.objects.bulk_create([Period(month=month, starts_at=begins, ends_at=ends)], ignore_conflicts=True)
        state = _hold(month)
    assert state is not None
    return state


def _hold(month: str) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [month])
        row = cursor.fetchone()
    return str(row[0]) if row else None
