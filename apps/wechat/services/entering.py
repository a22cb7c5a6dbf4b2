"""The branch's administrator enters the account and changes it. Secrets go in and never come out.

Each command locks the rows of accounts and nothing else.
"""

import secrets
import string
from typing import Any

from django.db.models import Q

from apps.wechat import account_reads
from apps.wechat.calls.vault import credentials_of, seal
from apps.wechat.errors import BadAccount, HeadquartersKeepsIt, NoAccount, NothingToTakeOut
from apps.wechat.models import WxAccount
from apps.wechat.permissions import ACCOUNT_KEEPERS
from apps.wechat.rules import account_form
from apps.wechat.services.accounts import make_route, resume_account
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command

_SIGNS = string.ascii_letters + string.digits
# What a new value of a field makes doubtful: results of the guide that must be proved anew.
_DOUBTS = {"app_secret": ("token", "templates", "card"), "token": ("callback",), "aes_key": ("callback",)}


def enter_account(
    *, appid: str, original_id: str, name: str, by: Actor, key: str, app_secret: str = "", token: str = "",
    aes_key: str = "",
) -> Receipt:  # fmt: skip
    """Enter the branch's account, or change it: an empty secret keeps what is there. Another appid is another account,
    which needs all its secrets and takes the place of the former one (switched off, not forgotten).

    Raises NotAllowed, BadAccount (naming each field), HeadquartersKeepsIt.
    """
    told = {"app_secret": app_secret, "token": token, "aes_key": aes_key}
    receipt = _enter(appid=appid, original_id=original_id, name=name, **told, by=by, key=key)
    make_route(appid)
    return receipt


@command("wechat.enter_account")
def _enter(*, appid: str, original_id: str, name: str, app_secret: str, token: str, aes_key: str, by: Actor) -> Receipt:
    given = {
        "appid": appid, "original_id": original_id, "name": name, "app_secret": app_secret, "token": token,
        "aes_key": aes_key,
    }  # fmt: skip
    present = _locked(by)
    known = present is not None and present.appid == appid
    if wrong := account_form.judge(given, known=known):
        raise BadAccount.of(wrong)
    return _change(present, given) if present and known else _take_over(given)


@command("wechat.rotate_aes_key")
def rotate_aes_key(*, aes_key: str, by: Actor) -> Receipt:
    """Another AES key. The present one stays accepted until it is taken out, so no message is lost while WeChat
    still uses it. Raises NoAccount, BadAccount, HeadquartersKeepsIt."""
    account = locked_account(by)
    present = credentials_of(account).aes_keys[0]
    if wrong := account_form.judge_key(aes_key, present=present):
        raise BadAccount.of(wrong)
    _put_key(account, aes_key)
    return _receipt(account, "aes_key", "previous_aes_key", "rotated_at", "checks")


@command("wechat.take_out_previous_key")
def take_out_previous_key(*, by: Actor) -> Receipt:
    """WeChat uses the new AES key; the former one opens nothing any more. Raises NothingToTakeOut."""
    account = locked_account(by)
    if not account.previous_aes_key:
        raise NothingToTakeOut
    account.previous_aes_key = ""
    return _receipt(account, "previous_aes_key")


@command("wechat.switch_account")
def switch_account(*, enabled: bool, by: Actor) -> Receipt:
    """Off: nothing is sent or heard. On again: everything is as it was. Raises NoAccount, HeadquartersKeepsIt."""
    account = locked_account(by)
    account.enabled = enabled
    return _receipt(account, "enabled")


@command("wechat.resume_account")
def mended(*, by: Actor) -> Receipt:
    """What was wrong is mended: try again now. Raises NoAccount, HeadquartersKeepsIt."""
    account = locked_account(by)
    resume_account(account)
    return Receipt("wechat_account", account.pk, facts={"appid": account.appid})


def suggest() -> dict[str, str]:
    """A token and an AES key nobody can guess; kept nowhere until they are entered."""
    return {
        "token": "".join(secrets.choice(_SIGNS) for _ in range(32)),
        "aes_key": "".join(secrets.choice(_SIGNS) for _ in range(43)),
    }


def locked_account(by: Actor) -> WxAccount:
    """The branch's own account, locked until the command ends. Raises NotAllowed, NoAccount, HeadquartersKeepsIt."""
    account = _locked(by)
    if account is None:
        raise NoAccount
    return account


def _locked(by: Actor) -> WxAccount | None:
    require(by, ACCOUNT_KEEPERS)
    account = account_reads.kept_accounts().select_for_update().first()
    if account and account.shared:
        raise HeadquartersKeepsIt
    return account


def _change(account: WxAccount, given: dict[str, str]) -> Receipt:
    account.original_id, account.name = given["original_id"], given["name"]
    opened = credentials_of(account)
    present = {"app_secret": opened.secret, "token": opened.token, "aes_key": next(iter(opened.aes_keys), "")}
    changed = [field for field in account_form.SECRETS if given[field] not in ("", present[field])]
    for field in changed:
        if field == "aes_key":
            _put_key(account, given[field])
        else:
            setattr(account, field, seal(account.appid, field, given[field]))
        for step in _DOUBTS[field]:
            account.checks.pop(step, None)
    if "token" in changed:
        account.verified_at = None
    return _receipt(
        account, "original_id", "name", *account_form.SECRETS, "previous_aes_key", "rotated_at", "checks", "verified_at"
    )


def _put_key(account: WxAccount, aes_key: str) -> None:
    account.previous_aes_key = seal(account.appid, "previous_aes_key", credentials_of(account).aes_keys[0])
    account.aes_key = seal(account.appid, "aes_key", aes_key)
    account.rotated_at = clock.now()
    account.checks.pop("callback", None)


def _take_over(given: dict[str, str]) -> Receipt:
    """A new account takes the place of the former one; one that was here before comes back with new secrets."""
    appid = given["appid"]
    fields: dict[str, Any] = {field: seal(appid, field, given[field]) for field in account_form.SECRETS}
    fields |= {"original_id": given["original_id"], "name": given["name"], "enabled": True, "previous_aes_key": ""}
    fields |= {"rotated_at": clock.now(), "checks": {}, "verified_at": None, "paused_until": None, "trouble": ""}
    account, _ = WxAccount.objects.update_or_create(appid=appid, defaults=fields)
    WxAccount.objects.filter(~Q(pk=account.pk), enabled=True).update(enabled=False)
    return Receipt("wechat_account", account.pk, facts={"appid": appid})


def _receipt(account: WxAccount, *fields: str) -> Receipt:
    account.save(update_fields=list(fields))
    return Receipt("wechat_account", account.pk, facts={"appid": account.appid})
