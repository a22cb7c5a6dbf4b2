"""What people do with their phones: the sandbox's WeChat, then our pages, as fingers would."""

import io
import re

from PIL import Image
from playwright.sync_api import Page, TimeoutError, expect

from tests.journeys.site import Site


def hold(site: Site, page: Page, person: str) -> Page:
    """Take the phone of a simulated person: their WeChat."""
    page.goto(f"{site.sandbox}/phone/{person}")
    return page


def report(site: Site, page: Page, person: str, *, phone: str, kind: str = "fault_bb") -> str:
    """Menu, 报修, type, location, photo, contact, send; the ticket's public id."""
    hold(site, page, person)
    page.locator(".menu a", has_text="报修").first.click()
    page.wait_for_url("**/h5/report**")
    page.locator(f"label:has(input[value={kind}])").click()
    locate(page)
    page.locator("input[type=file]").set_input_files(
        {"name": "router.png", "mimeType": "image/png", "buffer": picture()}
    )
    uploaded(page)
    if page.locator("details.fold summary").count():  # known from an earlier report: say another number
        page.locator("details.fold summary").click()
    else:
        page.fill("input[name=contact_name]", "王秀英")
    page.fill("input[name=contact_phone]", phone)
    page.fill("[name=description]", "光猫亮红灯")
    page.locator(".act-bar button").click()
    page.wait_for_url(re.compile(r"/h5/t/"), timeout=20_000)
    return public_id(page.url)


def open_card(site: Site, page: Page, person: str, msgid: str) -> None:
    """The card of this message has come; open it."""
    hold(site, page, person)
    card = page.locator(f".card[data-msgid='{msgid}'] a")
    card.wait_for(state="attached", timeout=20_000)
    card.click()
    page.wait_for_url(re.compile(r"/w/t/"), timeout=20_000)


def locate(page: Page) -> None:
    """用我的位置; tapped again, as people do, while the page is still waking up."""
    found = page.locator(".place-found.good")
    for _ in range(4):
        button = page.locator("[data-wx-locate]").first
        if button.is_visible():
            button.click()
        try:
            found.wait_for(state="visible", timeout=7_000)
        except TimeoutError:
            continue
        return
    found.wait_for(state="visible", timeout=1_000)


def uploaded(page: Page) -> None:
    """The photo has got through: the form carries its name."""
    expect(page.locator("input[name=photos]").first).to_have_value(re.compile(".+"), timeout=20_000)


def public_id(url: str) -> str:
    """The ticket's name in an address."""
    found = re.search(r"/t/([\w-]+)", url)
    assert found, url
    return found[1]


def picture() -> bytes:
    """A small photo of a red light."""
    out = io.BytesIO()
    Image.new("RGB", (640, 480), (180, 30, 30)).save(out, "PNG")
    return out.getvalue()
