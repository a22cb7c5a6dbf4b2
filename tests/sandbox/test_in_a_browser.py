"""The phone and the fake JS-SDK in a real browser: two people at once, on a page of another origin."""

import io
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.sandbox.driver import APPID
from tests.sandbox.served import Product, introduce

pytestmark = pytest.mark.journey

CARD = {"touser": "oT1", "template_id": "T", "data": {"thing1": {"value": "宽带"}}}


@pytest.fixture
def product(served: str) -> Iterator[Product]:
    """The page of another origin."""
    found = Product(served)
    yield found
    found.close()


def test_two_phones_at_once(served: str, product: Product) -> None:
    with httpx.Client(base_url=served, trust_env=False) as client:
        token = introduce(client, f"{product.root}/wx/cb")
        asked = {"access_token": token, "type": "jsapi"}
        product.ticket = client.get("/cgi-bin/ticket/getticket", params=asked).json()["ticket"]
        # In a thread of its own: the journeys may have a browser's event loop running in this one.
        with ThreadPoolExecutor(1) as pool:
            pool.submit(_in_browser, served, client, token).result(120)


def _in_browser(served: str, client: httpx.Client, token: str) -> None:
    path = os.environ.get("STEPPE_CHROMIUM") or shutil.which("chromium") or ""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        _each_page_knows_its_person(browser, served)
        _a_picture_is_uploaded(browser, served)
        _notices_are_asked_for(browser, served, client)
        _a_code_is_read_and_a_map_opened(browser, served)
        _every_page_fits_its_screen(browser, served)
        _the_drawer_sends_a_position(browser, served)
        _a_card_appears_by_itself(browser, served, client, token)
        browser.close()


def _opened(browser: Browser, served: str, user_id: str) -> tuple[Page, list[str]]:
    """The product's page, opened from the menu of the phone; and what the console complains about."""
    page, complaints = browser.new_context().new_page(), list[str]()
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{served}/phone/{user_id}")
    page.locator(".menu a").click()
    page.wait_for_url(lambda url: "/page?" in url)  # "#wechat_redirect" survives the redirects
    return page, complaints


def _said(page: Page, awaited: str) -> str:
    """What the page has written, once it has written this."""
    page.locator("#out", has_text=awaited).wait_for()
    return page.inner_text("#out")


def _each_page_knows_its_person(browser: Browser, served: str) -> None:
    opened: dict[str, Any] = {user_id: _opened(browser, served, user_id) for user_id in ("t1", "t2")}
    for number, (page, complaints) in enumerate(opened.values(), 1):
        page.reload()  # both have used the account by now: only the cookie can tell them apart
        said = _said(page, "getLocation:ok")
        assert f'"latitude":{40 + number}' in said
        assert "openLocation:permission denied" in said
        assert complaints == []


def _a_picture_is_uploaded(browser: Browser, served: str) -> None:
    page, _ = _opened(browser, served, "t1")
    _said(page, "getLocation:ok")
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    with page.expect_file_chooser() as chooser:
        page.click("#picture")
    chooser.value.set_files({"name": "p.png", "mimeType": "image/png", "buffer": out.getvalue()})
    _said(page, "uploadImage:ok")


def _notices_are_asked_for(browser: Browser, served: str, client: httpx.Client) -> None:
    page, complaints = _opened(browser, served, "t1")
    _said(page, '["ready"')
    page.get_by_text("notify me").click()
    page.locator("[data-template-id=S-2]").uncheck()
    page.locator("[data-answer=accept]").click()
    said = _said(page, '["success"')
    assert r'"subscribeDetails":"{\"S-1\":\"{\\\"status\\\":\\\"accept\\\"}\",' in said
    client.post("/_sandbox/act", json={"user_id": "t1", "appid": APPID, "action": "notices", "allowed": False})
    page.get_by_text("notify me").click()
    assert '"errCode":"20004"' in _said(page, '["error"')
    (push,) = client.get("/_sandbox/pushes", params={"name": "subscribe_msg_popup_event", "settle_s": 5}).json()
    told = push["fields"]["SubscribeMsgPopupEvent"]["List"]
    assert [it["SubscribeStatusString"] for it in told] == ["accept", "reject"]
    assert complaints == []


def _a_code_is_read_and_a_map_opened(browser: Browser, served: str) -> None:
    page, _ = _opened(browser, served, "t1")
    _said(page, "getLocation:ok")
    page.on("dialog", lambda dialog: dialog.accept("bind-7"))
    page.click("#scan")
    assert '"resultStr":"bind-7"' in _said(page, "scanQRCode:ok")
    page.goto(page.url.partition("#")[0] + "&map=1")
    _said(page, "getLocation:ok")
    page.click("#map")
    page.wait_for_url("**/phone/map?**")
    assert page.locator("[data-latitude]").get_attribute("data-latitude") == "43.9"
    assert page.locator(".lead").inner_text() == "客户家"


def _every_page_fits_its_screen(browser: Browser, served: str) -> None:
    for width in (375, 1280):
        page, complaints = browser.new_context(viewport={"width": width, "height": 800}).new_page(), list[str]()
        page.on("console", lambda message, said=complaints: said.append(message.text))
        for path in ("", "/t1", "/t1/me", "/t1/scan", "/t1/sms", "/t1/wecom"):
            page.goto(f"{served}/phone{path}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.locator(".beside").is_visible() is (width > 1000 and path in ("/t1", "/t1/sms", "/t1/wecom"))
        assert complaints == []


def _the_drawer_sends_a_position(browser: Browser, served: str) -> None:
    page = browser.new_page(viewport={"width": 375, "height": 720})
    page.goto(f"{served}/phone/t1")
    page.click("#dock-switch")
    page.click("#dock-plus")
    typing, drawer = page.locator(".typing").bounding_box(), page.locator("#dock-switch").bounding_box()
    assert typing and drawer
    assert abs(typing["y"] - drawer["y"]) < 20  # in one row
    page.get_by_role("button", name="发位置").click()
    page.locator(".mine .bubble", has_text="[位置]").wait_for()
    page.goto(f"{served}/phone/t1/scan")
    page.fill("[name=scene]", "bind-7")
    page.get_by_role("button", name="扫一扫").click()
    page.wait_for_url("**/phone/t1?**")


def _a_card_appears_by_itself(browser: Browser, served: str, client: httpx.Client, token: str) -> None:
    page = browser.new_page()
    page.goto(f"{served}/phone/t1")
    assert page.locator(".card").count() == 0
    client.post("/cgi-bin/message/template/send", params={"access_token": token}, json=CARD)
    page.wait_for_selector(".card")
    page.wait_for_timeout(2500)
    assert page.locator(".card").count() == 1
