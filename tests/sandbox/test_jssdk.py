"""The server half of the JS-SDK."""

import io
from typing import Any

import httpx
import pytest
from PIL import Image

from sandbox.crypto import jssdk_signature
from sandbox.geo import to_gcj02
from tests.sandbox.driver import APPID, Sandbox, person

PAGE = "http://xilingol.localhost:8000/h5/report?a=1"
ORIGIN = {"Origin": "http://xilingol.localhost:8000"}


def config(sandbox: Sandbox, **wrong: str) -> httpx.Response:
    """What wx.config of a page sends."""
    values = {"noncestr": "nonce", "timestamp": "1790000000", "url": PAGE}
    sent = {"appId": APPID, "nonceStr": "nonce", "timestamp": "1790000000", "url": PAGE}
    sent["signature"] = jssdk_signature(ticket=sandbox.ticket(), **values)
    request = sandbox.client.post("/_sandbox/jssdk/verify", json=sent | wrong, headers=ORIGIN)
    return sandbox.runner.run(request)


def located(sandbox: Sandbox, grant: str, kind: str = "wgs84") -> dict[str, Any]:
    answer: dict[str, Any] = sandbox.get("/_sandbox/jssdk/location", grant=grant, type=kind).json()
    return answer


def test_a_signed_page_may_use_the_phone_of_whoever_holds_it(sandbox: Sandbox) -> None:
    sandbox.get("/phone/t1")
    response = config(sandbox)
    assert response.json()["errMsg"] == "config:ok"
    assert response.headers["access-control-allow-origin"] == ORIGIN["Origin"]
    assert response.headers["access-control-allow-credentials"] == "true"
    answer = located(sandbox, response.json()["grant"])
    assert (answer["latitude"], answer["longitude"]) == (43.9441, 116.0823)


def test_chinese_maps_get_shifted_coordinates(sandbox: Sandbox) -> None:
    sandbox.get("/phone/t1")
    answer = located(sandbox, config(sandbox).json()["grant"], "gcj02")
    assert abs(answer["latitude"] - 43.9441) > 0.0005
    assert to_gcj02(39.908823, 116.397470) == pytest.approx((39.910226, 116.403713), abs=2e-5)
    assert to_gcj02(48.85, 2.35) == (48.85, 2.35)


def test_a_browser_gets_its_cookie_under_the_name_beside_the_products(sandbox: Sandbox) -> None:
    asked = {"appid": APPID, "button": "我要报修"}
    navigating = sandbox.client.get(
        "/phone/t1/go", params=asked, headers={"Sec-Fetch-Mode": "navigate", "Host": "localhost:8002"}
    )
    beside = sandbox.runner.run(navigating).headers["location"]
    assert beside.startswith("http://wx.xilingol.localhost:8002/phone/pass?user_id=t1&")
    passed = sandbox.get(beside)
    assert passed.headers["location"] == "http://xilingol.localhost:8000/h5/report"
    assert passed.cookies["sandbox_user"] == "t1"


def test_passing_by_leads_nowhere_else(sandbox: Sandbox) -> None:
    assert sandbox.get("/phone/pass", user_id="t1", to="http://evil.example/").status_code == 404


def test_without_cookies_it_is_the_last_person_who_used_the_account(sandbox: Sandbox) -> None:
    sandbox.control("users", **person("t2", "李建国", lat=44.5, lng=117.5, follows=[{"appid": APPID}]))
    for user_id in ("t1", "t2"):
        sandbox.get(f"/phone/{user_id}/go", appid=APPID, button="我要报修")
    sandbox.client.cookies.clear()
    assert located(sandbox, config(sandbox).json()["grant"])["latitude"] == 44.5


def test_a_person_may_refuse_to_be_located(sandbox: Sandbox) -> None:
    sandbox.get("/phone/t1")
    sandbox.control("act", user_id="t1", appid=APPID, action="location_permission", allowed=False)
    assert located(sandbox, config(sandbox).json()["grant"])["errMsg"] == "getLocation:fail auth deny"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"signature": "0" * 40}, "config:invalid signature"),
        ({"url": PAGE + "&b=2"}, "config:invalid signature"),
        ({"url": "http://hulunbuir.localhost:8000/"}, "config:invalid url domain"),
        ({"appId": "wx9999999999999999"}, "config:invalid appid"),
    ],
)
def test_a_wrong_page_is_refused(sandbox: Sandbox, wrong: dict[str, str], message: str) -> None:
    sandbox.get("/phone/t1")
    assert config(sandbox, **wrong).json() == {"ok": False, "errMsg": message}


def test_a_page_that_was_not_granted_learns_nothing(sandbox: Sandbox) -> None:
    assert located(sandbox, "invented")["errMsg"] == "getLocation:permission denied"


def test_a_picture_becomes_media_of_the_account(sandbox: Sandbox) -> None:
    sandbox.get("/phone/t1")
    grant = config(sandbox).json()["grant"]
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "PNG")
    answer = sandbox.post("/_sandbox/jssdk/upload", out.getvalue(), grant=grant).json()
    back = sandbox.get("/cgi-bin/media/get", access_token=sandbox.token(), media_id=answer["serverId"])
    with Image.open(io.BytesIO(back.content)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (40, 30))
    refused = sandbox.post("/_sandbox/jssdk/upload", b"no picture", grant=grant).json()
    assert refused["errMsg"] == "uploadImage:fail not a picture"


def test_a_page_from_elsewhere_cannot_read_the_answer(sandbox: Sandbox) -> None:
    request = sandbox.client.options("/_sandbox/jssdk/verify", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in sandbox.runner.run(request).headers


def test_the_script_is_old_javascript(sandbox: Sandbox) -> None:
    response = sandbox.get("/open/js/jweixin-1.6.0.js")
    assert response.headers["content-type"].startswith("text/javascript")
    for modern in ("=>", "const ", "let ", "`", "fetch(", "Promise"):
        assert modern not in response.text
