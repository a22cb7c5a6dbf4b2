"""Codes and tokens of web OAuth, a family of their own: of no use at the API (WeChat doc: §1.8)."""

import secrets
from dataclasses import dataclass

from sandbox.clock import Clock
from sandbox.errors import WxError

LIFE_S = 7200
REFRESH_LIFE_S = 30 * 86400


@dataclass
class Code:
    """What a redirect carried; good once, for five minutes."""

    appid: str
    openid: str
    scope: str
    snapshot: bool
    expires_at: float
    used: bool = False


@dataclass
class WebToken:
    """A token for one person's openid, and the longer lived one that renews it."""

    value: str
    refresh: str
    appid: str
    openid: str
    scope: str
    expires_at: float
    refresh_until: float


class WebTokens:
    """Everything OAuth has handed out."""

    def __init__(self, clock: Clock) -> None:
        self.codes: dict[str, Code] = {}
        self._clock = clock
        self._tokens: dict[str, WebToken] = {}

    def spend(self, value: str, appid: str) -> Code:
        """The code's content, used up: 41008, 40029 or 40163."""
        if not value:
            raise WxError(41008)
        code = self.codes.get(value)
        if code is None or code.appid != appid or code.expires_at <= self._clock.now():
            raise WxError(40029)
        if code.used:
            raise WxError(40163)
        code.used = True
        return code

    def grant(self, appid: str, openid: str, scope: str) -> WebToken:
        """A new pair of tokens."""
        now = self._clock.now()
        token = WebToken(
            secrets.token_urlsafe(60), secrets.token_urlsafe(60), appid, openid, scope, now + LIFE_S,
            now + REFRESH_LIFE_S,
        )  # fmt: skip
        self._tokens[token.value] = token
        return token

    def owner(self, value: str, openid: str) -> WebToken:
        """The token, if it is of this openid and lives: 40001, 42001 or 40003."""
        token = self._tokens.get(value)
        if token is None:
            raise WxError(40001)
        if token.expires_at <= self._clock.now():
            raise WxError(42001)
        if token.openid != openid:
            raise WxError(40003)
        return token

    def renew(self, refresh: str, appid: str) -> WebToken:
        """Let the token live two more hours; the same refresh token stays good: 41003, 40030 or 42002."""
        if not refresh:
            raise WxError(41003)
        token = next((it for it in self._tokens.values() if it.refresh == refresh and it.appid == appid), None)
        if token is None:
            raise WxError(40030)
        if token.refresh_until <= self._clock.now():
            raise WxError(42002)
        token.expires_at = self._clock.now() + LIFE_S
        return token
