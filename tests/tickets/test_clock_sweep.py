"""The sweep of the clocks: warned, flagged, escalated, each once; nobody's trouble silences the others."""

from datetime import datetime, timedelta

import pytest

from apps.tickets import services
from apps.tickets.models import Breach, ClockNotice, Ticket
from apps.tickets.services import clocks
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from tenants.context import in_branch
from tests import make
from tests.cast import Branch
from tests.make import key, make_ticket
from tests.tickets.steps import do, now_of

MONTH = timedelta(days=30)


def told(ticket: Ticket) -> list[tuple[str, int, str, str]]:
    """Clock, run, level and who was told, in order."""
    rows = ClockNotice.objects.filter(ticket=ticket).order_by("id")
    return list(rows.values_list("clock", "run", "level", "told"))


def at(moment: datetime) -> int:
    """Sweep at this moment; how many tickets were told something."""
    with clock.frozen(moment):
        return services.sweep_clocks()


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
