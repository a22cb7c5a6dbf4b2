"""/sns/*: what a product learns of the person who came back with a code (WeChat doc: §1.8)."""

import hashlib
from typing import Any

from sandbox.errors import WxError
from sandbox.models import Account, Person
from sandbox.protocol import Call
from sandbox.token_api import check_secret
from sandbox.web_tokens import LIFE_S, WebToken


def access_token(call: Call) -> dict[str, Any]:
    """GET /sns/oauth2/access_token: who it was. No errcode in a success, and text/plain."""
    account = check_secret(call, call.query.get("appid", ""), call.query.get("secret", ""))
    if call.query.get("grant_type") != "authorization_code":
        raise WxError(40002)
    code = call.state.web.spend(call.query.get("code", ""), account.appid)
    call.openid = code.openid
    granted = call.state.web.grant(account.appid, code.openid, code.scope)
    snapshot = {"is_snapshotuser": 1} if code.snapshot else {}
    return _shown(granted) | _unionid(call, account, granted) | snapshot


def refresh_token(call: Call) -> dict[str, Any]:
    """GET /sns/oauth2/refresh_token?appid=&grant_type=refresh_token&refresh_token=: two more hours."""
    if call.query.get("grant_type") != "refresh_token":
        raise WxError(40002)
    if call.query.get("appid", "") not in call.state.accounts:
        raise WxError(40013)
    return _shown(call.state.web.renew(call.query.get("refresh_token", ""), call.query["appid"]))


def userinfo(call: Call) -> dict[str, Any]:
    """GET /sns/userinfo?access_token=&openid=: name and picture, if the scope was snsapi_userinfo (else 48001)."""
    token = _asking(call)
    if token.scope != "snsapi_userinfo":
        raise WxError(48001)
    person = call.state.person_by_openid(token.appid, token.openid)
    return {
        "openid": token.openid,
        "nickname": person.name if person else "微信用户",
        "sex": 0,
        "language": "",
        "city": "",
        "province": "",
        "country": "",
        "headimgurl": person.avatar if person else "",
        "privilege": [],
    } | _unionid(call, call.state.accounts[token.appid], token)


def check(call: Call) -> dict[str, Any]:
    """GET /sns/auth?access_token=&openid=: is the token still good?"""
    _asking(call)
    return {"errcode": 0, "errmsg": "ok"}


def _asking(call: Call) -> WebToken:
    if not call.query.get("access_token"):
        raise WxError(41001)
    return call.state.web.owner(call.query["access_token"], call.query.get("openid", ""))


def _shown(token: WebToken) -> dict[str, Any]:
    return {
        "access_token": token.value,
        "expires_in": LIFE_S,
        "refresh_token": token.refresh,
        "openid": token.openid,
        "scope": token.scope,
    }


def _unionid(call: Call, account: Account, token: WebToken) -> dict[str, str]:
    """One name under all accounts of an open platform, and only with the larger scope."""
    person: Person | None = call.state.person_by_openid(account.appid, token.openid)
    platform = account.standing.open_platform
    if not platform or person is None or token.scope != "snsapi_userinfo":
        return {}
    return {"unionid": "o6" + hashlib.sha256(f"{platform}\n{person.user_id}".encode()).hexdigest()[:26]}
