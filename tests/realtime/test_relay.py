"""The relay: kill it, double it, take its Valkey or its database connection away; no event is lost or counted twice."""

import threading
import time

import psycopg
import pytest

from steppe.kernel.journal import backlog, stream
from steppe.kernel.journal.models import OutboxEvent
from tenants import leases, relay
from tenants.context import in_branch
from tests import make
from tests.cast import Branch
from tests.realtime.conftest import Stage
from tests.realtime.processes import eventually

pytestmark = pytest.mark.live


def numbers(branch: Branch) -> list[int | None]:
    """The numbers of the branch's events, in order of number."""
    with in_branch(branch.tenant):
        return list(OutboxEvent.objects.order_by("seq").values_list("seq", flat=True))


def is_dense(found: list[int | None]) -> bool:
    return found == list(range(1, len(found) + 1))


def per_ticket_in_order() -> bool:
    """Each ticket's events come in the order of its versions."""
    last: dict[int, int] = {}
    for event in stream.events_after(0, limit=100_000):
        if event.version < last.get(event.entity_id, 0):
            return False
        last[event.entity_id] = event.version
    return True


class Writers:
    """Threads that commit real commands until told to stop."""

    def __init__(self, branch: Branch, count: int = 3) -> None:
        self.branch, self.stop, self.made = branch, threading.Event(), 0
        self.threads = [threading.Thread(target=self._write) for _ in range(count)]
        for thread in self.threads:
            thread.start()

    def _write(self) -> None:
        from django.db import connection

        with in_branch(self.branch.tenant):
            while not self.stop.is_set():
                make.make_ticket(status="void")
                self.made += 1
        connection.close()

    def end(self) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join()


def test_killed_in_the_middle_another_goes_on(own_stage: Stage, lotus: Branch) -> None:
    """kill -9 while numbering under load: the second relay takes over, without a gap, without a number twice."""
    first, second = own_stage.relay(), own_stage.relay()
    writers = Writers(lotus)
    try:
        eventually(lambda: own_stage.head(lotus) > 20, "the first relay numbers")
        first.kill()
        stood = own_stage.head(lotus)
        eventually(lambda: own_stage.head(lotus) > stood + 20, "the second takes over", leases.SECONDS + 10)
    finally:
        writers.end()
    own_stage.wait_until_numbered(lotus)
    assert len(numbers(lotus)) == writers.made * 3
    assert is_dense(numbers(lotus))
    with in_branch(lotus.tenant):
        assert per_ticket_in_order()
    assert second.stop() == 0


def test_two_at_once_on_one_branch_take_turns(committed: object, lotus: Branch) -> None:
    """Even if both believe that the branch is theirs."""
    with in_branch(lotus.tenant):
        for _ in range(20):
            make.make_ticket(status="void")
    stop = threading.Event()

    def sequence() -> None:
        from django.db import connection

        with in_branch(lotus.tenant):
            while not stop.is_set():
                relay.number_batch(lotus.tenant)
        connection.close()

    threads = [threading.Thread(target=sequence) for _ in range(4)]
    for thread in threads:
        thread.start()
    with in_branch(lotus.tenant):
        for _ in range(10):
            make.make_ticket(status="void")
        eventually(lambda: not backlog.look().unnumbered, "all is numbered")
    stop.set()
    for thread in threads:
        thread.join()
    assert numbers(lotus) == list(range(1, 91))


def test_sigterm_ends_it_cleanly_and_gives_the_branches_back(own_stage: Stage, lotus: Branch) -> None:
    running = own_stage.relay()
    assert leases.take("somebody else") == []
    assert running.stop() == 0
    assert running.said("relay stopped")
    assert [tenant.slug for tenant in leases.take("somebody else")] == ["lotus", "maple"]


def test_valkey_restarts_and_hints_are_heard_again(own_stage: Stage, lotus: Branch) -> None:
    """While it is away the relay looks by itself; afterwards it listens again."""
    running = own_stage.relay()
    own_stage.valkey.stop()
    with in_branch(lotus.tenant):
        make.make_ticket()
        eventually(lambda: own_stage.head(lotus) == 2, "numbered without any hint")
        eventually(lambda: running.said("hints are lost"), "it says so")
        own_stage.valkey.start()
        eventually(lambda: quickest(own_stage, lotus) < relay.LOOK_EVERY / 4, "hints are quicker than looking")


def quickest(stage: Stage, branch: Branch) -> float:
    """Commit to number, the best of three."""
    took = []
    for _ in range(3):
        make.make_ticket()
        started = time.monotonic()
        stage.wait_until_numbered(branch)
        took.append(time.monotonic() - started)
    return min(took)


def test_the_database_drops_every_connection(own_stage: Stage, lotus: Branch) -> None:
    running = own_stage.relay()
    with psycopg.connect(own_stage.database.url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid()"
        )
    from django.db import connection

    connection.close()
    with in_branch(lotus.tenant):
        make.make_ticket()
    eventually(lambda: own_stage.head(lotus) == 2, "it has connected again")
    assert running.said("failed")


def test_a_broken_branch_stops_no_other(own_stage: Stage, lotus: Branch, maple: Branch) -> None:
    with psycopg.connect(own_stage.database.url, autocommit=True) as admin:
        admin.execute(f'ALTER TABLE "{lotus.tenant.schema_name}".journal_outbox RENAME TO elsewhere')
    own_stage.relay()
    with in_branch(maple.tenant):
        make.make_ticket()
    eventually(lambda: own_stage.head(maple) == 2, "Maple is numbered")


def test_once_does_everything_there_is_and_ends(committed: object, lotus: Branch) -> None:
    from django.core.management import call_command

    with in_branch(lotus.tenant):
        make.make_ticket(status="void")
    call_command("relay", "--once")
    assert numbers(lotus) == [1, 2, 3]
