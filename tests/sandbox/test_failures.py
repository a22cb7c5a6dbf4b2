"""Failures on demand that last, come by chance, change the account or the order of things."""

import asyncio
import time
from typing import Any

import httpx
import pytest

from tests.sandbox.driver import APPID, NOW, OPENID, OTHER, Sandbox, account

SEND = "/cgi-bin/message/template/send"
STABLE = "/cgi-bin/stable_token"
ASKED = {"grant_type": "client_credential", "appid": APPID, "secret": f"secret-of-{APPID}"}


def test_the_minute_quota_is_gone_until_the_minute_is_over(sandbox: Sandbox) -> None:
    sandbox.control("inject", path=SEND, appid=APPID, action={"errcode": 45011}, until="minute")
    assert [sandbox.send()["errcode"] for _ in range(3)] == [45011] * 3
    sandbox.later(60 - sandbox.clock.now() % 60)
    assert sandbox.send()["errcode"] == 0


def test_the_day_quota_is_gone_until_midnight_in_shanghai(sandbox: Sandbox) -> None:
    sandbox.control("inject", path=SEND, action={"errcode": 45009}, until="day", skip=1)
    assert [sandbox.send()["errcode"] for _ in range(3)] == [0, 45009, 45009]
    midnight = 86400 - (sandbox.clock.now() + 8 * 3600) % 86400
    sandbox.later(midnight - 1)
    assert sandbox.send()["errcode"] == 45009
    sandbox.later(1)
    assert sandbox.send()["errcode"] == 0


def test_some_calls_fail_by_chance_and_always_the_same_ones(sandbox: Sandbox) -> None:
    def run() -> list[int]:
        sandbox.control("reset", seed=7)
        sandbox.control("accounts", **account())
        sandbox.control("users", user_id="t1", name="x", lat=1, lng=1, follows=[{"appid": APPID, "openid": OPENID}])
        for errcode in (-1, 45011):
            sandbox.control("inject", path=SEND, chance=0.2, action={"errcode": errcode})
        token = sandbox.token()
        return [sandbox.send(token=token)["errcode"] for _ in range(60)]

    first = run()
    assert run() == first
    assert 5 <= first.count(-1) <= 20
    assert 3 <= first.count(45011) <= 20
    assert first.count(0) > 25


def test_an_address_leaves_the_list_in_the_middle(sandbox: Sandbox) -> None:
    sandbox.control("inject", path=STABLE, skip=1, action={"change": {"ip_whitelist": []}})
    assert "access_token" in sandbox.post(STABLE, ASKED).json()
    assert [sandbox.post(STABLE, ASKED).json()["errcode"] for _ in range(2)] == [40164, 40164]


@pytest.mark.parametrize("errcode", [40164, 89503])
def test_an_injected_refusal_of_the_address_names_it_too(sandbox: Sandbox, errcode: int) -> None:
    sandbox.control("inject", path=STABLE, times=2, action={"errcode": errcode})
    assert " ip 127.0.0.1 ipv6 ::ffff:127.0.0.1" in sandbox.post(STABLE, ASKED).json()["errmsg"]
    sandbox.control("accounts/change", appid=APPID, seen_ip="203.0.113.7")
    assert " ip 203.0.113.7 ipv6 ::ffff:203.0.113.7" in sandbox.post(STABLE, ASKED).json()["errmsg"]


def test_a_secret_is_reset_in_the_middle(sandbox: Sandbox) -> None:
    sandbox.control("inject", path=STABLE, action={"change": {"secret": "new"}})
    assert sandbox.post(STABLE, ASKED).json()["errcode"] == 40125
    assert "access_token" in sandbox.post(STABLE, ASKED | {"secret": "new"}).json()


def test_a_frozen_secret_says_so(sandbox: Sandbox) -> None:
    sandbox.control("accounts/change", appid=APPID, frozen=True)
    assert sandbox.post(STABLE, ASKED).json()["errcode"] == 40243


@pytest.mark.parametrize("errcode", [48004, 50002])
def test_a_banned_account_may_do_nothing(sandbox: Sandbox, errcode: int) -> None:
    token, other = sandbox.token(), sandbox.token(OTHER)
    sandbox.control("inject", path=SEND, skip=1, action={"change": {"banned": errcode}})
    assert [sandbox.send(token=token)["errcode"] for _ in range(3)] == [0, errcode, errcode]
    assert sandbox.get("/cgi-bin/menu/get", access_token=token).json()["errcode"] == errcode
    assert "menu" in sandbox.get("/cgi-bin/menu/get", access_token=other).json()
    sandbox.control("accounts/change", appid=APPID, banned=0)
    assert sandbox.send(token=token)["errcode"] == 0


