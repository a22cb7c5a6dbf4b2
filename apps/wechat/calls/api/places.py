"""What stands in the account's chat and on paper: its menu, its codes with a scene (WeChat doc: §1.9)."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.wechat.calls.api.base import Api, Json, rows_of, text_of
from apps.wechat.errors import WeChatError

NO_MENU = 46003
LONGEST_S = 2_592_000


@dataclass(frozen=True)
class Code:
    """A QR code: draw `url`, or show WeChat's picture of `ticket`. `expire_seconds` is 0 for a permanent one."""

    ticket: str
    url: str
    expire_seconds: int


class Places(Api):
    """menu/…, qrcode/create."""

    def menu_create(self, buttons: Sequence[Json]) -> None:
        """Put this menu below every chat; phones show it within about five minutes."""
        self._post("/cgi-bin/menu/create", {"button": list(buttons)})

    def menu_get(self) -> list[Json]:
        """The menu's buttons; empty when there is none."""
        try:
            answer = self._get("/cgi-bin/menu/get")
        except WeChatError as error:
            if error.errcode != NO_MENU:
                raise
            return []
        menu = answer.get("menu")
        return rows_of(menu, "button") if isinstance(menu, dict) else []

    def menu_delete(self) -> None:
        """Take the menu away."""
        self._get("/cgi-bin/menu/delete")

    def qrcode_create(self, scene: str, *, seconds: int = 0) -> Code:
        """A code for a scene of 1 to 64 characters: for so many seconds, at most thirty days; 0: for ever, of which
        an account has 100,000."""
        body: Json = {"action_name": "QR_STR_SCENE" if seconds else "QR_LIMIT_STR_SCENE"}
        body["action_info"] = {"scene": {"scene_str": scene}}
        if seconds:
            body["expire_seconds"] = min(seconds, LONGEST_S)
        answer = self._post("/cgi-bin/qrcode/create", body)
        ends_in = int(answer.get("expire_seconds") or 0)
        return Code(text_of(answer, "ticket"), text_of(answer, "url"), ends_in)
