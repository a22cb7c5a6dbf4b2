"""WeCom: an app's messages, a group's robots, and what is dropped without a word."""

from typing import Any

import httpx
import pytest

from tests.sandbox.driver import Sandbox, person

CORP = "ww00000000000000aa"
ROOT = "/qyapi/cgi-bin/"
ASKED = {"corpid": CORP, "corpsecret": "secret-of-app"}
CARD = {
    "title": "新工单",
    "description": "锡林浩特 · 宽带",
    "url": "http://xilingol.localhost:8000/w/t/1",
    "btntxt": "详情",
}


@pytest.fixture
def company(sandbox: Sandbox) -> Sandbox:
    """A company with an app and a robot; two technicians work there."""
    introduce(sandbox)
    for number in (1, 2):
        staff = person(f"t{number}", f"师傅{number}", wecom=[{"corpid": CORP, "userid": f"w{number}"}], follows=[])
        sandbox.control("users", **staff)
    return sandbox


def introduce(sandbox: Sandbox, **more: Any) -> None:
    agents = [{"agentid": 1000002, "secret": "secret-of-app", "name": "派单"}]
    robots = [{"key": "robot-key", "name": "派单群", "members": ["w1"]}]
    sandbox.control("wecom", **({"corpid": CORP, "name": "锡盟广电", "agents": agents, "robots": robots} | more))


def token(sandbox: Sandbox) -> str:
    value: str = sandbox.get(ROOT + "gettoken", **ASKED).json()["access_token"]
    return value


def send(sandbox: Sandbox, *, access_token: str = "", **more: Any) -> dict[str, Any]:
    message = {"touser": "w1", "agentid": 1000002, "msgtype": "textcard", "textcard": CARD} | more
    response = sandbox.post(ROOT + "message/send", message, access_token=access_token or token(sandbox))
    answer: dict[str, Any] = response.json()
    return answer


def received(sandbox: Sandbox, **more: Any) -> list[dict[str, Any]]:
    return sandbox.seen("outbox", **({"channel": "wecom"} | more))


def test_a_token_stays_the_same_until_it_is_nearly_over(company: Sandbox) -> None:
    first = company.get(ROOT + "gettoken", **ASKED).json()
    assert (first["errcode"], first["expires_in"]) == (0, 7200)
    company.later(6800)
    assert token(company) == first["access_token"]
    company.later(101)
    assert token(company) != first["access_token"]


@pytest.mark.parametrize(
    ("wrong", "errcode"),
    [
        ({"corpid": "ww1"}, 40013),
        ({"corpsecret": "guessed"}, 40001),
        ({"corpid": ""}, 41002),
        ({"corpsecret": ""}, 41004),
    ],
)
def test_a_token_is_refused_with_a_hint_and_the_address(company: Sandbox, wrong: dict[str, str], errcode: int) -> None:
    answer = company.get(ROOT + "gettoken", **(ASKED | wrong)).json()
    assert answer["errcode"] == errcode
    assert "from ip: 127.0.0.1, more info at https://open.work.weixin.qq.com/devtool/query?e=" in answer["errmsg"]


def test_a_card_reaches_the_person_and_the_page_of_the_phone(company: Sandbox) -> None:
    answer = send(company)
    assert (answer["errcode"], answer["invaliduser"]) == (0, "")
    (message,) = received(company, user_id="t1")
    assert (message["msgid"], message["to"], message["appid"]) == (answer["msgid"], "w1", CORP)
    assert (message["title"], message["text"], message["url"]) == (CARD["title"], CARD["description"], CARD["url"])
    page = company.get("/phone/t1/wecom").text
    assert CARD["url"] in page and "锡林浩特" in page
    assert CARD["url"] not in company.get("/phone/t2/wecom").text


def test_a_card_with_lines_and_buttons_is_shown(company: Sandbox) -> None:
    card = {
        "card_type": "button_interaction",
        "main_title": {"title": "派单", "desc": "宽带"},
        "horizontal_content_list": [{"keyname": "地点", "value": "锡林浩特"}],
        "task_id": "t-1",
        "button_list": [{"text": "接单", "key": "grab"}],
    }
    assert send(company, msgtype="template_card", template_card=card)["errcode"] == 0
    assert received(company)[0]["text"] == "宽带\n地点：锡林浩特"


@pytest.mark.parametrize(
    ("wrong", "errcode"),
    [
        ({"msgtype": "dance"}, 40008),
        ({"textcard": CARD | {"url": ""}}, 40058),
        ({"textcard": CARD | {"description": "字" * 513}}, 45002),
        ({"msgtype": "text", "text": {"content": ""}}, 44004),
        ({"msgtype": "template_card", "template_card": {"card_type": "x"}}, 40058),
        (
            {"msgtype": "template_card", "template_card": {"card_type": "text_notice", "main_title": {"title": "x"}}},
            40058,
        ),
        ({"agentid": 7}, 301002),
        ({"touser": "nobody"}, 81013),
        ({"touser": ""}, 81013),
    ],
)
def test_a_wrong_message_is_refused(company: Sandbox, wrong: dict[str, Any], errcode: int) -> None:
    assert send(company, **wrong)["errcode"] == errcode
    assert received(company) == []


