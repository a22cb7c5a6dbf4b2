"""What was done on a ticket, as the room that counts work reads it: facts of the ticket as it stands now."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from apps.tickets import services
from apps.tickets.models import ServiceDay, Ticket
from apps.tickets.services import exempt_breach, sweep_clocks
from apps.tickets.worked_read import (
    WorkedTicket,
    closed_between,
    count_closed_between,
    stops_of_trip,
    worked_ticket,
    worked_tickets,
)
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from tenants.context import in_branch
from tests import make
from tests.cast import FAR, NEAR, Branch
from tests.make import actor, key, make_ticket
from tests.tickets.steps import do, shown
from tests.tickets.test_exemptions import late

MONDAY = datetime(2026, 3, 2, 9, tzinfo=clock.BUSINESS_ZONE)


def work_of(ticket: Ticket) -> WorkedTicket:
    found = worked_ticket(ticket.public_id)
    assert found is not None
    return found


def with_fee(ticket: Ticket, **more: object) -> None:
    told = {"code": "visit", "name": "Visit", "unit_fen": 3000, "receipt_no": "R-1"} | more
    services.add_charge(public_id=ticket.public_id, **told, by=actor("wu"), key=key())  # type: ignore[arg-type]


def test_a_closed_ticket_tells_who_worked_what_was_paid_and_how_it_ended(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(status="in_progress")
    bo = actor("bo").technician_id
    services.add_co_worker(public_id=ticket.public_id, technician_id=bo, share_pct=40, by=wu, key=key())  # type: ignore[arg-type]
    with_fee(ticket)
    make.complete(ticket.public_id)
    make.close(ticket.public_id)
    told = work_of(ticket)
    assert told.closed and (told.result, told.satisfaction, told.base_points) == ("done", 5, Decimal(5))
    assert [(one.technician_id, one.share_pct) for one in told.crew] == [(wu.technician_id, 60), (bo, 40)]
    assert [(one.code, one.fen, one.receipt_no, one.waived) for one in told.fees] == [("visit", 3000, "R-1", False)]
    assert told.used_pct is not None and 0 <= told.used_pct < 1
    assert told.visits == () and told.place == NEAR and not told.absent


def test_the_share_of_the_promise_that_was_used_leaves_the_pauses_out(lotus_db: Branch) -> None:
    with clock.frozen(MONDAY):
        ticket = make_ticket(status="in_progress")
    with clock.frozen(MONDAY + timedelta(hours=2)):
        make.hold(ticket.public_id)
    with clock.frozen(MONDAY + timedelta(hours=7)):
        do("resume", ticket.public_id)
    with clock.frozen(MONDAY + timedelta(hours=17)):  # twelve hours of twenty-four, and five of waiting
        make.complete(ticket.public_id)
    assert work_of(ticket).used_pct == 50


def test_an_exempted_overrun_is_none(lotus_db: Branch, bai: Actor) -> None:
    ticket = make_ticket(status="in_progress")
    breach = late(ticket)
    with clock.frozen(breach.breached_at + timedelta(hours=24)):
        make.complete(ticket.public_id)
        before = work_of(ticket).used_pct
        exempt_breach(public_id=ticket.public_id, breach_id=breach.pk, reason="bridge closed", by=bai, key=key())
    assert before is not None and before > 150 and work_of(ticket).used_pct is None


@pytest.mark.parametrize(
    ("offset", "special", "expected"),
    [(0, None, "work"), (5, None, "rest"), (0, (None, None), "holiday"), (5, ("09:00", "18:00"), "work")],
)
def test_the_day_follows_the_branchs_calendar(
    lotus_db: Branch, offset: int, special: tuple[str | None, str | None] | None, expected: str
) -> None:
    at = MONDAY + timedelta(days=offset)
    if special:
        ServiceDay.objects.create(day=at.date(), name="x", opens=special[0], closes=special[1])
    with clock.frozen(at):
        ticket = make_ticket(status="awaiting_callback")
    assert work_of(ticket).day == expected


def test_nobody_at_home_is_a_trip_for_nothing_where_the_check_in_proves_it(lotus_db: Branch) -> None:
    there, elsewhere = make_ticket(status="in_progress"), make_ticket(status="accepted")
    do("fail_work", there.public_id, facts={"reason": "absent", "photos": shown()})
    services.check_in(
        public_id=elsewhere.public_id, lat=FAR[0], lng=FAR[1], reason="map_wrong", photos=shown(), by=actor("wu"),
        key=key(),
    )  # fmt: skip
    do("fail_work", elsewhere.public_id, facts={"reason": "absent", "photos": shown()})
    refused = make_ticket(status="in_progress")
    do("fail_work", refused.public_id, facts={"reason": "refused", "photos": shown()})
    assert [work_of(one).absent for one in (there, elsewhere, refused)] == [True, False, False]


def test_who_was_there_and_lost_the_ticket_had_a_visit(lotus_db: Branch, wu: Actor) -> None:
    ticket, other = make_ticket(status="in_progress"), make_ticket(status="accepted")
    bo = actor("bo").technician_id
    for one in (ticket, other):
        services.reassign_ticket(public_id=one.public_id, technician_id=bo, reason="skill", by=actor("lin"), key=key())
    assert work_of(ticket).visits == (wu.technician_id,) and work_of(other).visits == ()


def test_after_coming_back_the_last_crew_counts(lotus_db: Branch) -> None:
    ticket = make_ticket(status="awaiting_callback")
    do("callback_reject", ticket.public_id)
    services.reassign_ticket(
        public_id=ticket.public_id, technician_id=actor("bo").technician_id, reason="skill", by=actor("lin"), key=key()
    )
    do("confirm", ticket.public_id, by=actor("bo"))
    make.check_in(ticket.public_id, "bo")
    make.complete(ticket.public_id, "bo")
    told = work_of(ticket)
    assert [one.technician_id for one in told.crew] == [actor("bo").technician_id] and told.reopened == 1


def test_nothing_found_is_a_result_of_its_own(lotus_db: Branch) -> None:
    ticket = make_ticket(status="in_progress")
    services.complete_ticket(
        public_id=ticket.public_id, solution="was fine", outcome={"responsibility": "no_fault_found"},
        by=actor("wu"), key=key(),
    )  # fmt: skip
    assert work_of(ticket).result == "no_fault_found"


def test_a_batch_costs_the_same_however_many(lotus_db: Branch, django_assert_num_queries: object) -> None:
    names = [make_ticket(status="closed").public_id for _ in range(3)]
    with django_assert_num_queries(8):  # type: ignore[operator]
        worked_tickets(names[:1])
    with django_assert_num_queries(8):  # type: ignore[operator]
        found = worked_tickets(names)
    assert [one.public_id for one in found] == names and worked_tickets([]) == []


def test_what_was_closed_in_a_time_comes_by_id_page_by_page(lotus_db: Branch) -> None:
    start = clock.now()
    tickets = [make_ticket(status="closed") for _ in range(3)]
    end = clock.now()
    make_ticket(status="awaiting_callback")
    first = closed_between(start, end, limit=2)
    rest = closed_between(start, end, after=first[-1][0])
    assert [name for _id, name in [*first, *rest]] == [one.public_id for one in tickets]
    assert count_closed_between(start, end) == 3 and closed_between(end, end + timedelta(days=1)) == []


def test_a_trips_stops_are_in_the_order_of_arrival(lotus_db: Branch, wu: Actor) -> None:
    first, second, never = (make_ticket(status="accepted") for _ in range(3))
    made = services.bundle_tickets(
        public_ids=[first.public_id, second.public_id, never.public_id], name="one", planned_for=clock.now().date(),
        by=wu, key=key(),
    )  # fmt: skip
    for one in (second, first):
        make.check_in(one.public_id)
    assert [name for name, _place in stops_of_trip(made.entity_id)] == [second.public_id, first.public_id]


def test_a_repeat_says_what_it_repeats_and_how_soon(lotus_db: Branch) -> None:
    with clock.frozen(MONDAY):
        first = make_ticket(status="closed", account_no="A-7")
    with clock.frozen(MONDAY + timedelta(days=3)):
        again = make_ticket(account_no="A-7")
    told = work_of(again)
    assert (told.repeat_of, told.repeat_after) == (first.public_id, timedelta(days=3))


def test_the_other_branch_knows_no_such_ticket(lotus_db: Branch, maple: Branch) -> None:
    ticket = make_ticket(status="closed")
    with in_branch(maple.tenant):
        assert worked_ticket(ticket.public_id) is None


def test_a_sweep_does_not_change_what_was_used(lotus_db: Branch) -> None:
    ticket = make_ticket(status="awaiting_callback")
    before = work_of(ticket).used_pct
    with clock.frozen(clock.now() + timedelta(days=3)):
        sweep_clocks()
    assert work_of(ticket).used_pct == before
