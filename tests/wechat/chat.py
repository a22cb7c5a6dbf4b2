"""What people do in the chat, through the account's real door: WeChat's window is opened in the sandbox beside it."""

import html
import re
import secrets
from typing import Any

from apps.wechat import tasks
from apps.wechat.inbound import inbox as inbound
from apps.wechat.models import ChatAnswer, CustomerIdentity, Draft
from apps.wechat.services import recognise_customer
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from tests.cast import Branch
from tests.make import BranchClient, client_at
from tests.wechat.stand import Sandbox, delivery

MEI, NA = "o-lotus-chat-mei", "o-lotus-chat-na"


def arrive(wx: Sandbox, office: Any, openid: str = MEI, *, following: bool = True) -> None:
    """Somebody with a phone comes to the sandbox."""
    follow = {"appid": office.account.appid, "openid": openid, "following": following}
    wx.tell("users", {"user_id": openid, "name": openid, "lat": 43.93, "lng": 116.08, "group": "customer",
                      "follows": [follow]})  # fmt: skip


def act(wx: Sandbox, office: Any, action: str, openid: str = MEI, **more: Any) -> dict[str, Any]:
    """The deed itself: it opens WeChat's window for answers."""
    return wx.tell("act", {"user_id": openid, "appid": office.account.appid, "action": action, **more})


def xml_of(office: Any, kind: str, openid: str, fields: dict[str, Any]) -> str:
    """A message or an event in the clear; a dict or list among the fields becomes tags below tags."""
    head = {
        "ToUserName": office.secrets.original_id, "FromUserName": openid,
        "CreateTime": int(clock.now().timestamp()), "MsgType": kind,
    }  # fmt: skip
    if kind != "event":
        head["MsgId"] = secrets.randbits(60)
    return f"<xml>{_tags(head | fields)}</xml>"


def hear(office: Any, branch: Branch, kind: str, openid: str = MEI, **fields: Any) -> None:
    """WeChat tells it at the door, and the worker takes it in."""
    knock(office, branch, xml_of(office, kind, openid, fields))
    inbound.take_all()


def knock(office: Any, branch: Branch, xml: str) -> None:
    """Only the door."""
    query, body = delivery(office.secrets, xml)
    answer = client_at(branch).post(f"{office.door}?{query}", body, content_type="text/xml")
    assert (answer.status_code, answer.content) == (200, b"success")


def event(office: Any, branch: Branch, name: str, openid: str = MEI, **fields: Any) -> None:
    hear(office, branch, "event", openid, Event=name, **fields)


def writes(wx: Sandbox, office: Any, branch: Branch, words: str, openid: str = MEI, **fields: Any) -> None:
    """Written on the phone, heard at the door, taken in, answered."""
    act(wx, office, "text", openid, content=words or " ")
    hear(office, branch, "text", openid, Content=words, **fields)
    tasks.send_answers()


def last_answer(openid: str = MEI) -> ChatAnswer:
    found = ChatAnswer.objects.filter(openid=openid).order_by("-id").first()
    assert found is not None
    return found


def read_by(wx: Sandbox, openid: str = MEI) -> list[str]:
    """What the person sees in the chat."""
    return [str(one["text"]) for one in wx.cards(channel="custom", openid=openid)]


def page_in(text: str) -> str:
    """The first link's path."""
    found = re.search(r'href="https?://[^/"]+([^"]*)"', html.unescape(text))
    assert found, text
    return found[1]


def customer(office: Any, openid: str = MEI) -> Actor:
    """Who this is to the branch."""
    return Actor(kind="customer", id=recognise_customer(office.account, openid), name="")


def phone_of(office: Any, branch: Branch, openid: str = MEI) -> BranchClient:
    """The person's browser inside WeChat, signed in."""
    return client_at(branch, customer(office, openid))


def draft(openid: str = MEI) -> Draft:
    return Draft.objects.get(identity=CustomerIdentity.objects.get(openid=openid))


def _tags(fields: dict[str, Any]) -> str:
    return "".join(_tag(name, value) for name, value in fields.items())


def _tag(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_tag(name, one) for one in value)
    inner = _tags(value) if isinstance(value, dict) else f"<![CDATA[{value}]]>"
    return f"<{name}>{inner}</{name}>"
