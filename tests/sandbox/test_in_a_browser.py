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


def _a_card_appears_by_itself(browser: Browser, served: str, client: httpx.Client, token: str) -> None:
    page = browser.new_page()
    page.goto(f"{served}/phone/t1")
    assert page.locator(".card").count() == 0
    client.post("/cgi-bin/message/template/send", params={"access_token": token}, json=CARD)
    page.wait_for_selector(".card")
    page.wait_for_timeout(2500)
    assert page.locator(".card").count() == 1
