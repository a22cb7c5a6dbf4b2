"""Menu, followers, media, and the server addresses."""

from typing import Any

import pytest

from tests.sandbox.driver import APPID, OPENID, OTHER, Sandbox

VIEW = {"type": "view", "name": "我要报修", "url": "https://a.example/report"}
CLICK = {"type": "click", "name": "客服", "key": "SERVICE"}
PNG = b"\x89PNG\r\n\x1a\n not really"


def create(sandbox: Sandbox, menu: object) -> int:
    answer = sandbox.post("/cgi-bin/menu/create", {"button": menu}, access_token=sandbox.token())
    return int(answer.json()["errcode"])


def read(sandbox: Sandbox) -> dict[str, Any]:
    answer: dict[str, Any] = sandbox.get("/cgi-bin/menu/get", access_token=sandbox.token()).json()
    return answer


def test_a_menu_is_made_read_and_taken_away(sandbox: Sandbox) -> None:
    assert create(sandbox, [VIEW, {"name": "我的", "sub_button": [VIEW, CLICK]}]) == 0
    first, second = read(sandbox)["menu"]["button"]
    assert first == VIEW | {"sub_button": []}
    assert [leaf["name"] for leaf in second["sub_button"]] == ["我要报修", "客服"]
    assert sandbox.get("/cgi-bin/menu/delete", access_token=sandbox.token()).json()["errcode"] == 0
    assert read(sandbox)["errcode"] == 46003


@pytest.mark.parametrize(
    ("menu", "errcode"),
    [
        ([], 40016),
        ([VIEW] * 4, 40016),
        ([VIEW | {"type": "dance"}], 40017),
        ([VIEW | {"name": "六个汉字的名称"}], 40018),
        ([CLICK | {"key": ""}], 40019),
        ([VIEW | {"url": ""}], 40020),
        ([VIEW | {"url": "https://a.example/" + "x" * 1024}], 40020),
        ([{"name": "我的", "sub_button": [VIEW] * 6}], 40023),
        ([VIEW | {"url": "ftp://a.example"}], 40055),
        ([{"name": "我的", "sub_button": [VIEW | {"url": "/report"}]}], 40054),
    ],
)
def test_a_wrong_menu_is_refused_and_the_old_one_stays(sandbox: Sandbox, menu: object, errcode: int) -> None:
    before = read(sandbox)
    assert create(sandbox, menu) == errcode
    assert read(sandbox) == before


def test_an_account_learns_only_that_somebody_follows(sandbox: Sandbox) -> None:
    answer = sandbox.get("/cgi-bin/user/info", access_token=sandbox.token(), openid=OPENID).json()
    assert (answer["subscribe"], answer["nickname"]) == (1, "")
    sandbox.control("act", user_id="t1", appid=APPID, action="unfollow")
    answer = sandbox.get("/cgi-bin/user/info", access_token=sandbox.token(), openid=OPENID).json()
    assert answer == {"subscribe": 0, "openid": OPENID}


def test_a_stranger_is_no_openid(sandbox: Sandbox) -> None:
    token = sandbox.token(OTHER)
    assert sandbox.get("/cgi-bin/user/info", access_token=token, openid=OPENID).json()["errcode"] == 40003


def upload(sandbox: Sandbox, *, name: str = "media", kind: str = "image") -> dict[str, Any]:
    params = {"access_token": sandbox.token(), "type": kind}
    files = {name: ("photo.png", PNG, "image/png")}
    request = sandbox.client.post("/cgi-bin/media/upload", params=params, files=files)
    answer: dict[str, Any] = sandbox.runner.run(request).json()
    return answer


def test_a_file_comes_back_as_it_went_for_three_days(sandbox: Sandbox) -> None:
    answer = upload(sandbox)
    assert answer["type"] == "image"
    asked = {"media_id": answer["media_id"]}
    back = sandbox.get("/cgi-bin/media/get", access_token=sandbox.token(), **asked)
    assert (back.content, back.headers["content-type"]) == (PNG, "image/png")
    foreign = sandbox.get("/cgi-bin/media/get", access_token=sandbox.token(OTHER), **asked)
    assert foreign.json()["errcode"] == 40007
    sandbox.later(3 * 24 * 3600 + 1)
    gone = sandbox.get("/cgi-bin/media/get", access_token=sandbox.token(), **asked)
    assert (gone.status_code, gone.json()["errcode"]) == (200, 40007)


def test_a_wrong_upload_is_refused(sandbox: Sandbox) -> None:
    assert upload(sandbox, name="file")["errcode"] == 41005
    assert upload(sandbox, kind="poem")["errcode"] == 40004


def test_the_pusher_has_an_address(sandbox: Sandbox) -> None:
    answer = sandbox.get("/cgi-bin/getcallbackip", access_token=sandbox.token()).json()
    assert answer == {"ip_list": ["127.0.0.1"]}
