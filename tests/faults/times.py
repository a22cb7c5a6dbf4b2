"""One time for everybody: the product's processes, its callback's door and the sandbox go by a clock that stands still
while they work, however slow the machine is, and is put forward when nothing is due."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from steppe.kernel import clock
from tests.wechat.stand import Sandbox


class Moment:
    """The present one."""

    def __init__(self, wx: Sandbox) -> None:
        self._wx, self.began, self.now = wx, clock.now(), clock.now()
        self.set(self.now)

    def set(self, now: datetime) -> None:
        """Forward, here and in the sandbox; nobody is at work."""
        self.now = now
        self._wx.tell("clock", {"now": now.timestamp(), "frozen": True})

    @contextmanager
    def here(self) -> Iterator[None]:
        """Work at this moment, in this thread."""
        with clock.frozen(self.now):
            yield

    @property
    def passed_s(self) -> float:
        """Seconds since it began."""
        return (self.now - self.began).total_seconds()
