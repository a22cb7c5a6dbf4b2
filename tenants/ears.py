"""Hears the hints of committed work (steppe.kernel.wake). Deaf for a while is no harm: the relay also looks."""

import logging
import time

import redis
from django.conf import settings
from redis.client import PubSub

from steppe.kernel import wake

PATIENCE = 5.0  # the longest pause between two tries to connect
log = logging.getLogger("steppe.relay")


class Ears:
    """One subscription. `fresh` is set after every (re)connection: hints may have been lost before it."""

    def __init__(self) -> None:
        self.fresh = False
        self._pubsub: PubSub | None = None
        self._again_at = 0.0
        self._pause = 0.2

    def listen(self, seconds: float) -> set[str]:
        """Schemas that have committed something: waits for the first hint, then takes all that are there."""
        try:
            return self._hear(seconds)
        except (redis.RedisError, OSError) as error:
            log.warning("hints are lost, looking instead", extra={"error": type(error).__name__})
            self.close()
            self._again_at = time.monotonic() + self._pause
            self._pause = min(PATIENCE, self._pause * 2)
            return set()

    def close(self) -> None:
        """Forget the connection; the next `listen` makes a new one."""
        pubsub, self._pubsub = self._pubsub, None
        if pubsub is not None:
            try:
                pubsub.close()
            except (redis.RedisError, OSError):
                log.debug("the connection was gone already")

    def _hear(self, seconds: float) -> set[str]:
        pubsub = self._connected()
        if pubsub is None:
            time.sleep(min(seconds, max(0.0, self._again_at - time.monotonic())))
            return set()
        found: set[str] = set()
        message = pubsub.get_message(timeout=seconds)
        while message is not None:
            if message["type"] == "message":
                found.add(message["data"].decode())
            elif message["type"] == "subscribe":
                self.fresh, self._pause = True, 0.2
            message = pubsub.get_message(timeout=0)
        return found

    def _connected(self) -> PubSub | None:
        if self._pubsub is None and time.monotonic() >= self._again_at:
            client = redis.Redis.from_url(
                settings.STEPPE_VALKEY_URL, socket_connect_timeout=1, socket_keepalive=True, health_check_interval=10
            )
            pubsub = client.pubsub()
            pubsub.subscribe(wake.CHANNEL)
            self._pubsub = pubsub
        return self._pubsub
