"""Web OAuth: the page that sends the person back with a code (WeChat doc: §1.8); the exchange is in sns_api.py."""

import re
import secrets
from urllib.parse import urlencode, urlsplit, urlunsplit

from starlette.responses import RedirectResponse, Response

from sandbox import templating
from sandbox.browser import remember
from sandbox.hosts import is_registered
from sandbox.models import Account, Person
from sandbox.protocol import Call
from sandbox.web_tokens import Code

CODE_LIFE_S = 300
SCOPES = ("snsapi_base", "snsapi_userinfo")
STATE = re.compile(r"[A-Za-z0-9]{0,128}")

REFUSALS = {
    10003: "redirect_uri 域名与后台配置不一致",
    10004: "公众号被封禁",
    10005: "公众号没有这些 scope 的权限",
    10009: "操作太频繁，请稍后再试",
    10012: "appid 不能为空",
    10013: "appid 不存在",
    10016: "state 只能是不超过 128 位的字母和数字",
}


class RefusedError(Exception):
    """The page says no; the number is WeChat's."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(REFUSALS.get(number, "无法打开网页"))


def authorize(call: Call) -> Response:
    """GET /connect/oauth2/authorize: back to the product with a code, as the holder of the phone.

    With snsapi_base at once; with snsapi_userinfo after the person has allowed it.
    """
    try:
        account = _checked(call)
    except RefusedError as error:
        return templating.page("refused.html", number=error.number, reason=str(error))
    person = call.browser.holder(call.state)
    if person is None:
        return _ask_who(call, account)
    if call.query["scope"] == "snsapi_userinfo" and call.query.get("allowed") != "1":
        return templating.page("allow.html", account=account, person=person, again=_again(call))
    call.state.remember_holder(appid=account.appid, agent=call.browser.agent, user_id=person.user_id)
    response = RedirectResponse(call.browser.way_to(_back(call, account, person), person), status_code=302)
    remember(response, person)
    return response


def _checked(call: Call) -> Account:
    """The account, if the address is one WeChat would serve."""
    if call.injected("refuse"):
        raise RefusedError(call.injected("refuse"))
    appid = call.query.get("appid", "")
    account = call.state.accounts.get(appid)
    if account is None:
        raise RefusedError(10013 if appid else 10012)
    if not is_registered(call.query.get("redirect_uri", ""), account.oauth_domains):
        raise RefusedError(10003)
    if account.standing.banned:
        raise RefusedError(10004)
    if call.query.get("scope") not in SCOPES or call.query.get("response_type") != "code":
        raise RefusedError(10005)
    if not account.standing.verified:
        raise RefusedError(10005)
    if not STATE.fullmatch(call.query.get("state", "")):
        raise RefusedError(10016)
    return account


def _ask_who(call: Call, account: Account) -> Response:
    people = sorted(call.state.people.values(), key=lambda person: (account.appid not in person.follows, person.name))
    return templating.page("who.html", account=account, people=people, again=_again(call))


def _again(call: Call) -> str:
    return f"{call.path}?{urlencode(call.query)}"


def _back(call: Call, account: Account, person: Person) -> str:
    snapshot = bool(call.injected("snapshot") or call.query.get("snapshot") == "1")
    code = secrets.token_urlsafe(24)
    openid = call.state.know(person, account.appid).openid
    call.state.web.codes[code] = Code(
        appid=account.appid,
        openid="o" + secrets.token_urlsafe(21)[:27] if snapshot else openid,
        scope=call.query["scope"],
        snapshot=snapshot,
        expires_at=call.state.clock.now() + CODE_LIFE_S,
    )
    parts = urlsplit(call.query["redirect_uri"])
    state = call.injected("state") or call.query.get("state", "")
    added = urlencode({"code": code, "state": state})
    return urlunsplit(parts._replace(query=f"{parts.query}&{added}" if parts.query else added))
