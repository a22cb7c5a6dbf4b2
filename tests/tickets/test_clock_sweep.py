"""The sweep of the clocks: warned, flagged, escalated, each once; nobody's trouble silences the others."""

from datetime import date, datetime, timedelta

import pytest

from apps.tickets import services
from apps.tickets.models import Breach, ClockNotice, ServiceDay, Ticket
from apps.tickets.services import clocks
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from tenants.context import in_branch
from tests import make
from tests.cast import Branch
from tests.make import key, make_ticket
from tests.tickets.steps import ask, do, now_of

MONTH = timedelta(days=30)


def told(ticket: Ticket) -> list[tuple[str, int, str, str]]:
    """Clock, run, level and who was told, in order."""
    rows = ClockNotice.objects.filter(ticket=ticket).order_by("id")
    return list(rows.values_list("clock", "run", "level", "told"))


def at(moment: datetime) -> int:
    """Sweep at this moment; how many tickets were told something."""
    with clock.frozen(moment):
        return services.sweep_clocks()


def held(ticket: Ticket, hours: float, kind: str = "customer") -> None:
    """Held for so long from now, for this class of reason."""
    ask("hold", ticket.public_id, by=make.actor("wu"), hold_class=kind, resume_at=clock.now() + timedelta(hours=hours))
    services.approve_request(public_id=ticket.public_id, by=make.actor("bai"), key=key())


def test_a_ticket_nobody_takes_is_told_to_one_after_the_other(lotus_db: Branch) -> None:
    ticket = make_ticket()
    begin = ticket.pooled_at
    for minutes in range(0, 120, 5):
        at(begin + timedelta(minutes=minutes, seconds=1))
    assert told(ticket) == [
        ("accept", 1, "warn", "dispatcher"),  # 24 minutes: 80 %
        ("accept", 1, "due", "dispatcher"),
        ("accept", 1, "later", "grid_leader"),
        ("accept", 1, "latest", "dept_manager"),
    ]
    kinds = [event.kind for event in make.events() if event.kind.startswith(("ticket.clock", "ticket.overdue"))]
    assert kinds == ["ticket.clock_warned", "ticket.overdue", "ticket.clock_escalated", "ticket.clock_escalated"]


def test_the_promise_goes_up_to_the_branch_administrator(lotus_db: Branch) -> None:
    ticket = make_ticket(status="in_progress")
    for hours in range(60):
        at(ticket.reported_at + timedelta(hours=hours, seconds=1))
    levels = [(level, who) for name, _, level, who in told(ticket) if name == "resolve"]
    assert levels == [
        ("warn", "technician"), ("due", "dispatcher"), ("later", "dept_manager"), ("latest", "branch_admin"),
        ("legal", "branch_admin"),
    ]  # fmt: skip


def test_whoever_missed_a_level_is_told_the_highest_and_every_row_is_kept(lotus_db: Branch) -> None:
    """The worker stood still for two hours: one alarm and one escalation, not four cards."""
    ticket = make_ticket()
    assert at(ticket.pooled_at + timedelta(hours=2)) == 1
    assert [level for *_, level, _ in told(ticket)] == ["warn", "due", "later", "latest"]
    kinds = [event.kind for event in make.events()]
    assert kinds.count("ticket.overdue") == 1 and kinds.count("ticket.clock_escalated") == 1
    assert "ticket.clock_warned" not in kinds


def test_a_clock_that_starts_anew_warns_anew(lotus_db: Branch) -> None:
    ticket = make_ticket()
    at(ticket.pooled_at + timedelta(minutes=25))
    with clock.frozen(ticket.pooled_at + timedelta(minutes=26)):
        do("dispatch", ticket.public_id)
        do("decline", ticket.public_id)
    at(ticket.pooled_at + timedelta(minutes=26 + 25))
    # run 2 was the confirmation
    assert [(run, level) for _, run, level, _ in told(ticket)] == [(1, "warn"), (3, "warn")]


def test_a_reassigned_ticket_keeps_the_promise_and_starts_its_own_clocks(lotus_db: Branch) -> None:
    ticket = make_ticket(status="accepted")
    later = clock.now() + timedelta(minutes=50)
    with clock.frozen(later):
        do("reassign", ticket.public_id)
    found = now_of(ticket)
    assert found.resolve_due_at == ticket.resolve_due_at
    assert found.accept_due_at == later + timedelta(minutes=15)


