"""A service account of headquarters that Lotus and Maple share, known to the real sandbox; people with phones."""

import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from apps.people.middleware import actor_of_session
from apps.wechat.calls.vault import Credentials, credentials_of_shared
from apps.wechat.demo import demo_account
from apps.wechat.gateway import membership, sharing
from apps.wechat.gateway.models import SharedAccount
from apps.wechat.management.commands import introduce_sandbox as introduce
from apps.wechat.rules.cards import standard_templates
from steppe.kernel.actors import Actor
from tenants.context import in_branch, in_public
from tenants.models import Tenant
from tests.cast import Branch
from tests.make import BranchClient, client_at, key
from tests.wechat.stand import Sandbox, delivery, event_xml

AUTH = Branch(Tenant(schema_name="public"), "auth.localhost", {})
PAGE = "/w/pool"
ZHAO = "o-family-zhao"
AES_KEY = "f" * 20 + "4aBcDeFgHiJkLmNoPqRsTuV"


@dataclass
class Family:
    """The account, its secrets in the clear, and what people do with it."""

    account: SharedAccount
    secrets: Credentials
    wx: Sandbox
    hq: Actor

    def choose(self, *branches: Branch) -> None:
        """Headquarters chooses exactly these branches; each follows."""
        self.choose_only(*branches)
        for branch in FAMILY:
            with in_branch(branch.tenant):
                membership.follow()

    def choose_only(self, *branches: Branch) -> None:
        """The first of the two transactions alone: as if somebody were killed after it."""
        with in_public():
            ids = [branch.tenant.pk for branch in branches]
            sharing.choose_members(account_id=self.account.pk, tenant_ids=ids, by=self.hq, key=key())

    def person(self, user_id: str, openid: str = "") -> None:
        """Somebody with a phone who follows the account."""
        follows = [{"appid": self.account.appid, "openid": openid or f"o-family-{user_id}"}]
        told = {"user_id": user_id, "name": user_id, "lat": 43.9, "lng": 116.1, "group": "customer"}
        self.wx.tell("users", {**told, "follows": follows})

    def post(self, xml: str, *, door: str = "", **changes: Any) -> Any:
        """A callback as WeChat sends it to the central host."""
        query, body = delivery(self.secrets, xml, **changes)
        path = door or f"/wx/cb/{self.account.key}"
        return client_at(AUTH).post(f"{path}?{query}", body, content_type="text/xml")

    def event(self, name: str, *, openid: str = ZHAO, **fields: Any) -> Any:
        """An event of a person at the central host."""
        return self.post(event_xml(self.secrets, name, openid=openid, **fields))

    def text(self, words: str, *, openid: str = ZHAO, number: int = 0) -> Any:
        """The person writes to the account; WeChat opens its window for answers."""
        found = next(one["user_id"] for one in self.wx.http.get("/_sandbox/users").json() if openid in str(one))
        self.wx.tell("act", {"user_id": found, "appid": self.account.appid, "action": "text", "content": words})
        more = {"MsgType": "text", "Content": words, "MsgId": str(number or secrets.randbits(60))}
        return self.post(event_xml(self.secrets, "", openid=openid, **more).replace("<Event></Event>", ""))


FAMILY: list[Branch] = []


def made(wx: Sandbox, hq: Actor, *branches: Branch) -> Family:
    """The account with these branches, in the sandbox too. The secret is this test's own: so is its token."""
    FAMILY[:] = branches
    given = demo_account("family", "家庭") | {"app_secret": secrets.token_hex(16), "aes_key": AES_KEY}
    given.pop("templates")
    with in_public():
        made_one = sharing.share_account(**given, by=hq, key=key())
        account = SharedAccount.objects.get(pk=made_one.entity_id)
        SharedAccount.objects.filter(pk=account.pk).update(templates=standard_templates(account.appid))
        account.refresh_from_db()
    family = Family(account, credentials_of_shared(account), wx, hq)
    family.choose(*branches)
    with in_public():
        wx.tell("accounts", introduce.described_shared(account))
    for user_id in ("zhao", "qian"):
        family.person(user_id)
    return family


def start(phone: BranchClient, page: str = PAGE) -> str:
    """The browser is sent to WeChat."""
    answer = phone.get("/wx/auth/start", {"next": page})
    assert answer.status_code == 302, answer.content
    return str(answer["Location"])


def at_wechat(wx: Sandbox, url: str, user: str = "zhao", **more: str) -> str:
    """WeChat sends it to the central host; the path there, with code and state."""
    query = "".join(f"&{name}={value}" for name, value in more.items())
    answer = httpx.get(url.split("#")[0] + query, cookies={"sandbox_user": user}, trust_env=False)
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["location"])
    assert (back.hostname, back.path) == ("auth.localhost", "/wx/auth/back")
    return f"{back.path}?{back.query}"


def handed(back: str) -> tuple[str, str]:
    """The central host hands over: the branch's host and the path with the ticket."""
    answer = client_at(AUTH).get(back)
    assert answer.status_code == 302, answer.content
    assert not answer.cookies
    to = urlsplit(answer["Location"])
    assert to.path == "/wx/auth/finish"
    return str(to.hostname), f"{to.path}?{to.query}"


def arrive(phone: BranchClient, wx: Sandbox, user: str = "zhao", page: str = PAGE) -> Any:
    """The whole way of a sign-in."""
    host, path = handed(at_wechat(wx, start(phone, page), user))
    assert host == phone.defaults["SERVER_NAME"]
    return phone.get(path)


def who(phone: BranchClient, branch: Branch) -> Actor:
    """Whom the browser's session stands for at this branch."""
    with in_branch(branch.tenant):
        return actor_of_session(phone.session, str(branch.tenant.uuid))


@pytest.fixture
def family(db: None, wx: Sandbox, headquarters: Branch, lotus: Branch, maple: Branch) -> Family:
    """Lotus and Maple share an account; the test stands in `public`."""
    return made(wx, headquarters.hq, lotus, maple)
