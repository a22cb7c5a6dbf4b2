"""What a menu may look like; each number of WeChat says what is wrong with it (WeChat doc: §1.9)."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sandbox.errors import WxError
from sandbox.models import Button

TYPES = {
    "click",
    "view",
    "scancode_push",
    "scancode_waitmsg",
    "location_select",
    "pic_photo_or_album",
    "pic_sysphoto",
    "pic_weixin",
}


@dataclass(frozen=True)
class Level:
    """The limits of one level of the menu, and the numbers that tell of each."""

    name_bytes: int
    bad_type: int
    bad_name: int
    bad_key: int
    bad_url_size: int
    bad_url: int


TOP = Level(16, 40017, 40018, 40019, 40020, 40055)
BELOW = Level(60, 40024, 40025, 40026, 40027, 40054)
KEY_BYTES, URL_BYTES = 128, 1024


def checked_menu(buttons: object) -> list[Button]:
    """The buttons, every one with `sub_button`; 40015 to 40027, 40054 and 40055 say what is wrong."""
    if not isinstance(buttons, list):
        raise WxError(40015)
    if not 1 <= len(buttons) <= 3:
        raise WxError(40016)
    return [_checked_button(button) for button in buttons]


def _checked_button(button: Any) -> Button:
    _check_name(button, TOP)
    below = button.get("sub_button") or []
    if not below:
        return {**_checked_leaf(button, TOP), "sub_button": []}
    if not isinstance(below, list) or len(below) > 5:
        raise WxError(40023)
    return {"name": button["name"], "sub_button": [_checked_below(leaf) for leaf in below]}


def _checked_below(leaf: Any) -> Button:
    _check_name(leaf, BELOW)
    if leaf.get("sub_button"):
        raise WxError(40022)
    return {**_checked_leaf(leaf, BELOW), "sub_button": []}


def _check_name(button: Any, level: Level) -> None:
    name = button.get("name") if isinstance(button, dict) else None
    if not isinstance(name, str) or not name or len(name.encode()) > level.name_bytes:
        raise WxError(level.bad_name)


def _checked_leaf(button: Button, level: Level) -> Button:
    kind = button.get("type")
    if kind not in TYPES:
        raise WxError(level.bad_type)
    if kind != "view":
        return _with_key(button, level)
    url = str(button.get("url") or "")
    if not url or len(url.encode()) > URL_BYTES:
        raise WxError(level.bad_url_size)
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise WxError(level.bad_url)
    return {"type": kind, "name": button["name"], "url": url}


def _with_key(button: Button, level: Level) -> Button:
    key = str(button.get("key") or "")
    if not key or len(key.encode()) > KEY_BYTES:
        raise WxError(level.bad_key)
    return {"type": button["type"], "name": button["name"], "key": key}
