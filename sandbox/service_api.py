"""客服消息: answers in an open window, a few for each thing the person did (WeChat doc: §1.7)."""

from collections.abc import Callable
from typing import Any

from sandbox.errors import WxError
from sandbox.models import Letter
from sandbox.protocol import Call

TEXT_BYTES = 2048
Shown = tuple[str, str, str]  # title, text, url


def send(call: Call) -> dict[str, Any]:
    """POST /cgi-bin/message/custom/send: one bubble in the chat, if a window is open."""
    account, data = call.account, call.json()
    openid, kind = str(data.get("touser") or ""), str(data.get("msgtype") or "")
    person = call.state.person_by_openid(account.appid, openid)
    if person is None:
        raise WxError(40003)
    reader = READERS.get(kind)
    if reader is None:
        raise WxError(40008)
    content = data.get(kind)
    title, text, url = reader(call, content if isinstance(content, dict) else {})
    call.state.windows.spend(account.appid, openid)
    call.state.letters.append(
        Letter(
            msgid=str(call.state.next_msgid()),
            channel="custom",
            appid=account.appid,
            to=openid,
            user_id=person.user_id,
            kind=kind,
            title=title,
            text=text,
            url=url,
            at=call.state.clock.now(),
            sender=account.name,
            content=data,
        )
    )
    picture = str((content or {}).get("media_id", "")) if kind == "image" else ""
    words = " ".join(part for part in (title, text) if part)
    call.state.add_entry(person=person, appid=account.appid, kind="reply", text=words, url=url, picture=picture)
    return {"errcode": 0, "errmsg": "ok"}


def _text(call: Call, content: dict[str, Any]) -> Shown:
    words = str(content.get("content") or "")
    if not words.strip():
        raise WxError(44004)
    if len(words.encode()) > TEXT_BYTES:
        raise WxError(45002)
    return "", words, ""


def _media(call: Call, content: dict[str, Any]) -> Shown:
    media = call.state.live_media(call.account.appid, str(content.get("media_id") or ""))
    return "", f"[{media.kind}]", ""


def _news(call: Call, content: dict[str, Any]) -> Shown:
    articles = content.get("articles")
    if not isinstance(articles, list) or len(articles) != 1 or not isinstance(articles[0], dict):
        raise WxError(45008)
    one = articles[0]
    return str(one.get("title") or ""), str(one.get("description") or ""), str(one.get("url") or "")


def _menu(call: Call, content: dict[str, Any]) -> Shown:
    choices = content.get("list")
    if not isinstance(choices, list) or not choices or not all(isinstance(one, dict) for one in choices):
        raise WxError(47001)
    names = " / ".join(str(one.get("content") or "") for one in choices)
    return str(content.get("head_content") or ""), f"{names} {content.get('tail_content') or ''}".strip(), ""


def _mini_program(call: Call, content: dict[str, Any]) -> Shown:
    if not content.get("appid") or not content.get("pagepath"):
        raise WxError(40013)
    return str(content.get("title") or ""), "[小程序]", ""


READERS: dict[str, Callable[[Call, dict[str, Any]], Shown]] = {
    "text": _text,
    "image": _media,
    "voice": _media,
    "video": _media,
    "news": _news,
    "msgmenu": _menu,
    "miniprogrampage": _mini_program,
}
