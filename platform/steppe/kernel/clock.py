"""The only clock: every room asks here, so a test can set the time in one place."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

BUSINESS_ZONE = ZoneInfo("Asia/Shanghai")  # work days and settlement months are counted here
_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """The present moment, aware, UTC."""
    return _frozen.get() or timezone.now()


def today() -> str:
    """The business day as `YYYY-MM-DD` in Asia/Shanghai."""
    return now().astimezone(BUSINESS_ZONE).date().isoformat()


def month_begin() -> datetime:
    """When the present business month began."""
    return now().astimezone(BUSINESS_ZONE).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def minutes(count: float) -> timedelta:
    """A span of minutes; reads better than timedelta at the call."""
    return timedelta(minutes=count)


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Hold the clock still inside the block (tests, the demo's believable month)."""
    token = _frozen.set(moment)
    try:
        yield
    finally:
        _frozen.reset(token)
