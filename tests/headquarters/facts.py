"""Helpers for the tests of figures: bring what branches said, count it, and compute it the slow way."""

from datetime import date, timedelta

from apps.headquarters.models import AppliedSeq, DailyFact, DirtyTicket
from apps.headquarters.rules.contributions import Sums, added_up, cleaned
from apps.headquarters.rules.measures import DAILY
from apps.headquarters.services import converge
from apps.headquarters.services._sums import _row
from apps.headquarters.subscribers import roll_up
from apps.tickets.facts_read import facts_page
from steppe.kernel import clock
from steppe.kernel.events import SUBSCRIBERS, EventRecord
from tenants.context import current_branch, in_branch, in_public
from tests.cast import Branch
from tests.make import events

ROLL_UP = SUBSCRIBERS["headquarters.rollup"]


def bring(records: list[EventRecord] | None = None) -> None:
    """What the branch we stand in said since the last time, or these of it, reaches headquarters."""
    for record in news() if records is None else records:
        if record.kind in ROLL_UP.kinds:
            roll_up(record)


def news() -> list[EventRecord]:
    """Events of the branch we stand in beyond what headquarters has counted."""
    branch = current_branch().pk
    with in_public():
        applied = AppliedSeq.objects.filter(branch=branch).values_list("seq", flat=True).first() or 0
    return [one for one in events() if one.seq > applied]


def counted(branch: Branch, *, again: bool = False) -> Sums:
    """Bring what is new, or everything `again`; count until nothing is marked; what is stored then."""
    with in_branch(branch.tenant):
        bring(events() if again else None)
    while converge(branch.tenant):
        continue
    return stored(branch)


def stored(branch: Branch) -> Sums:
    """The branch's sums as they stand, without noughts."""
    place = ("day", "type_code", "grid", "area_class", "department")
    with in_public():
        rows = list(DailyFact.objects.filter(branch=branch.tenant.pk).values_list(*place, *DAILY))
    return cleaned({(row[0].isoformat(), *row[1:5]): dict(zip(DAILY, row[5:], strict=True)) for row in rows})


def straight(branch: Branch) -> Sums:
    """The same, straight from the branch's tickets."""
    rows, after, more = [], 0, True
    with in_branch(branch.tenant):
        while more:
            facts, after = facts_page(after)
            rows += [_row(branch.tenant.pk, one) for one in facts]
            more = after > 0
    return cleaned(added_up(rows))


def marked(branch: Branch) -> set[str]:
    with in_public():
        return set(DirtyTicket.objects.filter(branch=branch.tenant.pk).values_list("ticket", flat=True))


def totals(sums: Sums) -> dict[str, int]:
    """Over all days and places."""
    found: dict[str, int] = {}
    for own in sums.values():
        for name, number in own.items():
            found[name] = found.get(name, 0) + number
    return found


def lately() -> tuple[date, date]:
    """A period that holds all a test does."""
    today = clock.now().astimezone(clock.BUSINESS_ZONE).date()
    return today - timedelta(days=60), today + timedelta(days=60)
