"""The question of <wx-open-subscribe>, the answer, and the iPhone's way with signatures."""

import json
from typing import Any

import pytest

from sandbox.crypto import jssdk_signature
from tests.sandbox.driver import APPID, KEYWORDS, OPENID, VALUES, Sandbox, account
from tests.sandbox.test_jssdk import PAGE, config

TWO = [{"template_id": name, "title": f"通知{name}", "keywords": KEYWORDS} for name in ("S-1", "S-2")]
FOUR = [{"template_id": f"S-{number}", "title": "x", "keywords": KEYWORDS} for number in range(4)]


@pytest.fixture
def grant(sandbox: Sandbox) -> str:
    """A page that was let in by wx.config."""
    sandbox.control("accounts", **account(subscribe_templates=TWO))
    sandbox.get("/phone/t1")
    value: str = config(sandbox).json()["grant"]
    return value


def ask(sandbox: Sandbox, grant: str, ids: str = "S-1,S-2") -> dict[str, Any]:
    answer: dict[str, Any] = sandbox.get("/_sandbox/jssdk/question", grant=grant, ids=ids).json()
    return answer


def reply(sandbox: Sandbox, grant: str, answers: object, **more: object) -> dict[str, Any]:
    response = sandbox.post("/_sandbox/jssdk/answers", {"answers": answers} | more, grant=grant)
    answer: dict[str, Any] = response.json()
    return answer


def sends(sandbox: Sandbox, template_id: str) -> int:
    message = {"touser": OPENID, "template_id": template_id, "data": VALUES}
    return int(sandbox.api("/cgi-bin/message/subscribe/bizsend", message)["errcode"])


def test_the_question_names_the_account_and_the_notices(sandbox: Sandbox, grant: str) -> None:
    asked = ask(sandbox, grant)
    assert asked["account"] == "锡林郭勒广电网络"
    assert [it["title"] for it in asked["templates"]] == ["通知S-1", "通知S-2"]
    assert asked["kept"] == {}


def test_the_answer_is_kept_told_and_given_back_as_wechat_does(sandbox: Sandbox, grant: str) -> None:
    answer = reply(sandbox, grant, {"S-1": "accept", "S-2": "reject"})
    details = json.loads(answer["subscribeDetails"])
    assert {name: json.loads(text) for name, text in details.items()} == {
        "S-1": {"status": "accept"},
        "S-2": {"status": "reject"},
    }
    (push,) = sandbox.pushes(name="subscribe_msg_popup_event")
    told = push["fields"]["SubscribeMsgPopupEvent"]["List"]
    assert [it["SubscribeStatusString"] for it in told] == ["accept", "reject"]
    assert [sends(sandbox, name) for name in ("S-1", "S-1", "S-2")] == [0, 43101, 43101]


def test_cancelling_is_a_refusal_to_the_account(sandbox: Sandbox, grant: str) -> None:
    answer = reply(sandbox, grant, {"S-1": "cancel"})
    assert json.loads(json.loads(answer["subscribeDetails"])["S-1"]) == {"status": "cancel"}
    (push,) = sandbox.pushes(name="subscribe_msg_popup_event")
    assert push["fields"]["SubscribeMsgPopupEvent"]["List"][0]["SubscribeStatusString"] == "reject"


def test_a_choice_kept_for_ever_is_not_asked_about_again(sandbox: Sandbox, grant: str) -> None:
    reply(sandbox, grant, {"S-1": "accept"}, keep=True)
    assert ask(sandbox, grant, "S-1")["kept"] == {"S-1": "accept"}
    reply(sandbox, grant, {"S-1": "accept"})
    assert [sends(sandbox, "S-1") for _ in range(3)] == [0, 0, 43101]


@pytest.mark.parametrize(("ids", "number"), [("", "10001"), ("S-9", "20001"), ("S-0,S-1,S-2,S-3", "20003")])
def test_a_wrong_question_has_a_number(sandbox: Sandbox, grant: str, ids: str, number: str) -> None:
    sandbox.control("accounts", **account(subscribe_templates=FOUR))
    answer = ask(sandbox, grant, ids)
    assert (answer["ok"], answer["errCode"], answer["errMsg"][:15]) == (False, number, "subscribe:fail_")


def test_who_switched_notices_off_is_not_asked(sandbox: Sandbox, grant: str) -> None:
    sandbox.act("notices", allowed=False)
    assert ask(sandbox, grant)["errCode"] == "20004"
    sandbox.act("notices", allowed=True)
    assert ask(sandbox, grant)["ok"]


def test_a_page_that_was_not_granted_asks_nothing(sandbox: Sandbox, grant: str) -> None:
    assert ask(sandbox, "invented")["errMsg"] == "subscribe:permission denied"
    assert reply(sandbox, "invented", {"S-1": "accept"})["ok"] is False


def test_an_iphone_checks_the_address_the_page_was_entered_by(sandbox: Sandbox) -> None:
    sandbox.get("/phone/t1")
    entered, current = PAGE, "http://xilingol.localhost:8000/h5/t/1"
    sandbox.ticket()
    values = {"noncestr": "nonce", "timestamp": "1790000000", "ticket": sandbox.ticket()}
    for_current = {"signature": jssdk_signature(url=current, **values), "url": current, "firstUrl": entered}
    for_entered = for_current | {"signature": jssdk_signature(url=entered, **values)}
    outcomes = []
    for ios in (False, True):
        sandbox.act("phone", ios=ios)
        outcomes.append([config(sandbox, **wish).json()["errMsg"] for wish in (for_current, for_entered)])
    assert outcomes == [["config:ok", "config:invalid signature"], ["config:invalid signature", "config:ok"]]
    assert sandbox.seen("users")[0]["ios"] is True
    assert APPID in sandbox.get("/phone/t1").text
