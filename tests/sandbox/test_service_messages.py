"""客服消息: which deeds open a window, for how many messages and how long."""

from typing import Any

import pytest

from tests.sandbox.driver import APPID, OPENID, OTHER, Sandbox, account

SEND = "/cgi-bin/message/custom/send"
CLICK = {"type": "click", "name": "客服", "key": "SERVICE"}
VIEW = {"type": "view", "name": "报修", "url": "http://xilingol.localhost:8000/h5/report"}


def send(sandbox: Sandbox, words: str = "绑定成功", **more: Any) -> int:
    message = {"touser": OPENID, "msgtype": "text", "text": {"content": words}} | more
    return int(sandbox.api(SEND, message)["errcode"])


@pytest.mark.parametrize(
    ("deed", "number", "seconds"),
    [
        ({"action": "text", "content": "在吗"}, 5, 48 * 3600),
        ({"action": "location"}, 5, 48 * 3600),
        ({"action": "menu_click", "button": "客服"}, 3, 60),
        ({"action": "scan", "scene": "s1"}, 3, 60),
    ],
)
def test_a_deed_opens_a_window(sandbox: Sandbox, deed: dict[str, str], number: int, seconds: int) -> None:
    sandbox.control("accounts", **account(menu={"button": [CLICK, VIEW]}))
    assert send(sandbox) == 45015
    sandbox.act(**deed)
    assert [send(sandbox) for _ in range(number + 1)] == [0] * number + [45047]
    sandbox.act(**deed)
    assert send(sandbox) == 0
    sandbox.later(seconds)
    assert send(sandbox) == 45015


def test_following_opens_a_window_and_unfollowing_shuts_every_one(sandbox: Sandbox) -> None:
    sandbox.act("unfollow")
    sandbox.act("follow")
    assert [send(sandbox) for _ in range(4)] == [0, 0, 0, 45047]
    sandbox.act("text", content="在吗")
    sandbox.act("unfollow")
    assert send(sandbox) == 45015


@pytest.mark.parametrize("deed", [{"action": "menu_click", "button": "报修"}, {"action": "enter"}])
def test_a_page_or_a_position_opens_no_window(sandbox: Sandbox, deed: dict[str, str]) -> None:
    sandbox.control("accounts", **account(menu={"button": [CLICK, VIEW]}))
    sandbox.act(**deed)
    assert send(sandbox) == 45015


def test_the_message_is_in_the_chat_and_in_the_outbox(sandbox: Sandbox) -> None:
    sandbox.act("text", content="在吗")
    assert send(sandbox, "师傅马上到") == 0
    assert "师傅马上到" in sandbox.get("/phone/t1").text
    (message,) = sandbox.seen("outbox", channel="custom")
    assert (message["text"], message["openid"], message["user_id"]) == ("师傅马上到", OPENID, "t1")
    assert sandbox.seen("outbox") == []


@pytest.mark.parametrize(
    ("wrong", "errcode"),
    [
        ({"touser": "oNobody"}, 40003),
        ({"msgtype": "dance"}, 40008),
        ({"text": {"content": " "}}, 44004),
        ({"text": {"content": "字" * 700}}, 45002),
        ({"msgtype": "image", "image": {"media_id": "none"}}, 40007),
        ({"msgtype": "news", "news": {"articles": []}}, 45008),
    ],
)
def test_a_wrong_message_is_refused_and_uses_nothing_up(sandbox: Sandbox, wrong: dict[str, Any], errcode: int) -> None:
    sandbox.act("text", content="在吗")
    assert send(sandbox, **wrong) == errcode
    assert [send(sandbox) for _ in range(6)] == [0] * 5 + [45047]


def test_other_kinds_are_shown_too(sandbox: Sandbox) -> None:
    sandbox.act("text", content="在吗")
    article = {"title": "报修进度", "description": "师傅已出发", "url": "http://xilingol.localhost:8000/h5/t/x"}
    assert send(sandbox, msgtype="news", news={"articles": [article]}) == 0
    menu = {"head_content": "服务满意吗", "list": [{"id": "1", "content": "满意"}], "tail_content": ""}
    assert send(sandbox, msgtype="msgmenu", msgmenu=menu) == 0
    page = sandbox.get("/phone/t1").text
    assert all(words in page for words in ("报修进度", "/h5/t/x", "服务满意吗", "满意"))


def test_the_other_account_has_a_window_of_its_own(sandbox: Sandbox) -> None:
    sandbox.act("text", content="在吗")
    message = {"touser": OPENID, "msgtype": "text", "text": {"content": "x"}}
    assert sandbox.api(SEND, message, appid=OTHER)["errcode"] == 40003
    assert sandbox.seen("outbox", channel="custom", appid=APPID) == []


def test_a_link_in_the_text_can_be_tapped_and_every_other_mark_is_letters(sandbox: Sandbox) -> None:
    sandbox.act("text", content="在吗")
    words = (
        '已记下。<a href="http://x.localhost/h5?a=1&b=2">打开报修单</a><b>粗</b><a href="javascript:alert(1)">坏</a>'
    )
    assert send(sandbox, words) == 0
    page = sandbox.get("/phone/t1").text
    assert '已记下。<a href="http://x.localhost/h5?a=1&amp;b=2">打开报修单</a>&lt;b&gt;粗' in page
    assert 'href="javascript:' not in page
