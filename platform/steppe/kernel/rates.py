"""How often somebody asked within this minute. Counted in the cache, which may be away: it is no lock."""

import logging

from django.core.cache import cache

from steppe.kernel import clock

WINDOW_S = 60
log = logging.getLogger("steppe.rates")


def seconds_to_wait(name: str, most: int) -> int:
    """Count one more call of this minute; 0, or how long to wait when there were more than `most`."""
    now = int(clock.now().timestamp())
    return WINDOW_S - now % WINDOW_S if _count(f"{name}.{now // WINDOW_S}") > most else 0


def _count(name: str) -> int:
    try:
        cache.add(name, 0, timeout=2 * WINDOW_S)
        return cache.incr(name)
    except Exception:  # noqa: BLE001 - cache away, or key forgotten between two calls
        log.warning("no count of calls")
        return 0
