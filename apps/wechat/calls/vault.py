"""The account's secrets: sealed in the row, opened only where a call is made, never printed.

A shared account's stand once, in `public`; a branch opens them only while it is a member.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from apps.wechat.errors import AccountBroken
from apps.wechat.gateway.models import SharedAccount
from apps.wechat.models import SEALED, WxAccount
from steppe.kernel import secrets
from steppe.kernel.names import PUBLIC
from tenants.context import current_branch, in_public


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


def seal_shared(appid: str, name: str, plain: str) -> str:
    """The same for an account of headquarters."""
    return secrets.seal(plain, place=_shared_place(appid, name)) if plain else ""


def credentials_of(account: WxAccount) -> Credentials:
    """Open the account's secrets. ValueError when the row was copied from another branch.

    A shared account's come from `public` (one query). Raises AccountBroken when the branch is no member any more.
    """
    if account.shared:
        return credentials_of_shared(_shared(account.appid))
    return _opened(account, _place)


def credentials_of_shared(account: SharedAccount) -> Credentials:
    """Open the secrets of an account of headquarters. ValueError when the row was copied from somewhere else."""
    return _opened(account, _shared_place)


def _shared(appid: str) -> SharedAccount:
    mine = current_branch().pk
    with in_public():
        account = SharedAccount.objects.filter(appid=appid, enabled=True, members__tenant_id=mine).first()
    if account is None:
        raise AccountBroken(errmsg="this branch does not use the shared account any more")
    return account


def _opened(account: WxAccount | SharedAccount, place: Callable[[str, str], str]) -> Credentials:
    opened = {name: _open(getattr(account, name), place(account.appid, name)) for name in SEALED}
    keys = tuple(key for key in (opened["aes_key"], opened["previous_aes_key"]) if key)
    return Credentials(account.appid, account.original_id, opened["app_secret"], opened["token"], keys)


def _open(sealed: str, place: str) -> str:
    return secrets.unseal(sealed, place=place) if sealed else ""


def _place(appid: str, name: str) -> str:
    return f"{current_branch().uuid}/wechat_wxaccount/{appid}/{name}"


def _shared_place(appid: str, name: str) -> str:
    return f"{PUBLIC}/gateway_sharedaccount/{appid}/{name}"
