"""Races through the services, with real connections, one thread each."""

import random
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.db import connection

from apps.people.accounts.models import User
from apps.people.models import Technician
from apps.people.selectors import actor_for_user
from apps.tickets.models import Assignment, Ticket
from apps.tickets.services import Report, grab_ticket, open_ticket
from steppe.kernel.actors import SYSTEM, Actor
from steppe.kernel.errors import DomainError
from steppe.kernel.journal import stream as journal
from steppe.kernel.journal.models import OutboxEvent
from tenants.context import in_branch

THREADS = 12
TICKETS = 20
CAP = 3


def grabs(made: Any, seed: int) -> tuple[int, int]:
    """Twelve technicians with a cap of three want twenty tickets, each in an order of its own."""
    with in_branch(made.tenant):
        crew = _crew()
        ids = [_open(f"{seed}-{n}") for n in range(TICKETS)]
    together([lambda a=actor: _grab_all(made, a, ids, seed) for actor in crew])
    with in_branch(made.tenant):
        return len(crew) * TICKETS, _broken(crew, ids)


def stream_writers(made: Any, seed: int, count: int) -> None:
    with in_branch(made.tenant):
        for number in range(count):
            _open(f"s{seed}-{threading.get_ident()}-{number}")


def stream(made: Any, seed: int) -> tuple[int, int]:
    """Writers commit while two sequencers number: no gap, no double, one ticket's events in order."""
    done = threading.Event()
    sequencers = [threading.Thread(target=_number_until, args=[made, done]) for _ in range(2)]
    for one in sequencers:
        one.start()
    together([lambda: stream_writers(made, seed, 10)] * 8)
    done.set()
    for one in sequencers:
        one.join()
    with in_branch(made.tenant):
        rows = list(OutboxEvent.objects.order_by("seq").values_list("seq", "id", "entity_id"))
    seqs = [seq for seq, _, _ in rows]
    gaps = sum(1 for expected, seq in enumerate(seqs, start=1) if seq != expected)
    last: dict[int, int] = {}
    disorder = 0
    for _, row_id, entity in rows:
        disorder += last.get(entity, 0) > row_id
        last[entity] = row_id
    return len(rows), gaps + disorder


def replays(made: Any, seed: int) -> tuple[int, int]:
    """Eight clients send the same twenty reports with the same keys: twenty tickets."""
    with in_branch(made.tenant):
        before = Ticket.objects.count()
    keys = [f"r{seed}-{n}" for n in range(20)]
    together([lambda: _send_all(made, keys)] * 8)
    with in_branch(made.tenant):
        return len(keys) * 8, abs(Ticket.objects.count() - before - len(keys))


def together(works: list[Callable[[], None]]) -> None:
    """Run them at the same moment; each thread closes its own connection. Raises what went wrong in any of them."""
    barrier, failures = threading.Barrier(len(works)), list[BaseException]()

    def one(work: Callable[[], None]) -> None:
        barrier.wait()
        try:
            work()
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def _crew() -> list[Actor]:
    """Everybody free again. Not for several threads at once: it writes to all of them."""
    Technician.objects.update(cap=CAP, open_count=0)
    Assignment.objects.filter(ended_at__isnull=True).update(ended_at="2026-01-01T00:00:00Z")
    users = User.objects.filter(username__startswith="t").order_by("id")[:THREADS]
    return [actor for user in users if (actor := actor_for_user(user.pk))]


def _open(key: str) -> str:
    report = Report(type_code="fault_bb", contact_phone="12600000002", address="杭盖", lat=43.93, lng=116.09)
    return open_ticket(report=report, channel="shop", by=SYSTEM, key=key).public_id


def _send_all(made: Any, keys: list[str]) -> None:
    with in_branch(made.tenant):
        for key in keys:
            try:
                _open(key)
            except DomainError:
                _open(key)


def _grab_all(made: Any, actor: Actor, ids: list[str], seed: int) -> None:
    order = random.Random(f"{seed}{actor.id}").sample(ids, len(ids))
    with in_branch(made.tenant):
        for public_id in order:
            try:
                grab_ticket(public_id=public_id, by=actor, key=uuid4().hex)
            except DomainError:
                continue


def _number_until(made: Any, done: threading.Event) -> None:
    with in_branch(made.tenant):
        while not done.is_set() or journal.number_committed()[1]:
            journal.number_committed()
    connection.close()


def _broken(crew: list[Actor], ids: list[str]) -> int:
    active = Assignment.objects.filter(ticket__public_id__in=ids, ended_at__isnull=True)
    per_ticket = Counter(active.values_list("ticket_id", flat=True))
    per_person = Counter(active.values_list("technician_id", flat=True))
    counted = dict(Technician.objects.values_list("id", "open_count"))
    doubles = sum(count > 1 for count in per_ticket.values())
    over = sum(count > CAP for count in per_person.values())
    drift = sum(counted[who] != count for who, count in per_person.items())
    return doubles + over + drift
