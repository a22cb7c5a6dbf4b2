"""The branch's other ways to a phone: its SMS gateway, its WeCom, its people's names there, its notices.

A secret is written and never shown: an empty one keeps what there is.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import IntegrityError, transaction

from apps.wechat import selectors
from apps.wechat.calls.channel_vault import seal
from apps.wechat.calls.notices import notice_pool
from apps.wechat.errors import BadChannel, NoticeWrong, WeChatAway, WeChatError
from apps.wechat.models import SmsAccount, WecomAccount, WecomMember, WxAccount
from apps.wechat.permissions import ACCOUNT_KEEPERS
from apps.wechat.rules import channel_form as form
from apps.wechat.rules import templates
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command

A = TypeVar("A", SmsAccount, WecomAccount)


@command("wechat.set_sms")
def set_sms(
    *, app_id: str, key_id: str, secret: str, sign_name: str, enabled: bool, templates: dict[str, Any], by: Actor
) -> Receipt:
    """Enter the account at the SMS gateway. Raises BadChannel."""
    require(by, ACCOUNT_KEEPERS)
    account = SmsAccount.objects.select_for_update().order_by("id").first() or SmsAccount()
    told: dict[str, Any] = {
        "app_id": app_id, "key_id": key_id, "secret": secret, "sign_name": sign_name, "templates": templates,
    }  # fmt: skip
    if wrong := form.wrong_sms(told, has_secret=bool(account.secret)):
        raise BadChannel.of(wrong)
    connect_sms(**told, enabled=enabled, account=account)
    return Receipt("sms_account", account.pk, facts={"enabled": enabled, "new_key": bool(secret)})


@command("wechat.set_wecom")
def set_wecom(
    *, corpid: str, agentid: str, secret: str, robot_key: str, enabled: bool, by: Actor
) -> Receipt:  # fmt: skip
    """Enter the WeCom application, or only a group's robot. Raises BadChannel."""
    require(by, ACCOUNT_KEEPERS)
    account = WecomAccount.objects.select_for_update().order_by("id").first() or WecomAccount()
    told = {"corpid": corpid, "agentid": agentid, "secret": secret, "robot_key": robot_key}
    if wrong := form.wrong_wecom(told, has_secret=bool(account.secret), has_robot=bool(account.robot_key)):
        raise BadChannel.of(wrong)
    connect_wecom(**told, enabled=enabled, account=account)
    return Receipt("wecom_account", account.pk, facts={"enabled": enabled, "new_key": bool(secret or robot_key)})


@command("wechat.set_wecom_members")
def set_wecom_members(*, names: dict[str, str], by: Actor) -> Receipt:
    """The names of staff in WeCom, by the account's id; an empty one unlinks. Raises BadChannel."""
    require(by, ACCOUNT_KEEPERS)
    if wrong := form.wrong_members(names):
        raise BadChannel.of(wrong)
    link_members({int(pk): name for pk, name in names.items()})
    return Receipt("wecom_members", 0, facts={"linked": sum(1 for name in names.values() if name)})


def set_notices(*, chosen: Mapping[str, str], by: Actor, key: str) -> Receipt:
    """Choose the notice template of each card by its id, as the account has it at WeChat; an empty one takes it away.

    Raises NoAccount, NoticeWrong, WeChatAway. One round trip to WeChat, before anything is locked.
    """
    require(by, ACCOUNT_KEEPERS)
    account = selectors.required_account()
    try:
        pool = notice_pool(account) if any(chosen.values()) else []
    except WeChatError:
        raise WeChatAway from None
    notices = {card: _notice(template_id, pool) for card, template_id in chosen.items() if template_id}
    if complaints := templates.judge(notices, pool):
        raise NoticeWrong.of(complaints)
    return _set_notices(account_id=account.pk, notices=notices, by=by, key=key)


@command("wechat.set_notices")
def _set_notices(*, account_id: int, notices: dict[str, Any], by: Actor) -> Receipt:
    WxAccount.objects.filter(pk=account_id).update(notices=notices)
    return Receipt("wx_account", account_id, facts={"notices": sorted(notices)})


def connect_notices(account: WxAccount, notices: Mapping[str, Any]) -> None:
    """The notices of the account as they are told (demo). Idempotent."""
    WxAccount.objects.filter(pk=account.pk).update(notices=dict(notices))


def connect_sms(*, account: SmsAccount | None = None, enabled: bool = True, secret: str, **parts: Any) -> SmsAccount:
    """Write the account as it is told; what was silent after a trouble speaks again. Idempotent (demo, `set_sms`)."""
    account = account or SmsAccount.objects.order_by("id").first() or SmsAccount()
    return _connected(account, enabled, parts, {"secret": secret}, "smsaccount")


def connect_wecom(
    *, account: WecomAccount | None = None, enabled: bool = True, secret: str = "", robot_key: str = "", **parts: Any
) -> WecomAccount:
    """The same for WeCom (demo, `set_wecom`)."""
    account = account or WecomAccount.objects.order_by("id").first() or WecomAccount()
    return _connected(account, enabled, parts, {"secret": secret, "robot_key": robot_key}, "wecomaccount")


def link_members(names: Mapping[int, str]) -> None:
    """Names in WeCom by user id, all or none; an empty one unlinks. Raises BadChannel for a name that is taken."""
    try:
        with transaction.atomic():
            WecomMember.objects.filter(user_id__in=list(names)).delete()
            WecomMember.objects.bulk_create(
                WecomMember(user_id=pk, userid=name) for pk, name in names.items() if name
            )  # fmt: skip
    except IntegrityError:
        raise BadChannel.of({"members": "taken"}) from None


def _connected(
    account: A, enabled: bool, parts: dict[str, Any], secrets: dict[str, str], table: str
) -> A:  # fmt: skip
    for name, value in parts.items():
        setattr(account, name, value)
    for name, plain in secrets.items():
        if plain:
            setattr(account, name, seal(table, name, plain))
    account.enabled, account.paused_until, account.trouble = enabled, None, ""
    account.save()
    return account


def _notice(template_id: str, pool: list[dict[str, Any]]) -> dict[str, Any]:
    found = next((one for one in pool if one.get("priTmplId") == template_id), {})
    return {
        "template_id": template_id, "title": str(found.get("title", "")), "keywords": templates.by_label(found),
    }  # fmt: skip
