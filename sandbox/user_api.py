"""What an account may know about a person: hardly more than whether they follow (WeChat doc: §1.8)."""

from typing import Any

from sandbox.errors import WxError
from sandbox.protocol import Call


def info(call: Call) -> dict[str, Any]:
    """GET /cgi-bin/user/info: no name, no picture; nothing at all about somebody who does not follow."""
    account, openid = call.account, call.query.get("openid", "")
    person = call.state.person_by_openid(account.appid, openid)
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
        "subscribe_scene": "ADD_SCENE_QR_CODE",
        "qr_scene": 0,
        "qr_scene_str": "",
    }
