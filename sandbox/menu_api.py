"""The menu at the bottom of a chat (WeChat doc: §1.9)."""

from typing import Any
from urllib.parse import urlsplit

from sandbox.errors import WxError
from sandbox.models import Button
from sandbox.protocol import Call

TYPES = {"click", "view", "scancode_push", "scancode_waitmsg", "location_select", "pic_photo_or_album"}
NAME_BYTES, SUB_NAME_BYTES, KEY_BYTES, URL_BYTES = 16, 60, 128, 1024


def create(call: Call) -> dict[str, Any]:
    """POST /cgi-bin/menu/create: one to three buttons, each with up to five below it."""
    account, data = call.account, call.json()
    account.menu = checked_menu(data.get("button"))
    return {"errcode": 0, "errmsg": "ok"}


def get(call: Call) -> dict[str, Any]:
    """GET /cgi-bin/menu/get."""
    menu = call.account.menu
    if not menu:
        raise WxError(46003)
    return {"menu": {"button": menu}}


def delete(call: Call) -> dict[str, Any]:
    """GET /cgi-bin/menu/delete."""
    call.account.menu = []
    return {"errcode": 0, "errmsg": "ok"}


def checked_menu(buttons: object) -> list[Button]:
    """The buttons, every one with `sub_button`; 40016 and its neighbours say what is wrong."""
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        raise WxError(40016)
    return [_checked_button(button) for button in buttons]


def _checked_button(button: Any) -> Button:
    _check_name(button, NAME_BYTES)
    below = button.get("sub_button") or []
    if not below:
        return {**_checked_leaf(button, bad_url=40055), "sub_button": []}
    if not isinstance(below, list) or len(below) > 5:
        raise WxError(40023)
    for leaf in below:
        _check_name(leaf, SUB_NAME_BYTES)
    return {
        "name": button["name"],
        "sub_button": [{**_checked_leaf(leaf, bad_url=40054), "sub_button": []} for leaf in below],
    }


def _check_name(button: Any, limit: int) -> None:
    name = button.get("name") if isinstance(button, dict) else None
    if not isinstance(name, str) or not name or len(name.encode()) > limit:
        raise WxError(40018)


def _checked_leaf(button: Button, *, bad_url: int) -> Button:
    kind = button.get("type")
    if kind not in TYPES:
        raise WxError(40017)
    if kind != "view":
        return _with_key(button)
    url = str(button.get("url") or "")
    if not url or len(url.encode()) > URL_BYTES:
        raise WxError(40020)
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise WxError(bad_url)
    return {"type": kind, "name": button["name"], "url": url}


def _with_key(button: Button) -> Button:
    key = str(button.get("key") or "")
    if not key or len(key.encode()) > KEY_BYTES:
        raise WxError(40019)
    return {"type": button["type"], "name": button["name"], "key": key}