def test_who_is_not_there_is_named_and_the_others_get_it(company: Sandbox) -> None:
    answer = send(company, touser="w1|ghost|w2")
    assert (answer["errcode"], answer["invaliduser"]) == (0, "ghost")
    assert [it["to"] for it in received(company)] == ["w1", "w2"]


@pytest.mark.parametrize(("value", "errcode"), [("", 41001), ("invented", 40014)])
def test_a_message_needs_a_token(company: Sandbox, value: str, errcode: int) -> None:
    response = company.post(ROOT + "message/send", {"touser": "w1"}, access_token=value)
    assert response.json()["errcode"] == errcode


def test_an_old_token_is_told_from_an_invented_one(company: Sandbox) -> None:
    old = token(company)
    company.later(7200)
    assert send(company, access_token=old)["errcode"] == 42001


def test_a_token_can_be_forgotten_in_the_middle(company: Sandbox) -> None:
    value = token(company)
    company.control("inject", path="message/send", appid=CORP, action={"invalidate_token": True})
    assert send(company, access_token=value)["errcode"] == 40014
    assert send(company)["errcode"] == 0


def test_an_untrusted_address_is_named(company: Sandbox) -> None:
    introduce(company, trusted_ips=["198.51.100.1"], seen_ip="203.0.113.7")
    answer = send(company)
    assert (answer["errcode"], "from ip: 203.0.113.7" in answer["errmsg"]) == (60020, True)
    introduce(company, trusted_ips=["203.0.113.7"], seen_ip="203.0.113.7")
    assert send(company)["errcode"] == 0


def test_the_duplicate_check_swallows_the_same_content(company: Sandbox) -> None:
    for _ in range(2):
        assert send(company, enable_duplicate_check=1, duplicate_check_interval=600)["errcode"] == 0
    assert [it["copies"] for it in received(company)] == [1]
    company.later(600)
    send(company, enable_duplicate_check=1, duplicate_check_interval=600)
    send(company)
    assert len(received(company)) == 3


def test_the_thirty_first_in_a_minute_is_dropped_without_a_word(company: Sandbox) -> None:
    value = token(company)
    assert {send(company, access_token=value)["errcode"] for _ in range(31)} == {0}
    assert (len(received(company)), len(received(company, lost=1))) == (30, 1)
    send(company, access_token=value, touser="w2")
    company.later(60)
    send(company, access_token=value)
    assert len(received(company)) == 32


def test_a_message_can_be_dropped_on_purpose(company: Sandbox) -> None:
    company.control("inject", path="qyapi", openid="w1", action={"silent": True})
    assert [send(company)["errcode"] for _ in range(2)] == [0, 0]
    assert len(received(company)) == 1


def robot(sandbox: Sandbox, key: str = "robot-key", **more: Any) -> dict[str, Any]:
    message = {
        "msgtype": "markdown",
        "markdown": {"content": "**新工单** [查看](http://xilingol.localhost:8000/w)"},
    } | more
    answer: dict[str, Any] = sandbox.post(ROOT + "webhook/send", message, key=key).json()
    return answer


def test_a_robot_speaks_to_its_group(company: Sandbox) -> None:
    assert robot(company) == {"errcode": 0, "errmsg": "ok"}
    (message,) = received(company, channel="robot")
    assert (message["to"], message["sender"]) == ("w1", "派单群")
    assert "新工单" in company.get("/phone/t1/wecom").text


def test_a_robot_is_refused(company: Sandbox) -> None:
    assert robot(company, key="guessed")["errcode"] == 93000
    assert robot(company, msgtype="textcard")["errcode"] == 40008
    assert robot(company, msgtype="text", text={"content": ""})["errcode"] == 44004
    assert received(company, channel="robot") == []


def test_a_robot_speaks_twenty_times_a_minute(company: Sandbox) -> None:
    assert [robot(company)["errcode"] for _ in range(21)] == [0] * 20 + [45009]
    company.later(60)
    assert robot(company)["errcode"] == 0


def test_the_notes_know_the_company_and_no_secret(company: Sandbox) -> None:
    value = token(company)
    send(company, access_token=value)
    robot(company)
    text = company.get("/_sandbox/calls", appid=CORP).text + company.get("/_sandbox/wecom").text
    assert len(company.seen("calls", appid=CORP)) == 3
    for secret in ("secret-of-app", "robot-key", value):
        assert secret not in text


def test_the_other_company_has_people_of_its_own(company: Sandbox) -> None:
    agents = [{"agentid": 1000002, "secret": "other", "name": "派单"}]
    company.control("wecom", corpid="ww00000000000000bb", agents=agents)
    asked = {"corpid": "ww00000000000000bb", "corpsecret": "other"}
    other = company.get(ROOT + "gettoken", **asked).json()["access_token"]
    assert send(company, access_token=other)["errcode"] == 81013


@pytest.mark.parametrize("wrong", [{"corpid": ""}, {"agents": [{"agentid": "x"}]}, {"robots": [{"name": "no key"}]}])
def test_a_wrong_company_is_refused_with_a_sentence(sandbox: Sandbox, wrong: dict[str, Any]) -> None:
    response: httpx.Response = sandbox.post("/_sandbox/wecom", {"corpid": CORP} | wrong)
    assert (response.status_code, bool(response.json()["error"])) == (400, True)
