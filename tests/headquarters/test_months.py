"""The branches' months at headquarters: what each branch's own rooms say, however often and in whatever order it is
counted; the sums are those of the branches, and a branch that is down keeps its last figures."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command

from apps.costing.models import MoneyLine, WorkPointEntry
from apps.costing.services import plans
from apps.costing.services.plans import Cell
from apps.headquarters.models import BranchMonth, DirtyMonth, MonthDifference
from apps.headquarters.months_subscribers import mark_month
from apps.headquarters.months_tasks import compare_months, sweep_months
from apps.headquarters.rules import months as rule
from apps.headquarters.services import months
from apps.tickets.models import Ticket
from steppe.kernel import clock
from steppe.kernel.db import connection
from steppe.kernel.events import SUBSCRIBERS
from steppe.kernel.journal import stream
from steppe.kernel.journal.models import OutboxEvent
from tenants.context import in_branch, in_public
from tests.cast import Branch
from tests.costing import books
from tests.inventory import stock
from tests.make import actor, events, key, make_ticket
from tests.queries import asking
from tests.rules import together

MARCH, APRIL = "2026-03", "2026-04"
HEARD = ("costing.points", "costing.money", "costing.material")
MINE = SUBSCRIBERS["headquarters.months"]


def row(branch: Branch, month: str = MARCH) -> BranchMonth:
    with in_public():
        return BranchMonth.objects.get(branch=branch.tenant.pk, month=month)


def dirty(branch: Branch) -> list[str]:
    with in_public():
        rows = DirtyMonth.objects.filter(branch=branch.tenant.pk)
        return sorted(rows.values_list("month", flat=True))


def bring() -> None:
    """What happened is numbered, points and money follow, then headquarters hears of it."""
    while stream.number_committed()[1]:
        pass
    for name in (*HEARD, MINE.name):
        while stream.drain(SUBSCRIBERS[name]):
            pass


def worked(**more: str) -> None:
    """A ticket that closed now, with what it pays Wu and costs: 5.50 points, 25.03 yuan."""
    make_ticket(status="closed", **more)
    bring()


@pytest.fixture
def lotus_march(lotus_db: Branch) -> Branch:
    with clock.frozen(books.NOON):
        worked()
    return lotus_db


def test_events_mark_and_a_count_says_what_the_branch_says(lotus_march: Branch) -> None:
    assert dirty(lotus_march) == [MARCH]
    with clock.frozen(books.NOON):
        assert MARCH in months.recount(lotus_march.tenant)
    found = row(lotus_march)
    assert (found.settled_points, found.closed_tickets, found.cost_labour) == (550, 1, 2503)
    assert (found.cost, found.contribution, found.counted_at) == (2567, found.revenue - 2567, books.NOON)
    assert dirty(lotus_march) == []


def test_the_figures_are_straight_sql_over_both_branches(lotus_march: Branch, maple: Branch) -> None:
    with in_branch(maple.tenant), clock.frozen(books.NOON):
        worked()
        worked(contact_phone="13900007777", type_code="fault_tv")
    sums = {"cost_labour": 0, "settled_points": 0, "closed_tickets": 0}
    for branch in (lotus_march, maple):
        with clock.frozen(books.NOON):
            months.recount(branch.tenant)
        with in_branch(branch.tenant), connection.cursor() as cursor:
            cursor.execute(
                "SELECT (SELECT sum(fen) FROM costing_moneyline WHERE period = %s AND element = 'labour'), "
                "(SELECT sum(points) * 100 FROM costing_workpointentry WHERE period = %s AND stage = 'earned'), "
                "(SELECT count(*) FROM costing_ticketaccount WHERE period = %s)", [MARCH] * 3,
            )  # fmt: skip
            for name, value in zip(sums, cursor.fetchone(), strict=True):
                sums[name] += int(value)
    with in_public():
        rows = list(BranchMonth.objects.filter(month=MARCH))
    assert {name: sum(getattr(one, name) for one in rows) for name in sums} == sums
    assert sums["closed_tickets"] == 3 and sums["settled_points"] == 550 * 2 + 440


def test_every_measure_is_a_column_and_every_branch_says_each(lotus_db: Branch) -> None:
    assert set(months.count(lotus_db.tenant, MARCH).figures) == set(rule.MEASURES)
    columns = {field.name for field in BranchMonth._meta.get_fields()}
    assert set(rule.MEASURES) <= columns


def test_replays_lost_marks_and_counting_twice_change_nothing(lotus_march: Branch) -> None:
    with clock.frozen(books.NOON):
        months.recount(lotus_march.tenant)
        before = row(lotus_march).__dict__ | {"_state": None}
        for record in events() * 2:
            if record.kind in MINE.kinds:
                mark_month(record)
        months.recount(lotus_march.tenant)
        months.recount(lotus_march.tenant, months=[MARCH])
    assert row(lotus_march).__dict__ | {"_state": None} == before
    assert dirty(lotus_march) == []


def test_a_month_whose_money_is_not_written_yet_waits(lotus_db: Branch) -> None:
    with clock.frozen(books.NOON):
        make_ticket(status="closed")
        while stream.number_committed()[1]:
            pass
        while stream.drain(MINE):
            pass
        assert dirty(lotus_db) == [MARCH]
        assert months.recount(lotus_db.tenant) == [] and dirty(lotus_db) == [MARCH]
        bring()
        assert MARCH in months.recount(lotus_db.tenant) and dirty(lotus_db) == []


def test_what_happens_while_it_is_counted_keeps_its_mark(lotus_march: Branch, monkeypatch: pytest.MonkeyPatch) -> None:
    real = months.replace

    def meanwhile(branch, month):  # type: ignore[no-untyped-def]
        found = real(branch, month)
        months.mark(branch.pk, MARCH, 10_000_000, books.NOON)
        return found

    monkeypatch.setattr(months, "replace", meanwhile)
    with clock.frozen(books.NOON):
        months.recount(lotus_march.tenant)
    assert dirty(lotus_march) == [MARCH]


def test_what_comes_late_stands_in_the_month_it_was_booked_in(lotus_march: Branch) -> None:
    with clock.frozen(books.NOON):
        months.recount(lotus_march.tenant)
    with clock.frozen(books.NOON + timedelta(days=30)):
        books.close(MARCH)
        late = Ticket.objects.get()
        books.earned(late, "1", period=MARCH)
        books.settle(late)
        months.mark(lotus_march.tenant.pk, APRIL, 0, clock.now())
        assert months.recount(lotus_march.tenant) == [MARCH, APRIL], "the points are of March, their cost of April"
    assert (row(lotus_march).cost_labour, row(lotus_march, APRIL).cost_labour) == (2503, 455)
    assert row(lotus_march).costs_closed


def test_a_budget_marks_its_month(lotus_db: Branch) -> None:
    with clock.frozen(books.NOON):
        cells = [Cell("", "", 900_000), Cell("fault_bb", "", 100_000)]
        plans.save_budgets(month=APRIL, cells=cells, by=actor("ji"), key=key())
        bring()
        assert dirty(lotus_db) == [APRIL]
        months.recount(lotus_db.tenant)
    assert row(lotus_db, APRIL).budget == 900_000, "the type's budget is a part of the branch's"


def test_stock_of_the_month_is_what_the_books_say(lotus_db: Branch) -> None:
    with clock.frozen(books.NOON):
        stock.item("cable", "quantity", unit="m", usual_cost=50)
        stock.receive(stock.metres(100, 50))
    with clock.frozen(books.NOON + timedelta(days=30)):
        stock.receive(stock.metres(10, 70))
        months.recount(lotus_db.tenant, months=[MARCH, APRIL])
    march, april = row(lotus_db), row(lotus_db, APRIL)
    assert (march.stock_value, march.stock_received) == (5000, 5000)
    assert (april.stock_value, april.stock_received) == (5700, 700)
    assert march.stock_fen_days == 5000 * 215 // 10, "from noon of the tenth to the end of the month"


def test_the_night_finds_what_nothing_told_and_puts_it_right(lotus_march: Branch) -> None:
    with clock.frozen(books.NOON):
        months.recount(lotus_march.tenant)
        with in_public():
            BranchMonth.objects.filter(branch=lotus_march.tenant.pk, month=MARCH).update(cost_labour=1, duty_seconds=9)
        with in_branch(lotus_march.tenant):
            compare_months()
            compare_months()
    with in_public():
        (told,) = MonthDifference.objects.all()
    assert told.found == {"cost_labour": [1, 2503]} and row(lotus_march).cost_labour == 2503


def test_a_busy_branch_rests_between_two_counts(lotus_march: Branch) -> None:
    with clock.frozen(books.NOON), in_branch(lotus_march.tenant):
        sweep_months()
    with clock.frozen(books.NOON + timedelta(seconds=30)), in_branch(lotus_march.tenant):
        worked(contact_phone="13900007777")
        assert months.catch_up(lotus_march.tenant) == [] and dirty(lotus_march) == [MARCH]
    with clock.frozen(books.NOON + timedelta(seconds=90)):
        assert MARCH in months.catch_up(lotus_march.tenant) and dirty(lotus_march) == []
        with in_branch(lotus_march.tenant), asking(3):
            sweep_months()
    with clock.frozen(books.NOON + timedelta(minutes=20)):
        assert MARCH in months.catch_up(lotus_march.tenant), "a running month is renewed without being told"


def test_a_branch_that_is_down_delays_only_itself(
    lotus_march: Branch, maple: Branch, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = months.count

    def down(branch, month):  # type: ignore[no-untyped-def]
        if branch.pk == lotus_march.tenant.pk:
            raise RuntimeError("its schema is being restored")
        return real(branch, month)

    with clock.frozen(books.NOON):
        months.recount(lotus_march.tenant)
        months.mark(lotus_march.tenant.pk, MARCH, 1, books.NOON)
    monkeypatch.setattr(months, "count", down)
    with clock.frozen(books.NOON + timedelta(minutes=5)):
        with pytest.raises(RuntimeError, match="restored"):
            months.recount(lotus_march.tenant)
        months.recount(maple.tenant, months=[MARCH])
    assert dirty(lotus_march) == [MARCH] and row(lotus_march).cost_labour == 2503
    assert row(maple).counted_at == books.NOON + timedelta(minutes=5)


def test_two_who_count_at_once_end_with_the_newer_look(committed: None, lotus: Branch) -> None:
    with in_branch(lotus.tenant):
        ticket = make_ticket(status="closed")
        month = clock.today()[:7]

    def write_and_count() -> None:
        with in_branch(lotus.tenant):
            books.earned(ticket, "1")
        months.recount(lotus.tenant, months=[month])

    together(lotus, [write_and_count] * 4)
    with in_branch(lotus.tenant):
        rows = WorkPointEntry.objects.filter(period=month, stage="earned")
        truth = int(sum((one.points for one in rows), Decimal(0)) * 100)
    assert row(lotus, month).settled_points == truth


def test_marking_and_counting_ask_so_often(lotus_march: Branch) -> None:
    with asking(3):  # two of them the savepoint that is a transaction outside a test
        months.mark(lotus_march.tenant.pk, MARCH, 5, books.NOON)
    with clock.frozen(books.NOON), asking(21):
        months.count(lotus_march.tenant, MARCH)
    assert OutboxEvent.objects.count() and MoneyLine.objects.count()


def test_months_can_be_read_anew_by_hand(lotus_march: Branch, capsys: pytest.CaptureFixture[str]) -> None:
    with clock.frozen(books.NOON):
        call_command("recount_months", "LO")
    told = capsys.readouterr().out
    assert "LO: 0 months were otherwise" in told and "MA" not in told and row(lotus_march).cost_labour == 2503
