"""A ticket's work in the ledger: provisional at completion, earned at the close, released when it comes back."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from apps.costing.errors import TicketUnknown
from apps.costing.models import Period, WorkPointEntry
from apps.costing.services import book_ticket
from apps.people.models import OrgUnit
from apps.tickets import services as tickets
from apps.tickets.models import Ticket
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM, Actor
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tests import make
from tests.cast import FAR, POLICY, Branch
from tests.costing.ledger import MARCH, D, book_again, entries, follow, stands, waits, with_helper, worked
from tests.make import actor, key, make_ticket
from tests.tickets.steps import do, shown
from tests.tickets.test_exemptions import late


@pytest.fixture(autouse=True)
def _a_working_morning() -> Iterator[None]:
    """Neither night nor Sunday changes what a job pays."""
    with clock.frozen(MARCH):
        yield


def test_finished_work_waits_and_is_earned_when_the_ticket_closes(lotus_db: Branch) -> None:
    with clock.frozen(MARCH):
        ticket = worked("awaiting_callback")
        assert waits(ticket) == {("wu", "work"): D("5.25")} and stands(ticket) == {}
        make.close(ticket.public_id)
        follow()
    assert waits(ticket) == {} and stands(ticket) == {("wu", "work"): D("5.50")}
    [_waiting, released, earned] = entries(ticket)
    assert (released.points, released.stage, earned.period, earned.late) == (
        D("-5.25"),
        "provisional",
        "2026-03",
        False,
    )
    assert earned.kind == "earn" and earned.inputs["work"]["score"] == 5 and earned.rule_set.number == 1


def test_the_same_events_again_change_nothing(lotus_db: Branch) -> None:
    ticket = worked()
    before = entries(ticket)
    assert book_again(ticket) == 0 and entries(ticket) == before


def test_a_team_shares_exactly(lotus_db: Branch) -> None:
    """domain.md §12 rule 12."""
    ticket = make_ticket(status="in_progress")
    with_helper(ticket, "bo", 40)
    with_helper(ticket, "yun", 7)
    make.complete(ticket.public_id)
    make.close(ticket.public_id)
    follow()
    found = stands(ticket)
    assert sum(found.values()) == D("5.50")
    assert found == {("wu", "work"): D("2.92"), ("bo", "work"): D("2.20"), ("yun", "work"): D("0.38")}


def test_work_that_comes_back_waits_no_longer(lotus_db: Branch) -> None:
    ticket = worked("awaiting_callback")
    do("callback_reject", ticket.public_id)
    follow()
    assert waits(ticket) == {} and stands(ticket) == {}
    make.check_in(ticket.public_id)
    make.complete(ticket.public_id)
    make.close(ticket.public_id)
    follow()
    assert stands(ticket).keys() == {("wu", "work")}


def test_a_reopened_ticket_earns_nothing_more(lotus_db: Branch) -> None:
    ticket = worked()
    do("reopen", ticket.public_id)
    make.grab(ticket.public_id, "bo")
    make.check_in(ticket.public_id, "bo")
    make.complete(ticket.public_id, "bo")
    follow()
    assert waits(ticket) == {}
    make.close(ticket.public_id)
    follow()
    assert stands(ticket) == {("wu", "work"): D("5.50")}


def test_an_exemption_after_the_close_is_an_adjustment_that_names_the_entry(lotus_db: Branch, bai: Actor) -> None:
    ticket = make_ticket(status="in_progress")
    breach = late(ticket)
    with clock.frozen(breach.breached_at + timedelta(hours=24)):
        make.complete(ticket.public_id)
        make.close(ticket.public_id)
        follow()
        assert stands(ticket) == {("wu", "work"): D("2.63")}
        tickets.exempt_breach(public_id=ticket.public_id, breach_id=breach.pk, reason="flood", by=bai, key=key())
        follow()
    *_, earned, adjusted = entries(ticket)
    assert (adjusted.kind, adjusted.corrects, adjusted.points) == ("adjustment", earned, D("5.25") - D("2.63"))


@pytest.mark.parametrize("ending", ["void", "merge", "link_incident"])
def test_void_duplicate_and_incident_tickets_earn_nothing(lotus_db: Branch, ending: str) -> None:
    """domain.md §12 rule 18."""
    ticket = make_ticket(status="accepted")
    do(ending, ticket.public_id)
    follow()
    assert not WorkPointEntry.objects.filter(ticket=ticket.public_id, kind="earn").exists()


def test_a_visit_to_an_outage_is_paid_as_a_way(lotus_db: Branch) -> None:
    ticket = make_ticket(status="in_progress")
    do("link_incident", ticket.public_id)
    make.complete(ticket.public_id)
    make.close(ticket.public_id)
    follow()
    assert stands(ticket) == {("wu", "work"): D("1.50")}
    assert {one.kind for one in entries(ticket)} == {"travel"}


def test_nobody_at_home_pays_the_trip(lotus_db: Branch) -> None:
    ticket = make_ticket(status="in_progress")
    tickets.fail_work(public_id=ticket.public_id, reason="absent", photos=shown(), by=actor("wu"), key=key())
    make.close(ticket.public_id)
    follow()
    assert stands(ticket) == {("wu", "work"): D("1.50")}


def test_what_could_not_be_done_pays_half(lotus_db: Branch) -> None:
    ticket = make_ticket(status="in_progress")
    do("fail_work", ticket.public_id)
    follow()
    assert waits(ticket) == {("wu", "work"): D("2.63")}


def test_called_off_when_somebody_was_there_pays_the_trip_and_before_that_nothing(lotus_db: Branch) -> None:
    there, before = make_ticket(status="in_progress"), make_ticket(status="accepted")
    for one in (there, before):
        make.cancel(one.public_id)
    follow()
    assert stands(there) == {("wu", "work"): D("1.50")} and entries(before) == []


def test_given_to_somebody_else_after_the_check_in_pays_the_first_one_the_trip(lotus_db: Branch) -> None:
    ticket = make_ticket(status="in_progress")
    do("reassign", ticket.public_id)
    do("confirm", ticket.public_id, by=actor("bo"))
    make.check_in(ticket.public_id, "bo")
    make.complete(ticket.public_id, "bo")
    make.close(ticket.public_id)
    follow()
    assert stands(ticket) == {("wu", "visit"): D("1.50"), ("bo", "work"): D("5.50")}


def test_the_half_that_was_handed_over_pays_only_a_trip_that_was_made(lotus_db: Branch) -> None:
    there, before = make_ticket(status="in_progress"), make_ticket(status="accepted")
    for one in (there, before):
        tickets.hand_over_ticket(public_id=one.public_id, link_id="l", reason="theirs", by=SYSTEM, key=key())
    follow()
    assert stands(there) == {("wu", "work"): D("1.50")} and entries(before) == []


def test_a_parent_handled_from_a_desk_leaves_the_points_to_its_children(lotus_db: Branch) -> None:
    parent = make_ticket(status="accepted")
    do("start_remote", parent.public_id)
    do("spawn_child", parent.public_id, mandatory=True, type_code="fault_tv")
    child = parent.children.get()
    make.dispatch(child.public_id, "yun")
    do("confirm", child.public_id, by=actor("yun"))
    make.check_in(child.public_id, "yun")
    do("complete", child.public_id, by=actor("yun"))
    make.complete(parent.public_id)
    make.close(parent.public_id)
    follow()
    assert stands(parent) == {} and stands(child) == {("yun", "work"): D("4.20")}


def test_the_waiting_bonus_is_an_entry_of_its_own(lotus_db: Branch) -> None:
    ticket = make_ticket()
    Ticket.objects.filter(pk=ticket.pk).update(waiting_bonus_pct=20)
    for step in (make.grab, make.check_in, make.complete, make.close):
        step(ticket.public_id)
    follow()
    assert stands(ticket) == {("wu", "work"): D("5.50"), ("wu", "waiting"): D("1.10")}


def far_away(*, north: float = 0.0) -> Ticket:
    """Accepted by Wu, far outside the town, at a place the customer sent."""
    ticket = make_ticket(
        lat=FAR[0] + north, lng=FAR[1], address="Birch far away", contact_phone=f"139{int(north * 1e6):08d}"
    )
    Ticket.objects.filter(pk=ticket.pk).update(org_path=OrgUnit.objects.get(code="E1").path, location_source="wechat")
    make.grab(ticket.public_id)
    return ticket


def mended(ticket: Ticket) -> None:
    ticket.refresh_from_db()
    tickets.check_in(public_id=ticket.public_id, lat=ticket.lat, lng=ticket.lng, by=actor("wu"), key=key())
    make.complete(ticket.public_id)
    make.close(ticket.public_id)
    follow()


def road_of(ticket: Ticket) -> WorkPointEntry:
    return next(one for one in entries(ticket) if one.code == "road" and one.stage == "earned")


def test_the_road_from_the_own_base_is_paid_beyond_twenty_kilometres(lotus_db: Branch) -> None:
    ticket = far_away()
    mended(ticket)
    road = road_of(ticket)
    km = D(road.inputs["work"]["trip_km"])
    assert 350 < km < 400 and road.points == ((km - 20) * D("0.06")).quantize(D("0.01"))


def test_a_trip_is_paid_once_and_split_by_kilometres(lotus_db: Branch, wu: Actor) -> None:
    near, far = far_away(), far_away(north=0.5)
    names = [near.public_id, far.public_id]
    tickets.bundle_tickets(public_ids=names, name="north", planned_for=MARCH.date(), by=wu, key=key())
    mended(near)
    alone = stands(near)["wu", "road"]
    mended(far)  # now it was a trip: the first one's part of it is less than its own way was
    split = [stands(one)["wu", "road"] for one in (near, far)]
    assert split[0] < alone and split[0] < split[1]
    work = road_of(far).inputs["work"]
    whole = (D(work["trip_km"]) - 20) * D("0.06")
    assert abs(sum(split) - whole) <= D("0.01") and D(work["own_km"]) < D(work["all_km"])
    assert book_again(near, far) == 0


def test_given_back_silently_or_late_costs_a_point_each_time(lotus_db: Branch) -> None:
    with clock.frozen(MARCH):
        silent, late = make_ticket(status="accepted"), make_ticket(status="accepted")
    with clock.frozen(MARCH + timedelta(hours=3)):
        tickets.sweep_clocks()
        tickets.sweep_hoarded()
        follow()
        assert {one.ticket for one in WorkPointEntry.objects.all()} == {silent.public_id, late.public_id}
        assert stands(silent) == {("wu", "no_contact"): D("-1.00")}
        make.grab(silent.public_id, "bo")
        tickets.log_contact(public_id=silent.public_id, by=actor("bo"), key=key())
    with clock.frozen(MARCH + timedelta(hours=6)):
        tickets.ask_for(public_id=silent.public_id, kind="return", reason="busy", asked={}, by=actor("bo"), key=key())
        tickets.approve_request(public_id=silent.public_id, by=actor("lin"), key=key())
        follow()
        assert stands(silent) == {("wu", "no_contact"): D("-1.00"), ("bo", "late_return"): D("-1.00")}
        assert book_again(silent, late) == 0


@pytest.mark.parametrize(
    ("state", "month"), [("calculated", "2026-03"), ("published", "2026-04"), ("locked", "2026-04")]
)
def test_a_month_that_takes_nothing_more_sends_it_to_the_next_and_says_late(
    lotus_db: Branch, state: str, month: str
) -> None:
    with clock.frozen(MARCH):
        worked()
        Period.objects.filter(month="2026-03").update(state=state)
        ticket = worked()
    earned = entries(ticket)[-1]
    assert (earned.period, earned.late) == (month, month != "2026-03")


def test_after_the_branchs_cut_off_it_is_the_next_months(lotus_db: Branch) -> None:
    lotus_db.tenant.policy = POLICY | {"settlement_cut_off_day": 3}
    assert entries(worked())[-1].period == "2026-04"
    assert Period.objects.get(month="2026-04").starts_at.astimezone(clock.BUSINESS_ZONE).day == 4


def test_who_may_not_read_points_cannot_ask_for_it_and_out_of_scope_it_is_not_there(lotus_db: Branch) -> None:
    ticket = worked()
    assert book_ticket(public_id=ticket.public_id, by=actor("ji"), key=key()).facts["entries"] == 0
    with pytest.raises(NotAllowed):
        book_ticket(public_id=ticket.public_id, by=actor("wu"), key=key())
    with pytest.raises(TicketUnknown):
        book_ticket(public_id="nobody-s", by=actor("ji"), key=key())


def test_the_other_branch_has_nothing_of_it(lotus_db: Branch, maple: Branch) -> None:
    ticket = worked()
    with in_branch(maple.tenant):
        assert not WorkPointEntry.objects.exists()
        with pytest.raises(TicketUnknown):
            book_ticket(public_id=ticket.public_id, by=actor("ji"), key=key())
