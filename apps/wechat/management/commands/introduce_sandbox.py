"""manage.py introduce_sandbox: tell the running WeChat sandbox which accounts and people it stands in for."""

from typing import Any
from zlib import crc32

import requests
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Exists, OuterRef

from apps.people import selectors as people
from apps.wechat import services
from apps.wechat.calls import http
from apps.wechat.calls.vault import credentials_of, credentials_of_shared
from apps.wechat.gateway import sharing
from apps.wechat.gateway.models import SharedAccount
from apps.wechat.links import branch_host
from apps.wechat.management import gateways
from apps.wechat.models import CustomerIdentity, Known, StaffBinding, WxAccount
from apps.wechat.rules.cards import FACTS
from apps.wechat.selectors import branch_account, sms_account, wecom_account
from tenants.context import active_branches, in_branch, in_public
from tenants.models import Domain, Tenant

CUSTOMERS_SHOWN = 20
Spot = tuple[float, float]
VISITORS = ("客户甲", "客户乙")  # people who have a phone and are nobody's customer yet


class Command(BaseCommand):
    help = "Tell the running WeChat sandbox the accounts, the people and their menus."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.STEPPE_WECHAT_SANDBOX:
            raise CommandError("This tells an account's secrets to STEPPE_WECHAT_ROOT: only with the sandbox.")
        sandbox = Sandbox(settings.STEPPE_WECHAT_ROOT)
        for branch in active_branches():
            with in_branch(branch):
                account = branch_account()
                if account is None:
                    continue
                sandbox.tell("accounts", described(account))
                introduce_gateways(sandbox, branch)
                known = persons(branch, account)
                for person in known:
                    sandbox.tell("users", person)
                services.resume_account(account)  # a worker may have asked before anybody was introduced
            self.stdout.write(f"  {branch.name}: {account.appid}, {len(known)} phones")
        with in_public():
            for shared in SharedAccount.objects.order_by("id"):
                sandbox.tell("accounts", described_shared(shared))
                self.stdout.write(f"  {shared.name}: {shared.appid}, shared")


class Sandbox:
    """The control side of the stand-in."""

    def __init__(self, root: str) -> None:
        self.root, self.http = root.rstrip("/"), http.session()

    def tell(self, what: str, data: dict[str, Any]) -> None:
        """One account or one person. Raises CommandError with the sandbox's own words."""
        try:
            answer = self.http.post(f"{self.root}/_sandbox/{what}", json=data, timeout=http.TIMEOUT)
        except requests.RequestException as error:
            raise CommandError(f"the sandbox at {self.root} does not answer ({type(error).__name__})") from None
        if answer.status_code != 200:
            raise CommandError(f"the sandbox refused {what}: {answer.text[:300]}")


def introduce_gateways(sandbox: Sandbox, branch: Tenant) -> None:
    """The branch's SMS account and WeCom, where it has them."""
    if (sms := sms_account()) is not None:
        sandbox.tell("sms", gateways.described_sms(sms))
    if (wecom := wecom_account()) is not None:
        sandbox.tell("wecom", gateways.described_wecom(wecom, name=branch.name))


def described(account: WxAccount) -> dict[str, Any]:
    """The account as its administrator would enter it at WeChat."""
    if account.shared:
        with in_public():
            return described_shared(SharedAccount.objects.get(appid=account.appid))
    secrets, host = credentials_of(account), branch_host()
    return {
        "appid": account.appid, "secret": secrets.secret, "original_id": account.original_id, "name": account.name,
        "token": secrets.token, "aes_key": secrets.aes_keys[0], "callback_url": services.callback_url(account),
        "oauth_domains": [host], "js_domains": [host], "menu": services.menu(),
        "templates": _templates(account.templates), "subscribe_templates": _templates(account.notices),
    }  # fmt: skip


def described_shared(account: SharedAccount) -> dict[str, Any]:
    """An account of headquarters as its administrator would enter it at WeChat. Stand in `public`."""
    secrets, using = credentials_of_shared(account), [member.tenant_id for member in account.members.all()]
    hosts = Domain.objects.filter(tenant_id__in=using, is_primary=True).values_list("domain", flat=True)
    return {
        "appid": account.appid, "secret": secrets.secret, "original_id": account.original_id, "name": account.name,
        "token": secrets.token, "aes_key": secrets.aes_keys[0], "callback_url": sharing.callback_url(account),
        "oauth_domains": [sharing.auth_host()], "js_domains": list(hosts),
        "menu": {"button": sharing.standard_menu(account)}, "templates": _templates(account.templates),
    }  # fmt: skip


