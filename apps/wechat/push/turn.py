"""One worker's turn at a branch's cards: who rests meanwhile, so that nobody else waits for them."""

import time

from django.db.models import Q

from apps.wechat.models import PushOutbox

NAP_S = 1.0  # for a bucket that fills again in a moment it is worth waiting; for a circuit it is not
MOST_S = 20.0  # of naps in one turn: other branches want this worker too
SLOW_S = 1.0  # a failure that took longer costs the account the rest of this worker's turn
WHOLE_TURN_S = 3600.0


class Turn:
    """Which accounts this worker lets alone, until when."""

    def __init__(self) -> None:
        self._accounts: dict[int, float] = {}
        self._channels: dict[str, float] = {}
        self._ends = time.monotonic() + MOST_S

    def rest(self, row: PushOutbox, seconds: float) -> None:
        """No further card by this one's account for so long; 0: nothing."""
        until = time.monotonic() + seconds
        if seconds and row.account_id:
            self._accounts[row.account_id] = until
        elif seconds:
            self._channels[row.channel] = until

    def resting(self) -> Q:
        """The cards that are none of our business now."""
        now = time.monotonic()
        accounts = [pk for pk, until in self._accounts.items() if until > now]
        channels = [name for name, until in self._channels.items() if until > now]
        return Q(account_id__in=accounts) | Q(account_id__isnull=True, channel__in=channels)

    def nap(self) -> bool:
        """Sleep until the first one is rested; False when that is not worth it."""
        now = time.monotonic()
        waits = [until - now for until in (*self._accounts.values(), *self._channels.values()) if until > now]
        if not waits or min(waits) > NAP_S or now > self._ends:
            return False
        time.sleep(min(waits) + 0.002)
        return True