def test_a_clock_that_stopped_once_and_runs_again_is_flagged(lotus_db: Branch) -> None:
    """Done in the last minute; then the customer says: not fixed, and the promise counts from the beginning."""
    ticket = make_ticket(status="in_progress")
    with clock.frozen(ticket.resolve_due_at - timedelta(minutes=1)):
        do("complete", ticket.public_id)
    at(ticket.resolve_due_at)
    assert not Breach.objects.exists()
    with clock.frozen(ticket.resolve_due_at + timedelta(minutes=1)):
        services.callback_reject(public_id=ticket.public_id, reason="still_broken", by=lotus_db.hui, key=key())
        services.sweep_clocks()
    assert "resolve" in now_of(ticket).overdue_clocks and Breach.objects.get(clock="resolve")


def test_late_done_and_sent_back_it_is_late_at_once_and_the_breach_goes_on(lotus_db: Branch) -> None:
    ticket = make_ticket(status="in_progress")
    at(ticket.resolve_due_at + timedelta(hours=1))
    with clock.frozen(ticket.resolve_due_at + timedelta(hours=2)):
        do("complete", ticket.public_id)
    assert not now_of(ticket).overdue_clocks and Breach.objects.get().ended_at
    with clock.frozen(ticket.resolve_due_at + timedelta(hours=3)):
        do("callback_reject", ticket.public_id)
        assert now_of(ticket).overdue_clocks == ["resolve"] and now_of(ticket).overdue
        assert services.sweep_clocks() == 0
    assert Breach.objects.get(clock="resolve").ended_at is None


def test_with_another_promise_it_is_no_longer_late_and_late_again_when_that_is_broken_too(lotus_db: Branch) -> None:
    """Warned, flagged and escalated for each due; one row per level, one breach per due."""
    ticket = make_ticket(status="in_progress")
    first = ticket.resolve_due_at
    at(first)
    with clock.frozen(first + timedelta(minutes=5)):
        do("change_type", ticket.public_id, type_code="install_bb")
    second = now_of(ticket).resolve_due_at
    assert second > first and not now_of(ticket).overdue_clocks
    at(second - timedelta(minutes=1))
    assert not now_of(ticket).overdue_clocks
    assert at(second) == 1 and at(second) == 0
    assert now_of(ticket).overdue_clocks == ["resolve"]
    kept = list(Breach.objects.filter(clock="resolve").order_by("due_at").values_list("due_at", "ended_at"))
    assert [due for due, _ in kept] == [first, second] and kept[0][1] is not None and kept[1][1] is None
    levels = [level for name, _, level, _ in told(ticket) if name == "resolve"]
    assert sorted(levels) == ["due", "warn"]


def test_who_was_warned_before_a_pause_is_not_warned_again_after_it(lotus_db: Branch) -> None:
    """At 19.5 of 24 hours, then ten hours of pause: due at 34, warned once."""
    ticket = make_ticket(status="in_progress")
    warned = ticket.reported_at + timedelta(hours=19.5)
    at(warned)
    with clock.frozen(warned):
        held(ticket, 10)
    with clock.frozen(warned + timedelta(hours=10)):
        do("resume", ticket.public_id)
    assert at(ticket.reported_at + timedelta(hours=33)) == 0
    assert ClockNotice.objects.get(ticket=ticket, clock="resolve", level="warn").at == warned
    at(ticket.reported_at + timedelta(hours=34))
    assert now_of(ticket).overdue_clocks == ["resolve"]


def test_a_pause_that_ends_as_planned_is_nobodys_delay(lotus_db: Branch) -> None:
    """domain.md §3.4: at 80 % a reminder, at 100 % the work goes on by itself; no flag, no breach."""
    ticket = make_ticket(status="in_progress")
    begin = clock.now()
    with clock.frozen(begin):
        held(ticket, 5)
    at(begin + timedelta(hours=4.5))
    with clock.frozen(begin + timedelta(hours=5)):
        services.sweep_clocks()
        assert services.sweep_holds() == 1
    found = now_of(ticket)
    assert (found.status, found.was_overdue, found.overdue_clocks) == ("in_progress", False, [])
    assert [(level, who) for name, _, level, who in told(ticket) if name == "hold"] == [("warn", "technician")]


def test_a_breach_says_what_it_waited_for(lotus_db: Branch) -> None:
    """Without parts the customer's clock runs on: kept with the class of the pause, for who judges it later."""
    ticket = make_ticket(status="in_progress")
    with clock.frozen(ticket.resolve_due_at - timedelta(hours=1)):
        held(ticket, 10, "material")
    at(ticket.resolve_due_at)
    assert Breach.objects.get(clock="resolve").cause_class == "material"


