"""Locks that must not stand in anybody's way."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

from django.db import connection, transaction

from apps.people import services as people
from apps.tickets.models import PushCandidate
from steppe.kernel.actors import Actor
from tenants.context import in_branch
from tests.cast import Branch
from tests.databases import Database
from tests.make import make_ticket


def test_a_push_wave_does_not_wait_for_a_technician_at_work(committed: Database, lotus: Branch, wu: Actor) -> None:
    """The wave's ticket is locked before its technicians: waiting for them would turn the lock order round."""
    locked, done = Event(), Event()

    def hold() -> None:
        try:
            with in_branch(lotus.tenant), transaction.atomic():
                people.lock_technicians(wu.technician_id)
                locked.set()
                done.wait(timeout=10)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(hold)
        try:
            assert locked.wait(timeout=10)
            with in_branch(lotus.tenant):
                ticket = make_ticket()  # lock_timeout is 3 s: it would be refused as busy
                named = PushCandidate.objects.filter(wave__ticket=ticket, technician_id=wu.technician_id)
                assert named.get().chosen
        finally:
            done.set()
        holding.result(timeout=10)
