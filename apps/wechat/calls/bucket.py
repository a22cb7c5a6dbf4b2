"""How many messages an account may send: a bucket that fills by `rate` a second up to `burst` (WeChat doc: §3.3).

All processes share it by one script in Valkey, with Valkey's own clock; while Valkey is away each process has its own.
"""

import time
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.conf import settings

from apps.wechat.calls.shelves import VALKEY, Away, valkey

_TAKE = """
local at = redis.call('time')
local now = tonumber(at[1]) + tonumber(at[2]) / 1000000
local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local kept = redis.call('hmget', KEYS[1], 'full', 'at')
local full = math.min(burst, tonumber(kept[1] or burst) + math.max(0, now - tonumber(kept[2] or now)) * rate)
if full < 1 then return tostring((1 - full) / rate) end
redis.call('hset', KEYS[1], 'full', tostring(full - 1), 'at', string.format('%.6f', now))
redis.call('pexpire', KEYS[1], math.ceil(burst / rate * 1000) + 1000)
return '0'
"""


def bucket_of(name: str) -> "Bucket":
    """A full one: WeChat publishes no limit per second, so the settings say where to start; 45011 teaches the rest."""
    rate = float(settings.STEPPE_WECHAT_PER_SECOND)
    return Bucket(name, rate, 2 * rate)


@dataclass(frozen=True)
class Bucket:
    """One account's; `name` is its place in Valkey."""

    name: str
    rate: float
    burst: float

    def take(self) -> float:
        """Take one if there is one: 0. Else nothing is taken: seconds until there will be one. One round trip."""
        if VALKEY.is_here():
            try:
                return float(str(VALKEY.ask(self._take), "ascii"))
            except Away:
                pass
        return _take_here(self)

    def _take(self) -> Any:
        return valkey().eval(_TAKE, 1, self.name, str(self.rate), str(self.burst))


def _take_here(bucket: Bucket) -> float:
    """The same for this process alone."""
    with _lock:
        now = time.monotonic()
        full, at = _here.get(bucket.name, (bucket.burst, now))
        full = min(bucket.burst, full + (now - at) * bucket.rate)
        if full < 1:
            return (1 - full) / bucket.rate
        _here[bucket.name] = (full - 1, now)
        return 0.0


_here: dict[str, tuple[float, float]] = {}
_lock = Lock()
