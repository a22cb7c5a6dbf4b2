"""The secrets of the branch's other channels: sealed in the row, opened only where a call is made, never printed."""

from dataclasses import dataclass, field

from apps.wechat.models import SmsAccount, WecomAccount
from steppe.kernel import secrets
from tenants.context import current_branch


@dataclass(frozen=True)
class SmsKeys:
    """The branch's account at the SMS gateway with its key in the clear; `repr` does not show it."""

    app_id: str
    key_id: str
    sign_name: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class WecomKeys:
    """The branch's WeCom with its secrets in the clear; `repr` shows none of them."""

    corpid: str
    agentid: str
    secret: str = field(repr=False)
    robot_key: str = field(repr=False)


def seal(table: str, name: str, plain: str) -> str:
    """The sealed form of one secret; nothing stays nothing."""
    return secrets.seal(plain, place=_place(table, name)) if plain else ""


def sms_keys(account: SmsAccount) -> SmsKeys:
    """Open the account's key. ValueError when the row was copied from another branch."""
    return SmsKeys(account.app_id, account.key_id, account.sign_name, _open("smsaccount", "secret", account.secret))


def wecom_keys(account: WecomAccount) -> WecomKeys:
    """Open the account's secrets. ValueError when the row was copied from another branch."""
    secret = _open("wecomaccount", "secret", account.secret)
    robot = _open("wecomaccount", "robot_key", account.robot_key)
    return WecomKeys(account.corpid, account.agentid, secret, robot)


def _open(table: str, name: str, sealed: str) -> str:
    return secrets.unseal(sealed, place=_place(table, name)) if sealed else ""


def _place(table: str, name: str) -> str:
    return f"{current_branch().uuid}/wechat_{table}/{name}"
