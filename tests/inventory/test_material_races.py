"""A ticket's material, two hands at once, real connections: whoever comes second is refused or finds it as it is."""

import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

from django.db import connections

from apps.inventory import services
from steppe.kernel.errors import DomainError
from tenants.context import in_branch
from tests.cast import Branch
from tests.databases import Database
from tests.inventory import on_tickets as material
from tests.inventory import stock
from tests.make import actor, key
from tests.tickets.steps import STEPS, do

ROUNDS = 4


def test_two_tickets_want_the_last_box_and_one_gets_it(committed: Database, lotus: Branch):
    with in_branch(lotus.tenant):
        van = material.fill_van("wu", "SN0001")
        for _ in range(ROUNDS):
            one, other = material.ticket("accepted", by=actor("cai")), material.ticket("accepted")
            outcomes = _both(lotus, lambda t=one: material.scan(t), lambda t=other: material.scan(t))
            assert sorted(outcomes) == ["done", "inventory.serial_held"]
            for ticket in (one, other):
                do("cancel", ticket.public_id)
            assert material.reserved(van, "stb") == 0
        material.check_books()


def test_two_hands_want_the_last_metres_for_their_tickets_and_nothing_is_given_twice(
    committed: Database, lotus: Branch
):
    with in_branch(lotus.tenant):
        van = material.fill_van(metres=9)
        tickets = [material.ticket("accepted") for _ in range(2)]
        outcomes = _both(lotus, *(lambda t=one: material.enter(t, quantity=6) for one in tickets))
        assert sorted(outcomes) == ["done", "inventory.not_enough"]
        paper = stock.write("return", stock.metres(3), source=van, target="main")
        late = next(one for one in tickets if not material.states(one))
        outcomes = _both(lotus, lambda: stock.post(paper), lambda: material.enter(late, quantity=3))
        assert sorted(outcomes) == ["done", "inventory.not_enough"]
        material.check_books()


def test_the_finish_and_a_change_at_the_same_moment_leave_no_half(committed: Database, lotus: Branch):
    with in_branch(lotus.tenant):
        van = material.fill_van(metres=100)
        for _ in range(ROUNDS):
            ticket, before = material.ticket(), stock.on_hand(van, "cable")
            material.enter(ticket, quantity=5)
            facts = STEPS["complete"].told()
            outcomes = _both(
                lotus,
                lambda t=ticket, f=facts: do("complete", t.public_id, facts=f),
                lambda t=ticket: material.enter(t, quantity=9),
            )
            used = before - stock.on_hand(van, "cable")
            assert (outcomes[0], (outcomes[1], used) in {("done", 9), ("tickets.illegal_transition", 5)}) == (
                "done",
                True,
            )
            assert material.reserved(van) == 0
        material.check_books()


def test_returned_and_finished_at_the_same_moment_one_of_the_two_happened(committed: Database, lotus: Branch):
    with in_branch(lotus.tenant):
        van = material.fill_van(metres=100)
        for _ in range(ROUNDS):
            ticket, before = material.ticket(), stock.on_hand(van, "cable")
            material.enter(ticket, quantity=5)
            STEPS["return"].before(ticket)
            facts = STEPS["complete"].told()
            outcomes = _both(
                lotus,
                lambda t=ticket: do("return", t.public_id),
                lambda t=ticket, f=facts: do("complete", t.public_id, facts=f),
            )
            assert outcomes.count("done") == 1
            used = before - stock.on_hand(van, "cable")
            assert (used, material.reserved(van)) == (5 if outcomes[1] == "done" else 0, 0)
        material.check_books()


def test_two_tickets_that_swap_the_same_kinds_the_other_way_round_do_not_block_each_other(
    committed: Database, lotus: Branch
):
    with in_branch(lotus.tenant):
        material.fill_van("wu", *(f"SN{n:04d}" for n in range(ROUNDS)))
        stock.item("onu", category="onu")
        stock.receive(services.Told("onu", serials=tuple(f"ON{n:04d}" for n in range(ROUNDS))))
        his = stock.van("bo").code
        onus = services.Told("onu", serials=tuple(f"ON{n:04d}" for n in range(ROUNDS)))
        stock.post(stock.write("issue", onus, source="main", target=his))
        for n in range(ROUNDS):
            one = material.ticket(type_code="swap_device")
            other = material.ticket("assigned", to="bo", type_code="swap_device")
            do("confirm", other.public_id, by=actor("bo")), do("check_in", other.public_id, by=actor("bo"))
            material.scan(one, f"SN{n:04d}"), material.back(one, f"OLDON{n}", item="onu")
            material.scan(other, f"ON{n:04d}", by="bo"), material.back(other, f"OLDSN{n}", item="stb", by="bo")
            assert _both(lotus, lambda t=one: material.finish(t), lambda t=other: material.finish(t, by="bo")) == [
                "done", "done",
            ]  # fmt: skip
            for ticket in (one, other):
                do("callback_ok", ticket.public_id)
        assert stock.on_hand("customer", "stb") == 0 == stock.on_hand("customer", "onu")
        material.check_books()


def test_one_finish_tapped_many_times_posts_once(committed: Database, lotus: Branch):
    with in_branch(lotus.tenant):
        van = material.fill_van()
        ticket = material.ticket()
        material.enter(ticket, quantity=Decimal(5))
        once, facts = key(), STEPS["complete"].told()
        taps = [lambda: do("complete", ticket.public_id, key=once, facts=facts) for _ in range(4)]
        assert set(_both(lotus, *taps)) == {"done"}
        assert stock.on_hand(van, "cable") == 25
        material.check_books()


def _both(branch: Branch, *works) -> list[str]:
    """Each on a connection of its own, at the same moment; what came of it, in their order."""
    barrier = threading.Barrier(len(works))

    def hand(work) -> str:
        try:
            with in_branch(branch.tenant):
                barrier.wait(timeout=60)
                work()
        except DomainError as refusal:
            return refusal.code
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(hand, works))
