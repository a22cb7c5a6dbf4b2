"""The demo's past has what a real one has: late, failed, sent back, unreached, the same fault again. No database."""

from collections import Counter
from datetime import datetime, timedelta

from apps.people.models import OrgUnit
from apps.tickets.models import TicketType
from apps.tickets.past import Past
from apps.tickets.rules.workflow import State
from steppe.boot.demo.places import BRANCHES, Branch
from steppe.boot.demo.turns import LATEST, SOONEST, Fate
from steppe.kernel import clock

NOW = datetime(2026, 11, 30, 12, tzinfo=clock.BUSINESS_ZONE)
FAULT, INSTALL = TicketType(code="fault_bb", kind="trouble"), TicketType(code="install_bb", kind="work")
XILINGOL, HULUNBUIR, ORDOS = BRANCHES


def drawn(count: int = 900) -> list[Past]:
    """One every hour and a bit, back from this morning."""
    return [
        Past(
            state=State.VOID if number % 20 == 0 else State.CLOSED, type=INSTALL if number % 7 == 0 else FAULT,
            grid=OrgUnit(area_class="ABCD"[number % 4]), reported_at=NOW - timedelta(hours=20 + 1.5 * number),
            steps=(0, 10, 30, 50, 90), address=f"door {number}", coarse="", phone=f"126{number:08d}", lat=0, lng=0,
            actors={}, customer_id=number, technician_id=1, score=5,
        )
        for number in range(count)
    ]  # fmt: skip


DRAWN = drawn()


def told(branch: Branch) -> list[Past]:
    return list(Fate(branch, NOW).of_all(DRAWN))


def test_it_is_the_same_on_every_machine_and_no_ticket_more() -> None:
    assert told(XILINGOL) == told(XILINGOL) and len(told(XILINGOL)) == 900


def test_every_turn_is_taken_and_most_tickets_go_straight() -> None:
    found = Counter[str]()
    for one in told(XILINGOL):
        turns = one.turns
        found.update(
            name for name, has in {
                "late": one.late, "again": one.repeats, "dispatched": turns.dispatched, "held": turns.hold_class,
                "failed": turns.failed, "sent back": turns.sent_back, "urged": turns.urged, "missed": turns.missed,
                "silent": turns.silent, "unhappy": (one.score or 5) < 3,
            }.items() if has
        )  # fmt: skip
    assert len(found) == 10 and all(3 <= number <= 200 for number in found.values()), found


def test_the_far_branch_is_late_more_often() -> None:
    late = {branch.slug: sum(one.late > 1 for one in told(branch)) for branch in BRANCHES}
    assert late["hulunbuir"] > 1.5 * late["xilingol"] > 1.5 * late["ordos"] > 0, late


def test_what_comes_again_is_the_same_fault_of_the_same_customer_after_it_was_done() -> None:
    rows = told(HULUNBUIR)
    again = [one for one in rows if one.repeats]
    assert again
    for one in again:
        first = one.repeats
        assert first is not None and rows.index(first) < rows.index(one)
        assert (first.customer_id, first.address, first.type) == (one.customer_id, one.address, one.type)
        assert SOONEST < one.reported_at - first.reported_at < LATEST and not first.turns.failed


def test_nothing_that_was_called_off_took_a_turn_and_low_scores_say_why() -> None:
    for one in told(HULUNBUIR):
        assert one.state == State.CLOSED or (not one.late and one.repeats is None and not one.turns.urged)
        assert one.complaint or (one.score or 5) > 2
