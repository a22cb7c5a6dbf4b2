"""Headquarters' service accounts that several branches use. Each write is one command in `public`.

What a branch keeps of it (its own row of WxAccount) is written by `membership`, in that branch, afterwards.
"""

import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from django.conf import settings

from apps.people import roles
from apps.wechat.calls.client import TenantWeChatClient, client_with
from apps.wechat.calls.vault import credentials_of_shared, seal_shared
from apps.wechat.errors import BadAccount, WeChatAway, WeChatError
from apps.wechat.gateway.errors import MemberElsewhere, NoSharedAccount
from apps.wechat.gateway.models import SharedAccount, SharedMember
from apps.wechat.links import auth_url
from apps.wechat.rules import account_form, menus, templates
from apps.wechat.rules.fitting import fitting
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command
from steppe.kernel.db import connection
from steppe.kernel.names import PUBLIC
from tenants.models import Status, Tenant, WeChatRoute

KEEPERS = (roles.HQ_ADMIN,)


@command("wechat.share_account")
def share_account(
    *, appid: str, original_id: str, name: str, app_secret: str, token: str, aes_key: str, by: Actor
) -> Receipt:
    """A new account, without branches yet. Raises BadAccount with the fields that are wrong."""
    _headquarters(by)
    given = {
        "appid": appid, "original_id": original_id, "name": name,
        "app_secret": app_secret, "token": token, "aes_key": aes_key,
    }  # fmt: skip
    wrong = account_form.judge(given, known=False)
    if not wrong and SharedAccount.objects.filter(appid=appid).exists():
        wrong = {"appid": "known"}
    _refuse(wrong)
    sealed = {field: seal_shared(appid, field, given[field]) for field in account_form.SECRETS}
    account = SharedAccount.objects.create(
        appid=appid, original_id=original_id, name=name, key=secrets.token_urlsafe(16), **sealed
    )
    return _done(account)


@command("wechat.change_shared_account")
def change_shared(
    *, account_id: int, original_id: str, name: str, app_secret: str, token: str, aes_key: str, by: Actor
) -> Receipt:
    """Its name and what was entered anew; an empty secret keeps what is there. Raises BadAccount, NoSharedAccount.

    Another AES key makes the present one the previous one, which is heard until it is taken out.
    """
    account = _locked(account_id, by)
    given = {
        "appid": account.appid, "original_id": original_id, "name": name,
        "app_secret": app_secret, "token": token, "aes_key": aes_key,
    }  # fmt: skip
    present = credentials_of_shared(account).aes_keys[0]
    wrong = account_form.judge(given, known=True)
    if aes_key and not wrong:
        wrong = account_form.judge_key(aes_key, present=present)
    _refuse(wrong)
    if aes_key:  # sealed anew: what is sealed opens only in its own field
        account.previous_aes_key = seal_shared(account.appid, "previous_aes_key", present)
        account.rotated_at = clock.now()
    for field in account_form.SECRETS:
        if given[field]:
            setattr(account, field, seal_shared(account.appid, field, given[field]))
    account.original_id, account.name = original_id, name
    account.save()
    return _done(account)


@command("wechat.end_shared_rotation")
def end_rotation(*, account_id: int, by: Actor) -> Receipt:
    """WeChat has the new AES key: the one before is not heard any more."""
    account = _locked(account_id, by)
    account.previous_aes_key = ""
    account.save(update_fields=["previous_aes_key"])
    return _done(account)


@command("wechat.switch_shared_account")
def switch_shared(*, account_id: int, on: bool, by: Actor) -> Receipt:
    """On or off for all its branches: off, nobody signs in by it, nothing is heard and nothing sent."""
    account = _locked(account_id, by)
    account.enabled = on
    account.save(update_fields=["enabled"])
    _routes(account).update(enabled=on)
    return _done(account, on=on)


@command("wechat.choose_shared_members")
def choose_members(*, account_id: int, tenant_ids: list[int], by: Actor) -> Receipt:
    """The branches that use the account, exactly these. Raises MemberElsewhere. Locks: the account.

    Who belongs to a branch that leaves is kept, and counts again if it comes back.
    """
    account = _locked(account_id, by)
    wanted = set(Tenant.objects.filter(pk__in=tenant_ids).exclude(schema_name=PUBLIC).values_list("pk", flat=True))
    elsewhere = SharedMember.objects.filter(tenant_id__in=wanted).exclude(account=account).select_related("tenant")
    if taken := elsewhere.first():
        raise MemberElsewhere(branch=taken.tenant.name)
    present = set(SharedMember.objects.filter(account=account).values_list("tenant_id", flat=True))
    for tenant_id in sorted(wanted - present):
        SharedMember.objects.create(account=account, tenant_id=tenant_id)
    SharedMember.objects.filter(account=account, tenant_id__in=present - wanted).delete()
    _mark(account, wanted)
    return _done(account, members=sorted(wanted), left=sorted(present - wanted))


def set_templates(*, account_id: int, chosen: Mapping[str, str], by: Actor, key: str) -> Receipt:
    """WeChat's template of each card (card → template id), for all its branches; its keywords as they fit best.

    Judged by what the account has at WeChat now. Raises BadAccount naming the card, WeChatAway. One call to WeChat.
    """
    pool = _pool(account_for(by, account_id))
    found = {card: {"template_id": one, "keywords": fitting(one, pool)} for card, one in chosen.items() if one}
    _refuse({wrong.card: wrong.rule for wrong in templates.judge(found, pool)})
    titles = {str(one.get("template_id")): str(one.get("title", "")) for one in pool}
    told = {card: entry | {"title": titles.get(chosen[card], "")} for card, entry in found.items()}
    return keep_templates(account_id=account_id, told=told, by=by, key=key)