def test_the_token_endpoint_can_be_slow(sandbox: Sandbox) -> None:
    sandbox.control("inject", path=STABLE, action={"delay_s": 0.3})
    began = time.monotonic()
    assert "access_token" in sandbox.post(STABLE, ASKED).json()
    assert time.monotonic() - began >= 0.3


@pytest.mark.parametrize(("times", "errcodes"), [(1, [40001, 0]), (None, [40001, 40001])])
def test_the_token_is_refused_once_or_for_ever(sandbox: Sandbox, times: Any, errcodes: list[int]) -> None:
    sandbox.control("inject", path=SEND, times=times, action={"errcode": 40001})
    assert [sandbox.send()["errcode"] for _ in range(2)] == errcodes


def test_a_receipt_can_come_before_the_answer(sandbox: Sandbox) -> None:
    token, order = sandbox.token(), list[str]()

    async def noting(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0.1)
        order.append("receipt")
        return httpx.Response(200, text="success")

    sandbox.callback.judge = noting
    sandbox.control("inject", path=SEND, action={"receipt": "early"})
    assert sandbox.send(token=token)["errcode"] == 0
    order.append("answer")
    assert order == ["receipt", "answer"]
    assert sandbox.pushes()[0]["fields"]["Status"] == "success"


@pytest.mark.parametrize(
    "wrong",
    [
        {"action": {"errcode": 1}, "until": "year"},
        {"action": {"errcode": 1}, "chance": 2},
        {"action": {"change": {"name": "x"}}},
        {"action": {"change": {"banned": 7}}},
    ],
)
def test_a_wrong_wish_is_refused_with_a_sentence(sandbox: Sandbox, wrong: dict[str, Any]) -> None:
    response = sandbox.post("/_sandbox/inject", wrong)
    assert (response.status_code, bool(response.json()["error"])) == (400, True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"appid": "wx"},
        {"mode": "none"},
        {"limits": {"dance": 1}},
        {"aes_key": "short"},
        {"limits": []},
        {"original_id": "x"},
    ],
)
def test_a_wrong_change_changes_nothing(sandbox: Sandbox, wrong: dict[str, Any]) -> None:
    before = sandbox.seen("accounts")
    assert sandbox.post("/_sandbox/accounts/change", {"appid": APPID, "frozen": True} | wrong).status_code == 400
    assert sandbox.seen("accounts") == before


def test_how_an_account_stands_survives_a_new_introduction(sandbox: Sandbox) -> None:
    sandbox.control("accounts/change", appid=APPID, banned=48004)
    sandbox.control("accounts", **account())
    assert sandbox.seen("accounts")[0]["standing"]["banned"] == 48004
    sandbox.control("accounts", **account(banned=0))
    assert sandbox.send()["errcode"] == 0


def test_the_clock_skews_what_wechat_says(sandbox: Sandbox) -> None:
    sandbox.control("clock", offset_s=-600)
    sandbox.act("text", content="在吗")
    (push,) = sandbox.pushes()
    assert (push["created"], push["attempts"][0]["timestamp"]) == (1_789_999_400, "1789999400")


def test_the_clock_can_be_set_and_stopped(sandbox: Sandbox) -> None:
    assert sandbox.control("clock", now=NOW + 100) == {"offset_s": 100.0, "now": NOW + 100, "frozen": False}
    assert sandbox.control("clock", frozen=True)["frozen"] is True
    sandbox.clock._source = lambda: NOW + 5000.0
    assert sandbox.get("/_sandbox/clock").json()["now"] == NOW + 100
    assert sandbox.control("clock", offset_s=160)["now"] == NOW + 160
    assert sandbox.control("clock", frozen=False)["now"] == NOW + 5160
    assert sandbox.post("/_sandbox/clock", {"now": "noon"}).status_code == 400
    sandbox.control("clock", frozen=True)
    sandbox.control("reset")
    assert sandbox.get("/_sandbox/clock").json() == {"offset_s": 0.0, "now": NOW + 5000.0, "frozen": False}


def test_an_injected_secret_is_not_shown(sandbox: Sandbox) -> None:
    sandbox.control("inject", path=STABLE, action={"change": {"secret": "new", "banned": 0}})
    assert sandbox.seen("inject")[0]["action"]["change"] == {"secret": "***", "banned": 0}
    assert sandbox.post(STABLE, ASKED).json()["errcode"] == 40125
