"""How often an account may call what: by day, by minute, and ten clearings a month (WeChat doc: §1.4)."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

from sandbox.clock import SHANGHAI_OFFSET_S, Clock
from sandbox.errors import WxError

FORCED = "force_refresh"
PER_MINUTE = "per_minute"
CLEARINGS_A_MONTH = 10
DEFAULT = 1_000_000
DAILY = {
    "/cgi-bin/token": 2_000,
    "/cgi-bin/stable_token": 500_000,
    FORCED: 20,
    "/cgi-bin/message/template/send": 100_000,
    "/cgi-bin/message/subscribe/bizsend": 100_000,
    "/cgi-bin/message/custom/send": 500_000,
    "/cgi-bin/qrcode/create": 100_000,
    "/cgi-bin/ticket/getticket": 100_000,
    "/cgi-bin/menu/create": 1_000,
    "/cgi-bin/menu/get": 10_000,
    "/cgi-bin/menu/delete": 1_000,
    "/cgi-bin/user/info": 5_000_000,
}

Limit = Callable[[str, str, int], int]


def usual(appid: str, what: str, default: int) -> int:
    """The limits of an ordinary account."""
    return default


class Quota:
    """Counts uses; the days and months begin in Shanghai. `limit(appid, what, default)` may say otherwise."""

    def __init__(self, clock: Clock, limit: Limit = usual) -> None:
        self._clock, self._limit = clock, limit
        self._days: Counter[tuple[str, str, int]] = Counter()
        self._minutes: Counter[tuple[str, int]] = Counter()
        self._clearings: Counter[tuple[str, str]] = Counter()

    def spend(self, what: str, appid: str) -> None:
        """Count one use of a daily allowance: 45009 when it is used up."""
        if self.used(what, appid) >= self.limit(what, appid):
            raise WxError(45009)
        self._days[what, appid, self._clock.day()] += 1

    def spend_minute(self, appid: str) -> None:
        """Count one call of this minute: 45011 above the account's `per_minute`, if it has one."""
        most, key = self._limit(appid, PER_MINUTE, 0), (appid, self._clock.seconds() // 60)
        if most and self._minutes[key] >= most:
            raise WxError(45011)
        self._minutes[key] += 1

    def used(self, what: str, appid: str) -> int:
        """How often today."""
        return self._days[what, appid, self._clock.day()]

    def limit(self, what: str, appid: str) -> int:
        """How often a day."""
        return self._limit(appid, what, DAILY.get(what, DEFAULT))

    def clear(self, appid: str) -> None:
        """Begin the day anew: 48006 at the eleventh time in a month."""
        moment = datetime.fromtimestamp(self._clock.now() + SHANGHAI_OFFSET_S, UTC)
        month = (appid, moment.strftime("%Y-%m"))
        if self._clearings[month] >= CLEARINGS_A_MONTH:
            raise WxError(48006)
        self._clearings[month] += 1
        for key in [key for key in self._days if key[1] == appid]:
            del self._days[key]
