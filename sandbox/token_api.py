"""Access tokens and tickets over HTTP (WeChat doc: §1.3, §1.9)."""

from collections.abc import Mapping
from typing import Any

from sandbox.errors import WxError, address_error
from sandbox.models import Account, Standing
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


def domain_ips(call: Call) -> dict[str, Any]:
    """GET /cgi-bin/get_api_domain_ip: so does the API."""
    _ = call.account
    return {"ip_list": ["127.0.0.1"]}


def check_callback(call: Call) -> dict[str, Any]:
    """POST /cgi-bin/callback/check: whether the callback's host answers; on this machine it always does."""
    _, data = call.account, call.json()
    if data.get("action") not in ("dns", "ping", "all"):
        raise WxError(40202)
    if data.get("check_operator", "DEFAULT") not in ("CHINANET", "UNICOM", "CAP", "DEFAULT"):
        raise WxError(40203)
    dns = [{"ip": "127.0.0.1", "real_operator": "DEFAULT"}]
    ping = [{"ip": "127.0.0.1", "from_operator": "DEFAULT", "package_loss": "0%", "time": "0.045ms"}]
    return {"dns": dns if data["action"] != "ping" else [], "ping": ping if data["action"] != "dns" else []}


def unknown(call: Call) -> dict[str, Any]:
    """Any other address below /cgi-bin/ and /sns/."""
    raise WxError(40066)


def check_secret(call: Call, appid: str, secret: str) -> Account:
    """The account with this appid and secret: 40013, 40125 or 40243."""
    account = call.state.accounts.get(appid)
    if account is None:
        raise WxError(40013)
    if account.secret != secret:
        raise WxError(40125)
    if account.standing.frozen:
        raise WxError(40243)
    return account


def _asking(call: Call, given: Mapping[str, Any]) -> Account:
    if given.get("grant_type") != "client_credential":
        raise WxError(40002)
    for name, errcode in (("appid", 41002), ("secret", 41004)):
        if not given.get(name):
            raise WxError(errcode)
    account = check_secret(call, str(given["appid"]), str(given["secret"]))
    _check_address(account.standing, call.address(account))
    return account


def _check_address(standing: Standing, address: str) -> None:
    """Only who asks for a token is judged by the address: 40164 or 89503, both naming it."""
    if standing.ip_whitelist is not None and address not in standing.ip_whitelist:
        raise address_error(40164, address)
    if address in standing.risky_ips:
        raise address_error(89503, address)


def _granted(call: Call, credential: Credential) -> dict[str, Any]:
    return {"access_token": credential.value, "expires_in": call.state.tokens.left(credential)}
