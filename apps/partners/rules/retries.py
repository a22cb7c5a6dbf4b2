"""When an event that did not arrive is sent again, and when we stop. Pure.

The tries go on for a day, in growing gaps: who is away over a night misses nothing, and who is gone costs little.
"""

from datetime import datetime, timedelta

AFTER_S = (10, 30, 120, 600, 1800, 3600, 2 * 3600, 4 * 3600, 6 * 3600, 10 * 3600)  # 23 h 43 min in all
LEASE = timedelta(seconds=60)  # longer than one call with all its time-outs
PAUSE_AFTER = 20  # failures of one listener without a success between them: nobody is there, and we stop calling
KEPT = timedelta(days=30)


def next_try(tries: int, now: datetime) -> datetime | None:
    """After so many tries that failed; nothing when it was the last."""
    return now + timedelta(seconds=AFTER_S[tries - 1]) if 0 < tries <= len(AFTER_S) else None
