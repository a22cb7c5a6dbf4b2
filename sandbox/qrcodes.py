"""QR codes with a scene, temporary and permanent (WeChat doc: §1.9)."""

import secrets
from dataclasses import dataclass

from sandbox.clock import Clock
from sandbox.errors import WxError

PERMANENT = 100_000
ADDRESS = "http://weixin.qq.com/q/"


@dataclass(frozen=True)
class SceneCode:
    """One code; `expires_at` None means for ever."""

    ticket: str
    appid: str
    scene: str
    url: str
    created_at: float
    expires_at: float | None


class Codes:
    """Every code of every account."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_ticket: dict[str, SceneCode] = {}

    def temporary(self, appid: str, scene: str, seconds: int) -> SceneCode:
        """A new code for so long."""
        return self._new(appid, scene, self._clock.now() + seconds)

    def permanent(self, appid: str, scene: str, most: int) -> SceneCode:
        """The code of this scene, always the same one: 45029 above `most`."""
        mine = [code for code in self.of(appid) if code.expires_at is None]
        for code in mine:
            if code.scene == scene:
                return code
        if len(mine) >= most:
            raise WxError(45029)
        return self._new(appid, scene, None)

    def of(self, appid: str) -> list[SceneCode]:
        """The account's codes, newest first, expired ones too."""
        return [code for code in reversed(self._by_ticket.values()) if code.appid == appid]

    def by_ticket(self, ticket: str) -> SceneCode | None:
        """A code that can still be shown and scanned."""
        code = self._by_ticket.get(ticket)
        return code if code and self.is_live(code) else None

    def is_live(self, code: SceneCode) -> bool:
        """Whether scanning it still does something."""
        return code.expires_at is None or code.expires_at > self._clock.now()

    def seen(self, appid: str, text: str) -> SceneCode | None:
        """The code behind a pasted address, ticket or scene; ValueError if the only such code has expired."""
        found = [code for code in self.of(appid) if text in (code.url, code.ticket, code.scene)]
        live = [code for code in found if self.is_live(code)]
        if found and not live:
            raise ValueError("二维码已过期: this code has expired")
        return live[0] if live else None

    def _new(self, appid: str, scene: str, expires_at: float | None) -> SceneCode:
        code = SceneCode(
            ticket="gQ" + secrets.token_urlsafe(69),
            appid=appid,
            scene=scene,
            url=ADDRESS + "02" + secrets.token_urlsafe(16),
            created_at=self._clock.now(),
            expires_at=expires_at,
        )
        self._by_ticket[code.ticket] = code
        return code
