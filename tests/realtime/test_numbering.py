"""Sixteen people commit at once: the numbers have no gap, and one ticket's events keep their order.

And the control: a reader that trusts the rows' ids instead misses events, because ids commit out of order.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection, transaction

from apps.tickets.events import TicketOverdue
from apps.tickets.models import Ticket
from steppe.kernel import commands, journal_store
from steppe.kernel.actors import SYSTEM, Actor
from steppe.kernel.commands import Receipt, Work
from steppe.kernel.journal import stream
from steppe.kernel.journal.models import OutboxEvent
from tenants.context import in_branch
from tests import make
from tests.cast import Branch

WRITERS, EACH = 16, 30


def touch(*, ticket_id: int, by: Actor) -> Receipt:
    """A small command: one more version of one ticket, one event."""
    ticket = Ticket.objects.select_for_update().get(id=ticket_id)
    ticket.version += 1
    ticket.save(update_fields=["version"])
    commands.emit(event_of(ticket))
    return Receipt("ticket", ticket.pk, ticket.public_id, ticket.version)


def event_of(ticket: Ticket) -> TicketOverdue:
    state = ticket.status
    return TicketOverdue(
        entity_id=ticket.pk, public_id=ticket.public_id, version=ticket.version, before=state, after=state,
        day="2026-07-01", clock="accept",
    )  # fmt: skip


def in_threads(branch: Branch, work: Callable[[int], None]) -> None:
    """Sixteen threads, each with a connection of its own, in the branch."""

    def run(which: int) -> None:
        try:
            with in_branch(branch.tenant):
                work(which)
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(run, range(WRITERS)))


def test_sixteen_writers_leave_no_gap_and_no_disorder(committed: Any, lotus: Branch) -> None:
    command = commands.command("test.touch")(touch)
    try:
        with in_branch(lotus.tenant):
            tickets = [make.make_ticket().pk for _ in range(5)]
            while stream.number_committed()[1]:
                pass
            before = stream.head().seq
        done = threading.Event()
        sequencer = threading.Thread(target=keep_numbering, args=(lotus, done))
        sequencer.start()
        in_threads(
            lotus,
            lambda which: (
                [command(ticket_id=tickets[(which + turn) % 5], by=SYSTEM, key=make.key()) for turn in range(EACH)]
                and None
            ),
        )
        done.set()
        sequencer.join()
    finally:
        del commands.COMMANDS["test.touch"]
    with in_branch(lotus.tenant):
        events = stream.events_after(before, limit=10_000)
    assert [event.seq for event in events] == list(range(before + 1, before + 1 + WRITERS * EACH))
    for ticket in tickets:
        versions = [event.version for event in events if event.entity_id == ticket]
        assert versions == list(range(2, 2 + len(versions)))


def keep_numbering(branch: Branch, done: threading.Event) -> None:
    """What the relay does, as fast as it can; once more after the last commit."""
    with in_branch(branch.tenant):
        while True:
            last_round = done.is_set()
            while stream.number_committed()[1]:
                pass
            if last_round:
                break
    connection.close()


def test_the_control_a_cursor_on_ids_misses_what_commits_late(committed: Any, lotus: Branch) -> None:
    """The early writer takes its id first and commits last. Whoever reads by id has passed it by then."""
    with in_branch(lotus.tenant):
        ticket = make.make_ticket()
        while stream.number_committed()[1]:
            pass
        start, head = OutboxEvent.objects.latest("id").pk, stream.head().seq
    written, may_commit = threading.Event(), threading.Event()
    slow = threading.Thread(target=write_slowly, args=(lotus, ticket, written, may_commit))
    slow.start()
    written.wait(10)
    with in_branch(lotus.tenant):
        write(ticket)
        by_id, seen = after_id(start)
        by_number = take_numbered(head)
        may_commit.set()
        slow.join()
        more, _ = after_id(seen)
        by_number += take_numbered(by_number[-1])
    assert len(by_id) + len(more) == 1  # one of two events: the other is lost for ever
    assert by_number == [head + 1, head + 2]  # the same run, read by number: both


def write(ticket: Ticket) -> None:
    with transaction.atomic():
        _insert(ticket)


def write_slowly(branch: Branch, ticket: Ticket, written: threading.Event, may_commit: threading.Event) -> None:
    with in_branch(branch.tenant), transaction.atomic():
        _insert(ticket)
        written.set()
        may_commit.wait(10)
    connection.close()


def _insert(ticket: Ticket) -> None:
    work = Work("test", SYSTEM, [event_of(ticket)])
    journal_store.write_outcome(work, make.key(), Receipt("ticket", ticket.pk), {})


def after_id(last: int) -> tuple[list[int], int]:
    """What a reader with a cursor on ids would take, and where it would stand."""
    found = list(OutboxEvent.objects.filter(id__gt=last).order_by("id").values_list("id", flat=True))
    return found, max([last, *found])


def take_numbered(last: int) -> list[int]:
    stream.number_committed()
    return [event.seq for event in stream.events_after(last)]
