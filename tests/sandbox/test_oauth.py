"""Web OAuth: who is sent back where, and what a code is good for."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.sandbox.driver import APPID, OPENID, OTHER, Sandbox

BACK = "http://xilingol.localhost:8000/auth/wx/cb?next=a"
AUTHORIZE = {
    "appid": APPID,
    "redirect_uri": BACK,
    "response_type": "code",
    "scope": "snsapi_base",
    "state": "abc123",
}


def authorize(sandbox: Sandbox, user_id: str = "t1", **more: Any) -> httpx.Response:
    if user_id:
        sandbox.client.cookies.set("sandbox_user", user_id)
    return sandbox.get("/connect/oauth2/authorize", **(AUTHORIZE | more))


def code_in(response: httpx.Response) -> str:
    return parse_qs(urlsplit(response.headers["location"]).query)["code"][0]


def exchange(sandbox: Sandbox, code: str, **more: Any) -> httpx.Response:
    asked = {"appid": APPID, "secret": f"secret-of-{APPID}", "grant_type": "authorization_code", "code": code}
    return sandbox.get("/sns/oauth2/access_token", **(asked | more))


def test_the_person_is_sent_back_with_code_and_state(sandbox: Sandbox) -> None:
    response = authorize(sandbox)
    assert response.status_code == 302
    target = urlsplit(response.headers["location"])
    assert target.netloc + target.path == "xilingol.localhost:8000/auth/wx/cb"
    query = parse_qs(target.query)
    assert (query["next"], query["state"]) == (["a"], ["abc123"])


def test_a_code_tells_the_openid_once(sandbox: Sandbox) -> None:
    code = code_in(authorize(sandbox))
    response = exchange(sandbox, code)
    assert response.headers["content-type"].startswith("text/plain")
    answer = response.json()
    assert (answer["openid"], answer["scope"], answer["expires_in"]) == (OPENID, "snsapi_base", 7200)
    assert "errcode" not in answer
    assert "is_snapshotuser" not in answer
    assert exchange(sandbox, code).json()["errcode"] == 40163


def test_a_code_is_too_old_after_five_minutes(sandbox: Sandbox) -> None:
    code = code_in(authorize(sandbox))
    sandbox.later(300)
    assert exchange(sandbox, code).json()["errcode"] == 40029


@pytest.mark.parametrize(
    ("wrong", "errcode"),
    [
        ({"appid": "wx9999999999999999"}, 40013),
        ({"secret": "guessed"}, 40125),
        ({"code": ""}, 41008),
        ({"code": "invented"}, 40029),
        ({"grant_type": "client_credential"}, 40002),
        ({"appid": OTHER, "secret": f"secret-of-{OTHER}"}, 40029),
    ],
)
def test_an_exchange_is_refused_and_the_code_survives(sandbox: Sandbox, wrong: dict[str, str], errcode: int) -> None:
    code = code_in(authorize(sandbox))
    assert exchange(sandbox, **({"code": code} | wrong)).json()["errcode"] == errcode
    assert exchange(sandbox, code).json()["openid"] == OPENID


@pytest.mark.parametrize(
    ("wrong", "number"),
    [
        ({"redirect_uri": "http://hulunbuir.localhost:8000/x"}, 10003),
        ({"redirect_uri": "http://evil.example/x"}, 10003),
        ({"redirect_uri": "javascript:alert(1)"}, 10003),
        ({"redirect_uri": "http://xilingol.localhost@evil.example/"}, 10003),
        ({"scope": "snsapi_all"}, 10005),
        ({"appid": ""}, 10012),
        ({"appid": "wx9999999999999999"}, 10013),
        ({"state": "a&redirect_uri=b"}, 10016),
    ],
)
def test_a_wrong_address_shows_the_number(sandbox: Sandbox, wrong: dict[str, str], number: int) -> None:
    response = authorize(sandbox, **wrong)
    assert response.status_code == 200
    assert f'data-number="{number}"' in response.text


def test_the_port_does_not_matter_on_this_machine(sandbox: Sandbox) -> None:
    assert authorize(sandbox, redirect_uri="http://xilingol.localhost:9123/cb").status_code == 302


def test_a_browser_of_nobody_is_asked_who_it_is(sandbox: Sandbox) -> None:
    page = authorize(sandbox, user_id="")
    assert page.status_code == 200
    assert 'data-user-id="t1"' in page.text
    again = str(page.request.url).removeprefix("http://localhost:8002")
    chosen = sandbox.get("/phone/hold", user_id="t1", again=again)
    assert (chosen.status_code, chosen.headers["location"]) == (303, again)
    assert sandbox.get(again).status_code == 302


def test_the_choice_leads_nowhere_else(sandbox: Sandbox) -> None:
    assert sandbox.get("/phone/hold", user_id="t1", again="//evil.example/").status_code == 404


def test_a_snapshot_user_is_marked_and_has_a_false_openid(sandbox: Sandbox) -> None:
    answer = exchange(sandbox, code_in(authorize(sandbox, snapshot="1"))).json()
    assert answer["is_snapshotuser"] == 1
    assert answer["openid"] != OPENID


def test_snapshot_users_can_be_injected(sandbox: Sandbox) -> None:
    sandbox.control("inject", path="/connect/", action={"snapshot": True})
    assert exchange(sandbox, code_in(authorize(sandbox))).json()["is_snapshotuser"] == 1
    assert "is_snapshotuser" not in exchange(sandbox, code_in(authorize(sandbox))).json()


def test_one_person_has_another_openid_under_each_account(sandbox: Sandbox) -> None:
    response = authorize(sandbox, appid=OTHER, redirect_uri="http://hulunbuir.localhost:8000/cb")
    answer = exchange(sandbox, code_in(response), appid=OTHER, secret=f"secret-of-{OTHER}").json()
    assert answer["openid"] != OPENID
    assert len(answer["openid"]) == 28


def test_a_web_token_opens_no_api(sandbox: Sandbox) -> None:
    token = exchange(sandbox, code_in(authorize(sandbox))).json()["access_token"]
    assert sandbox.get("/cgi-bin/user/info", access_token=token, openid=OPENID).json()["errcode"] == 40001
