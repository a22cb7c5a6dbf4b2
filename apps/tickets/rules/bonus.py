"""What a ticket gains while nobody takes it: per cent of its points, up to the branch's limit. Pure."""

from datetime import timedelta


def waiting_pct(waited: timedelta, *, after: float, full: float, most: int) -> int:
    """Whole per cent after `waited` service time: nothing for `after` minutes, then evenly up to `most` at `full`."""
    minutes = waited / timedelta(minutes=1)
    if minutes <= after or not most:
        return 0
    share = 1.0 if minutes >= full else (minutes - after) / (full - after)
    return int(most * share)
