"""The account: its secrets, its callback's key, its trouble. Each writes one schema per transaction."""

import secrets
from datetime import timedelta
from typing import Any

from django.db import transaction

from apps.wechat.calls.client import client_for
from apps.wechat.calls.vault import seal
from apps.wechat.links import page_url
from apps.wechat.models import WxAccount
from apps.wechat.rules.cards import standard_templates
from steppe.kernel import clock
from tenants.context import current_branch, in_public
from tenants.models import WeChatRoute

NOTED_EVERY = timedelta(minutes=1)


def connect_account(
    *,
    appid: str,
    original_id: str,
    name: str,
    app_secret: str,
    token: str,
    aes_key: str,
    previous_aes_key: str = "",
    templates: dict[str, Any] | None = None,
) -> WxAccount:
    """The branch's service account with its sealed secrets, and the key of its callback. Idempotent by appid.

    Two transactions, the branch's and then the public one; running it again finishes what was interrupted.
    """
    plain = {"app_secret": app_secret, "token": token, "aes_key": aes_key, "previous_aes_key": previous_aes_key}
    fields: dict[str, Any] = {field: seal(appid, field, value) for field, value in plain.items()}
    fields |= {"original_id": original_id, "name": name}
    if templates is not None:
        fields["templates"] = templates
    created = {**fields, "templates": templates or standard_templates(appid)}
    with transaction.atomic():
        account, _ = WxAccount.objects.update_or_create(appid=appid, defaults=fields, create_defaults=created)
    make_route(appid)
    return account


def callback_url(account: WxAccount) -> str:
    """The address to enter at WeChat; its key is 128 random bits and says nothing about the account."""
    return page_url(f"/wx/cb/{make_route(account.appid)}")


def resume_account(account: WxAccount) -> None:
    """Its trouble is mended: what waits is sent at once, not after the pause."""
    forgive(account)
    WxAccount.objects.filter(pk=account.pk).update(paused_until=None, trouble="")


def forgive(account: WxAccount) -> None:
    """Forget failed tokens, open circuits and silence: the next call may ask at once."""
    client_for(account).forgive()


def note_contact(account: WxAccount, *, proved: bool) -> None:
    """WeChat has spoken to the callback: `proved` when it verified the address. Written at most once a minute."""
    field = "verified_at" if proved else "heard_at"
    now, last = clock.now(), getattr(account, field)
    if last is None or now - last >= NOTED_EVERY:
        WxAccount.objects.filter(pk=account.pk).update(**{field: now})


def make_route(appid: str) -> str:
    """The key of the account's callback, made once. Up to two queries in `public`."""
    branch = current_branch()
    with in_public(), transaction.atomic():
        fresh = {"key": secrets.token_urlsafe(16)}
        return WeChatRoute.objects.get_or_create(tenant_id=branch.pk, appid=appid, defaults=fresh)[0].key
