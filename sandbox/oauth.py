"""Web OAuth: the page that sends the person back with a code, and the exchange (WeChat doc: §1.8)."""

import re
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from starlette.responses import RedirectResponse, Response

from sandbox import templating
from sandbox.browser import remember
from sandbox.errors import WxError
from sandbox.hosts import is_registered
from sandbox.models import Account, Person
from sandbox.protocol import Call
from sandbox.token_api import check_secret

CODE_LIFE_S = 300
TOKEN_LIFE_S = 7200
STATE = re.compile(r"[A-Za-z0-9]{0,128}")

REFUSALS = {
    10003: "redirect_uri 域名与后台配置不一致",
    10005: "沙箱只提供 snsapi_base 授权",
    10012: "appid 不能为空",
    10013: "appid 不存在",
    10016: "state 只能是不超过 128 位的字母和数字",
}


@dataclass
class Code:
    """What a redirect carried; good once, for five minutes."""

    appid: str
    openid: str
    scope: str
    snapshot: bool
    expires_at: float
    used: bool = False


class RefusedError(Exception):
    """The page says no; the number is WeChat's."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(REFUSALS[number])


def authorize(call: Call) -> Response:
    """GET /connect/oauth2/authorize: back to the product at once with a code, as the holder of the phone."""
    try:
        account = _checked(call)
    except RefusedError as error:
        return templating.page("refused.html", number=error.number, reason=str(error))
    person = call.browser.holder(call.state)
    if person is None:
        return _ask_who(call, account)
    call.state.remember_holder(appid=account.appid, agent=call.browser.agent, user_id=person.user_id)
    response = RedirectResponse(call.browser.way_to(_back(call, account, person), person), status_code=302)
    remember(response, person)
    return response


def access_token(call: Call) -> dict[str, Any]:
    """GET /sns/oauth2/access_token: who it was. No errcode in a success, and text/plain."""
    account = check_secret(call, call.query.get("appid", ""), call.query.get("secret", ""))
    if call.query.get("grant_type") != "authorization_code":
        raise WxError(40002)
    code = _spent(call, account)
    call.openid = code.openid
    snapshot = {"is_snapshotuser": 1} if code.snapshot else {}
    return {
        # Of no use at the API: web tokens are a family of their own.
        "access_token": secrets.token_urlsafe(60),
        "expires_in": TOKEN_LIFE_S,
        "refresh_token": secrets.token_urlsafe(60),
        "openid": code.openid,
        "scope": code.scope,
    } | snapshot


def _checked(call: Call) -> Account:
    """The account, if the address is one WeChat would serve."""
    appid = call.query.get("appid", "")
    account = call.state.accounts.get(appid)
    if account is None:
        raise RefusedError(10013 if appid else 10012)
    if not is_registered(call.query.get("redirect_uri", ""), account.oauth_domains):
        raise RefusedError(10003)
    if call.query.get("scope") != "snsapi_base" or call.query.get("response_type") != "code":
        raise RefusedError(10005)
    if not STATE.fullmatch(call.query.get("state", "")):
        raise RefusedError(10016)
    return account


def _ask_who(call: Call, account: Account) -> Response:
    again = f"{call.path}?{urlencode(call.query)}"
    people = sorted(call.state.people.values(), key=lambda person: (account.appid not in person.follows, person.name))
    return templating.page("who.html", account=account, people=people, again=again)


def _back(call: Call, account: Account, person: Person) -> str:
    snapshot = bool(call.injected("snapshot") or call.query.get("snapshot") == "1")
    code = secrets.token_urlsafe(24)
    openid = call.state.know(person, account.appid).openid
    call.state.codes[code] = Code(
        appid=account.appid,
        openid="o" + secrets.token_urlsafe(21)[:27] if snapshot else openid,
        scope=call.query["scope"],
        snapshot=snapshot,
        expires_at=call.state.clock.now() + CODE_LIFE_S,
    )
    parts = urlsplit(call.query["redirect_uri"])
    added = urlencode({"code": code, "state": call.query.get("state", "")})
    return urlunsplit(parts._replace(query=f"{parts.query}&{added}" if parts.query else added))


def _spent(call: Call, account: Account) -> Code:
    """The code's content, used up: 41008, 40029 or 40163."""
    value = call.query.get("code", "")
    if not value:
        raise WxError(41008)
    code: Code | None = call.state.codes.get(value)
    if code is None or code.appid != account.appid or code.expires_at <= call.state.clock.now():
        raise WxError(40029)
    if code.used:
        raise WxError(40163)
    code.used = True
    return code
