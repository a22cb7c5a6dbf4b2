"""How long and how often an account may answer somebody in the chat (WeChat doc: §1.7)."""

from dataclasses import dataclass
from typing import Literal

from sandbox.clock import Clock
from sandbox.errors import WxError

Trigger = Literal["message", "menu", "follow", "scan"]

# Messages and seconds for each thing a person does. VIEW opens no window.
ALLOWANCES: dict[Trigger, tuple[int, int]] = {
    "message": (5, 48 * 3600),
    "menu": (3, 60),
    "follow": (3, 60),
    "scan": (3, 60),
}
MENU_EVENTS = {"CLICK", "scancode_push", "scancode_waitmsg"}


@dataclass
class Window:
    """What one trigger has opened."""

    left: int
    until: float


class Windows:
    """The open windows of every conversation; each trigger has one of its own."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: dict[tuple[str, str], dict[Trigger, Window]] = {}

    def open(self, appid: str, openid: str, trigger: Trigger) -> None:
        """The person did something: a new allowance of this kind replaces the old one."""
        number, seconds = ALLOWANCES[trigger]
        self._open.setdefault((appid, openid), {})[trigger] = Window(number, self._clock.now() + seconds)

    def shut(self, appid: str, openid: str) -> None:
        """The person unfollowed."""
        self._open.pop((appid, openid), None)

    def spend(self, appid: str, openid: str) -> None:
        """Use one message up, from the window that closes first: 45015 if none is open, 45047 if all are used up."""
        live = [it for it in self._open.get((appid, openid), {}).values() if it.until > self._clock.now()]
        if not live:
            raise WxError(45015)
        usable = [it for it in live if it.left]
        if not usable:
            raise WxError(45047)
        min(usable, key=lambda it: it.until).left -= 1

    def left(self, appid: str, openid: str) -> int:
        """How many messages the account may send now."""
        windows = self._open.get((appid, openid), {}).values()
        return sum(it.left for it in windows if it.until > self._clock.now())
