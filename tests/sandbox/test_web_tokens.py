"""After the code: name and picture, renewing, and asking whether a token is good."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.sandbox.driver import APPID, OPENID, OTHER, Sandbox
from tests.sandbox.test_oauth import authorize, code_in, exchange


def signed_in(sandbox: Sandbox, scope: str = "snsapi_userinfo", **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = exchange(sandbox, code_in(authorize(sandbox, scope=scope, allowed="1", **more))).json()
    return answer


def userinfo(sandbox: Sandbox, token: dict[str, Any], **more: str) -> dict[str, Any]:
    asked = {"access_token": token["access_token"], "openid": token["openid"], "lang": "zh_CN"}
    answer: dict[str, Any] = sandbox.get("/sns/userinfo", **(asked | more)).json()
    return answer


def test_the_person_is_asked_before_name_and_picture_are_told(sandbox: Sandbox) -> None:
    page = authorize(sandbox, scope="snsapi_userinfo")
    assert (page.status_code, "申请获得你的昵称和头像" in page.text) == (200, True)
    href = page.text.split('id="allow" href="')[1].split('"')[0].replace("&amp;", "&")
    back = sandbox.get(href)
    assert back.status_code == 302
    query = parse_qs(urlsplit(back.headers["location"]).query)
    assert "allowed" not in query
    token = exchange(sandbox, query["code"][0]).json()
    info = userinfo(sandbox, token)
    assert (info["openid"], info["nickname"], info["sex"]) == (OPENID, "巴特尔", 0)


def test_the_silent_scope_tells_no_name(sandbox: Sandbox) -> None:
    assert userinfo(sandbox, signed_in(sandbox, "snsapi_base"))["errcode"] == 48001


def test_accounts_of_one_platform_know_a_person_by_one_name(sandbox: Sandbox) -> None:
    assert "unionid" not in signed_in(sandbox)
    for appid in (APPID, OTHER):
        sandbox.control("accounts/change", appid=appid, open_platform="one")
    mine = signed_in(sandbox)
    assert "unionid" not in signed_in(sandbox, "snsapi_base")
    back = {"appid": OTHER, "redirect_uri": "http://hulunbuir.localhost:8000/cb"}
    code = code_in(authorize(sandbox, scope="snsapi_userinfo", allowed="1", **back))
    other = exchange(sandbox, code, appid=OTHER, secret=f"secret-of-{OTHER}").json()
    assert mine["unionid"] == other["unionid"] == userinfo(sandbox, mine)["unionid"]
    assert mine["openid"] != other["openid"]


def check(sandbox: Sandbox, token: dict[str, Any], **more: str) -> int:
    asked = {"access_token": token["access_token"], "openid": token["openid"]} | more
    return int(sandbox.get("/sns/auth", **asked).json()["errcode"])


def test_a_token_is_good_for_its_person_for_two_hours(sandbox: Sandbox) -> None:
    token = signed_in(sandbox)
    assert check(sandbox, token) == 0
    assert check(sandbox, token, openid="oNobody") == 40003
    assert check(sandbox, token, access_token="invented") == 40001
    assert check(sandbox, token, access_token="") == 41001
    assert check(sandbox, token, access_token=sandbox.token()) == 40001
    sandbox.later(7200)
    assert check(sandbox, token) == userinfo(sandbox, token)["errcode"] == 42001


def renew(sandbox: Sandbox, token: dict[str, Any], **more: str) -> dict[str, Any]:
    asked = {"appid": APPID, "grant_type": "refresh_token", "refresh_token": token["refresh_token"]} | more
    answer: dict[str, Any] = sandbox.get("/sns/oauth2/refresh_token", **asked).json()
    return answer


def test_a_token_is_renewed_for_a_month(sandbox: Sandbox) -> None:
    token = signed_in(sandbox)
    sandbox.later(7200)
    assert check(sandbox, renew(sandbox, token)) == 0
    sandbox.later(30 * 86400)
    assert renew(sandbox, token)["errcode"] == 42002


@pytest.mark.parametrize(
    ("wrong", "errcode"),
    [
        ({"refresh_token": ""}, 41003),
        ({"refresh_token": "x"}, 40030),
        ({"appid": OTHER}, 40030),
        ({"appid": "wx"}, 40013),
        ({"grant_type": "x"}, 40002),
    ],
)
def test_a_wrong_renewal_is_refused(sandbox: Sandbox, wrong: dict[str, str], errcode: int) -> None:
    assert renew(sandbox, signed_in(sandbox), **wrong)["errcode"] == errcode


def test_an_account_without_the_right_or_under_a_ban_shows_no_page(sandbox: Sandbox) -> None:
    sandbox.control("accounts/change", appid=APPID, verified=False)
    assert 'data-number="10005"' in authorize(sandbox).text
    sandbox.control("accounts/change", appid=APPID, verified=True, banned=48004)
    assert 'data-number="10004"' in authorize(sandbox).text


def test_the_page_can_be_made_to_refuse_and_to_change_the_state(sandbox: Sandbox) -> None:
    sandbox.control("inject", path="/connect/", action={"refuse": 10009})
    assert 'data-number="10009"' in authorize(sandbox).text
    sandbox.control("inject", path="/connect/", action={"state": "somebodyElses"})
    assert parse_qs(urlsplit(authorize(sandbox).headers["location"]).query)["state"] == ["somebodyElses"]
