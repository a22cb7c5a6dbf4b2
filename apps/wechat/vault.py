"""The account's secrets: sealed in the row, opened only where a call is made, never printed."""

from dataclasses import dataclass, field

from apps.wechat.models import SEALED, WxAccount
from steppe.kernel import secrets
from tenants.context import current_branch


@dataclass(frozen=True)
class Credentials:
    """An account with its secrets in the clear; `repr` shows none of them."""

    appid: str
    original_id: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_keys: tuple[str, ...] = field(repr=False)


def seal(appid: str, name: str, plain: str) -> str:
    """The sealed form of one secret; nothing stays nothing."""
    return secrets.seal(plain, place=_place(appid, name)) if plain else ""


def credentials_of(account: WxAccount) -> Credentials:
    """Open the account's secrets. ValueError when the row was copied from another branch."""
    opened = {name: _open(account, name) for name in SEALED}
    keys = tuple(key for key in (opened["aes_key"], opened["previous_aes_key"]) if key)
    return Credentials(account.appid, account.original_id, opened["app_secret"], opened["token"], keys)


def _open(account: WxAccount, name: str) -> str:
    sealed = getattr(account, name)
    return secrets.unseal(sealed, place=_place(account.appid, name)) if sealed else ""


def _place(appid: str, name: str) -> str:
    return f"{current_branch().uuid}/wechat_wxaccount/{appid}/{name}"
