"""The relay's slow lane: hands numbered events to the subscribers and sweeps up what is old.

A thread of its own, so that a slow subscriber of one branch never delays another branch's screens.
"""

import logging
import threading
import time
from zlib import crc32

from django.db import connection

from steppe.kernel.events import SUBSCRIBERS, Subscriber
from steppe.kernel.journal import backlog, stream
from tenants.context import in_branch, is_open
from tenants.guarded import guarded
from tenants.models import Tenant

PRUNE_EVERY = 3600.0
log = logging.getLogger("steppe.relay")


class Drainer(threading.Thread):
    """Serves branches in turn, one batch per subscriber and turn; a branch with more waits its next turn."""

    def __init__(self) -> None:
        super().__init__(name="drainer", daemon=True)
        self.passed = 0
        self._waiting: dict[str, Tenant] = {}
        self._news = threading.Condition()
        self._stopping = False
        self._prune_at: dict[str, float] = {}

    def push(self, tenant: Tenant) -> None:
        """Serve this branch soon."""
        with self._news:
            self._waiting.setdefault(tenant.schema_name, tenant)
            self._news.notify()

    def stop(self) -> None:
        """End after the batch in hand."""
        with self._news:
            self._stopping = True
            self._news.notify()

    def prune_is_due(self, tenant: Tenant) -> bool:
        """Once an hour and branch, the first time within ten minutes, not all branches at once."""
        first = time.monotonic() + crc32(tenant.schema_name.encode()) % 600
        return self._prune_at.setdefault(tenant.schema_name, first) <= time.monotonic()

    def run(self) -> None:
        while (tenant := self._next()) is not None:
            with guarded("subscribers", tenant.schema_name), in_branch(tenant):
                if is_open(tenant):  # it may have been suspended since it was pushed
                    self.serve(tenant)
        connection.close()

    def serve(self, tenant: Tenant) -> None:
        """One turn of a branch. Runs in its context."""
        passed = sum([self._drain(subscriber) for subscriber in list(SUBSCRIBERS.values())])
        self.passed += passed
        if passed:
            self.push(tenant)
        if self.prune_is_due(tenant):
            self._prune_at[tenant.schema_name] = time.monotonic() + PRUNE_EVERY
            events, keys = backlog.prune()
            log.info("pruned", extra={"events": events, "keys": keys})

    def _drain(self, subscriber: Subscriber) -> int:
        """A subscriber whose own handling fails is dealt with by the stream; this catches all the rest."""
        with guarded("subscriber", subscriber.name):
            return stream.drain(subscriber)
        return 0

    def _next(self) -> Tenant | None:
        with self._news:
            while not self._waiting and not self._stopping:
                self._news.wait()
            if self._stopping:
                return None
            return self._waiting.pop(next(iter(self._waiting)))
