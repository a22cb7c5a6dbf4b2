"""The two pools of templates an account chooses from the library."""

from typing import Any

import pytest

from tests.sandbox.driver import APPID, OPENID, VALUES, Sandbox, account

ADD = "/cgi-bin/template/api_add_template"
DELETE = "/cgi-bin/template/del_private_template"
LIST = "/cgi-bin/template/get_all_private_template"
NEW = "/wxaapi/newtmpl/"
CHOSEN: dict[str, Any] = {"template_id_short": "47123", "keyword_name_list": ["工单编号", "地点", "状态"]}


def test_a_template_is_chosen_used_and_deleted(sandbox: Sandbox) -> None:
    template_id = sandbox.api(ADD, CHOSEN)["template_id"]
    content = {it["template_id"]: it["content"] for it in sandbox.api(LIST)["template_list"]}[template_id]
    assert content == "工单编号:{{character_string1.DATA}}\n地点:{{thing3.DATA}}\n状态:{{phrase5.DATA}}"
    data = {"character_string1": {"value": "X1"}, "thing3": {"value": "锡林浩特"}, "phrase5": {"value": "待抢单"}}
    assert sandbox.send(template_id=template_id, data=data)["errcode"] == 0
    assert sandbox.api(DELETE, {"template_id": template_id})["errcode"] == 0
    assert sandbox.send(template_id=template_id, data=data)["errcode"] == 40037
    assert sandbox.api(DELETE, {"template_id": template_id})["errcode"] == 40037


@pytest.mark.parametrize(
    ("wrong", "errcode"),
    [
        ({"template_id_short": "1"}, 40037),
        ({"keyword_name_list": None}, 40246),
        ({"keyword_name_list": []}, 40246),
        ({"keyword_name_list": ["工单编号", "心情"]}, 40246),
        ({"keyword_name_list": ["地点", "地点"]}, 40246),
    ],
)
def test_a_wrong_choice_is_refused(sandbox: Sandbox, wrong: dict[str, Any], errcode: int) -> None:
    assert sandbox.api(ADD, CHOSEN | wrong)["errcode"] == errcode


def test_escaped_chinese_is_not_understood(sandbox: Sandbox) -> None:
    escaped = b'{"template_id_short": "47123", "keyword_name_list": ["\\u5730\\u70b9"]}'
    assert sandbox.api(ADD, escaped)["errcode"] == 40246


def test_there_are_twenty_five(sandbox: Sandbox) -> None:
    answers = [sandbox.api(ADD, CHOSEN).get("errcode") for _ in range(25)]
    assert answers == [0] * 24 + [45026]  # one was there


def test_what_was_chosen_survives_a_new_introduction(sandbox: Sandbox) -> None:
    template_id = sandbox.api(ADD, CHOSEN)["template_id"]
    sandbox.control("accounts", **account())
    assert template_id in sandbox.seen("accounts")[0]["templates"]


def test_the_library_is_read(sandbox: Sandbox) -> None:
    (category,) = sandbox.api(NEW + "getcategory")["data"]
    titles = sandbox.api(NEW + "getpubtemplatetitles", ids=str(category["id"]), start=1, limit=2)
    assert (titles["count"], [it["tid"] for it in titles["data"]]) == (10, [47124, 47125])
    assert sandbox.api(NEW + "getpubtemplatetitles", ids="1", start=0, limit=2)["count"] == 0
    words = sandbox.api(NEW + "getpubtemplatekeywords", tid="47131")["data"]
    assert {"kid": 1, "name": "工单编号", "example": "XL202607020031", "rule": "character_string"} in words
    assert sandbox.api(NEW + "getpubtemplatekeywords", tid="1")["errcode"] == 200014


def test_a_notice_is_chosen_sent_and_deleted(sandbox: Sandbox) -> None:
    asked = {"tid": "47131", "kidList": [1, 5], "sceneDesc": "完工时通知客户"}
    template_id = sandbox.api(NEW + "addtemplate", asked)["priTmplId"]
    listed = {it["priTmplId"]: it for it in sandbox.api(NEW + "gettemplate")["data"]}[template_id]
    assert (listed["title"], listed["type"]) == ("维修完成通知", 2)
    sandbox.act("consent", template_id=template_id)
    data = {"character_string1": VALUES["character_string1"], "phrase5": {"value": "已完工"}}
    message = {"touser": OPENID, "template_id": template_id, "data": data}
    assert sandbox.api("/cgi-bin/message/subscribe/bizsend", message)["errcode"] == 0
    assert sandbox.api(NEW + "deltemplate", {"priTmplId": template_id})["errcode"] == 0
    assert template_id not in sandbox.seen("accounts")[0]["subscribe_templates"]


@pytest.mark.parametrize(
    ("wrong", "errcode"),
    [
        ({"tid": "1"}, 200014),
        ({"kidList": [1]}, 200020),
        ({"kidList": [1, 1]}, 200020),
        ({"kidList": [1, 99]}, 200020),
        ({"kidList": [1, 2, 3, 4, 5, 6]}, 200020),
        ({"sceneDesc": ""}, 200021),
    ],
)
def test_a_wrong_notice_is_refused(sandbox: Sandbox, wrong: dict[str, Any], errcode: int) -> None:
    asked = {"tid": "47131", "kidList": [1, 5], "sceneDesc": "完工时通知客户"}
    assert sandbox.api(NEW + "addtemplate", asked | wrong)["errcode"] == errcode


def test_a_full_pool_takes_no_more(sandbox: Sandbox) -> None:
    sandbox.control("accounts/change", appid=APPID, limits={"subscribe_templates": 1})
    asked = {"tid": "47131", "kidList": [1, 5], "sceneDesc": "完工时通知客户"}
    assert sandbox.api(NEW + "addtemplate", asked)["errcode"] == 200012