def in_order(keywords: dict[str, str]) -> list[tuple[str, str]]:
    """Number and fault first, as a person reads them: stored JSON has an order of its own."""
    return [(fact, keywords[fact]) for fact in FACTS if fact in keywords]


def _templates(templates: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "template_id": template["template_id"], "title": template.get("title", card),
            "keywords": [[key, FACTS[fact]] for fact, key in in_order(template["keywords"])],
        }
        for card, template in templates.items()
    ]  # fmt: skip


def persons(branch: Tenant, account: WxAccount) -> list[dict[str, Any]]:
    """Everybody with a phone: bound staff, known customers, and two visitors whom the branch has never seen."""
    crew = {one.user_id: one for one in people.technicians()}
    root = people.org_tree()[0]
    first = min(crew.values(), key=lambda one: one.pk, default=None)
    place = (first.lat, first.lng) if first else (root.lat or 43.93, root.lng or 116.08)
    names = gateways.wecom_names(wecom_account())
    found = [
        _staff(branch, binding, crew, place) | {"wecom": [names[binding.user_id]] if binding.user_id in names else []}
        for binding in _bindings(account)
    ]
    found += [_customer(branch, known, place) for known in _identities(branch, account)]
    return found + [_visitor(branch, account, number, place) for number in range(len(VISITORS))]


def _bindings(account: WxAccount) -> list[StaffBinding]:
    return list(StaffBinding.objects.filter(account=account).select_related("user").order_by("id"))


def _identities(branch: Tenant, account: WxAccount) -> list[CustomerIdentity]:
    """The customers' phones; bound staff and the visitors have theirs already."""
    staff = StaffBinding.objects.filter(account=OuterRef("account"), openid=OuterRef("openid"))
    visitors = [_visitor_openid(branch, number) for number in range(len(VISITORS))]
    rows = CustomerIdentity.objects.filter(~Exists(staff), account=account).exclude(openid__in=visitors)
    return list(rows.select_related("customer").order_by("id")[:CUSTOMERS_SHOWN])


def _visitor_openid(branch: Tenant, number: int) -> str:
    return f"o-{branch.slug}-visitor-{number + 1}"


def _staff(branch: Tenant, binding: StaffBinding, crew: dict[int, Any], place: Spot) -> dict[str, Any]:
    technician = crew.get(binding.user_id)
    spot = (technician.lat, technician.lng) if technician else place
    group = "technician" if technician else "staff"
    told = _person(f"{branch.slug}-{binding.user.username}", binding.user.name, group, spot, binding)
    return told | {"phone": binding.user.phone}


def _customer(branch: Tenant, known: CustomerIdentity, place: Spot) -> dict[str, Any]:
    one = known.customer
    spot = (one.lat, one.lng) if one.lat is not None and one.lng is not None else place
    return _person(f"{branch.slug}-c{one.pk}", one.name or "客户", "customer", spot, known) | {"phone": one.phone}


def _visitor(branch: Tenant, account: WxAccount, number: int, place: Spot) -> dict[str, Any]:
    spot = (place[0] + 0.004 * (number + 1), place[1] + 0.003)
    stranger = CustomerIdentity(account=account, openid=_visitor_openid(branch, number))
    name = f"{VISITORS[number]}·{branch.name}"
    told = _person(f"{branch.slug}-visitor{number + 1}", name, "customer", spot, stranger)
    return told | {"phone": visitor_phone(branch, number)}


def visitor_phone(branch: Tenant, number: int) -> str:
    """A number that nobody has, so that a text message with a code arrives on this phone."""
    return f"1265{crc32(branch.slug.encode()) % 1_000_000:06d}{number}"


def _person(user_id: str, name: str, group: str, spot: Spot, known: Known) -> dict[str, Any]:
    """A person for the sandbox; it keeps by itself whether somebody unfollowed, unless we know better."""
    follow = {"appid": known.account.appid, "openid": known.openid} | ({} if known.followed else {"following": False})
    return {"user_id": user_id, "name": name, "group": group, "lat": spot[0], "lng": spot[1], "follows": [follow]}
