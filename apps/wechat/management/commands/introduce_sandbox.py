"""manage.py introduce_sandbox: tell the running WeChat sandbox which accounts and people it stands in for."""

from typing import Any

import requests
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Exists, OuterRef

from apps.people import selectors as people
from apps.wechat import http, services
from apps.wechat.accounts import branch_account
from apps.wechat.cards import FACTS
from apps.wechat.links import branch_host
from apps.wechat.models import CustomerIdentity, Known, StaffBinding, WxAccount
from apps.wechat.vault import credentials_of
from tenants.context import active_branches, in_branch
from tenants.models import Tenant

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
                known = persons(branch, account)
                for person in known:
                    sandbox.tell("users", person)
                services.resume_account(account)  # a worker may have asked before anybody was introduced
            self.stdout.write(f"  {branch.name}: {account.appid}, {len(known)} phones")


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


def described(account: WxAccount) -> dict[str, Any]:
    """The account as its administrator would enter it at WeChat."""
    secrets, host = credentials_of(account), branch_host()
    return {
        "appid": account.appid, "secret": secrets.secret, "original_id": account.original_id, "name": account.name,
        "token": secrets.token, "aes_key": secrets.aes_keys[0], "callback_url": services.callback_url(account),
        "oauth_domains": [host], "js_domains": [host], "menu": services.menu(),
        "templates": [
            {
                "template_id": template["template_id"], "title": template.get("title", card),
                "keywords": [[key, FACTS[fact]] for fact, key in template["keywords"].items()],
            }
            for card, template in account.templates.items()
        ],
    }  # fmt: skip


def persons(branch: Tenant, account: WxAccount) -> list[dict[str, Any]]:
    """Everybody with a phone: bound staff, known customers, and two visitors whom the branch has never seen."""
    crew = {one.user_id: one for one in people.technicians()}
    root = people.org_tree()[0]
    first = min(crew.values(), key=lambda one: one.pk, default=None)
    place = (first.lat, first.lng) if first else (root.lat or 43.93, root.lng or 116.08)
    found = [_staff(branch, binding, crew, place) for binding in _bindings(account)]
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
    return _person(f"{branch.slug}-{binding.user.username}", binding.user.name, group, spot, binding)


def _customer(branch: Tenant, known: CustomerIdentity, place: Spot) -> dict[str, Any]:
    one = known.customer
    spot = (one.lat, one.lng) if one.lat is not None and one.lng is not None else place
    return _person(f"{branch.slug}-c{one.pk}", one.name or "客户", "customer", spot, known)


def _visitor(branch: Tenant, account: WxAccount, number: int, place: Spot) -> dict[str, Any]:
    spot = (place[0] + 0.004 * (number + 1), place[1] + 0.003)
    stranger = CustomerIdentity(account=account, openid=_visitor_openid(branch, number))
    name = f"{VISITORS[number]}·{branch.name}"
    return _person(f"{branch.slug}-visitor{number + 1}", name, "customer", spot, stranger)


def _person(user_id: str, name: str, group: str, spot: Spot, known: Known) -> dict[str, Any]:
    """A person for the sandbox; it keeps by itself whether somebody unfollowed, unless we know better."""
    follow = {"appid": known.account.appid, "openid": known.openid} | ({} if known.followed else {"following": False})
    return {"user_id": user_id, "name": name, "group": group, "lat": spot[0], "lng": spot[1], "follows": [follow]}
