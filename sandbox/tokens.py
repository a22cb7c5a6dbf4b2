"""Access tokens of both families and the JS-SDK tickets (WeChat doc: §1.3, §1.9)."""

import secrets
from dataclasses import dataclass
from typing import Literal

from sandbox.clock import Clock
from sandbox.errors import WxError
from sandbox.quota import FORCED, Quota

Family = Literal["plain", "stable", "ticket"]

LIFE_S = 7200
OVERLAP_S = 300
FORCE_GAP_S = 30


@dataclass
class Credential:
    """A secret string handed out to an account, until when."""

    value: str
    appid: str
    family: Family
    expires_at: float


class Tokens:
    """Hands out credentials and says later whose they are."""

    def __init__(self, clock: Clock, quota: Quota) -> None:
        self._clock, self._quota = clock, quota
        self._known: dict[str, Credential] = {}
        self._current: dict[tuple[Family, str], Credential] = {}
        self._forced_at: dict[str, float] = {}

    def plain(self, appid: str) -> Credential:
        """GET /cgi-bin/token: always a new one; the one before lives five more minutes at most."""
        self._quota.spend("/cgi-bin/token", appid)
        old = self._current.get(("plain", appid))
        if old:
            old.expires_at = min(old.expires_at, self._clock.now() + OVERLAP_S)
        return self._issue("plain", appid)

    def stable(self, appid: str, *, force: bool) -> Credential:
        """POST /cgi-bin/stable_token: the same one inside its life, a new one in its last five minutes."""
        self._quota.spend("/cgi-bin/stable_token", appid)
        current = self._live("stable", appid)
        if force and self._may_force(appid):
            if current:
                self._known.pop(current.value, None)
            return self._issue("stable", appid)
        return current or self._issue("stable", appid)

    def ticket(self, appid: str) -> Credential:
        """The account's jsapi ticket, the same one inside its life."""
        return self._live("ticket", appid) or self._issue("ticket", appid)

    def tickets(self, appid: str) -> list[str]:
        """Every ticket a page of this account may be signed with now."""
        now = self._clock.now()
        mine = (c for c in self._known.values() if c.appid == appid and c.family == "ticket")
        return [credential.value for credential in mine if credential.expires_at > now]

    def owner(self, value: str) -> str:
        """The appid a token of either family belongs to; 40001 if WeChat never gave it out, 42001 if old."""
        credential = self._known.get(value)
        if credential is None or credential.family == "ticket":
            raise WxError(40001)
        if credential.expires_at <= self._clock.now():
            raise WxError(42001)
        return credential.appid

    def left(self, credential: Credential) -> int:
        """Seconds the credential still lives, as `expires_in`."""
        return max(0, int(credential.expires_at - self._clock.now()))

    def revoke(self, appid: str) -> None:
        """Forget every token of the account, as if somebody had taken new ones elsewhere."""
        self._known = {v: c for v, c in self._known.items() if c.appid != appid or c.family == "ticket"}
        for family in ("plain", "stable"):
            self._current.pop((family, appid), None)

    def _may_force(self, appid: str) -> bool:
        """Two forced refreshes within thirty seconds: the second does not refresh."""
        now = self._clock.now()
        if now - self._forced_at.get(appid, float("-inf")) < FORCE_GAP_S:
            return False
        self._quota.spend(FORCED, appid)
        self._forced_at[appid] = now
        return True

    def _live(self, family: Family, appid: str) -> Credential | None:
        current = self._current.get((family, appid))
        if current and current.expires_at - self._clock.now() > OVERLAP_S:
            return current
        return None

    def _issue(self, family: Family, appid: str) -> Credential:
        # 300 characters and more: a token does not fit into a column of 255 (WeChat doc: §1.3).
        size = 64 if family == "ticket" else 225
        credential = Credential(
            value=f"{len(self._known) + 60}_{secrets.token_urlsafe(size)}",
            appid=appid,
            family=family,
            expires_at=self._clock.now() + LIFE_S,
        )
        self._known[credential.value] = credential
        self._current[family, appid] = credential
        return credential