def test_the_holidays_of_last_year_still_count_for_what_ran_through_them(lotus_db: Branch) -> None:
    """Opened before the holidays, looked at in January: the due is the same as in December."""
    lotus_db.tenant.policy = {"technician_cap": 3, "service": [480, 1200]}
    for day in (30, 31):
        ServiceDay.objects.create(day=date(2025, 12, day), name="closed")
    evening = datetime(2025, 12, 29, 19, 50, tzinfo=clock.BUSINESS_ZONE)
    with clock.frozen(evening):
        ticket = make_ticket()
    morning = datetime(2026, 1, 1, 8, 20, tzinfo=clock.BUSINESS_ZONE)
    assert ticket.accept_due_at == morning
    with clock.frozen(morning - timedelta(minutes=10)):
        do("urge", ticket.public_id)
    assert now_of(ticket).accept_due_at == morning


def test_a_second_sweep_changes_nothing(lotus_db: Branch) -> None:
    ticket = make_ticket()
    late = ticket.pooled_at + MONTH
    assert at(late) == 1
    known, version = told(ticket), now_of(ticket).version
    assert at(late) == 0
    assert (told(ticket), now_of(ticket).version) == (known, version)


def test_one_ticket_in_trouble_does_not_silence_the_next(lotus_db: Branch, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, fine = make_ticket(), make_ticket()
    real = clocks.book.runs_of

    def runs(ticket: Ticket, *rest: object) -> object:
        if ticket.pk == broken.pk:
            raise RuntimeError("trouble")
        return real(ticket, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(clocks.book, "runs_of", runs)
    assert at(fine.pooled_at + timedelta(minutes=31)) == 1
    assert now_of(fine).overdue_clocks == ["accept"] and not now_of(broken).overdue_clocks


def test_tickets_in_trouble_do_not_stand_in_the_way_for_ever(lotus_db: Branch, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as one turn takes are broken, and they have waited longest; the next turn comes to the sound one."""
    monkeypatch.setattr(clocks, "BATCH", 2)
    broken = [make_ticket().pk, make_ticket().pk]
    fine = make_ticket()
    real = clocks.book.runs_of

    def runs(ticket: Ticket, *rest: object) -> object:
        if ticket.pk in broken:
            raise RuntimeError("trouble")
        return real(ticket, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(clocks.book, "runs_of", runs)
    late = fine.pooled_at + timedelta(minutes=31)
    assert [at(late), at(late)] == [0, 1]
    assert now_of(fine).overdue_clocks == ["accept"]


def test_a_branch_with_a_mountain_of_late_tickets_takes_one_turn_like_the_others(
    lotus_db: Branch, maple: Branch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Branches take turns (tenants.fanout); a turn ends after so many tickets, whatever is left."""
    monkeypatch.setattr(clocks, "BATCH", 3)
    for _ in range(8):
        make_ticket()
    with in_branch(maple.tenant):
        small = make_ticket()
    late = small.pooled_at + timedelta(minutes=31)
    turns = []
    for _ in range(3):
        turns.append(at(late))
        with in_branch(maple.tenant):
            turns.append(at(late))
    assert turns == [3, 1, 3, 0, 2, 0]


def test_the_longest_late_comes_first(lotus_db: Branch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clocks, "BATCH", 1)
    second = make_ticket()
    with clock.frozen(clock.now() - timedelta(hours=1)):
        first = make_ticket()
    at(second.pooled_at + timedelta(minutes=31))
    assert now_of(first).overdue_clocks and not now_of(second).overdue_clocks


def test_at_night_nobody_is_late_to_take_an_ordinary_ticket(lotus_db: Branch) -> None:
    """Opened at 19:45 with 30 minutes and service until 20:00: due at 08:15; an urgent one has ten minutes by night."""
    lotus_db.tenant.policy = {"technician_cap": 3, "service": [480, 1200]}
    evening = datetime(2026, 3, 2, 19, 45, tzinfo=clock.BUSINESS_ZONE)
    with clock.frozen(evening):
        calm, urgent = make_ticket(), make_ticket(priority=0)
    assert calm.accept_due_at == evening + timedelta(hours=12, minutes=30)
    assert urgent.accept_due_at == evening + timedelta(minutes=10)


def test_what_a_customer_says_is_kept_as_a_reason_with_a_word(lotus_db: Branch, mei: Actor) -> None:
    ticket = make_ticket(status="awaiting_callback", by=mei)
    services.rate_ticket(public_id=ticket.public_id, fixed=False, score=None, by=mei, key=key())
    assert ticket.history.last().reason == "still_broken"
