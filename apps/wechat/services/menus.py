"""What stands below every chat of the account: kept here, published to WeChat, compared with what it has."""

from collections.abc import Sequence
from typing import Any

from apps.wechat import selectors
from apps.wechat.calls.client import client_for
from apps.wechat.errors import BadAccount, WeChatError
from apps.wechat.links import page_url
from apps.wechat.models import WxAccount
from apps.wechat.rules import menus
from apps.wechat.services.entering import locked_account
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command

NO_MENU = 46003


def buttons_of(account: WxAccount | None) -> list[dict[str, Any]]:
    """The account's own buttons, or the standard ones."""
    return list(account.menu) if account and account.menu else [dict(one) for one in menus.STANDARD]


def menu(account: WxAccount | None = None) -> dict[str, Any]:
    """The menu as WeChat takes it. Plain addresses: each page starts the sign-in itself, with a state of its own."""
    account = account or selectors.branch_account()
    return {"button": menus.as_wechat(buttons_of(account), page_url)}


def publish_menu(account: WxAccount) -> None:
    """Put the menu below every chat of the account. Raises WeChatError. One or two calls to WeChat."""
    client_for(account).menu.create(menu(account))


@command("wechat.keep_menu")
def keep_menu(*, buttons: Sequence[dict[str, Any]], by: Actor) -> Receipt:
    """Keep these buttons for the account; people see them once they are published.

    Raises NoAccount, BadAccount (naming each place), HeadquartersKeepsIt.
    """
    account = locked_account(by)
    if wrong := menus.judge(buttons):
        raise BadAccount.of(wrong)
    account.menu = list(buttons)
    if "menu" in account.checks:  # it is not what WeChat has, until somebody publishes or compares it
        account.checks["menu"]["facts"] = account.checks["menu"]["facts"] | {"same": False}
    account.save(update_fields=["menu", "checks"])
    return Receipt("wechat_account", account.pk)


def compared(account: WxAccount) -> dict[str, Any]:
    """Is what WeChat shows what we keep? Raises WeChatError."""
    try:
        answer = client_for(account).get("menu/get")
    except WeChatError as error:
        if error.errcode != NO_MENU:
            raise
        answer = {}
    theirs = menus.flat((answer.get("menu") or {}).get("button") or [])
    return {"same": theirs == menus.flat(menu(account)["button"]), "theirs": [list(one) for one in theirs]}
