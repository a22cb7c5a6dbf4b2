"""订阅通知: one consent, one message; a pool of its own; what the account hears."""

from typing import Any

import pytest

from tests.sandbox.driver import APPID, KEYWORDS, OPENID, OTHER, VALUES, Sandbox, account

SEND = "/cgi-bin/message/subscribe/bizsend"


def send(sandbox: Sandbox, **more: Any) -> dict[str, Any]:
    message = {"touser": OPENID, "template_id": "S-done", "data": VALUES, "page": "http://xilingol.localhost:8000/h5/x"}
    return sandbox.api(SEND, message | more)


def test_one_consent_is_one_message(sandbox: Sandbox) -> None:
    assert send(sandbox)["errcode"] == 43101
    sandbox.act("consent", template_id="S-done")
    sandbox.act("consent", template_id="S-done")
    assert [send(sandbox)["errcode"] for _ in range(3)] == [0, 0, 43101]
    assert len(sandbox.seen("outbox", channel="subscribe")) == 2
    assert sandbox.seen("outbox") == []


def test_a_consent_has_no_time_limit_and_no_follower_is_needed(sandbox: Sandbox) -> None:
    sandbox.act("consent", template_id="S-done")
    sandbox.act("unfollow")
    sandbox.later(300 * 86400)
    answer = send(sandbox)
    (card,) = sandbox.seen("outbox", channel="subscribe")
    assert (answer["errcode"], card["msgid"], card["url"][-5:]) == (0, str(answer["msgid"]), "/h5/x")
    assert "维修完成通知" in sandbox.get("/phone/t1").text


@pytest.mark.parametrize(
    ("wrong", "errcode"),
    [
        ({"touser": "oNobody"}, 40003),
        ({"template_id": "T-new"}, 40037),
        ({"template_id": ""}, 40037),
        ({"data": VALUES | {"phrase4": {"value": "open"}}}, 47003),
    ],
)
def test_a_refused_message_uses_no_consent_up(sandbox: Sandbox, wrong: dict[str, Any], errcode: int) -> None:
    sandbox.act("consent", template_id="S-done")
    assert send(sandbox, **wrong)["errcode"] == errcode
    assert send(sandbox)["errcode"] == 0


def test_a_template_of_this_pool_is_none_for_template_messages(sandbox: Sandbox) -> None:
    assert sandbox.send(template_id="S-done")["errcode"] == 40037


def test_the_account_hears_of_answers(sandbox: Sandbox) -> None:
    two = [{"template_id": name, "title": name, "keywords": KEYWORDS} for name in ("S-1", "S-2")]
    sandbox.control("accounts", **account(subscribe_templates=two))
    sandbox.act("consent", template_ids=["S-1", "S-2"])
    sandbox.act("consent", template_id="S-1", answer="reject")
    both, one = sandbox.pushes(name="subscribe_msg_popup_event")
    assert both["fields"]["SubscribeMsgPopupEvent"]["List"] == [
        {"TemplateId": name, "SubscribeStatusString": "accept", "PopupScene": 1} for name in ("S-1", "S-2")
    ]
    assert one["fields"]["SubscribeMsgPopupEvent"]["List"][0]["SubscribeStatusString"] == "reject"
    plain = [sandbox.callback.opened(index) for index in range(2)]
    assert sorted(text.count("<List>") for text in plain) == [1, 2]
    assert send(sandbox, template_id="S-1")["errcode"] == 0


def test_switching_a_notice_off_is_told_and_ends_the_consents(sandbox: Sandbox) -> None:
    sandbox.act("consent", template_id="S-done")
    sandbox.act("keep_choice", template_id="S-done", answer="reject")
    (push,) = sandbox.pushes(name="subscribe_msg_change_event")
    assert push["fields"]["SubscribeMsgChangeEvent"]["List"] == [
        {"TemplateId": "S-done", "SubscribeStatusString": "reject"}
    ]
    assert send(sandbox)["errcode"] == 43101
    sandbox.act("keep_choice", template_id="S-done", answer="")
    sandbox.act("consent", template_id="S-done")
    assert send(sandbox)["errcode"] == 0


@pytest.mark.parametrize(
    ("receipt", "statuses"),
    [
        ("", [("0", "success")]),
        ("lost", []),
        ("twice", [("0", "success")] * 2),
        ("failed:user block", [("1", "failed:user block")]),
    ],
)
def test_a_receipt_follows_or_goes_wrong(sandbox: Sandbox, receipt: str, statuses: list[tuple[str, str]]) -> None:
    sandbox.act("consent", template_id="S-done")
    if receipt:
        sandbox.control("inject", path=SEND, action={"receipt": receipt})
    msgid = str(send(sandbox)["msgid"])
    told = [
        push["fields"]["SubscribeMsgSentEvent"]["List"][0] for push in sandbox.pushes(name="subscribe_msg_sent_event")
    ]
    assert [(str(one["ErrorCode"]), one["ErrorStatus"]) for one in told] == statuses
    assert all((one["TemplateId"], one["MsgID"]) == ("S-done", msgid) for one in told)


def test_a_consent_is_for_one_account_only(sandbox: Sandbox) -> None:
    wrong = {"user_id": "t1", "appid": OTHER, "action": "consent", "template_id": "S-none"}
    assert sandbox.post("/_sandbox/act", wrong).status_code == 400
    sandbox.act("consent", template_id="S-done")
    other = {"touser": OPENID, "template_id": "S-done", "data": VALUES}
    assert sandbox.api(SEND, other, appid=OTHER)["errcode"] == 40003
    assert sandbox.seen("outbox", channel="subscribe", appid=APPID) == []
