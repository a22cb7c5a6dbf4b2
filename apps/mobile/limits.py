"""How often somebody without a name may do a thing. Counted in the cache: a hint against floods, never truth."""

import logging
from dataclasses import dataclass
from math import ceil

from django.core.cache import cache

from apps.mobile.errors import TooManyReports
from steppe.kernel import clock
from steppe.kernel.hashing import digest

log = logging.getLogger("mobile.limits")


@dataclass(frozen=True)
class Limit:
    """At most `times` within each window of `seconds`."""

    name: str
    times: int
    seconds: int

    def window(self, now: float) -> int:
        """The number of the window that `now` (epoch seconds) falls into. Pure."""
        return int(now // self.seconds)

    def minutes_left(self, now: float) -> int:
        """Until the next window, rounded up. Pure."""
        return ceil((self.seconds - now % self.seconds) / 60)


# A whole village may stand behind one mobile gateway: generous for people, tight for programs.
REPORTS = Limit("reports", times=10, seconds=600)
PHOTOS = Limit("photos", times=60, seconds=600)


def spend(limit: Limit, address: str) -> None:
    """Count one more from this network address. Raises TooManyReports. Without a cache everybody may pass."""
    now = clock.now().timestamp()
    if _count(limit, address, now) > limit.times:
        raise TooManyReports(minutes=limit.minutes_left(now))


def _count(limit: Limit, address: str, now: float) -> int:
    name = f"mobile.limit.{digest(limit.name, {'of': address, 'window': limit.window(now)})}"
    try:
        cache.add(name, 0, timeout=limit.seconds)
        return cache.incr(name)
    except Exception:  # noqa: BLE001 - cache away, or key forgotten between two calls: a report is worth more
        log.warning("no count for %s", limit.name)
        return 0
