"""Messages by the branch's WeCom (企业微信): to a member by its application, to a group by its robot (§1.12).

The application's token has a slot of its own in the token store. A repeated message of the application within
REMEMBERED is swallowed by WeCom; the robot knows no repetition.
"""

from functools import lru_cache
from typing import Any

import requests

from apps.wechat.calls import http, store
from apps.wechat.calls.channel_vault import WecomKeys
from apps.wechat.errors import ProtocolBroken, TokenInvalid, WeChatError
from apps.wechat.rules.wecom_policy import INVALID_USER, TOKEN_CODES, UNLICENSED, error_for

OFFICIAL = "https://qyapi.weixin.qq.com"
REMEMBERED_S = 1800
TRIES = 2  # a call, and once more with another token
TITLE_BYTES, TEXT_BYTES = 128, 512


def send_card(keys: WecomKeys, *, userid: str, title: str, text: str, url: str) -> str:
    """A text card for one member; WeCom's name of the message. Raises WeChatError. One or two round trips."""
    card = {"title": cut(title, TITLE_BYTES), "description": cut(text, TEXT_BYTES), "url": url, "btntxt": "查看"}
    body = {
        "touser": userid, "msgtype": "textcard", "agentid": int(keys.agentid or 0), "textcard": card,
        "enable_duplicate_check": 1, "duplicate_check_interval": REMEMBERED_S,
    }  # fmt: skip
    answer = _with_token(keys, "/cgi-bin/message/send", body)
    if userid.lower() in str(answer.get("invaliduser", "")).lower().split("|"):
        raise error_for(INVALID_USER, "the member is not in the application's range")
    if userid.lower() in str(answer.get("unlicenseduser", "")).lower().split("|"):
        raise error_for(UNLICENSED, "the member has no licence for the interface")
    return str(answer.get("msgid", ""))[:80]


def send_to_group(keys: WecomKeys, *, userid: str, text: str) -> None:
    """A line in the robot's group that names one member. Raises WeChatError. One round trip."""
    body = {"msgtype": "text", "text": {"content": cut(text, 2048), "mentioned_list": [userid] if userid else []}}
    _ask("/cgi-bin/webhook/send", params={"key": keys.robot_key}, body=body)


def check(keys: WecomKeys) -> None:
    """Are corpid and secret right, and may we call from here? Raises WeChatError. One round trip."""
    slot = _slot(keys)
    store.forgive(slot)
    value, seconds = _fetch_token(keys)
    store.put(slot, value, seconds)


def cut(text: str, most: int) -> str:
    """At most so many bytes, never half a character."""
    return text.encode()[:most].decode("utf-8", "ignore")


def _with_token(keys: WecomKeys, path: str, body: dict[str, Any]) -> dict[str, Any]:
    bad = ""
    for left in reversed(range(TRIES)):
        token = store.shared(_slot(keys), lambda: _fetch_token(keys), bad=bad)
        try:
            return _ask(path, params={"access_token": token}, body=body)
        except TokenInvalid as error:
            if not left or error.errcode not in TOKEN_CODES:
                raise
        bad = token
    raise AssertionError("unreachable")


def _slot(keys: WecomKeys) -> store.Slot:
    return store.slot_for("wecom", appid=f"{keys.corpid}:{keys.agentid}", secret=keys.secret)


def _fetch_token(keys: WecomKeys) -> store.Fetched:
    answer = _ask("/cgi-bin/gettoken", params={"corpid": keys.corpid, "corpsecret": keys.secret})
    try:
        return str(answer["access_token"]), int(answer["expires_in"])
    except (KeyError, TypeError, ValueError):
        raise ProtocolBroken(errmsg="no access_token") from None


def _ask(path: str, *, params: dict[str, str], body: dict[str, Any] | None = None) -> dict[str, Any]:
    root = http.root_of("STEPPE_WECOM_ROOT", OFFICIAL)
    method, data = ("POST", http.as_json(body)) if body is not None else ("GET", None)
    answer = http.fetch(_session(), method, f"{root}{path}", params=params, data=data)
    errcode = int(answer.get("errcode") or 0)
    if errcode:
        failure: WeChatError = error_for(errcode, str(answer.get("errmsg", "")))
        raise failure
    return answer


@lru_cache(maxsize=1)
def _session() -> requests.Session:
    return http.session()
