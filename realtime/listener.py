"""One open socket: who holds it, what still has to be sent to it, and how it ends."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from realtime import frames
from steppe.kernel.actors import Actor

Send = Callable[[dict[str, Any]], Awaitable[None]]

BACKLOG = 2000  # frames; who is further behind is better served by a fresh list
LAST_WORDS = 5.0  # seconds that a dead connection may hold up its own end
CODES = {"speaking": 4400, "slow": 4408, "failed": 4500}  # an application may only use 1000 and 4000 to 4999
NO_LONGER = 4403
log = logging.getLogger("steppe.live")


class Listener:
    """Frames are queued and sent by one task at a time, so a slow socket never holds up the others."""

    def __init__(self, send: Send, session_key: str, actor: Actor) -> None:
        self.session_key = session_key
        self.actor = actor
        self.checked_at = self.beat_at = time.monotonic()
        self.ended = asyncio.Event()
        self._send = send
        self._backlog: deque[str] = deque()
        self._pump: asyncio.Task[None] | None = None

    def offer(self, texts: Iterable[str]) -> None:
        """Queue these frames; a socket that takes nothing for too long is closed."""
        if self.ended.is_set():
            return
        self._backlog.extend(texts)
        if len(self._backlog) > BACKLOG:
            self.leave("slow")
        elif self._pump is None and self._backlog:
            self._pump = asyncio.create_task(self._send_all())

    def leave(self, why: str) -> None:
        """Say goodbye and close; nothing more is sent."""
        if self.ended.is_set():
            return
        self.ended.set()
        self._backlog.clear()
        if self._pump is not None:
            self._pump.cancel()
        self._pump = asyncio.create_task(self._say_goodbye(why))

    def gone(self) -> None:
        """The other side went away; there is nobody to say goodbye to."""
        if not self.ended.is_set():
            self.ended.set()
            self._backlog.clear()

    async def _send_all(self) -> None:
        try:
            while self._backlog:
                await self._send({"type": "websocket.send", "text": self._backlog.popleft()})
        except Exception as error:  # noqa: BLE001 - each server has its own way of saying that nobody is there
            log.info("socket lost", extra={"error": type(error).__name__})
            self.gone()
        finally:
            if not self.ended.is_set():
                self._pump = None

    async def _say_goodbye(self, why: str) -> None:
        log.info("socket closed", extra={"why": why, "actor": self.actor.ref})
        try:
            async with asyncio.timeout(LAST_WORDS):
                await self._send({"type": "websocket.send", "text": frames.wire(frames.bye(why))})
                await self._send({"type": "websocket.close", "code": CODES.get(why, NO_LONGER)})
        except Exception as error:  # noqa: BLE001 - each server has its own way of saying that nobody is there
            log.info("socket lost", extra={"error": type(error).__name__})
