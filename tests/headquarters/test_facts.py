"""Figures of every branch follow its tickets: marked by events, computed anew, moved when a ticket moves."""

from datetime import timedelta

import pytest

from apps.headquarters.models import DailyFact, FactDifference, FactStand, TicketFact
from apps.headquarters.rules.measures import unknown
from apps.headquarters.services import catch_up, check_facts, converge, facts, rebuild_facts
from apps.tickets import services
from apps.tickets.models import Breach, Ticket
from apps.tickets.services import sweep_clocks
from steppe.kernel import clock
from tenants.context import in_branch, in_public
from tests.cast import Branch
from tests.headquarters.facts import bring, counted, marked, stored, straight, totals
from tests.make import actor, events, key, make_ticket
from tests.queries import asking

STATUSES = (
    "submitted", "pooled", "assigned", "accepted", "in_progress", "on_hold", "awaiting_callback", "closed", "cancelled",
    "void",
)  # fmt: skip
TAKEN = ("in_progress", "on_hold", "awaiting_callback")  # by another one: three tickets are all that one may have


def test_every_state_is_counted_as_its_tickets_say(lotus_db: Branch) -> None:
    for status in STATUSES:
        make_ticket(status=status, to="bo" if status in TAKEN else "wu")
    found = counted(lotus_db)
    assert found == straight(lotus_db)
    sums = totals(found)
    assert {name: sums[name] for name in ("created", "volume", "voided", "ended", "closed", "finished", "scored")} == {
        "created": 10, "volume": 9, "voided": 1, "ended": 2, "closed": 1, "finished": 1, "scored": 1,
    }  # fmt: skip
    assert (sums["accepted"], sums["grabbed"], sums["on_time"], sums["score_sum"]) == (1, 1, 1, 5)
    assert not unknown(sums)


def test_events_only_mark_and_a_second_delivery_marks_nothing(lotus_db: Branch) -> None:
    ticket = make_ticket()
    found = events()
    bring(found)
    assert marked(lotus_db) == {ticket.public_id}
    assert stored(lotus_db) == {}
    converge(lotus_db.tenant)
    once = stored(lotus_db)
    bring(found)
    assert marked(lotus_db) == set()
    assert stored(lotus_db) == once == straight(lotus_db)


