"""What an account may know about a person: hardly more than whether they follow (WeChat doc: §1.8)."""

from typing import Any

from sandbox.errors import WxError
from sandbox.models import Account
from sandbox.protocol import Call
from sandbox.state import State

MOST_AT_ONCE = 100
PAGE = 10_000


def info(call: Call) -> dict[str, Any]:
    """GET /cgi-bin/user/info: no name, no picture; nothing at all about somebody who does not follow."""
    return _described(call.state, call.account, call.query.get("openid", ""))


def batch(call: Call) -> dict[str, Any]:
    """POST /cgi-bin/user/info/batchget: the same for up to a hundred."""
    account, asked = call.account, call.json().get("user_list")
    if not isinstance(asked, list) or not 1 <= len(asked) <= MOST_AT_ONCE:
        raise WxError(40032)
    openids = [str(one.get("openid") or "") if isinstance(one, dict) else "" for one in asked]
    return {"user_info_list": [_described(call.state, account, openid) for openid in openids]}


def followers(call: Call) -> dict[str, Any]:
    """GET /cgi-bin/user/get?next_openid=: who follows, ten thousand at a time, in the order they came."""
    account, after = call.account, call.query.get("next_openid", "")
    everybody = _followers(call.state, account)
    if after and after not in everybody:
        raise WxError(40003)
    rest = everybody[everybody.index(after) + 1 :] if after else everybody
    page = rest[: account.standing.limits.get("page_of_users", PAGE)]
    data = {"data": {"openid": page}} if page else {}
    return {"total": len(everybody), "count": len(page), **data, "next_openid": page[-1] if page else ""}


def _followers(state: State, account: Account) -> list[str]:
    follows = [person.follows[account.appid] for person in state.people.values() if account.appid in person.follows]
    return [it.openid for it in sorted(follows, key=lambda it: it.since) if it.following]


def _described(state: State, account: Account, openid: str) -> dict[str, Any]:
    person = state.person_by_openid(account.appid, openid)
    if person is None:
        raise WxError(40003)
    follow = person.follows[account.appid]
    if not follow.following:
        return {"subscribe": 0, "openid": openid}
    return {
        "subscribe": 1,
        "openid": openid,
        "nickname": "",
        "sex": 0,
        "language": "zh_CN",
        "city": "",
        "province": "",
        "country": "",
        "headimgurl": "",
        "subscribe_time": follow.since,
        "remark": "",
        "groupid": 0,
        "tagid_list": [],
        "subscribe_scene": "ADD_SCENE_QR_CODE" if follow.scene else "ADD_SCENE_SEARCH",
        "qr_scene": int(follow.scene) if follow.scene.isascii() and follow.scene.isdigit() else 0,
        "qr_scene_str": follow.scene,
    }
