"""The menu at the bottom of a chat (WeChat doc: §1.9)."""

from typing import Any

from sandbox.errors import WxError
from sandbox.menus import checked_menu
from sandbox.models import Button
from sandbox.protocol import Call


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


def current(call: Call) -> dict[str, Any]:
    """GET /cgi-bin/get_current_selfmenu_info: the same menu in the other shape, where `list` holds the lower level."""
    menu = call.account.menu
    return {"is_menu_open": int(bool(menu)), "selfmenu_info": {"button": [_listed(button) for button in menu]}}


def delete(call: Call) -> dict[str, Any]:
    """GET /cgi-bin/menu/delete."""
    call.account.menu = []
    return {"errcode": 0, "errmsg": "ok"}


def _listed(button: Button) -> Button:
    plain = {name: value for name, value in button.items() if name != "sub_button"}
    below = [_listed(leaf) for leaf in button["sub_button"]]
    return plain | ({"sub_button": {"list": below}} if below else {})
