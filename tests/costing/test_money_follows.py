"""The whole way by itself: points, stock and fees become money as the relay brings what happened, twice or at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction

from apps.costing import profit_read as profit
from apps.costing.models import AccountVersion, MoneyLine, WorkPointEntry
from apps.costing.profit_read import Where
from apps.costing.rules import ticket_cost
from apps.costing.rules.rulebook import DEFAULT
from apps.costing.services import accounts
from apps.tickets import services as tickets
from apps.tickets.models import Charge
from steppe.kernel import clock
from steppe.kernel.events import SUBSCRIBERS
from steppe.kernel.journal import stream
from steppe.kernel.journal.models import ParkedEvent, SubscriberCursor
from tenants.context import in_branch
from tests.cast import Branch
from tests.costing import books
from tests.costing.test_ticket_account import charge, close
from tests.databases import Database
from tests.inventory import on_tickets as work
from tests.make import actor, key, make_ticket

READERS = ("costing.points", "costing.money", "costing.material")


def hear(*names: str) -> None:
    while stream.number_committed()[1]:
        pass
    for name in names or READERS:
        while stream.drain(SUBSCRIBERS[name]):
            pass
    assert not ParkedEvent.objects.exists() and not SubscriberCursor.objects.filter(attempts__gt=0).exists()


def worked(metres: int = 4):
    """A fault with cable and a fee, closed by its callback."""
    work.fill_van()
    ticket = work.ticket()
    work.enter(ticket, "cable", metres)
    charge(ticket)
    tickets.complete_ticket(public_id=ticket.public_id, solution="x", by=actor("wu"), key=key())
    close(ticket)
    return ticket


def check(ticket) -> None:
    """Money agrees with the ledger, the stock and the fees, to the fen."""
    money = profit.sheet_for(actor("ji"), ticket.public_id).money
    rows = WorkPointEntry.objects.filter(ticket=ticket.public_id, stage="earned").exclude(kind="deduction")
    points = rows.values_list("points", flat=True)
    assert money.elements["labour"] == sum(ticket_cost.labour(one, DEFAULT.rates) for one in points)
    assert money.revenue == sum(Charge.objects.filter(ticket=ticket).values_list("amount_fen", flat=True))
    from apps.inventory import costs_read

    assert money.elements["material"] == costs_read.cost_of_ticket(ticket.public_id)
    books.check_accounts()


def test_by_itself_everything_is_there_in_the_first_version(lotus_db: Branch) -> None:
    ticket = worked()
    hear()
    check(ticket)
    assert AccountVersion.objects.get().totals["cost.labour"] > 0
    assert profit.month_of(actor("ji"), Where(clock.today()[:7])).tickets == 1


def test_whichever_reader_is_first_the_account_comes_to_the_same(lotus_db: Branch) -> None:
    first, second = worked(), None
    hear("costing.material", "costing.money", "costing.points")
    check(first)
    second = make_ticket(status="closed", contact_phone="13900007777", address="Larch 2")
    hear("costing.points", "costing.material", "costing.money")
    check(second)


def test_brought_again_from_the_beginning_nothing_more_is_written(lotus_db: Branch) -> None:
    ticket = worked()
    hear()
    before = MoneyLine.objects.count(), AccountVersion.objects.count()
    for _ in range(2):
        SubscriberCursor.objects.filter(subscriber__in=READERS).update(seq=0)
        hear()
    assert (MoneyLine.objects.count(), AccountVersion.objects.count()) == before
    check(ticket)


def test_a_reopened_tickets_second_end_goes_on_in_the_same_account(lotus_db: Branch) -> None:
    ticket = worked()
    hear()
    tickets.reopen_ticket(public_id=ticket.public_id, reason="again", by=actor("hui"), key=key())
    hear()
    check(ticket)


@pytest.mark.parametrize("hands", [8])
def test_many_readers_at_once_write_each_line_once(committed: Database, lotus: Branch, hands: int) -> None:
    with in_branch(lotus.tenant):
        ticket = worked()
        barrier = threading.Barrier(hands)

        def settle(_n: int) -> int:
            try:
                with in_branch(lotus.tenant):
                    barrier.wait()
                    with transaction.atomic():
                        return accounts.settle(ticket.public_id)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(hands) as pool:
            written = list(pool.map(settle, range(hands)))
        assert sorted(written)[:-1] == [0] * (hands - 1) and max(written) == MoneyLine.objects.count() > 0
        assert AccountVersion.objects.count() == 1
        hear()
        check(ticket)


def test_a_month_that_is_closed_while_lines_are_written_has_them_all_or_they_are_late(
    committed: Database, lotus: Branch
) -> None:
    """Who closes waits for who writes; whoever comes later finds it closed. The digest fits in either case."""
    from apps.costing.models import CostPeriod
    from apps.costing.services import cost_months

    with in_branch(lotus.tenant):
        with clock.frozen(books.NOON):
            made = [make_ticket(status="closed", contact_phone=f"1390000{n:04d}") for n in range(6)]
            for one in made:
                books.earned(one, "2", period="2026-03")
        CostPeriod.objects.create(month="2026-03")
        barrier = threading.Barrier(len(made) + 1)

        def run(job) -> None:
            try:
                with in_branch(lotus.tenant):
                    barrier.wait()
                    job()
            finally:
                connections.close_all()

        def settle(one):
            def job() -> None:
                with transaction.atomic():
                    accounts.settle(one.public_id)

            return job

        def shut() -> None:
            with clock.frozen(books.NOON.replace(month=5)):
                cost_months.close_cost_month(month="2026-03", by=actor("ji"), key=key())

        with ThreadPoolExecutor(len(made) + 1) as pool:
            list(pool.map(run, [*map(settle, made), shut]))
        month = CostPeriod.objects.get(month="2026-03")
        assert month.state == "closed" and month.lines_hash == cost_months.digest_of("2026-03")
        assert MoneyLine.objects.count() == len(made)
        assert set(MoneyLine.objects.values_list("period", "late")) <= {("2026-03", False), ("2026-04", True)}
        books.check_accounts()
