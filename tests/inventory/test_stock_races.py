"""Many hands at one shelf, real connections: never below nothing, each posting once. And the naive way as a control."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

from django.db import connection, connections

from apps.inventory import services
from apps.inventory.models import Entry
from steppe.kernel.errors import DomainError
from tenants.context import in_branch
from tests.cast import Branch
from tests.databases import Database
from tests.inventory import stock
from tests.make import actor

HANDS = 16
EACH = 20  # papers of one hand, one metre each
THERE = 100


def test_three_hundred_issues_against_a_hundred_metres_take_exactly_a_hundred(committed: Database, lotus: Branch):
    with in_branch(lotus.tenant):
        papers = _papers()
        outcomes = _race(lotus, [list(papers[n::HANDS]) for n in range(HANDS)], _post)
        assert outcomes == {"posted": THERE, "inventory.not_enough": HANDS * EACH - THERE}
        assert stock.on_hand("main", "cable") == 0
        stock.check_books()


def test_the_control_sum_first_then_insert_goes_below_nothing(committed: Database, lotus: Branch):
    """If this one ever keeps to what is there, the race above proves nothing."""
    with in_branch(lotus.tenant):
        _papers()
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE naive (delta numeric)")
            cursor.execute("INSERT INTO naive VALUES (%s)", [THERE])
        barrier = threading.Barrier(HANDS)
        with ThreadPoolExecutor(HANDS) as pool:
            list(pool.map(lambda _n: _naive(lotus, barrier), range(HANDS)))
        with connection.cursor() as cursor:
            cursor.execute("SELECT sum(delta) FROM naive")
            assert cursor.fetchone()[0] < 0


def test_twenty_keys_tried_by_sixteen_clients_are_twenty_postings(committed: Database, lotus: Branch):
    with in_branch(lotus.tenant):
        papers = _papers()[:20]
        before = Entry.objects.count()
        outcomes = _race(lotus, [list(papers) for _ in range(HANDS)], _post_by_name)
        assert outcomes == {"posted": 20 * HANDS}
        assert Entry.objects.count() == before + 20
        assert stock.on_hand("main", "cable") == THERE - 20
        stock.check_books()


def test_one_box_issued_by_two_at_once_goes_into_one_van(committed: Database, lotus: Branch):
    with in_branch(lotus.tenant):
        stock.item()
        stock.receive(stock.boxes("SN0001"))
        vans = [stock.van("wu").code, stock.van("bo").code] * 4
        papers = [stock.write("issue", stock.boxes("SN0001"), source="main", target=code) for code in vans]
        outcomes = _race(lotus, [[one] for one in papers], _post)
        assert outcomes["posted"] == 1 and sum(outcomes.values()) == len(papers)
        assert sum(stock.on_hand(code, "stb") for code in vans[:2]) == 1
        stock.check_books()


def test_new_boxes_that_overlap_come_in_once_and_only_the_known_ones_are_named(committed: Database, lotus: Branch):
    with in_branch(lotus.tenant):
        stock.item()
        papers = [stock.write("receipt", stock.boxes(f"OWN{n}", "SAME01"), target="main") for n in range(8)]
        outcomes = _race(lotus, [[one] for one in papers], _post)
        assert outcomes == {"posted": 1, "inventory.serial_known SAME01": 7}
        assert stock.on_hand("main", "stb") == 2
        stock.check_books()


def test_papers_that_touch_the_same_shelves_the_other_way_round_do_not_block_each_other(
    committed: Database, lotus: Branch
):
    """A to B and B to A, many times at once: the order of locks is the shelves', not the papers'."""
    with in_branch(lotus.tenant):
        stock.cable()
        stock.item("wire", "quantity", unit="m", usual_cost=5)
        wire = services.Told("wire", Decimal(1))
        van = stock.van().code
        stock.receive(stock.metres(500), services.Told("wire", Decimal(500)))
        stock.post(
            stock.write("issue", stock.metres(200), services.Told("wire", Decimal(200)), source="main", target=van)
        )
        ways = [("issue", "main", van), ("return", van, "main")]
        papers = [
            [stock.write(kind, stock.metres(1), wire, source=a, target=b) for _ in range(5)]
            for kind, a, b in ways * (HANDS // 2)
        ]
        outcomes = _race(lotus, papers, _post)
        assert outcomes == {"posted": HANDS * 5}
        stock.check_books()


def _papers() -> list[str]:
    stock.cable()
    stock.receive(stock.metres(THERE))
    van = stock.van().code
    return [stock.write("issue", stock.metres(1), source="main", target=van) for _ in range(HANDS * EACH)]


def _race(branch: Branch, shares, work) -> Counter[str]:
    barrier = threading.Barrier(len(shares))
    keeper = actor("ku")

    def hand(share) -> list[str]:
        try:
            with in_branch(branch.tenant):
                barrier.wait(timeout=60)
                return [_outcome(work, keeper, number) for number in share]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(shares)) as pool:
        return Counter(one for found in pool.map(hand, shares) for one in found)


def _outcome(work, keeper, number: str) -> str:
    try:
        work(keeper, number)
    except DomainError as refusal:
        return f"{refusal.code} {refusal.params['numbers']}" if "numbers" in refusal.params else refusal.code
    return "posted"


def _post(keeper, number: str) -> None:
    services.post_document(number=number, by=keeper, key=f"{threading.get_ident()}-{number}")


def _post_by_name(keeper, number: str) -> None:
    """Every client says the same key for the same paper."""
    services.post_document(number=number, by=keeper, key=f"once-{number}")


def _naive(branch: Branch, barrier: threading.Barrier) -> None:
    try:
        with in_branch(branch.tenant), connection.cursor() as cursor:
            barrier.wait(timeout=60)
            for _ in range(EACH):
                cursor.execute("SELECT sum(delta) FROM naive")
                if cursor.fetchone()[0] > 0:
                    cursor.execute("INSERT INTO naive SELECT -1 FROM pg_sleep(0.002)")
    finally:
        connections.close_all()