@command("wechat.set_shared_templates")
def keep_templates(*, account_id: int, told: dict[str, Any], by: Actor) -> Receipt:
    """The same, already judged: each card's entry as `WxAccount.templates` has it."""
    account = _locked(account_id, by)
    account.templates = told
    account.save(update_fields=["templates"])
    return _done(account)


@command("wechat.put_shared_file")
def put_file(*, account_id: int, file_name: str, text: str, by: Actor) -> Receipt:
    """WeChat's proof that the central host is ours. Raises BadAccount."""
    account = _locked(account_id, by)
    others = {name: kept for name, kept in account.verify_files.items() if name != file_name}
    _refuse(account_form.judge_file(file_name, text, kept=len(others)))
    account.verify_files = {**others, file_name: text}
    account.save(update_fields=["verify_files"])
    return _done(account)


@command("wechat.drop_shared_file")
def drop_file(*, account_id: int, file_name: str, by: Actor) -> Receipt:
    """WeChat does not ask for it any more."""
    account = _locked(account_id, by)
    account.verify_files.pop(file_name, None)
    account.save(update_fields=["verify_files"])
    return _done(account)


def publish_menu(*, account: SharedAccount, by: Actor) -> None:
    """The standard buttons below every chat: each leads over the central host to the person's own branch.

    Raises WeChatAway. One or two calls to WeChat, no write of ours.
    """
    require(by, KEEPERS)
    try:
        _mended(account).menu.create({"button": standard_menu(account)})
    except WeChatError:
        raise WeChatAway from None


def standard_menu(account: SharedAccount) -> list[dict[str, Any]]:
    """The buttons as WeChat takes them. No query."""
    return menus.as_wechat(menus.STANDARD, lambda page: to_branch(account, page))


def to_branch(account: SharedAccount, page: str) -> str:
    """The address that leads anybody to this page of their own branch."""
    return auth_url(f"/wx/choose/{account.appid}?next={quote(page, safe='/')}")


def callback_url(account: SharedAccount) -> str:
    """The address to enter at WeChat; its key is 128 random bits and says nothing about the account."""
    return auth_url(f"/wx/cb/{account.key}")


def auth_host() -> str:
    """The host to enter at WeChat as 网页授权域名: exactly this, without scheme and port."""
    host: str = settings.STEPPE_AUTH_HOST
    return host


def accounts(actor: Actor) -> list[SharedAccount]:
    """All of them with their members. Headquarters' administrators only. Three queries in `public`."""
    require(actor, KEEPERS)
    return list(SharedAccount.objects.prefetch_related("members__tenant").order_by("id"))


def account_for(actor: Actor, account_id: int) -> SharedAccount:
    """One of them. Raises NoSharedAccount. One query in `public`."""
    require(actor, KEEPERS)
    found = SharedAccount.objects.filter(pk=account_id).first()
    if found is None:
        raise NoSharedAccount
    return found


def branches_beside(account: SharedAccount) -> list[dict[str, Any]]:
    """Every branch, with whether it uses this account, another shared one, or has one of its own. Three queries."""
    member = dict(SharedMember.objects.values_list("tenant_id", "account_id"))
    own = set(WeChatRoute.objects.exclude(appid=account.appid).values_list("tenant_id", flat=True))
    branches = Tenant.objects.exclude(schema_name=PUBLIC).exclude(status=Status.CLOSING).order_by("id")
    return [
        {
            "branch": branch, "uses": member.get(branch.pk) == account.pk, "own": branch.pk in own,
            "elsewhere": member.get(branch.pk, account.pk) != account.pk,
        }
        for branch in branches
    ]  # fmt: skip


def _pool(account: SharedAccount) -> list[dict[str, Any]]:
    try:
        answer = _mended(account).get("template/get_all_private_template")
    except WeChatError:
        raise WeChatAway from None
    return list(answer.get("template_list") or [])


def _mended(account: SharedAccount) -> TenantWeChatClient:
    """Whoever presses a button has mended what was wrong: ask WeChat again, whatever failed a moment ago."""
    client = client_with(credentials_of_shared(account))
    client.forgive()
    return client


def _headquarters(by: Actor) -> None:
    require(by, KEEPERS)
    if connection.schema_name != PUBLIC:
        raise RuntimeError("a shared account is kept in public")


def _locked(account_id: int, by: Actor) -> SharedAccount:
    _headquarters(by)
    account = SharedAccount.objects.select_for_update().filter(pk=account_id).first()
    if account is None:
        raise NoSharedAccount
    return account


def _refuse(wrong: Mapping[str, str]) -> None:
    if wrong:
        raise BadAccount.of(wrong)


def _mark(account: SharedAccount, wanted: set[int]) -> None:
    """Whoever asks whether a branch has WeChat looks at its routes; a shared account's opens no door at the branch."""
    _routes(account).exclude(tenant_id__in=wanted).delete()
    for tenant_id in sorted(wanted):
        fresh = {"key": secrets.token_urlsafe(16), "enabled": account.enabled}
        WeChatRoute.objects.get_or_create(tenant_id=tenant_id, appid=account.appid, defaults=fresh)


def _routes(account: SharedAccount) -> Any:
    return WeChatRoute.objects.filter(appid=account.appid)


def _done(account: SharedAccount, **facts: Any) -> Receipt:
    return Receipt("shared_account", account.pk, facts={"appid": account.appid, **facts})
