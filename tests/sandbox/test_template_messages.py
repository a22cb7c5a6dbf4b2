"""Cards: what is accepted, what is refused with which number, and what the person sees."""

from typing import Any

import pytest

from sandbox.models import Keyword
from sandbox.values import is_allowed
from tests.sandbox.driver import APPID, KEYWORDS, OPENID, OTHER, VALUES, Sandbox, account


def test_a_card_reaches_the_persons_chat_with_its_address(sandbox: Sandbox) -> None:
    answer = sandbox.send(url="http://xilingol.localhost:8000/h5/t/x?m=1#a", client_msg_id="one")
    (card,) = sandbox.seen("outbox", appid=APPID, openid=OPENID)
    assert (answer["errcode"], str(answer["msgid"])) == (0, card["msgid"])
    assert answer["msgid"] > 2**53
    assert card["url"] == "http://xilingol.localhost:8000/h5/t/x?m=1#a"
    assert card["title"] == "新工单提醒"
    assert [(line["label"], line["value"]) for line in card["lines"]] == [
        (label, VALUES[key]["value"]) for key, label in KEYWORDS
    ]


def test_the_same_client_msg_id_makes_one_card_within_ten_minutes(sandbox: Sandbox) -> None:
    first = sandbox.send(client_msg_id="same")
    assert sandbox.send(client_msg_id="same")["msgid"] == first["msgid"]
    (card,) = sandbox.seen("outbox")
    assert card["copies"] == 1
    sandbox.later(600)
    assert sandbox.send(client_msg_id="same")["msgid"] != first["msgid"]
    assert len(sandbox.seen("outbox")) == 2


def test_sends_without_client_msg_id_are_all_delivered(sandbox: Sandbox) -> None:
    sandbox.send()
    sandbox.send()
    assert len(sandbox.seen("outbox")) == 2


def test_a_receipt_follows(sandbox: Sandbox) -> None:
    answer = sandbox.send()
    (push,) = sandbox.pushes()
    assert (push["name"], push["state"]) == ("TEMPLATESENDJOBFINISH", "delivered")
    plain = sandbox.callback.opened()
    assert f"<MsgID>{answer['msgid']}</MsgID>" in plain
    assert "<Status><![CDATA[success]]></Status>" in plain
    assert f"<FromUserName><![CDATA[{OPENID}]]></FromUserName>" in plain


@pytest.mark.parametrize(
    ("wrong", "errcode"),
    [
        ({"touser": "oNobody"}, 40003),
        ({"template_id": "T-other"}, 40037),
        ({"data": None}, 47003),
    ],
)
def test_a_wrong_message_is_refused(sandbox: Sandbox, wrong: dict[str, Any], errcode: int) -> None:
    assert sandbox.send(**wrong)["errcode"] == errcode
    assert sandbox.seen("outbox") == []


def test_an_openid_of_another_account_is_nobody_here(sandbox: Sandbox) -> None:
    assert sandbox.send(token=sandbox.token(OTHER))["errcode"] == 40003


def test_whoever_stopped_following_gets_nothing(sandbox: Sandbox) -> None:
    sandbox.control("act", user_id="t1", appid=APPID, action="unfollow")
    assert sandbox.send()["errcode"] == 43004


def test_whoever_switched_the_template_off_gets_nothing(sandbox: Sandbox) -> None:
    deed = {"user_id": "t1", "appid": APPID, "template_id": "T-new"}
    sandbox.control("act", action="refuse_template", **deed)
    assert sandbox.send()["errcode"] == 43101
    sandbox.control("act", action="allow_template", **deed)
    assert sandbox.send()["errcode"] == 0


@pytest.mark.parametrize("token", ["never-given-out", ""])
def test_a_card_needs_a_token(sandbox: Sandbox, token: str) -> None:
    answer = sandbox.post("/cgi-bin/message/template/send", {}, access_token=token).json()
    assert answer["errcode"] == (40001 if token else 41001)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (VALUES | {"thing2": {"value": "字" * 21}}, "data.thing2.value"),
        (VALUES | {"phrase4": {"value": "open"}}, "data.phrase4.value"),
        (VALUES | {"thing2": {"value": ""}}, "data.thing2.value"),
        (VALUES | {"thing9": {"value": "没有这一行"}}, "data.thing9.value"),
        ({"thing2": VALUES["thing2"]}, "data.character_string1.value"),
    ],
)
def test_the_refusal_names_the_field(sandbox: Sandbox, data: dict[str, object], field: str) -> None:
    answer = sandbox.send(data=data)
    assert answer["errcode"] == 47003
    assert f"{field} invalid" in answer["errmsg"]


@pytest.mark.parametrize(
    ("key", "good", "bad"),
    [
        ("thing1", "锡林浩特市南区", "两\n行"),
        ("thing1", "字" * 20, "有表情\U0001f600"),
        ("character_string1", "XL-2026/07.31#1", "工单1"),
        ("number1", "-12.5", "12a"),
        ("letter1", "abc", "ab1"),
        ("symbol1", "%$", "a"),
        ("time1", "15:01", "25:01"),
        ("time1", "2026年7月2日 09:12~2026年7月2日 11:00", "明天"),
        ("time1", "2026-07-02 09:12:30", "2026.07.02"),
        ("date1", "2026年7月2日", "7月2日"),
        ("phrase1", "待抢单", "待抢单1"),
        ("name1", "乌云其木格", "一二三四五六七八九十一"),
        ("name1", "Bao Zhiqiang", "A" * 21),
        ("phone_number1", "+86-010-00000000", "1" * 18),
        ("car_number1", "蒙H12345", "蒙H1234567"),
        ("amount1", "¥128.50", "128.50.1"),
        ("const1", "正常", "字" * 21),
    ],
)
def test_each_type_of_key_takes_what_it_takes(key: str, good: str, bad: str) -> None:
    assert is_allowed(Keyword(key, "x"), good)
    assert not is_allowed(Keyword(key, "x"), bad)


def test_a_const_takes_only_its_listed_values(sandbox: Sandbox) -> None:
    template = {"template_id": "T-const", "title": "状态", "keywords": [["const1", "状态", ["正常", "停机"]]]}
    sandbox.control("accounts", **account(templates=[template]))
    assert sandbox.send(template_id="T-const", data={"const1": {"value": "停机"}})["errcode"] == 0
    assert sandbox.send(template_id="T-const", data={"const1": {"value": "其他"}})["errcode"] == 47003


def test_the_pool_of_templates_can_be_read(sandbox: Sandbox) -> None:
    path = "/cgi-bin/template/get_all_private_template"
    for read in (sandbox.get, sandbox.post):
        (template,) = read(path, access_token=sandbox.token()).json()["template_list"]
        assert template["template_id"] == "T-new"
        assert "故障类型:{{thing2.DATA}}" in template["content"]
