"""Menu, followers, media, and the server addresses."""

from typing import Any

import pytest

from tests.sandbox.driver import APPID, OPENID, OTHER, Sandbox, person

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


def test_the_menu_in_its_other_shape(sandbox: Sandbox) -> None:
    assert create(sandbox, [VIEW, {"name": "我的", "sub_button": [CLICK]}]) == 0
    shown = sandbox.api("/cgi-bin/get_current_selfmenu_info")
    assert shown["is_menu_open"] == 1
    assert shown["selfmenu_info"]["button"] == [VIEW, {"name": "我的", "sub_button": {"list": [CLICK]}}]
    sandbox.api("/cgi-bin/menu/delete")
    assert sandbox.api("/cgi-bin/get_current_selfmenu_info")["is_menu_open"] == 0


@pytest.mark.parametrize(
    ("menu", "errcode"),
    [
        (None, 40015),
        ([], 40016),
        ([VIEW] * 4, 40016),
        ([VIEW | {"type": "dance"}], 40017),
        ([VIEW | {"name": "六个汉字的名称"}], 40018),
        ([CLICK | {"key": ""}], 40019),
        ([VIEW | {"url": ""}], 40020),
        ([VIEW | {"url": "https://a.example/" + "x" * 1024}], 40020),
        ([{"name": "我的", "sub_button": [VIEW] * 6}], 40023),
        ([{"name": "我的", "sub_button": [VIEW | {"sub_button": [VIEW]}]}], 40022),
        ([{"name": "我的", "sub_button": [VIEW | {"type": "dance"}]}], 40024),
        ([{"name": "我的", "sub_button": [VIEW | {"name": "字" * 21}]}], 40025),
        ([{"name": "我的", "sub_button": [CLICK | {"key": "k" * 129}]}], 40026),
        ([{"name": "我的", "sub_button": [VIEW | {"url": ""}]}], 40027),
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


def test_several_are_asked_about_at_once(sandbox: Sandbox) -> None:
    path, one = "/cgi-bin/user/info/batchget", {"openid": OPENID, "lang": "zh_CN"}
    (info,) = sandbox.api(path, {"user_list": [one]})["user_info_list"]
    assert (info["openid"], info["subscribe"]) == (OPENID, 1)
    assert sandbox.api(path, {"user_list": [one] * 101})["errcode"] == 40032
    assert sandbox.api(path, {"user_list": [one]}, appid=OTHER)["errcode"] == 40003


def test_followers_come_page_by_page(sandbox: Sandbox) -> None:
    for number in (2, 3):
        sandbox.control("users", **person(f"t{number}", "x", follows=[{"appid": APPID, "openid": f"o{number}"}]))
    sandbox.control("accounts/change", appid=APPID, limits={"page_of_users": 2})
    first = sandbox.api("/cgi-bin/user/get")
    assert (first["total"], first["count"], first["data"]["openid"]) == (3, 2, [OPENID, "o2"])
    rest = sandbox.api("/cgi-bin/user/get", next_openid=first["next_openid"])
    assert (rest["data"]["openid"], rest["next_openid"]) == (["o3"], "o3")
    assert "data" not in sandbox.api("/cgi-bin/user/get", next_openid="o3")
    assert sandbox.api("/cgi-bin/user/get", next_openid="oNobody")["errcode"] == 40003
    assert sandbox.api("/cgi-bin/user/get", appid=OTHER)["total"] == 0


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
