"""The winner tapping again is never told that somebody was faster (G2), not even by both taps at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from apps.people.models import Technician
from apps.tickets import services
from apps.tickets.errors import AlreadyTaken
from apps.tickets.models import Assignment, Ticket
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt
from steppe.kernel.journal.models import IdempotencyKey
from tenants.context import in_branch
from tests.cast import Branch
from tests.databases import Database
from tests.make import key, make_ticket


def _tap(branch: Branch, public_id: str, who: Actor, start: Barrier) -> Receipt:
    try:
        with in_branch(branch.tenant):
            start.wait(timeout=10)
            return services.grab_ticket(public_id=public_id, by=who, key=key())
    finally:
        connection.close()


@pytest.mark.parametrize("cap", [3, 1])
def test_two_taps_at_once_win_one_ticket_once(committed: Database, lotus: Branch, wu: Actor, cap: int) -> None:
    with in_branch(lotus.tenant):
        Technician.objects.filter(id=wu.technician_id).update(cap=cap)
        ticket, start = make_ticket(), Barrier(4)
    with ThreadPoolExecutor(4) as pool:
        taps = [pool.submit(_tap, lotus, ticket.public_id, wu, start) for _ in range(4)]
        answers = {(one.result().public_id, one.result().version) for one in taps}
    assert answers == {(ticket.public_id, 2)}
    with in_branch(lotus.tenant):
        assert Technician.objects.get(id=wu.technician_id).open_count == 1
        assert Assignment.objects.filter(ticket_id=ticket.pk).count() == 1


def test_a_second_tap_later_and_off_duty_gets_the_same_answer(lotus_db: Branch, wu: Actor, bo: Actor) -> None:
    ticket = make_ticket(status="accepted")
    Technician.objects.filter(id=wu.technician_id).update(on_duty=False)
    assert services.grab_ticket(public_id=ticket.public_id, by=wu, key=key()).version == ticket.version
    assert Technician.objects.get(id=wu.technician_id).open_count == 1
    with pytest.raises(AlreadyTaken):
        services.grab_ticket(public_id=ticket.public_id, by=bo, key=key())
    assert Technician.objects.get(id=bo.technician_id).open_count == 0


def test_a_won_grab_costs_three_statements(lotus_db: Branch, wu: Actor, django_assert_num_queries: object) -> None:
    ticket = make_ticket()
    with django_assert_num_queries(5):  # type: ignore[operator]  # 3, and the savepoint of the test's transaction
        services.grab_ticket(public_id=ticket.public_id, by=wu, key=key())
    assert Ticket.objects.get(id=ticket.pk).technician_id == wu.technician_id
    assert IdempotencyKey.objects.filter(actor=wu.ref).exists()
