"""A calculation: ticket after ticket, resumable, cancellable; the same lines however often and in how many pieces."""

from decimal import Decimal

import pytest

from apps.costing.models import SettlementLine, SettlementRun, WorkPointEntry
from apps.costing.services import _lines, book, calculating
from apps.costing.settlement_errors import AtWork, NotRunning, RunNotFound
from apps.people.accounts.models import RoleGrant
from apps.tickets.models import Ticket
from steppe.kernel.actors import SYSTEM
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tests.costing import months as m
from tests.make import actor, key


@pytest.fixture(autouse=True)
def november(lotus_db, monkeypatch):
    monkeypatch.setattr(calculating, "BATCH", 4)
    with m.on(2):
        yield


def test_what_nobody_has_booked_is_booked_and_the_lines_are_its_sums():
    m.past(9)
    m.past(3, whose="bo")
    m.priced()
    assert m.calculate() == "done"
    run = SettlementRun.objects.get()
    assert (run.done, run.total, run.state) == (12, 12, "done")
    assert WorkPointEntry.objects.filter(stage="earned", period=m.MONTH, kind="earn").count() == 12
    line = m.line("wu")
    assert (line.tickets, line.points) == (9, 9 * Decimal("5.25")), "fault_bb 5, quick: 1.05"
    assert line.inputs["rates"]["timely"] == [9, 9] and line.coefficient == Decimal("1.10")
    assert line.pay_fen == round(Decimal("47.25") * 350 * Decimal("1.10"))


def test_calculated_again_nothing_is_booked_and_no_line_changes():
    m.past(9)
    m.priced()
    m.calculate()
    entries, lines = WorkPointEntry.objects.count(), m.figures()
    assert m.calculate() == "done"
    assert WorkPointEntry.objects.count() == entries and m.figures() == lines


def test_in_slices_it_comes_to_the_same_lines_as_in_one_piece():
    m.past(10)
    m.priced()
    run, states = m.start(), []
    while (state := calculating.work_on(run, seconds=0)) == "waiting":
        states.append(SettlementRun.objects.get().done)
    assert state == "done" and states == [4, 8, 10]
    sliced = m.figures()
    m.calculate()
    assert m.figures() == sliced


def test_a_second_worker_leaves_it_to_the_first_until_that_one_is_lost():
    m.past(6)
    m.priced()
    run = m.start()
    SettlementRun.objects.update(state="running")
    assert calculating.work_on(run) == "running" and calculating.waiting_runs() == []
    with m.on(2, 10):
        assert calculating.waiting_runs() == [run]
        assert calculating.work_on(run) == "done"
    assert calculating.work_on(run) == "done", "and once it is done nothing is done twice"


def test_who_lost_the_run_in_the_middle_books_nothing_more():
    m.past(6)
    m.priced()
    run = m.start()
    SettlementRun.objects.update(state="running")
    stale = SettlementRun.objects.select_related("period").get()
    SettlementRun.objects.update(cursor=10**9)
    assert not calculating._book_batch(stale, calculating._next(stale))
    assert not WorkPointEntry.objects.exists() and run == stale.public_id


def test_cancelled_it_stops_and_writes_no_line():
    m.past(10)
    m.priced()
    run = m.start()
    calculating.work_on(run, seconds=0)
    calculating.cancel_calculation(public_id=run, by=actor("ji"), key=key())
    assert calculating.work_on(run) == "cancelled"
    assert not SettlementLine.objects.exists() and m.period().state == "open"
    with pytest.raises(NotRunning):
        calculating.cancel_calculation(public_id=run, by=actor("ji"), key=key())
    with pytest.raises(RunNotFound):
        calculating.cancel_calculation(public_id="nobody-s", by=actor("ji"), key=key())
    assert m.calculate() == "done", "another one may begin"


