"""Counts of every branch at headquarters: each event once, and always what a recount would say."""

import pytest

from apps.headquarters.counting import Tally
from apps.headquarters.models import AppliedSeq, BranchDaily, BranchStateCount
from apps.headquarters.services import apply_event, compare, rebuild
from apps.headquarters.subscribers import roll_up
from apps.tickets.services import sweep_clocks
from steppe.kernel import clock
from steppe.kernel.events import SUBSCRIBERS, EventRecord
from steppe.kernel.journal import stream
from tenants.context import in_branch, in_public
from tests.cast import Branch
from tests.make import client_at, events, make_ticket
from tests.queries import asking

ROLL_UP = SUBSCRIBERS["headquarters.rollup"]


def states(branch: Branch) -> dict[str, int]:
    with in_public():
        rows = BranchStateCount.objects.filter(branch=branch.tenant.pk).exclude(n=0)
        return dict(rows.values_list("state", "n"))


def today(branch: Branch) -> dict[str, int]:
    with in_public():
        rows = BranchDaily.objects.filter(branch=branch.tenant.pk, day=clock.today())
        return dict(rows.values_list("metric", "n"))


def sum_of(branch: Branch, metric: str) -> int:
    """Over all days: half an hour ago may have been yesterday."""
    with in_public():
        return sum(BranchDaily.objects.filter(branch=branch.tenant.pk, metric=metric).values_list("n", flat=True))


def bring(records: list[EventRecord]) -> None:
    for record in records:
        if record.kind in ROLL_UP.kinds:
            roll_up(record)


def test_every_step_is_counted(lotus_db: Branch) -> None:
    for status in ("pooled", "accepted", "in_progress", "closed", "void"):
        make_ticket(status=status)
    bring(events())
    assert states(lotus_db) == {"pooled": 1, "accepted": 1, "in_progress": 1, "closed": 1, "void": 1}
    assert today(lotus_db) == {"opened": 5, "closed": 1, "voided": 1}


def test_an_event_brought_twice_counts_once(lotus_db: Branch) -> None:
    make_ticket(status="closed")
    found = events()
    for _ in range(3):
        bring(found)
    assert states(lotus_db) == {"closed": 1}
    assert today(lotus_db) == {"opened": 1, "closed": 1}


def test_the_stream_itself_brings_them(lotus_db: Branch) -> None:
    make_ticket(status="assigned")
    stream.number_committed()
    while stream.drain(ROLL_UP):
        continue
    assert states(lotus_db) == {"assigned": 1}


def test_an_overdue_clock_is_counted_on_its_day_and_moves_nothing(lotus_db: Branch) -> None:
    with clock.frozen(clock.now() - clock.minutes(31)):
        make_ticket()
    assert sweep_clocks() == 1
    bring(events())
    assert states(lotus_db) == {"pooled": 1}
    assert sum_of(lotus_db, "overdue") == 1
    assert compare(lotus_db.tenant) == {}


def test_the_roll_up_equals_a_recount(lotus_db: Branch) -> None:
    for status in ("submitted", "assigned", "awaiting_callback", "closed"):
        make_ticket(status=status)
    bring(events())
    assert compare(lotus_db.tenant) == {}
    before = (states(lotus_db), today(lotus_db))
    rebuild(lotus_db.tenant)
    assert (states(lotus_db), today(lotus_db)) == before


def test_a_rebuild_repairs_and_compare_says_what_was_wrong(lotus_db: Branch) -> None:
    make_ticket()
    bring(events())
    with in_public():
        BranchStateCount.objects.filter(state="pooled").update(n=7)
    assert compare(lotus_db.tenant) == {"pooled": (7, 1)}
    rebuild(lotus_db.tenant)
    assert compare(lotus_db.tenant) == {}


def test_what_is_committed_but_not_yet_brought_is_not_counted_twice(lotus_db: Branch) -> None:
    make_ticket()
    bring(events())
    make_ticket()  # the relay has not been here yet
    assert compare(lotus_db.tenant) == {}
    rebuild(lotus_db.tenant)
    assert states(lotus_db) == {"pooled": 2}
    bring(stream.events_after(0))
    assert states(lotus_db) == {"pooled": 2}


def test_a_new_epoch_is_a_new_beginning(lotus_db: Branch) -> None:
    make_ticket()
    record = events()[0]
    branch = lotus_db.tenant.pk
    assert apply_event(branch_id=branch, epoch="before", record=record)
    assert not apply_event(branch_id=branch, epoch="before", record=record)
    assert apply_event(branch_id=branch, epoch="after a restore", record=record)


def test_branches_are_counted_apart(lotus_db: Branch, maple: Branch) -> None:
    make_ticket()
    bring(events())
    with in_branch(maple.tenant):
        make_ticket(status="accepted")
        bring(events())
    assert states(lotus_db) == {"pooled": 1}
    assert states(maple) == {"accepted": 1}
    with in_public():
        assert AppliedSeq.objects.count() == 2


def test_differences_name_both_sides() -> None:
    here, there = Tally(), Tally()
    here.states["pooled"] = 2
    there.states["pooled"] = 1
    there.days["2026-11-23", "closed"] = 1
    assert here.differences(there) == {"2026-11-23 closed": (0, 1), "pooled": (2, 1)}


@pytest.mark.parametrize("branches", [1, 2])
def test_the_overview_asks_as_often_however_many_branches_there_are(
    lotus_db: Branch, maple: Branch, headquarters: Branch, branches: int
) -> None:
    for branch in (lotus_db, maple)[:branches]:
        with in_branch(branch.tenant):
            make_ticket()
            bring(events())
    client = client_at(headquarters, headquarters.hq)
    client.get("/hq/")
    with asking(19):  # session, person; four of the pulse, thirteen of the figures
        client.get("/hq/")
