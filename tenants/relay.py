"""The sequencer: gives every branch's committed events their numbers, then tells screens and subscribers.

 1. A command commits and sends a hint (steppe.kernel.wake); it waits for nobody.
 2. The relay hears the hint and numbers what is committed, in batches, until nothing is left.
 3. It rings `bells.numbered`; the realtime room lets its processes know.
 4. The drainer, a thread of its own, hands the events to the subscribers.
Hints may be lost: every two seconds the relay looks at all its branches by itself. Any number of relays may run.
"""

import logging
import os
import socket
import threading
import time
import uuid

from django.db import connection

from steppe.kernel import bells
from steppe.kernel.events import SUBSCRIBERS
from steppe.kernel.journal import backlog, stream
from tenants import leases
from tenants.context import in_branch
from tenants.drainer import Drainer
from tenants.ears import Ears
from tenants.guarded import guarded
from tenants.models import Tenant

LOOK_EVERY = 2.0
LISTEN = 0.5  # how long a SIGTERM may wait for us
BEAT_EVERY = 60.0
log = logging.getLogger("steppe.relay")


class Relay:
    """One process's share of the branches."""

    def __init__(self, stop: threading.Event) -> None:
        self.name = f"{socket.gethostname()[:24]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self.stop = stop
        self.ears = Ears()
        self.drainer = Drainer()
        self.branches: dict[str, Tenant] = {}
        self.numbered = 0
        self._look_at = self._beat_at = 0.0

    def run(self) -> None:
        """Work until told to stop; the batch in hand is finished."""
        self.drainer.start()
        log.info("relay starts", extra={"relay": self.name})
        while not self.stop.is_set():
            self.turn()
        self._close()

    def turn(self) -> None:
        """Look if it is time, else wait for hints and serve them."""
        if self.ears.fresh or time.monotonic() >= self._look_at:
            self.ears.fresh = False
            self._look_around()
        for schema in self.ears.listen(LISTEN):
            if tenant := self.branches.get(schema):
                self._number(tenant)
        self._beat()

    def _look_around(self) -> None:
        self._look_at = time.monotonic() + LOOK_EVERY
        with guarded("leases", "public"):
            self.branches = {tenant.schema_name: tenant for tenant in leases.take(self.name)}
        for tenant in self.branches.values():
            if self.stop.is_set():
                return
            self._look_at_branch(tenant)

    def _look_at_branch(self, tenant: Tenant) -> None:
        with guarded("look", tenant.schema_name):
            with in_branch(tenant):
                found = backlog.look()
            if found.unnumbered:
                self._number(tenant)
            if found.undrained or self.drainer.prune_is_due(tenant):
                self.drainer.push(tenant)

    def _number(self, tenant: Tenant) -> None:
        with guarded("numbering", tenant.schema_name), in_branch(tenant):
            while count := number_batch(tenant):
                self.numbered += count
                self.drainer.push(tenant)
                if count < stream.BATCH or self.stop.is_set():
                    break

    def _beat(self) -> None:
        if time.monotonic() < self._beat_at:
            return
        self._beat_at = time.monotonic() + BEAT_EVERY
        facts = {"branches": len(self.branches), "numbered": self.numbered, "passed": self.drainer.passed}
        log.info("relay is well", extra={"relay": self.name, **facts})

    def _close(self) -> None:
        self.drainer.stop()
        self.drainer.join(timeout=10)
        with guarded("leases", "public"):
            leases.give_back(self.name)
        self.ears.close()
        connection.close()
        log.info("relay stopped", extra={"relay": self.name, "numbered": self.numbered})


def number_batch(tenant: Tenant) -> int:
    """Number one batch and ring the bell; returns how many. Runs in the branch's context."""
    head, count = stream.number_committed()
    if count:
        bells.numbered.ring(tenant.schema_name, head.epoch, head.seq)
    return count


def settle(tenant: Tenant) -> None:
    """Number and hand over everything there is, here and now (seeding, tests); no process needed."""
    with in_branch(tenant):
        while number_batch(tenant):
            pass
        while sum([stream.drain(subscriber) for subscriber in list(SUBSCRIBERS.values())]):
            pass