def test_a_mark_made_while_counting_stays(lotus_db: Branch, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket, real = make_ticket(), facts._count
    said = events()
    bring(said)

    def meanwhile(branch, names):  # type: ignore[no-untyped-def]
        real(branch, names)
        facts.mark(branch.pk, said[-1])

    with monkeypatch.context() as patch:
        patch.setattr(facts, "_count", meanwhile)
        converge(lotus_db.tenant)
    assert marked(lotus_db) == {ticket.public_id}
    converge(lotus_db.tenant)
    assert marked(lotus_db) == set()


def test_who_dies_while_counting_leaves_everything_as_it_was(lotus_db: Branch, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = make_ticket(status="closed")
    bring()

    def dies(*_: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(facts, "_clean", dies)
        with pytest.raises(RuntimeError):
            converge(lotus_db.tenant)
    assert stored(lotus_db) == {}
    assert marked(lotus_db) == {ticket.public_id}
    assert counted(lotus_db) == straight(lotus_db) != {}


def test_an_overdue_ticket_that_is_exempted_moves(lotus_db: Branch) -> None:
    with clock.frozen(clock.now() - timedelta(days=9)):
        ticket = make_ticket(status="accepted")
    while sweep_clocks():
        continue
    assert totals(counted(lotus_db)) == {"created": 1, "volume": 1, "open_late": 1, "late_open": 1}
    with in_public():
        row = TicketFact.objects.get()
    assert (row.overdue, row.due_day is not None) == (True, True)
    breach = Breach.objects.get(ticket=ticket, clock="resolve")
    services.exempt_breach(public_id=ticket.public_id, breach_id=breach.pk, reason="flood", by=actor("bai"), key=key())
    assert totals(counted(lotus_db)) == {"created": 1, "volume": 1, "open_late": 1}
    assert stored(lotus_db) == straight(lotus_db)


def test_a_reopened_ticket_takes_its_end_back(lotus_db: Branch) -> None:
    ticket = make_ticket(status="closed")
    assert totals(counted(lotus_db))["closed"] == 1
    services.reopen_ticket(public_id=ticket.public_id, reason="dark again", by=actor("hui"), key=key())
    assert totals(counted(lotus_db)) == {"created": 1, "volume": 1}


def test_another_type_and_another_grid_move_it(lotus_db: Branch) -> None:
    ticket = make_ticket()
    assert {key[1] for key in counted(lotus_db)} == {"fault_bb"}
    services.change_type(
        public_id=ticket.public_id, type_code="fault_tv", reason="it is the television", by=actor("lin"), key=key()
    )
    assert {place[1] for place in counted(lotus_db)} == {"fault_tv"}
    Ticket.objects.filter(pk=ticket.pk).update(grid=None, area_class="D")
    rebuild_facts(lotus_db.tenant)
    assert {place[2:4] for place in stored(lotus_db)} == {("", "D")}
    assert stored(lotus_db) == straight(lotus_db)


def test_a_fault_that_comes_back_changes_the_one_before(lotus_db: Branch) -> None:
    first = make_ticket(status="closed", account_no="A-1")
    assert totals(counted(lotus_db))["fixed_first"] == 1
    again = make_ticket(account_no="A-1")
    assert again.repeat_of_id == first.pk
    sums = totals(counted(lotus_db))
    assert (sums.get("fixed_first", 0), sums["trouble_closed"]) == (0, 1)
    services.void_ticket(public_id=again.public_id, reason="a mistake", by=actor("lin"), key=key())
    assert totals(counted(lotus_db))["fixed_first"] == 1
    assert stored(lotus_db) == straight(lotus_db)


def test_a_nights_comparison_reports_and_mends(lotus_db: Branch) -> None:
    make_ticket(status="closed")
    lost = make_ticket()
    right = counted(lotus_db)
    check_facts(lotus_db.tenant)
    with in_public():
        assert FactDifference.objects.count() == 0
        DailyFact.objects.filter(closed__gt=0).update(closed=5, scored=0)
        TicketFact.objects.filter(ticket=lost.public_id).delete()
        TicketFact.objects.create(
            branch_id=lotus_db.tenant.pk, ticket="of-no-ticket", ticket_no="X", type_code="x", area_class="A",
            status="pooled", reported_at=clock.now(), created_day=clock.today(), measures={"created": 1},
        )  # fmt: skip
    check_facts(lotus_db.tenant)
    assert stored(lotus_db) == right == straight(lotus_db)
    with in_public():
        told = FactDifference.objects.get()
        assert (told.tickets, told.sums > 0) == (2, True)
        assert lost.public_id in told.examples
        assert FactStand.objects.get().checked_at is not None


def test_what_is_on_its_way_is_no_difference(lotus_db: Branch) -> None:
    make_ticket()
    counted(lotus_db)
    make_ticket(status="accepted")  # not numbered yet
    check_facts(lotus_db.tenant)
    with in_public():
        assert FactDifference.objects.count() == 0
    assert counted(lotus_db) == straight(lotus_db)


def test_as_of_waits_for_what_is_not_counted(lotus_db: Branch) -> None:
    early = clock.now() - timedelta(hours=2)
    with clock.frozen(early):
        make_ticket()
    converge(lotus_db.tenant)
    with in_public():
        assert FactStand.objects.get().fresh_at == early  # said, not brought
    bring()
    assert catch_up(lotus_db.tenant) is False
    with in_public():
        assert FactStand.objects.get().fresh_at > early
    with asking(2):
        catch_up(lotus_db.tenant)


@pytest.mark.parametrize("tickets", [1, 6])
def test_a_batch_asks_as_often_however_many_tickets(lotus_db: Branch, tickets: int) -> None:
    for _ in range(tickets):
        make_ticket(status="closed")
    bring()
    with asking(30):
        converge(lotus_db.tenant)


def test_branches_are_counted_apart(lotus_db: Branch, maple: Branch) -> None:
    make_ticket()
    with in_branch(maple.tenant):
        make_ticket(status="closed")
    here, there = counted(lotus_db), counted(maple)
    assert (totals(here), totals(there)["closed"]) == ({"created": 1, "volume": 1}, 1)
    assert (here, there) == (straight(lotus_db), straight(maple))
