"""The sandbox's own clock: real time plus an offset that a test may move."""

import time
from collections.abc import Callable

SHANGHAI_OFFSET_S = 8 * 3600


class Clock:
    """Tells the time everywhere in the sandbox, so that a test can jump to the end of a token's life."""

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self._stopped_at: float | None = None
        self.offset_s = 0.0

    def now(self) -> float:
        """Seconds since 1970 as the sandbox believes them to be."""
        return (self._source() if self._stopped_at is None else self._stopped_at) + self.offset_s

    @property
    def frozen(self) -> bool:
        """Whether time stands still, except for what `offset_s` adds."""
        return self._stopped_at is not None

    def freeze(self, frozen: bool) -> None:
        """Let time stand still, or go on from where it really is."""
        self._stopped_at = self._source() if frozen else None

    def set(self, now: float) -> None:
        """Make it this moment."""
        self.offset_s += now - self.now()

    def seconds(self) -> int:
        """The same in whole seconds, as WeChat writes every time."""
        return int(self.now())

    def day(self) -> int:
        """The number of the day in Shanghai, where the daily quotas begin anew at midnight."""
        return int(self.now() + SHANGHAI_OFFSET_S) // 86400
