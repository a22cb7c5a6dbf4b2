"""Two at once, real connections: one publishes, one calculates, one is right; who books meets who publishes."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connections

from apps.costing.models import Dispute, PeriodStep, SettlementLine, SettlementRun, WorkPointEntry
from apps.costing.services import book, calculating, dispute_decisions
from apps.costing.services._lines import work_out
from steppe.kernel.actors import SYSTEM
from steppe.kernel.errors import DomainError
from tenants.context import in_branch
from tests.costing import months as m
from tests.make import actor, key

HANDS = 8


@pytest.fixture
def lotus_for_many(committed, lotus):
    with m.on(2), in_branch(lotus.tenant):
        yield lotus


def race(branch, *works: Callable[[], object]) -> Counter[str]:
    """All at once, each on a connection of its own; what came out."""
    barrier = threading.Barrier(len(works))

    def hand(work: Callable[[], object]) -> str:
        try:
            with m.on(2), in_branch(branch.tenant):
                barrier.wait(timeout=60)
                work()
                return "done"
        except DomainError as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return Counter(pool.map(hand, works))


def test_of_eight_who_publish_one_does(lotus_for_many):
    m.earn("wu", "10")
    m.priced()
    m.calculate()
    found = race(lotus_for_many, *[m.publish, lambda: m.publish(by="bai")] * (HANDS // 2))
    assert found == {"done": 1, "costing.wrong_month_state": HANDS - 1}
    assert PeriodStep.objects.filter(step="publish").count() == 1


def test_of_eight_who_ask_for_the_calculation_one_gets_it(lotus_for_many):
    m.priced()
    found = race(lotus_for_many, *[m.start] * HANDS)
    assert found == {"done": 1, "costing.at_work": HANDS - 1} and SettlementRun.objects.count() == 1


def test_eight_workers_at_one_run_book_each_ticket_once(lotus_for_many, monkeypatch):
    monkeypatch.setattr(calculating, "BATCH", 5)
    m.past(30)
    m.priced()
    run = m.start()
    race(lotus_for_many, *[lambda: calculating.work_on(run)] * HANDS)
    assert SettlementRun.objects.get().state == "done"
    assert WorkPointEntry.objects.filter(stage="earned").count() == 30 and m.line("wu").tickets == 30


def test_what_is_booked_while_somebody_publishes_is_in_the_lines_or_in_the_next_month(lotus_for_many):
    m.past(3)
    m.priced()
    m.calculate()
    late = m.past(HANDS, day=20)

    def add(one):
        from django.db import transaction

        with transaction.atomic():
            book([one.public_id], by=SYSTEM)

    race(lotus_for_many, m.publish, *[lambda one=one: add(one) for one in late])
    month = m.period()
    if month.state == "calculated":  # a booking came first, and the publication said so
        m.calculate()
        m.publish()
    assert [one.points for one in work_out(m.period())] == [m.line("wu").points]
    booked = Counter(WorkPointEntry.objects.filter(stage="earned").values_list("period", "late"))
    assert sum(booked.values()) == 3 + HANDS and set(booked) <= {(m.MONTH, False), (m.NEXT, True)}


def test_a_technician_who_confirms_and_disputes_at_once_does_one_of_them(lotus_for_many):
    m.published()
    found = race(lotus_for_many, lambda: m.confirm("wu"), lambda: m.dispute("wu"))
    assert found["done"] == 1 and sum(found.values()) == 2
    assert (m.line("wu").state == "disputed") == Dispute.objects.exists()


def test_two_who_grant_the_same_dispute_book_it_once(lotus_for_many):
    m.published()
    name = m.dispute("wu", wanted=Decimal(5))
    say = {"public_id": name, "grant": True, "text": "yes"}
    found = race(
        lotus_for_many,
        *[lambda: dispute_decisions.answer_dispute(**say, by=actor("yun"), key=key())] * 2,
    )
    assert found == {"done": 1, "costing.wrong_dispute_state": 1}
    assert WorkPointEntry.objects.filter(kind="dispute_correction").count() == 1
    assert SettlementLine.objects.get(technician=m.technician("wu")).points == 105
