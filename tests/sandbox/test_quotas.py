"""Limits of a day, of a minute and of a month; and what a request id tells."""

import re

import pytest

from tests.sandbox.driver import APPID, OPENID, OTHER, Sandbox

SEND = "/cgi-bin/message/template/send"
CLEAR = "/cgi-bin/clear_quota"
ASKED = {"grant_type": "client_credential", "appid": APPID, "secret": f"secret-of-{APPID}"}


def left(sandbox: Sandbox, path: str = SEND) -> dict[str, int]:
    quota: dict[str, int] = sandbox.api("/cgi-bin/openapi/quota/get", {"cgi_path": path})["quota"]
    return quota


def test_a_day_has_so_many_calls_and_begins_at_midnight_in_shanghai(sandbox: Sandbox) -> None:
    sandbox.control("accounts/change", appid=APPID, limits={SEND: 2})
    assert [sandbox.send()["errcode"] for _ in range(3)] == [0, 0, 45009]
    assert left(sandbox) == {"daily_limit": 2, "used": 2, "remain": 0}
    seconds = int(sandbox.get("/_sandbox/clock").json()["now"] + 8 * 3600) % 86400
    sandbox.later(86400 - seconds)
    assert sandbox.send()["errcode"] == 0


def test_a_minute_has_so_many_calls(sandbox: Sandbox) -> None:
    token = sandbox.token()
    sandbox.control("accounts/change", appid=APPID, limits={"per_minute": 2})
    assert [sandbox.send(token=token)["errcode"] for _ in range(3)] == [0, 0, 45011]
    sandbox.later(60)
    assert sandbox.send(token=token)["errcode"] == 0


def test_two_thousand_rotating_tokens_a_day(sandbox: Sandbox) -> None:
    sandbox.control("accounts/change", appid=APPID, limits={"/cgi-bin/token": 3})
    answers = [sandbox.get("/cgi-bin/token", **ASKED).json() for _ in range(4)]
    assert len({it.get("access_token") for it in answers[:3]}) == 3
    assert answers[3]["errcode"] == 45009
    assert "access_token" in sandbox.post("/cgi-bin/stable_token", ASKED).json()
    assert sandbox.world.state.quota.limit("/cgi-bin/token", OTHER) == 2000


def test_both_clearings_share_ten_a_month(sandbox: Sandbox) -> None:
    sandbox.control("accounts/change", appid=APPID, limits={SEND: 1})
    secret = {"appid": APPID, "appsecret": f"secret-of-{APPID}"}
    for _ in range(5):
        assert sandbox.send()["errcode"] == 0
        assert sandbox.send()["errcode"] == 45009
        assert sandbox.api(CLEAR, {"appid": APPID})["errcode"] == 0
        assert sandbox.post(f"{CLEAR}/v2", secret).json()["errcode"] == 0
    assert sandbox.api(CLEAR, {"appid": APPID})["errcode"] == 48006
    assert sandbox.post(f"{CLEAR}/v2", secret).json()["errcode"] == 48006
    assert sandbox.api(CLEAR, {"appid": OTHER}, appid=OTHER)["errcode"] == 0
    sandbox.later(31 * 86400)
    assert sandbox.api(CLEAR, {"appid": APPID})["errcode"] == 0


@pytest.mark.parametrize(
    ("given", "errcode"),
    [
        ({}, 41002),
        ({"appid": APPID}, 41004),
        ({"appid": "wx", "appsecret": "x"}, 40013),
        ({"appid": APPID, "appsecret": "x"}, 40125),
    ],
)
def test_clearing_with_a_secret_needs_the_right_one(sandbox: Sandbox, given: dict[str, str], errcode: int) -> None:
    assert sandbox.post(f"{CLEAR}/v2", given).json()["errcode"] == errcode


def test_another_accounts_quota_is_not_cleared(sandbox: Sandbox) -> None:
    assert sandbox.api(CLEAR, {"appid": OTHER})["errcode"] == 40013


def test_an_unknown_path_has_no_quota(sandbox: Sandbox) -> None:
    assert sandbox.api("/cgi-bin/openapi/quota/get", {"cgi_path": "/cgi-bin/dance"})["errcode"] == 76021


def test_a_request_id_tells_what_was_asked_and_no_secret(sandbox: Sandbox) -> None:
    token = sandbox.token()
    errmsg = sandbox.send(token=token, touser="oNobody")["errmsg"]
    rid = errmsg.rpartition("rid: ")[2]
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}", rid)
    request = sandbox.api("/cgi-bin/openapi/rid/get", {"rid": rid})["request"]
    assert (request["invoke_time"], request["response_body"]) == (1_790_000_000, '{"errcode":40003}')
    assert token not in str(request)
    assert sandbox.api("/cgi-bin/openapi/rid/get", {"rid": rid}, appid=OTHER)["errcode"] == 76003
    assert sandbox.api("/cgi-bin/openapi/rid/get", {"rid": "0-0-0"})["errcode"] == 76001


@pytest.mark.parametrize("path", ["/cgi-bin/stable_token", "/cgi-bin/token"])
def test_an_address_that_is_not_on_the_list_is_named(sandbox: Sandbox, path: str) -> None:
    sandbox.control("accounts/change", appid=APPID, ip_whitelist=["198.51.100.1"], seen_ip="203.0.113.7")
    answer = (sandbox.get(path, **ASKED) if path.endswith("/token") else sandbox.post(path, ASKED)).json()
    assert answer["errcode"] == 40164
    beginning = "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: "
    assert answer["errmsg"].startswith(beginning)
    sandbox.control("accounts/change", appid=APPID, ip_whitelist=["203.0.113.7"])
    assert "access_token" in sandbox.post("/cgi-bin/stable_token", ASKED).json()


def test_without_a_pretended_address_it_is_the_callers_own(sandbox: Sandbox) -> None:
    sandbox.control("accounts/change", appid=APPID, ip_whitelist=[])
    assert "invalid ip 127.0.0.1 ipv6" in sandbox.post("/cgi-bin/stable_token", ASKED).json()["errmsg"]
    sandbox.control("accounts/change", appid=APPID, ip_whitelist=None)
    assert "access_token" in sandbox.post("/cgi-bin/stable_token", ASKED).json()


def test_a_risky_address_has_to_be_confirmed(sandbox: Sandbox) -> None:
    sandbox.control("accounts/change", appid=APPID, risky_ips=["127.0.0.1"])
    assert sandbox.post("/cgi-bin/stable_token", ASKED).json()["errcode"] == 89503


def test_an_address_taken_off_the_list_does_not_end_the_token(sandbox: Sandbox) -> None:
    token = sandbox.token()
    sandbox.control("accounts/change", appid=APPID, ip_whitelist=[])
    assert sandbox.send(token=token, touser=OPENID)["errcode"] == 0


def test_the_small_addresses_answer(sandbox: Sandbox) -> None:
    assert sandbox.api("/cgi-bin/get_api_domain_ip") == {"ip_list": ["127.0.0.1"]}
    check = "/cgi-bin/callback/check"
    assert sandbox.api(check, {"action": "all", "check_operator": "DEFAULT"})["dns"][0]["ip"] == "127.0.0.1"
    assert sandbox.api(check, {"action": "dns"})["ping"] == []
    assert sandbox.api(check, {"action": "dance"})["errcode"] == 40202
    assert sandbox.api(check, {"action": "all", "check_operator": "X"})["errcode"] == 40203
