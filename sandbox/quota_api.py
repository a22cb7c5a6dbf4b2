"""What an account may ask about its own limits and mistakes (WeChat doc: §1.4)."""

from typing import Any

from sandbox.errors import WxError
from sandbox.protocol import Call
from sandbox.quota import DAILY
from sandbox.token_api import check_secret

OK = {"errcode": 0, "errmsg": "ok"}


def clear(call: Call) -> dict[str, Any]:
    """POST /cgi-bin/clear_quota: all daily counts begin anew, ten times a month."""
    account, data = call.account, call.json()
    if data.get("appid") != account.appid:
        raise WxError(40013)
    call.state.quota.clear(account.appid)
    return OK


def clear_v2(call: Call) -> dict[str, Any]:
    """POST /cgi-bin/clear_quota/v2: the same with the secret instead of a token; the ten are shared."""
    given = dict(call.query) | (call.json() if call.body.strip() else {})
    for name, errcode in (("appid", 41002), ("appsecret", 41004)):
        if not given.get(name):
            raise WxError(errcode)
    call.state.quota.clear(check_secret(call, str(given["appid"]), str(given["appsecret"])).appid)
    return OK


def quota(call: Call) -> dict[str, Any]:
    """POST /cgi-bin/openapi/quota/get: how often a path may be called today, and how often it was."""
    account, path = call.account, str(call.json().get("cgi_path") or "")
    if not path.startswith("/") or (path not in DAILY and path not in KNOWN):
        raise WxError(76021)
    limit, used = call.state.quota.limit(path, account.appid), call.state.quota.used(path, account.appid)
    return {**OK, "quota": {"daily_limit": limit, "used": used, "remain": max(0, limit - used)}}


def request(call: Call) -> dict[str, Any]:
    """POST /cgi-bin/openapi/rid/get: what the call with this request id was about."""
    account, rid = call.account, str(call.json().get("rid") or "")
    noted = next((it for it in reversed(call.state.calls) if rid and it.get("rid") == rid), None)
    if noted is None:
        raise WxError(76001)
    if noted["appid"] != account.appid:
        raise WxError(76003)
    asked = "&".join(f"{name}={value}" for name, value in noted["query"].items())
    about = {
        "invoke_time": int(noted["at"]),
        "cost_in_ms": 30,
        "request_url": asked,
        "request_body": str(noted["body"]),
        "response_body": f'{{"errcode":{noted["errcode"]}}}',
        "client_ip": noted["caller"],
    }
    return {**OK, "request": about}


KNOWN = {
    "/cgi-bin/clear_quota",
    "/cgi-bin/getcallbackip",
    "/cgi-bin/get_api_domain_ip",
    "/cgi-bin/get_current_selfmenu_info",
    "/cgi-bin/media/get",
    "/cgi-bin/media/upload",
    "/cgi-bin/template/api_add_template",
    "/cgi-bin/template/del_private_template",
    "/cgi-bin/template/get_all_private_template",
    "/cgi-bin/user/get",
    "/cgi-bin/user/info/batchget",
    "/wxaapi/newtmpl/addtemplate",
    "/wxaapi/newtmpl/gettemplate",
}
