"""Hints to the relay through Valkey. Losing one costs a delay: the relay also looks by itself."""

import logging
from functools import lru_cache

import redis
from django.conf import settings

CHANNEL = "steppe:committed"
log = logging.getLogger("steppe.wake")


@lru_cache(maxsize=1)
def client() -> redis.Redis:
    """One pooled client per process; short timeouts, because a hint is never worth waiting for."""
    return redis.Redis.from_url(
        settings.STEPPE_VALKEY_URL, socket_timeout=0.5, socket_connect_timeout=0.5, health_check_interval=30
    )


def hint(schema: str) -> None:
    """Tell the relay that this branch has committed something."""
    try:
        client().publish(CHANNEL, schema)
    except redis.RedisError as error:
        log.warning("wake hint lost", extra={"schema": schema, "error": type(error).__name__})
