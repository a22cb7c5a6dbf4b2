"""When a wave's card is held back although somebody was chosen: too many in an hour, or at night. Pure."""

from datetime import datetime
from zoneinfo import ZoneInfo

_CHINA = ZoneInfo("Asia/Shanghai")
URGENT = 1  # priorities P0 and P1 wake people


def is_urgent(priority: int) -> bool:
    """Does this ticket pass through quiet hours?"""
    return priority <= URGENT


def is_quiet(quiet: tuple[int, int], now: datetime) -> bool:
    """Is `now` within the branch's quiet hours? Minutes of the day in Shanghai, over midnight too; equal: none."""
    begin, end = quiet
    local = now.astimezone(_CHINA)
    minute = local.hour * 60 + local.minute
    return begin <= minute < end if begin <= end else minute >= begin or minute < end


def why_held(*, urgent: bool, quiet: tuple[int, int], now: datetime, sent_this_hour: int, cap: int) -> str:
    """`quiet`, `capped`, or nothing."""
    if not urgent and is_quiet(quiet, now):
        return "quiet"
    return "capped" if sent_this_hour >= cap else ""
