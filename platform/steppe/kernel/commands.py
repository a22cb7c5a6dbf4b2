"""One use case = one transaction: key, work, history, audit, outbox, commit, answer.

    @command("tickets.grab")
    def grab_ticket(*, public_id: str, by: Actor) -> Receipt: ...

    grab_ticket(public_id="…", by=actor, key="the client's own key")

Numbered, because the order matters (lock order of docs/locking.md):
 1. the idempotency key is claimed (a parallel duplicate waits here, then gets the stored answer);
 2. the use case runs and collects events with `emit`;
 3. audit, outbox and the stored answer are written with one statement, last;
 4. after the commit a hint wakes the relay; a lost hint costs a delay, never an event.
A refusal rolls everything back, the key too (a retry is judged afresh), and leaves one audit row of its own.
"""

import logging
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import partial, wraps
from typing import Any, Protocol

from django.db import OperationalError, transaction

from steppe.kernel import journal_store, wake
from steppe.kernel.actors import Actor
from steppe.kernel.db import connection
from steppe.kernel.errors import Busy, DomainError, KeyMissing
from steppe.kernel.events import Event
from steppe.kernel.hashing import digest

TRIES = 4
RETRY = {"40001", "40P01"}  # serialization failure, deadlock
LOCK_TIMEOUT = "55P03"
KEY_LENGTH = 64
log = logging.getLogger("steppe.commands")

COMMANDS: dict[str, Callable[..., "Receipt"]] = {}


@dataclass(frozen=True)
class Receipt:
    """What a command answers: which row, at which version, and a few facts; JSON-able, so it can be replayed."""

    entity: str
    entity_id: int
    public_id: str = ""
    version: int = 0
    facts: dict[str, Any] = field(default_factory=dict)
    replayed: bool = False


@dataclass
class Work:
    """The running command's collected events, and what must be taken back if it comes to nothing."""

    name: str
    by: Actor
    events: list[Event] = field(default_factory=list)
    undo: list[Callable[[], object]] = field(default_factory=list)


class UseCase(Protocol):
    def __call__(self, *, by: Actor, **args: Any) -> Receipt: ...


_work: ContextVar[Work | None] = ContextVar("work", default=None)


def emit(event: Event) -> None:
    """Add an event to the running command; outside a command this is a programming error."""
    work = _work.get()
    if work is None:
        raise RuntimeError(f"{event.kind} emitted outside a command")
    work.events.append(event)


def if_undone(action: Callable[[], object]) -> None:
    """Take back what was done outside the database (a file) if this command is rolled back.

    Not when the commit itself breaks off: then nobody knows, and only a sweep may judge by what the tables say.
    """
    work = _work.get()
    if work is None:
        raise RuntimeError("if_undone outside a command")
    work.undo.append(action)


def command(name: str) -> Callable[[Callable[..., Receipt]], Callable[..., Receipt]]:
    """Turn a keyword-only function into a durable, idempotent, audited use case."""

    def decorate(use_case: Callable[..., Receipt]) -> Callable[..., Receipt]:
        @wraps(use_case)
        def run(*, by: Actor, key: str, **args: Any) -> Receipt:
            if not key or len(key) > KEY_LENGTH or not (key.isascii() and key.isprintable()):
                raise KeyMissing
            return _with_retries(partial(_once, name, use_case, by, key, args), name, by, args)

        if name in COMMANDS:
            raise TypeError(f"two commands are called {name}")
        COMMANDS[name] = run
        return run

    return decorate


def _with_retries(attempt: Callable[[], Receipt], name: str, by: Actor, args: dict[str, Any]) -> Receipt:
    for left in reversed(range(TRIES)):
        try:
            return attempt()
        except DomainError as refusal:
            journal_store.write_refusal(name, by, args, refusal.code)
            raise
        except OperationalError as error:
            state = getattr(error.__cause__, "sqlstate", None)
            if state == LOCK_TIMEOUT:
                journal_store.write_refusal(name, by, args, Busy.code)
                raise Busy from error
            if state not in RETRY or not left:
                raise
    raise AssertionError("unreachable")


def _once(name: str, use_case: Callable[..., Receipt], by: Actor, key: str, args: dict[str, Any]) -> Receipt:
    work = Work(name, by)
    with transaction.atomic(durable=True):
        stored = journal_store.claim_key(by, key, digest(name, args))
        if stored is not None:
            return replace(Receipt(**stored), replayed=True)
        try:
            receipt = _worked(work, use_case, key, args)
        except BaseException:
            _take_back(work)
            raise
        if work.events:
            transaction.on_commit(partial(wake.hint, connection.schema_name), robust=True)
    return receipt


def _worked(work: Work, use_case: Callable[..., Receipt], key: str, args: dict[str, Any]) -> Receipt:
    token = _work.set(work)
    try:
        receipt = use_case(by=work.by, **args)
    finally:
        _work.reset(token)
    journal_store.write_outcome(work, key, receipt, args)
    return receipt


def _take_back(work: Work) -> None:
    for action in reversed(work.undo):
        try:
            action()
        except Exception:
            log.exception("not taken back", extra={"command": work.name})
