"""Codes with a scene: made, shown, scanned, expired."""

from typing import Any

import pytest

from tests.sandbox.driver import APPID, OTHER, Sandbox

CREATE = "/cgi-bin/qrcode/create"
SHOW = "/cgi-bin/showqrcode"


def asked(name: str = "QR_STR_SCENE", scene: object = None, **more: Any) -> dict[str, Any]:
    scene = {"scene_str": "bind-7"} if scene is None else scene
    return {"action_name": name, "action_info": {"scene": scene}} | more


def test_a_temporary_code_lives_as_long_as_asked(sandbox: Sandbox) -> None:
    code = sandbox.api(CREATE, asked(expire_seconds=600))
    assert (code["expire_seconds"], code["url"][:23]) == (600, "http://weixin.qq.com/q/")
    picture = sandbox.get(SHOW, ticket=code["ticket"])
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    assert picture.content.startswith(b"\x89PNG")
    sandbox.later(600)
    assert sandbox.get(SHOW, ticket=code["ticket"]).status_code == 404


def test_without_a_wish_it_lives_a_minute(sandbox: Sandbox) -> None:
    assert sandbox.api(CREATE, asked("QR_SCENE", {"scene_id": 4294967295}))["expire_seconds"] == 60


def test_a_permanent_code_of_one_scene_is_always_the_same(sandbox: Sandbox) -> None:
    first = sandbox.api(CREATE, asked("QR_LIMIT_STR_SCENE"))
    assert "expire_seconds" not in first
    assert sandbox.api(CREATE, asked("QR_LIMIT_STR_SCENE")) == first
    sandbox.later(400 * 86400)
    assert sandbox.get(SHOW, ticket=first["ticket"]).status_code == 200


def test_an_account_has_so_many_permanent_codes(sandbox: Sandbox) -> None:
    sandbox.control("accounts/change", appid=APPID, limits={"permanent_codes": 1})
    assert "ticket" in sandbox.api(CREATE, asked("QR_LIMIT_SCENE", {"scene_id": 1}))
    assert sandbox.api(CREATE, asked("QR_LIMIT_SCENE", {"scene_id": 2}))["errcode"] == 45029
    assert "ticket" in sandbox.api(CREATE, asked("QR_LIMIT_SCENE", {"scene_id": 2}), appid=OTHER)


@pytest.mark.parametrize(
    ("wrong", "errcode"),
    [
        (asked("QR_DANCE"), 40052),
        ({"action_name": "QR_SCENE"}, 40053),
        (asked(scene={"scene_str": ""}), 40053),
        (asked(scene={"scene_str": "x" * 65}), 40053),
        (asked("QR_SCENE", {"scene_id": 0}), 40053),
        (asked("QR_LIMIT_SCENE", {"scene_id": 100_001}), 40053),
        (asked(expire_seconds=2_592_001), 40053),
    ],
)
def test_a_wrong_code_is_refused(sandbox: Sandbox, wrong: dict[str, Any], errcode: int) -> None:
    assert sandbox.api(CREATE, wrong)["errcode"] == errcode


@pytest.mark.parametrize("by", ["url", "ticket", "scene"])
def test_a_code_is_scanned_by_what_is_pasted(sandbox: Sandbox, by: str) -> None:
    code = sandbox.api(CREATE, asked()) | {"scene": "bind-7"}
    sandbox.act("scan", scene=code[by])
    (push,) = sandbox.pushes()
    assert (push["name"], push["fields"]["EventKey"], push["fields"]["Ticket"]) == ("SCAN", "bind-7", code["ticket"])


def test_whoever_follows_by_a_code_is_known_by_its_scene(sandbox: Sandbox) -> None:
    sandbox.act("unfollow")
    sandbox.act("scan", scene=sandbox.api(CREATE, asked("QR_SCENE", {"scene_id": 77}))["url"])
    assert sandbox.pushes(name="subscribe")[0]["fields"]["EventKey"] == "qrscene_77"
    info = sandbox.api("/cgi-bin/user/info", openid=sandbox.seen("users")[0]["follows"][0]["openid"])
    assert (info["subscribe_scene"], info["qr_scene"], info["qr_scene_str"]) == ("ADD_SCENE_QR_CODE", 77, "77")


def test_an_expired_code_does_nothing(sandbox: Sandbox) -> None:
    url = sandbox.api(CREATE, asked())["url"]
    sandbox.later(61)
    response = sandbox.post("/_sandbox/act", {"user_id": "t1", "appid": APPID, "action": "scan", "scene": url})
    assert (response.status_code, "expired" in response.text) == (400, True)
    assert sandbox.pushes() == []


def test_a_code_of_another_account_is_not_ours(sandbox: Sandbox) -> None:
    url = sandbox.api(CREATE, asked(), appid=OTHER)["url"]
    sandbox.act("scan", scene=url)
    assert sandbox.pushes()[0]["fields"]["EventKey"] == url  # a text like any other
