"""The additive figures of a ticket, and the day each counts on (domain.md §8). Pure.

Every figure is a whole number (tickets, times, seconds), so that branches, grids and days are added up and never
averaged. What each means for one ticket stands in apps/tickets/rules/measured.py, which fills them.
"""

from collections.abc import Iterable, Mapping

from apps.headquarters.rules.months import MEASURES as MONTH_MEASURES
from apps.headquarters.rules.months import STANDING

CREATED, CLOSED, DUE = "created", "closed", "due"  # the day it was opened, was closed, should have been done by
DAYS = (CREATED, CLOSED, DUE)

DAILY: dict[str, str] = {
    # what came in: everything, what was void, without those; cases from other branches
    "created": CREATED, "voided": CREATED, "volume": CREATED, "handed_in": CREATED,
    # what ended, in whatever way; what was done
    "ended": CLOSED, "closed": CLOSED, "finished": CLOSED, "handed_out": CLOSED,
    "trouble": CLOSED, "trouble_direct": CLOSED, "trouble_closed": CLOSED, "installs": CLOSED,
    # who took it, and how soon
    "accepted": CLOSED, "grabbed": CLOSED, "dispatched": CLOSED,
    "accept_timed": CLOSED, "accept_seconds": CLOSED, "accept_on_time": CLOSED, "contact_on_time": CLOSED,
    # appointments and arrivals
    "booked": CLOSED, "kept": CLOSED, "rescheduled": CLOSED, "arrived": CLOSED, "arrive_seconds": CLOSED,
    # in time or late; late and still open counts on the day it should have been done by
    "on_time": CLOSED, "late": CLOSED, "open_late": DUE, "late_open": DUE,
    "repaired": CLOSED, "repair_seconds": CLOSED, "repair_gross_seconds": CLOSED,
    # quality
    "fixed_first": CLOSED, "repeats": CLOSED, "early_failures": CLOSED, "reopened": CLOSED,
    "callbacks_due": CLOSED, "callbacks_done": CLOSED, "calls": CLOSED, "calls_reached": CLOSED,
    "scored": CLOSED, "score_sum": CLOSED, "satisfied": CLOSED, "complaints": CLOSED, "urged": CLOSED,
    # ways round
    "returns": CLOSED, "reassigns": CLOSED, "transfers": CLOSED,
    "held": CLOSED, "hold_seconds": CLOSED, "hold_customer_seconds": CLOSED, "hold_force_majeure_seconds": CLOSED,
    "hold_third_party_seconds": CLOSED, "hold_material_seconds": CLOSED, "hold_internal_seconds": CLOSED,
}  # fmt: skip

# As it stands now; no day belongs to them. `customers` is known for a whole branch only.
NOW = ("open_tickets", "open_overdue", "customers")
# A branch's month, additive over branches and months (rules/months.py).
MONTH: tuple[str, ...] = tuple(name for name in MONTH_MEASURES if name not in STANDING or name == "subscribers")


def source_of(measure: str) -> str:
    """Where a figure is kept: `daily`, `now` or `month`. Raises KeyError for a name that no table has."""
    if measure in DAILY:
        return "daily"
    if measure in NOW:
        return "now"
    if measure in MONTH:
        return "month"
    raise KeyError(measure)


def by_day(measures: Mapping[str, int], days: Mapping[str, str | None]) -> dict[str, dict[str, int]]:
    """What a ticket adds to which day: day → figure → number. `days` has a day for each of DAYS, or None."""
    found: dict[str, dict[str, int]] = {}
    for name, number in measures.items():
        day = days[DAILY[name]]
        if day is not None and number:
            found.setdefault(day, {})[name] = number
    return found


def unknown(measures: Iterable[str]) -> set[str]:
    """Names that the table does not have."""
    return {name for name in measures if name not in DAILY}
