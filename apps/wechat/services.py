"""Writes about the account and the people known to it. Each writes one schema per transaction."""

import secrets
from typing import Any

from django.db import IntegrityError, transaction

from apps.people import roles
from apps.people import selectors as people_reads
from apps.people import services as people
from apps.wechat import accounts, store
from apps.wechat.cards import standard_templates
from apps.wechat.client import client_for
from apps.wechat.demo import demo_account
from apps.wechat.errors import AlreadyBound, UnknownPerson
from apps.wechat.links import page_url
from apps.wechat.models import CustomerIdentity, StaffBinding, WxAccount
from apps.wechat.vault import credentials_of, seal
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command
from tenants.context import current_branch, in_public
from tenants.models import WeChatRoute

__all__ = [
    "bind_at_once", "bind_staff", "callback_url", "connect_account", "demo_account", "menu", "publish_menu",
    "recognise_customer", "unbind_staff",
]  # fmt: skip
ADMINS = (roles.BRANCH_ADMIN,)


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
    _route(appid)
    return account


def callback_url(account: WxAccount) -> str:
    """The address to enter at WeChat; its key is 128 random bits and says nothing about the account."""
    return page_url(f"/wx/cb/{_route(account.appid)}")


@command("wechat.bind_staff")
def bind_staff(*, user_id: int, openid: str, by: Actor) -> Receipt:
    """An administrator binds a person's WeChat. Raises NoAccount, UnknownPerson, AlreadyBound."""
    require(by, ADMINS)
    binding = bind_at_once(account=accounts.required_account(), user_id=user_id, openid=openid)
    return Receipt("staff_binding", binding.pk, facts={"user_id": user_id})


@command("wechat.unbind_staff")
def unbind_staff(*, user_id: int, by: Actor) -> Receipt:
    """Cards no longer reach the person, and their WeChat no longer signs them in."""
    require(by, ADMINS)
    StaffBinding.objects.filter(account=accounts.required_account(), user_id=user_id).delete()
    return Receipt("staff_binding", 0, facts={"user_id": user_id})


def bind_at_once(*, account: WxAccount, user_id: int, openid: str) -> StaffBinding:
    """The binding itself, without asking who does it (demo, and a step of `bind_staff`). Idempotent.

    Raises UnknownPerson, AlreadyBound: rebinding needs an unbinding first.
    """
    person = people_reads.user_by_id(user_id)
    if person is None or not person.is_active:
        raise UnknownPerson
    try:
        with transaction.atomic():
            return StaffBinding.objects.get_or_create(account=account, user_id=user_id, openid=openid)[0]
    except IntegrityError:
        raise AlreadyBound from None


def recognise_customer(account: WxAccount, openid: str) -> int:
    """The customer behind this openid, made at the first visit; the id. Two visits at once make one customer."""
    known = CustomerIdentity.objects.filter(account=account, openid=openid)
    if (found := known.values_list("customer_id", flat=True).first()) is not None:
        return found
    try:
        with transaction.atomic():
            customer = people.new_customer()
            CustomerIdentity.objects.create(account=account, openid=openid, customer=customer)
            return customer.pk
    except IntegrityError:
        return known.values_list("customer_id", flat=True).get()


def resume_account(account: WxAccount) -> None:
    """Its trouble is mended: what waits is sent at once, not after the pause."""
    secrets_of = credentials_of(account)
    for kind in ("token", "ticket"):
        store.forgive(store.slot_for(kind, appid=secrets_of.appid, secret=secrets_of.secret))
    WxAccount.objects.filter(pk=account.pk).update(paused_until=None, trouble="")


def menu() -> dict[str, Any]:
    """What stands below every chat. Plain addresses: each page starts the sign-in itself, with a state of its own."""
    pages = (("报修", "/h5/report?from=wx"), ("我的工单", "/h5/mine"), ("抢单", "/w/pool"))
    return {"button": [{"type": "view", "name": name, "url": page_url(path)} for name, path in pages]}


def publish_menu(account: WxAccount) -> None:
    """Put the menu below every chat of the account. Raises WeChatError. One or two calls to WeChat."""
    client_for(account).menu.create(menu())


def _route(appid: str) -> str:
    branch = current_branch()
    with in_public(), transaction.atomic():
        fresh = {"key": secrets.token_urlsafe(16)}
        return WeChatRoute.objects.get_or_create(tenant_id=branch.pk, appid=appid, defaults=fresh)[0].key
