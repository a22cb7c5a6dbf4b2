"""Access tokens and tickets over HTTP (WeChat doc: §1.3, §1.9)."""

from collections.abc import Mapping
from typing import Any

from sandbox.errors import WxError
from sandbox.models import Account
from sandbox.protocol import Call
from sandbox.tokens import Credential


def token(call: Call) -> dict[str, Any]:
    """GET /cgi-bin/token: a new token with each call."""
    account = _asking(call, call.query)
    return _granted(call, call.state.tokens.plain(account.appid))


def stable_token(call: Call) -> dict[str, Any]:
    """POST /cgi-bin/stable_token: the same token for everybody who asks."""
    data = call.json()
    account = _asking(call, data)
    force = data.get("force_refresh") is True
    return _granted(call, call.state.tokens.stable(account.appid, force=force))


def ticket(call: Call) -> dict[str, Any]:
    """GET /cgi-bin/ticket/getticket?type=jsapi: the secret that signs JS-SDK pages."""
    account = call.account
    if call.query.get("type") != "jsapi":
        raise WxError(40097)
    credential = call.state.tokens.ticket(account.appid)
    left = call.state.tokens.left(credential)
    return {"errcode": 0, "errmsg": "ok", "ticket": credential.value, "expires_in": left}


def callback_ips(call: Call) -> dict[str, Any]:
    """GET /cgi-bin/getcallbackip: the pusher runs on this machine."""
    _ = call.account  # the token is checked
    return {"ip_list": ["127.0.0.1"]}


def unknown(call: Call) -> dict[str, Any]:
    """Any other address below /cgi-bin/ and /sns/."""
    raise WxError(40066)


def check_secret(call: Call, appid: str, secret: str) -> Account:
    """The account with this appid and secret: 40013 or 40125."""
    account = call.state.accounts.get(appid)
    if account is None:
        raise WxError(40013)
    if account.secret != secret:
        raise WxError(40125)
    return account


def _asking(call: Call, given: Mapping[str, Any]) -> Account:
    if given.get("grant_type") != "client_credential":
        raise WxError(40002)
    for name, errcode in (("appid", 41002), ("secret", 41004)):
        if not given.get(name):
            raise WxError(errcode)
    return check_secret(call, str(given["appid"]), str(given["secret"]))


def _granted(call: Call, credential: Credential) -> dict[str, Any]:
    return {"access_token": credential.value, "expires_in": call.state.tokens.left(credential)}
