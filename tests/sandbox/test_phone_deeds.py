"""What a person does on the phone's pages: scan, send, follow, allow and refuse."""

import io
import re

import httpx
import pytest
from PIL import Image

from tests.sandbox.driver import APPID, OPENID, OTHER, VALUES, Sandbox, account

CREATE = "/cgi-bin/qrcode/create"


def tap(sandbox: Sandbox, **form: str) -> httpx.Response:
    request = sandbox.client.post("/phone/t1/act", data={"appid": APPID} | form)
    response: httpx.Response = sandbox.runner.run(request)
    return response


def code(sandbox: Sandbox, scene: str, **more: object) -> dict[str, str]:
    asked = {"action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": scene}}} | more
    answer: dict[str, str] = sandbox.api(CREATE, asked)
    return answer


def test_a_code_is_picked_from_those_the_account_made(sandbox: Sandbox) -> None:
    made = code(sandbox, "bind-7", expire_seconds=600)
    page = sandbox.get("/phone/t1/scan", appid=APPID).text
    assert 'data-scene="bind-7"' in page
    assert "还有 600 秒" in page
    assert f"/cgi-bin/showqrcode?ticket={made['ticket']}" in page
    response = tap(sandbox, action="scan", scene=made["ticket"])
    assert (response.status_code, response.headers["location"]) == (303, f"/phone/t1?appid={APPID}")
    assert sandbox.pushes()[0]["fields"]["EventKey"] == "bind-7"


def test_a_code_of_another_account_is_not_offered(sandbox: Sandbox) -> None:
    code(sandbox, "mine")
    assert 'data-scene="mine"' not in sandbox.get("/phone/t1/scan", appid=OTHER).text


def test_an_expired_code_cannot_be_picked_and_says_why_when_pasted(sandbox: Sandbox) -> None:
    made = code(sandbox, "old")
    sandbox.later(61)
    page = sandbox.get("/phone/t1/scan", appid=APPID).text
    assert "已过期" in page
    assert made["ticket"] not in page
    refused = tap(sandbox, action="scan", scene="old")
    assert (refused.status_code, "二维码已过期" in refused.text) == (400, True)
    assert f'href="/phone/t1?appid={APPID}"' in refused.text


def test_a_picture_goes_to_the_account_and_into_the_chat(sandbox: Sandbox) -> None:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "PNG")
    files = {"image": ("p.png", out.getvalue(), "image/png")}
    request = sandbox.client.post("/phone/t1/act", data={"appid": APPID, "action": "image"}, files=files)
    assert sandbox.runner.run(request).status_code == 303
    (push,) = sandbox.pushes(name="image")
    media_id = push["fields"]["MediaId"]
    assert push["fields"]["PicUrl"] == f"http://localhost:8002/phone/media/{media_id}"
    assert f"/phone/media/{media_id}" in sandbox.get("/phone/t1").text
    assert sandbox.get(f"/phone/media/{media_id}").headers["content-type"] == "image/jpeg"
    assert sandbox.get("/phone/media/none").status_code == 404
    downloaded = sandbox.get("/cgi-bin/media/get", access_token=sandbox.token(), media_id=media_id)
    assert downloaded.content.startswith(b"\xff\xd8")


def test_a_picture_that_is_none_is_refused(sandbox: Sandbox) -> None:
    files = {"image": ("p.png", b"nothing", "image/png")}
    request = sandbox.client.post("/phone/t1/act", data={"appid": APPID, "action": "image"}, files=files)
    assert sandbox.runner.run(request).status_code == 400
    assert sandbox.pushes() == []


def switches(sandbox: Sandbox) -> dict[str, str]:
    """What is said of each template on the page of switches."""
    page = sandbox.get("/phone/t1/me", appid=APPID).text
    found = re.findall(r'data-template-id="([^"]+)".*?cell-note">([^<]*)<', page, re.DOTALL)
    return {template_id: words.strip() for template_id, words in found}


def test_cards_are_refused_and_taken_again(sandbox: Sandbox) -> None:
    assert switches(sandbox)["T-new"] == "接收"
    tap(sandbox, action="refuse_template", template_id="T-new")
    assert (switches(sandbox)["T-new"], sandbox.send()["errcode"]) == ("已拒收", 43101)
    tap(sandbox, action="allow_template", template_id="T-new")
    assert sandbox.send()["errcode"] == 0
    assert sandbox.pushes(name="subscribe_msg_change_event") == []


def test_consents_are_given_counted_and_withdrawn(sandbox: Sandbox) -> None:
    message = {"touser": OPENID, "template_id": "S-done", "data": VALUES}
    tap(sandbox, action="consent", template_id="S-done", answer="accept")
    tap(sandbox, action="consent", template_id="S-done", answer="accept")
    assert switches(sandbox)["S-done"] == "还可收到 2 条"
    assert sandbox.api("/cgi-bin/message/subscribe/bizsend", message)["errcode"] == 0
    response = tap(sandbox, action="keep_choice", template_id="S-done", answer="reject", **{"from": "me"})
    assert response.headers["location"] == f"/phone/t1/me?appid={APPID}"
    assert switches(sandbox)["S-done"] == "不再接收"
    assert sandbox.api("/cgi-bin/message/subscribe/bizsend", message)["errcode"] == 43101
    tap(sandbox, action="keep_choice", template_id="S-done", answer="")
    assert switches(sandbox)["S-done"] == "还可收到 0 条"


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"action": "phone", "ios": "1"}, "苹果手机"),
        ({"action": "notices", "allowed": ""}, "已关闭"),
        ({"action": "location_permission", "allowed": ""}, "已拒绝"),
        ({"action": "unfollow"}, "未关注"),
    ],
)
def test_a_switch_stays_where_it_was_put(sandbox: Sandbox, form: dict[str, str], words: str) -> None:
    assert words not in sandbox.get("/phone/t1/me", appid=APPID).text.split("呼伦贝尔")[0] or words == "未关注"
    tap(sandbox, **form)
    assert words in sandbox.get("/phone/t1/me", appid=APPID).text


def test_a_strange_answer_is_escaped(sandbox: Sandbox) -> None:
    sandbox.control("accounts", **account(name="<script>alert(1)</script>"))
    code(sandbox, "<img src=x>")
    for page in ("", "/me", "/scan", "/sms", "/wecom"):
        text = sandbox.get(f"/phone/t1{page}").text
        assert "<script>alert" not in text
        assert "<img src=x>" not in text


def test_somebody_who_is_not_there_has_no_pages(sandbox: Sandbox) -> None:
    for page in ("", "/me", "/scan", "/sms", "/wecom"):
        assert sandbox.get(f"/phone/ghost{page}").status_code == 404