def test_one_at_a_time_and_no_publication_meanwhile():
    m.past(2)
    m.priced()
    m.calculate()
    m.start()
    for refused in (m.start, m.publish, m.priced):
        with pytest.raises(AtWork):
            refused()


def test_a_ticket_that_closes_behind_the_cursor_is_in_the_month_all_the_same():
    tickets = m.past(8)
    early, rest = tickets[0], tickets[1:]
    Ticket.objects.filter(pk=early.pk).update(closed_at=None, status="awaiting_callback")
    m.priced()
    run = m.start()
    calculating.work_on(run, seconds=0)
    Ticket.objects.filter(pk=early.pk).update(closed_at=m.at(31, 23, 10), status="closed")
    while calculating.work_on(run, seconds=0) == "waiting":
        pass
    assert m.line("wu").tickets == len(rest) + 1


def test_a_ticket_booked_after_the_publication_is_in_the_next_month_and_late():
    m.past(2)
    m.priced()
    m.calculate()
    m.publish()
    [ticket] = m.past(1, day=20)
    book([ticket.public_id], by=SYSTEM)
    entry = WorkPointEntry.objects.get(ticket=ticket.public_id, stage="earned")
    assert (entry.period, entry.late) == (m.NEXT, True)
    assert m.line("wu").tickets == 2


def test_who_has_lost_the_role_meanwhile_gets_no_lines_and_the_run_says_so():
    m.past(2)
    m.priced()
    run = m.start()
    RoleGrant.objects.filter(user__username="ji").delete()
    assert calculating.work_on(run) == "failed"
    assert SettlementRun.objects.get().trouble and not SettlementLine.objects.exists()


def test_a_month_that_was_opened_anew_meanwhile_is_not_written_by_an_old_run():
    m.past(2)
    m.priced()
    run = m.start()
    SettlementRun.objects.update(version=7)
    assert calculating.work_on(run) == "failed" and m.period().state == "open"


def test_a_preview_of_a_running_month_leaves_it_open_and_grows_with_it():
    m.priced(month=m.NEXT)
    m.earn("wu", "3", month=m.NEXT)
    assert m.calculate(m.NEXT, preview=True) == "done"
    m.earn("wu", "4", month=m.NEXT)
    m.calculate(m.NEXT, preview=True)
    assert (m.line("wu", m.NEXT).points, m.period(m.NEXT).state) == (7, "open")


def test_the_cut_off_day_moves_what_closes_after_it_into_the_next_month(lotus):
    lotus.tenant.policy |= {"settlement_cut_off_day": 15}
    with in_branch(lotus.tenant):
        m.past(3, day=10)
        m.past(2, day=16)
        m.priced()
        assert m.calculate() == "done"
        assert m.period().ends_at == m.at(16, 0, 10) and m.line("wu").tickets == 3


def test_a_question_with_the_same_key_is_one_run():
    m.priced()
    once = key()
    told = {"month": m.MONTH, "by": actor("ji"), "key": once}
    assert calculating.start_calculation(**told).public_id == calculating.start_calculation(**told).public_id
    assert SettlementRun.objects.count() == 1


def test_the_questions_of_a_line_count_do_not_grow_with_the_technicians(django_assert_max_num_queries):
    for who in ("wu", "bo", "xi", "yun"):
        m.earn(who, "1")
    m.priced()
    with django_assert_max_num_queries(8):
        _lines.work_out(m.period())


def test_another_branchs_run_is_not_there(maple):
    m.priced()
    run = m.start()
    with in_branch(maple.tenant):
        assert calculating.work_on(run) == "gone"
        with pytest.raises(RunNotFound):
            calculating.cancel_calculation(public_id=run, by=actor("ji"), key=key())
    assert SettlementRun.objects.get().state == "waiting"


def test_only_who_settles_may_cancel():
    m.priced()
    run = m.start()
    for who in ("wu", "yun", "de"):
        with pytest.raises(NotAllowed):
            calculating.cancel_calculation(public_id=run, by=actor(who), key=key())
