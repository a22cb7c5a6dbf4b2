"""What every use case promises, said once: a refusal changes nothing, a second sending neither, races are real.

with refused(NotInPool):                 # exactly this refusal, nothing changed, one audit row
    grab(ticket.public_id)
sent_twice(lambda key: grab_ticket(public_id=…, by=wu, key=key))     # the same answer, one effect
together(lotus, [work, work])            # real threads, real connections, one starting gun
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from apps.people.models import Customer, Technician
from apps.tickets.models import (
    Assignment,
    Breach,
    CallbackAttempt,
    CallbackRecord,
    Charge,
    ClockNotice,
    Photo,
    PushWave,
    Ticket,
    TicketEvent,
    TicketLink,
    TicketRequest,
    TicketType,
    TripBundle,
    TypeVersion,
)
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import DomainError
from steppe.kernel.journal.models import AuditEntry, IdempotencyKey, OutboxEvent
from tenants.context import in_branch
from tests.cast import Branch
from tests.make import key

KEPT = (
    Ticket, TicketEvent, Assignment, CallbackRecord, Breach, PushWave, Photo, Technician, Customer, OutboxEvent,
    IdempotencyKey, TicketType, TypeVersion, CallbackAttempt, Charge, ClockNotice, TicketLink, TicketRequest,
    TripBundle,
)  # fmt: skip
_SUM = "SELECT '{0}', md5(string_agg(row_to_json(t)::text, '' ORDER BY id)) FROM {0} AS t"
_SUMS = " UNION ALL ".join(_SUM.format(model._meta.db_table) for model in KEPT)


def audited() -> "QuerySet[AuditEntry]":
    """The audit of the test's own doings: without the rows that came with the cast."""
    return AuditEntry.objects.exclude(action__in=("people.add_user", "people.set_active"))


def state_of_the_branch() -> dict[str, str]:
    """A sum over every row that a ticket command could touch, by table, but for the audit and the tries of a grab."""
    with connection.cursor() as cursor:
        cursor.execute(_SUMS)
        return dict(cursor.fetchall())


@contextmanager
def refused(error: type[DomainError], **told: Any) -> Iterator[None]:
    """The block is refused with exactly this refusal (and these named values); nothing changed, one audit row more."""
    before, rows = state_of_the_branch(), AuditEntry.objects.count()
    with pytest.raises(error) as caught:
        yield
    assert type(caught.value) is error
    assert caught.value.params == told or not told
    assert state_of_the_branch() == before
    assert [entry.outcome for entry in AuditEntry.objects.order_by("id")[rows:]] == [error.code]


def sent_twice(call: Callable[[str], Receipt]) -> Receipt:
    """Send the same request twice under one key: the stored answer comes back, the effect happened once."""
    once = key()
    first = call(once)
    after = state_of_the_branch()
    again = call(once)
    assert not first.replayed
    assert again.replayed
    assert (again.entity_id, again.version, again.facts) == (first.entity_id, first.version, first.facts)
    assert state_of_the_branch() == after
    return first


def together(branch: Branch, works: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run all at the same moment in the branch, one connection each; a refusal is an answer too."""
    barrier, answers = threading.Barrier(len(works)), [None] * len(works)

    def one(place: int, work: Callable[[], Any]) -> None:
        try:
            with in_branch(branch.tenant):
                barrier.wait(20)
                answers[place] = work()
        except Exception as error:
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers
