"""How calls are answered, noted, and made to fail on demand."""

import json
import re

import httpx
import pytest

from tests.sandbox.driver import APPID, OPENID, OTHER, Sandbox, account, person

SEND = "/cgi-bin/message/template/send"


def test_an_error_is_http_200_and_ends_with_a_request_id(sandbox: Sandbox) -> None:
    response = sandbox.get("/cgi-bin/user/info", access_token="x")
    assert response.status_code == 200
    assert re.search(r" rid: 6ab13b80-[0-9a-f]{8}-[0-9a-f]{8}$", response.json()["errmsg"])


@pytest.mark.parametrize(
    ("body", "errcode"),
    [(b"", 44002), (b"{", 47001), (b"[]", 47001), (b"\xff\xfe", 47001)],
)
def test_a_body_must_be_a_json_object(sandbox: Sandbox, body: bytes, errcode: int) -> None:
    assert sandbox.post(SEND, body, access_token=sandbox.token()).json()["errcode"] == errcode


def test_the_wrong_method_is_a_business_error(sandbox: Sandbox) -> None:
    assert sandbox.get(SEND).json()["errcode"] == 43002
    assert sandbox.post("/cgi-bin/user/info", {}).json()["errcode"] == 43001


def test_an_unknown_address_is_a_business_error(sandbox: Sandbox) -> None:
    assert sandbox.get("/cgi-bin/dance").json()["errcode"] == 40066


def test_chinese_is_not_escaped(sandbox: Sandbox) -> None:
    assert "我要报修" in sandbox.get("/cgi-bin/menu/get", access_token=sandbox.token()).text


def test_calls_are_noted_without_secrets(sandbox: Sandbox) -> None:
    token = sandbox.token()
    sandbox.send(token=token)
    text = sandbox.get("/_sandbox/calls").text
    assert f"secret-of-{APPID}" not in text
    assert token not in text
    asked, sent = sandbox.seen("calls", appid=APPID)
    assert (asked["path"], sent["path"]) == ("/cgi-bin/stable_token", SEND)
    assert (sent["method"], sent["openid"], sent["errcode"], sent["status"]) == ("POST", OPENID, 0, 200)


def test_an_injected_error_comes_as_often_as_asked(sandbox: Sandbox) -> None:
    sandbox.control("inject", appid=APPID, path=SEND, action={"errcode": 45011}, times=2)
    assert [sandbox.send()["errcode"] for _ in range(3)] == [45011, 45011, 0]
    assert len(sandbox.seen("outbox")) == 1


def test_an_injected_error_can_last_wait_and_be_taken_back(sandbox: Sandbox) -> None:
    sandbox.control("inject", path="template/send$", action={"errcode": 40001}, times=None, skip=1)
    assert [sandbox.send()["errcode"] for _ in range(4)] == [0, 40001, 40001, 40001]
    assert sandbox.seen("inject")[0]["hits"] == 3
    sandbox.runner.run(sandbox.client.delete("/_sandbox/inject"))
    assert sandbox.send()["errcode"] == 0


def test_an_injected_error_hits_only_whom_it_means(sandbox: Sandbox) -> None:
    other = "oSomebodyElse"
    sandbox.control("users", **person("t2", "李建国", follows=[{"appid": APPID, "openid": other}]))
    sandbox.control("inject", openid=other, action={"errcode": 43019}, times=None)
    sandbox.control("inject", appid=OTHER, action={"errcode": 48004}, times=None)
    assert (sandbox.send()["errcode"], sandbox.send(touser=other)["errcode"]) == (0, 43019)


@pytest.mark.parametrize(("action", "status"), [({"http": 502}, 502), ({"html": True}, 200)])
def test_an_answer_can_be_no_json(sandbox: Sandbox, action: dict[str, object], status: int) -> None:
    sandbox.control("inject", path="stable_token", action=action)
    response = sandbox.post("/cgi-bin/stable_token", {})
    assert (response.status_code, response.headers["content-type"][:9]) == (status, "text/html")


def test_half_an_answer_after_the_card_went_out(sandbox: Sandbox) -> None:
    token = sandbox.token()
    sandbox.control("inject", path=SEND, action={"truncate": True})
    with pytest.raises(json.JSONDecodeError):
        sandbox.send(token=token)
    assert len(sandbox.seen("outbox")) == 1


def test_a_token_can_be_forgotten_in_the_middle(sandbox: Sandbox) -> None:
    token = sandbox.token()
    sandbox.control("inject", path=SEND, action={"invalidate_token": True})
    assert sandbox.send(token=token)["errcode"] == 40001
    fresh = sandbox.token()
    assert fresh != token
    assert sandbox.send(token=fresh)["errcode"] == 0


@pytest.mark.parametrize(
    ("receipt", "statuses", "cards"),
    [
        ("lost", [], 1),
        ("twice", ["success", "success"], 1),
        ("failed:user block", ["failed:user block"], 0),
        ("failed: system failed", ["failed: system failed"], 0),
    ],
)
def test_a_receipt_can_go_wrong(sandbox: Sandbox, receipt: str, statuses: list[str], cards: int) -> None:
    sandbox.control("inject", path=SEND, action={"receipt": receipt})
    assert sandbox.send()["errcode"] == 0
    assert [push["fields"]["Status"] for push in sandbox.pushes()] == statuses
    assert len(sandbox.seen("outbox")) == cards


@pytest.mark.parametrize(
    "rule",
    [
        {"action": {}},
        {"action": {"explode": True}},
        {"action": {"errcode": "40001"}},
        {"action": {"errcode": 1}, "times": 0},
        {"action": {"errcode": 1}, "path": "("},
    ],
)
def test_a_wrong_rule_is_refused_with_a_sentence(sandbox: Sandbox, rule: dict[str, object]) -> None:
    response = sandbox.post("/_sandbox/inject", rule)
    assert response.status_code == 400
    assert response.json()["error"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"aes_key": "short"},
        {"secret": ""},
        {"oauth_domains": ["http://a.example"]},
        {"menu": {"button": []}, "templates": "T"},
        {"templates": [{"template_id": "T", "title": "t", "keywords": [["poem1", "诗"]]}]},
    ],
)
def test_a_wrong_account_is_refused_with_a_sentence(sandbox: Sandbox, wrong: dict[str, object]) -> None:
    response = sandbox.post("/_sandbox/accounts", account() | wrong)
    assert response.status_code == 400
    assert response.json()["error"]


def test_an_account_introduced_again_keeps_its_menu_and_its_people(sandbox: Sandbox) -> None:
    again = {name: value for name, value in account().items() if name != "menu"}
    answer = sandbox.control("accounts", **again)
    assert answer["account"]["menu"][0]["name"] == "我要报修"
    assert sandbox.send()["errcode"] == 0


def test_a_person_introduced_again_does_not_follow_again(sandbox: Sandbox) -> None:
    sandbox.control("act", user_id="t1", appid=APPID, action="unfollow")
    sandbox.control("users", **person())
    assert sandbox.send()["errcode"] == 43004


def test_a_page_from_elsewhere_may_not_set_the_scene(sandbox: Sandbox) -> None:
    request = sandbox.client.post("/_sandbox/reset", headers={"Origin": "https://evil.example"})
    response: httpx.Response = sandbox.runner.run(request)
    assert response.status_code == 403
    assert sandbox.seen("users")


def test_reset_forgets_everything_and_health_says_so(sandbox: Sandbox) -> None:
    assert sandbox.get("/_sandbox/health").json() == {"status": "ok", "accounts": 2, "users": 1}
    sandbox.later(1000)
    sandbox.control("reset")
    assert sandbox.get("/_sandbox/health").json() == {"status": "ok", "accounts": 0, "users": 0}
    assert sandbox.get("/_sandbox/clock").json()["offset_s"] == 0
