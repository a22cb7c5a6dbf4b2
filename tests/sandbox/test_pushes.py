"""Callbacks: how they are sealed, repeated and judged."""

from urllib.parse import parse_qsl

import httpx
import pytest

from sandbox.crypto import signature
from sandbox.pusher import dialled
from tests.sandbox.driver import APPID, OPENID, Sandbox, sealed_reply

PERSON = {"user_id": "t1", "appid": APPID}


def query_of(request: httpx.Request) -> dict[str, str]:
    return dict(parse_qsl(request.url.query.decode()))


def test_a_push_is_sealed_signed_and_sent_to_this_machine(sandbox: Sandbox) -> None:
    sandbox.control("act", action="text", content="你好]]>", **PERSON)
    (push,) = sandbox.pushes()
    (request,) = sandbox.callback.requests
    query, token = query_of(request), sandbox.known().token
    assert (request.url.host, request.headers["host"]) == ("127.0.0.1", "xilingol.localhost:8000")
    assert query["signature"] == signature(token, query["timestamp"], query["nonce"])
    sealed = request.content.decode().split("<Encrypt><![CDATA[")[1].split("]]>")[0]
    assert query["msg_signature"] == signature(token, query["timestamp"], query["nonce"], sealed)
    assert (query["openid"], query["encrypt_type"]) == (OPENID, "aes")
    assert "<Content><![CDATA[你好]]]]><![CDATA[>]]></Content>" in sandbox.callback.opened()
    assert push["state"] == "delivered"


def test_a_push_is_tried_four_times_with_new_nonces_and_the_same_id(sandbox: Sandbox) -> None:
    sandbox.callback.answers = [
        httpx.Response(500, text="oops"),
        httpx.Response(301, headers={"Location": "/wx/cb/key/"}),
        httpx.ConnectError("refused"),
    ]
    sandbox.control("act", action="text", content="在吗", **PERSON)
    (push,) = sandbox.pushes()
    assert push["state"] == "delivered"
    assert [attempt["status"] for attempt in push["attempts"]] == [500, 301, 0, 200]
    assert len({attempt["nonce"] for attempt in push["attempts"]}) == 4
    assert len({sandbox.callback.opened(index) for index in range(4)}) == 1


@pytest.mark.parametrize("answer", ["{}", "ok", "<html>", "<!DOCTYPE x><xml/>"])
def test_a_wrong_answer_four_times_tells_the_person_that_the_service_is_down(sandbox: Sandbox, answer: str) -> None:
    sandbox.callback.answers = [httpx.Response(200, text=answer) for _ in range(4)]
    sandbox.control("act", action="text", content="在吗", **PERSON)
    (push,) = sandbox.pushes()
    assert (push["state"], len(push["attempts"])) == ("failed", 4)
    assert push["attempts"][0]["error"]
    assert "该公众号提供的服务出现故障" in sandbox.get("/phone/t1").text


def test_a_failed_receipt_tells_the_person_nothing(sandbox: Sandbox) -> None:
    sandbox.callback.answers = [httpx.Response(500) for _ in range(4)]
    sandbox.send()
    assert sandbox.pushes()[0]["state"] == "failed"
    assert "服务出现故障" not in sandbox.get("/phone/t1").text


def test_an_encrypted_reply_appears_in_the_chat(sandbox: Sandbox) -> None:
    reply = sealed_reply(sandbox.known(), to=OPENID, content="马上到")
    sandbox.callback.answers = [httpx.Response(200, text=reply)]
    sandbox.control("act", action="text", content="在吗", **PERSON)
    assert sandbox.pushes()[0]["state"] == "delivered"
    assert "马上到" in sandbox.get("/phone/t1").text


def test_a_reply_that_wechat_would_not_take_is_refused(sandbox: Sandbox) -> None:
    known = sandbox.known()
    sandbox.callback.answers = [
        httpx.Response(200, text=reply)
        for reply in (
            sealed_reply(known, to="oSomebodyElse"),
            sealed_reply(known, to=OPENID, appid="wx0000000000000000"),
            sealed_reply(known, to=OPENID, signature="0" * 40),
            "<xml><Content>not encrypted</Content></xml>",
        )
    ]
    sandbox.control("act", action="text", content="在吗", **PERSON)
    (push,) = sandbox.pushes()
    assert push["state"] == "failed"
    reasons = ("ToUserName", "another appid", "MsgSignature", "not encrypted")
    for attempt, reason in zip(push["attempts"], reasons, strict=True):
        assert reason in attempt["error"]


@pytest.mark.parametrize(
    ("deed", "name", "part"),
    [
        ({"action": "unfollow"}, "unsubscribe", "<Event><![CDATA[unsubscribe]]></Event>"),
        ({"action": "menu_click", "button": "我要报修"}, "VIEW", "/h5/report]]></EventKey>"),
        ({"action": "scan", "scene": "s1"}, "SCAN", "<EventKey><![CDATA[s1]]></EventKey>"),
        ({"action": "enter"}, "LOCATION", "<Latitude>43.9441</Latitude>"),
        ({"action": "location"}, "location", "<Location_X><![CDATA[43.944100]]></Location_X>"),
    ],
)
def test_what_a_person_does_is_told(sandbox: Sandbox, deed: dict[str, str], name: str, part: str) -> None:
    sandbox.control("act", **(PERSON | deed))
    (push,) = sandbox.pushes()
    assert push["name"] == name
    assert part in sandbox.callback.opened()


def test_following_by_a_code_carries_its_scene(sandbox: Sandbox) -> None:
    sandbox.control("act", action="unfollow", **PERSON)
    sandbox.control("act", action="unfollow", **PERSON)
    sandbox.control("act", action="scan", scene="bind7", **PERSON)
    sandbox.control("act", action="follow", **PERSON)
    assert [push["name"] for push in sandbox.pushes()] == ["unsubscribe", "subscribe"]
    assert any("qrscene_bind7" in sandbox.callback.opened(index) for index in range(2))


def test_the_callback_is_verified_by_its_echo(sandbox: Sandbox) -> None:
    assert sandbox.control("verify", appid=APPID)["error"] == "the answer is not the echostr"
    sandbox.callback.echoes = True
    assert sandbox.control("verify", appid=APPID)["ok"] is True


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://a.localhost:8000/cb", ("http://127.0.0.1:8000/cb", "a.localhost:8000")),
        ("http://localhost/cb", ("http://127.0.0.1/cb", "localhost")),
        ("https://wx.example/cb", ("https://wx.example/cb", "wx.example")),
    ],
)
def test_names_below_localhost_are_dialled_without_a_resolver(url: str, expected: tuple[str, str]) -> None:
    assert dialled(url) == expected
