"""Where short-lived things of all processes stand: Valkey; while it is away, this process's own memory.

Both offer the same few steps. What must be shared also while Valkey is away goes to the database (calls/kept.py).
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from threading import Lock
from typing import Protocol, TypeVar

import redis
from django.conf import settings

AWAY_S = 3.0  # so long Valkey is not asked again after it failed: each try may cost its time-out
_FREE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end"
_SWAP = """
if (redis.call('get', KEYS[1]) or '') ~= ARGV[1] then return 0 end
redis.call('set', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
"""
_Answer = TypeVar("_Answer")


class Away(Exception):
    """This shelf cannot be reached now."""


class Shelf(Protocol):
    """Texts by name, each with an end in seconds. Everything raises Away."""

    def get(self, name: str) -> str:
        """The text, or nothing."""

    def set(self, name: str, text: str, seconds: float) -> None:
        """Keep it so long."""

    def drop(self, name: str) -> None:
        """Forget it."""

    def claim(self, name: str, owner: str, seconds: float) -> bool:
        """Take the name if nobody has it; it is free again after so long, whatever becomes of its owner."""

    def free(self, name: str, owner: str) -> None:
        """Give it back, if it is still the owner's."""


class SwapShelf(Shelf, Protocol):
    """One for small states that several change at once."""

    def swap(self, name: str, old: str, new: str, seconds: float) -> bool:
        """Put `new` in place of exactly `old` (nothing: ""); False when something else stands there."""


@lru_cache(maxsize=1)
def valkey() -> redis.Redis:
    """One pooled client per process."""
    return redis.Redis.from_url(settings.STEPPE_VALKEY_URL, socket_timeout=2, socket_connect_timeout=2)


class Valkey:
    """The shelf of all processes."""

    def __init__(self) -> None:
        self._silent_until = 0.0

    def is_here(self) -> bool:
        """Worth asking?"""
        return time.monotonic() >= self._silent_until

    def get(self, name: str) -> str:
        found = self.ask(lambda: valkey().get(name))
        return found.decode() if isinstance(found, bytes) else ""

    def set(self, name: str, text: str, seconds: float) -> None:
        self.ask(lambda: valkey().set(name, text, px=_ms(seconds)))

    def drop(self, name: str) -> None:
        self.ask(lambda: valkey().delete(name))

    def claim(self, name: str, owner: str, seconds: float) -> bool:
        return bool(self.ask(lambda: valkey().set(name, owner, nx=True, px=_ms(seconds))))

    def free(self, name: str, owner: str) -> None:
        self.ask(lambda: valkey().eval(_FREE, 1, name, owner))

    def swap(self, name: str, old: str, new: str, seconds: float) -> bool:
        return bool(self.ask(lambda: valkey().eval(_SWAP, 1, name, old, new, str(_ms(seconds)))))

    def ask(self, work: Callable[[], _Answer]) -> _Answer:
        """One round trip, or Away; who failed is left alone for a while."""
        try:
            return work()
        except redis.RedisError:
            self._silent_until = time.monotonic() + AWAY_S
        raise Away  # outside of `except`: nothing of the address goes on


class Memory:
    """The shelf of this process alone."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, float]] = {}
        self._lock = Lock()

    def get(self, name: str) -> str:
        with self._lock:
            return self._get(name)

    def set(self, name: str, text: str, seconds: float) -> None:
        with self._lock:
            self._set(name, text, seconds)

    def drop(self, name: str) -> None:
        with self._lock:
            self._kept.pop(name, None)

    def claim(self, name: str, owner: str, seconds: float) -> bool:
        return self.swap(name, "", owner, seconds)

    def free(self, name: str, owner: str) -> None:
        with self._lock:
            if self._get(name) == owner:
                del self._kept[name]

    def swap(self, name: str, old: str, new: str, seconds: float) -> bool:
        with self._lock:
            if self._get(name) != old:
                return False
            self._set(name, new, seconds)
            return True

    def clear(self) -> None:
        """Forget everything (tests)."""
        with self._lock:
            self._kept.clear()

    def _get(self, name: str) -> str:
        text, end = self._kept.get(name, ("", 0.0))
        return text if end > time.monotonic() else ""

    def _set(self, name: str, text: str, seconds: float) -> None:
        self._kept[name] = (text, time.monotonic() + seconds)


def near() -> SwapShelf:
    """Valkey, or for a few seconds after it failed this process's memory."""
    return VALKEY if VALKEY.is_here() else MEMORY


def drop_near(name: str) -> None:
    """Forget it here and, if it can be reached, in Valkey."""
    MEMORY.drop(name)
    with suppress(Away):
        VALKEY.drop(name)


@contextmanager
def claimed(shelf: Shelf, name: str, owner: str, seconds: float) -> Iterator[bool]:
    """Try once; True when it is ours. Only its owner frees it."""
    mine = shelf.claim(name, owner, seconds)
    try:
        yield mine
    finally:
        if mine:
            with suppress(Away):  # then it ends by itself
                shelf.free(name, owner)


def _ms(seconds: float) -> int:
    return max(1, int(seconds * 1000))


VALKEY = Valkey()
MEMORY = Memory()
