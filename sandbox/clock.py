"""The sandbox's own clock: real time plus an offset that a test may move."""

import time
from collections.abc import Callable

SHANGHAI_OFFSET_S = 8 * 3600


class Clock:
    """Tells the time everywhere in the sandbox, so that a test can jump to the end of a token's life."""

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self.offset_s = 0.0

    def now(self) -> float:
        """Seconds since 1970 as the sandbox believes them to be."""
        return self._source() + self.offset_s

    def seconds(self) -> int:
        """The same in whole seconds, as WeChat writes every time."""
        return int(self.now())

    def day(self) -> int:
        """The number of the day in Shanghai, where the daily quotas begin anew at midnight."""
        return int(self.now() + SHANGHAI_OFFSET_S) // 86400
