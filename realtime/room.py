"""One branch in this process: reads its stream once and tells every local socket.

Three tasks: the *ear* hears the group's news, the *reader* reads the stream when there is news (and every two
seconds anyway), the *watch* beats and checks sessions. None of them rests on another, nor on a socket's last word.
"""

import asyncio
import logging
import time
from collections.abc import Coroutine, Iterable
from typing import Any

from channels.layers import get_channel_layer

from realtime import frames, reading
from realtime.access import may_listen
from realtime.db import run_in_tenant
from realtime.groups import stream_group
from realtime.listener import Listener
from realtime.reading import Stretch
from steppe.kernel.actors import Actor
from steppe.kernel.journal import stream
from steppe.kernel.journal.stream import Head
from tenants.models import Tenant

LOOK_EVERY = 2.0  # seconds; heals lost news
BEAT_EVERY = 20.0
CHECK_EVERY = 20.0
CHECK_AT_ONCE = 25  # sessions per visit to the database, so that checks never crowd out the news
STALE = 10.0  # a room that cannot read must not claim to be live
LINGER = 30.0  # a reload should find the room as it was
BATCH = 200
log = logging.getLogger("steppe.live")


class Room:
    """The listeners of one branch and the last number they were told."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant
        self.head = Head("", 0)
        self.listeners: set[Listener] = set()
        self.opened = asyncio.get_running_loop().create_future()
        self.empty_since = self.fresh_at = time.monotonic()
        self._news = asyncio.Event()
        self._recheck = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Begin at the stream's present end. Raises when the database does not answer."""
        try:
            self.head = await run_in_tenant(self.tenant, stream.head)
        except Exception as error:
            self.opened.set_exception(error)
            self.opened.exception()  # somebody has looked: no warning when nobody else waits
            raise
        self.opened.set_result(None)
        self.fresh_at = time.monotonic()
        self._tasks = [asyncio.create_task(work) for work in (self._ear(), self._reader(), self._watch())]

    def admit(self, listener: Listener) -> None:
        """From here on the listener hears every number after the hello's."""
        self.listeners.add(listener)
        listener.offer([frames.wire(frames.hello(self.head.epoch, self.head.seq))])

    def dismiss(self, listener: Listener) -> None:
        """The listener is gone."""
        self.listeners.discard(listener)
        self.empty_since = time.monotonic()

    def close(self) -> None:
        """Stop all work; whoever is still here is told to come back."""
        for task in self._tasks:
            task.cancel()
        for listener in list(self.listeners):
            listener.leave("closed")

    @property
    def is_idle(self) -> bool:
        """Has nobody been here for a while?"""
        return not self.listeners and time.monotonic() - self.empty_since > LINGER

    # -- the ear ---------------------------------------------------------------------------------------------

    async def _ear(self) -> None:
        while True:
            try:
                await self._hear()
            except Exception as error:  # noqa: BLE001 - whatever it is, we still look every two seconds
                log.warning("news are lost, looking instead", extra={"error": type(error).__name__})
                await asyncio.sleep(LOOK_EVERY)

    async def _hear(self) -> None:
        layer = get_channel_layer()
        channel = await layer.new_channel("live.")
        await layer.group_add(stream_group(self.tenant.schema_name), channel)
        self._news.set()  # what was said before we listened
        while True:
            message = await layer.receive(channel)
            if message["type"] == "recheck":
                self._ask_again(message.get("who", ""))
            elif message.get("e") != self.head.epoch or message.get("s", 0) > self.head.seq:
                self._news.set()

    def _ask_again(self, who: str) -> None:
        for listener in self.listeners:
            if who in ("", listener.actor.ref):
                listener.checked_at = 0.0
        self._recheck.set()

    # -- the reader ------------------------------------------------------------------------------------------

    async def _reader(self) -> None:
        while True:
            await _wait(self._news, LOOK_EVERY)
            await self._survive(self._catch_up(), "reading")

    async def _catch_up(self) -> None:
        while True:
            stretch = await run_in_tenant(self.tenant, reading.stretch_after, self.head.seq, limit=BATCH)
            self.fresh_at = time.monotonic()
            if stretch.head.epoch != self.head.epoch or not stretch.is_whole:
                return self._start_over(stretch.head)
            if not stretch.events:
                return None
            self._tell(stretch)

    def _start_over(self, head: Head) -> None:
        """Our number means nothing any more; a beat with the new head makes every screen take a fresh list."""
        self.head = head
        self._beat(self.listeners)

    def _tell(self, stretch: Stretch) -> None:
        """People with the same rights get the same text, so it is made once."""
        self.head = Head(stretch.head.epoch, stretch.last)
        texts: dict[Actor, list[str]] = {}
        for listener in list(self.listeners):
            if listener.actor not in texts:
                texts[listener.actor] = [frames.wire(frame) for frame in stretch.frames_for(listener.actor)]
            listener.offer(texts[listener.actor])

    # -- the watch -------------------------------------------------------------------------------------------

    async def _watch(self) -> None:
        while True:
            await _wait(self._recheck, LOOK_EVERY)
            await self._survive(self._check(), "checking")
            self._beat_due()

    async def _check(self) -> None:
        """Whoever lost the session or the right is told so; whose rights changed loads the page afresh."""
        now = time.monotonic()
        due = [one for one in self.listeners if now - one.checked_at >= CHECK_EVERY]
        keys = sorted({one.session_key for one in due})
        for start in range(0, len(keys), CHECK_AT_ONCE):
            some = keys[start : start + CHECK_AT_ONCE]
            found = await run_in_tenant(self.tenant, reading.actors_of, self.tenant, some)
            for listener in [one for one in due if one.session_key in some]:
                listener.checked_at = now
                self._judge(listener, found.get(listener.session_key))

    def _judge(self, listener: Listener, actor: Actor | None) -> None:
        if actor is None:
            listener.leave("signed-out")
        elif not may_listen(actor):
            listener.leave("no-access")
        elif actor != listener.actor:
            listener.leave("changed")

    def _beat_due(self) -> None:
        """Silence is the honest answer of a room that cannot read."""
        now = time.monotonic()
        if now - self.fresh_at < STALE:
            self._beat([one for one in self.listeners if now - one.beat_at >= BEAT_EVERY])

    def _beat(self, listeners: Iterable[Listener]) -> None:
        text = frames.wire(frames.beat(self.head.epoch, self.head.seq))
        for listener in list(listeners):
            listener.beat_at = time.monotonic()
            listener.offer([text])

    async def _survive(self, work: Coroutine[Any, Any, None], what: str) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 - the room outlives any failure of database or rules
            facts = {"what": what, "schema": self.tenant.schema_name, "error": f"{type(error).__name__}: {error}"}
            log.warning("the room goes on after a failure", extra=facts)
            await asyncio.sleep(0.2)


async def _wait(event: asyncio.Event, seconds: float) -> None:
    """Until the event, at most so long; the event is taken."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
    event.clear()
