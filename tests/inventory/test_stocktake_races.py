"""Counts with real connections: the list is frozen in a lively store, and what only one may do, one does."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

from django.db import connections

from apps.inventory import services
from apps.inventory.models import Balance, Count, Entry, Movement, Tally
from steppe.kernel.errors import DomainError
from tenants.context import in_branch
from tests.cast import Branch
from tests.databases import Database
from tests.inventory import stock
from tests.inventory import stocktake as take
from tests.make import actor, key

HANDS = 6


def _at_once(branch: Branch, deeds: list[Callable[[], object]]) -> Counter[str]:
    """Each in a thread and a connection of its own, all from the same moment; what came of them."""
    barrier = threading.Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> str:
        try:
            with in_branch(branch.tenant):
                barrier.wait()
                deed()
            return "done"
        except DomainError as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return Counter(pool.map(run, deeds))


def test_a_list_frozen_while_goods_move_agrees_with_every_movement(committed: Database, lotus: Branch) -> None:
    with in_branch(lotus.tenant):
        stock.cable(), stock.item()
        stock.receive(stock.metres(1000), stock.boxes(*(f"BOX{n:03d}" for n in range(60))))
        van = stock.van().code
        papers = [
            stock.write("issue", stock.metres(1), stock.boxes(f"BOX{n:03d}"), source="main", target=van)
            for n in range(40)
        ]

        def issue(some: list[str]) -> None:
            for number in some:
                stock.post(number)

        def count() -> None:
            for _ in range(6):
                number = take.opened()
                services.withdraw_count(number=number, by=actor("ku"), key=key())
            take.opened()

        lively = [lambda some=papers[n::4]: issue(some) for n in range(4)]
        assert _at_once(lotus, [*lively, count]) == {"done": 5}
        for found in Count.objects.all():
            line = found.lines.get(item__code="cable")
            later = Movement.objects.filter(place__code="main", item__code="cable", pk__gt=line.frozen_upto)
            moved = sum(later.values_list("delta", flat=True), Decimal(0))
            assert line.frozen + moved == Balance.objects.get(place__code="main", item__code="cable").quantity
        number = Count.objects.get(state="counting").number
        take.tally(number, "cable", 960)
        take.scan(number, *(f"BOX{n:03d}" for n in range(40, 60)))
        take.close(number)
        assert take.differences(number) == {} and take.findings(number) == {}


def test_two_who_open_the_same_count_once(committed: Database, lotus: Branch) -> None:
    with in_branch(lotus.tenant):
        stock.cable()
        stock.receive(stock.metres(100))
        opened = [lambda who=who: take.opened(by=who) for who in ("ku", "bai") * (HANDS // 2)]
        assert _at_once(lotus, opened) == {"done": 1, "inventory.count_open": HANDS - 1}


def test_two_who_approve_post_once_and_a_number_is_ticked_once(committed: Database, lotus: Branch) -> None:
    with in_branch(lotus.tenant):
        stock.cable(), stock.item()
        stock.receive(stock.metres(100), stock.boxes())
        number = take.opened()
        scans = [lambda: take.scan(number, "SN0001") for _ in range(HANDS)]
        assert _at_once(lotus, scans) == {"done": HANDS} and Tally.objects.count() == 1
        take.tally(number, "cable", 97)
        take.close(number)
        entries = Entry.objects.count()
        approved = [lambda who=who: take.approve(number, by=who) for who in ("ji", "de") * (HANDS // 2)]
        assert _at_once(lotus, approved) == {"done": 1, "inventory.wrong_state": HANDS - 1}
        assert Entry.objects.count() == entries + 1 and stock.on_hand("main", "cable") == 97
        stock.check_books()
