"""A real Chromium with the sandbox's JS-SDK: a draft becomes a report with a picture from WeChat's album, a serial
number is scanned, the printed sheet looks like paper."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from apps.tickets.models import Photo, Ticket
from apps.wechat.services import scenes
from tenants.context import in_branch
from tests.cast import PASSWORD, Branch
from tests.conftest import chromium
from tests.databases import Database
from tests.journeys.conftest import PHONE, QUIET
from tests.make import actor, key, make_ticket, picture
from tests.wechat import chat, stand
from tests.wechat.chat import MEI
from tests.wechat.conftest import Office
from tests.wechat.site import serving

pytestmark = pytest.mark.journey
PICTURES = Path("build/pictures")
SMALL = PHONE | {"viewport": {"width": 375, "height": 812}}
ENOUGH_MS = 20_000


@pytest.fixture
def site(committed: Database, wx: Any, lotus: Branch, settings: Any, sandbox_root: str) -> Any:
    with serving(settings, sandbox_root) as port, in_branch(lotus.tenant):
        account = stand.open_account(wx)
        openids = stand.bind(wx, account, "wu")
        office = Office(account, stand.opened(account), openids, stand.door_of(account))
        yield office, port


def in_a_browser(work: Callable[[Browser], Any]) -> Any:
    """In a thread of its own, because Playwright's loop stays in it."""

    def run() -> Any:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
            try:
                return work(browser)
            finally:
                browser.close()

    PICTURES.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result(180)


def opened(browser: Browser, **options: Any) -> Page:
    page = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **options).new_page()
    page.set_default_timeout(ENOUGH_MS)
    return page


def test_a_draft_becomes_a_report_with_a_picture_from_wechats_album(site, wx, lotus, sandbox_root, tmp_path):
    office, port = site
    chat.arrive(wx, office)
    chat.hear(office, lotus, "text", Content="宽带不通，红灯一直亮")
    chat.hear(office, lotus, "location", Location_X=43.9345, Location_Y=116.0935, Scale=16, Label="白桦园7号楼")
    link = f"http://lotus.localhost:{port}{chat.page_in(chat.last_answer().text)}"
    (tmp_path / "a.png").write_bytes(picture("PNG", (90, 60)))

    def work(browser: Browser) -> None:
        page = opened(browser, **SMALL)
        page.goto(f"{sandbox_root}/phone/{MEI}")
        page.goto(link)
        page.wait_for_selector("fs-wx-photos:not([hidden])")
        assert page.input_value("[name=description]") == "宽带不通，红灯一直亮"
        with page.expect_file_chooser() as chooser:
            page.click("fs-wx-photos button")
        chooser.value.set_files(tmp_path / "a.png")
        page.wait_for_selector(".photo[data-state=sent]")
        page.screenshot(path=PICTURES / "draft-form-375.png", full_page=True)
        page.check("[name=type_code][value=fault_bb]", force=True)
        page.fill("[name=contact_phone]", "13900007777")
        page.click(".act-main")
        page.wait_for_url("**/h5/t/*")

    in_a_browser(work)
    ticket = Ticket.objects.get()
    assert (ticket.description, ticket.datum_in, ticket.location_source) == ("宽带不通，红灯一直亮", "gcj02", "message")
    assert (Photo.objects.get().ticket_id, Photo.objects.get().width) == (ticket.pk, 90)


def test_a_serial_number_is_scanned_or_typed(site, wx, sandbox_root):
    _office, port = site
    ticket = make_ticket(status="in_progress")

    def work(browser: Browser) -> tuple[str, bool]:
        page = opened(browser, **SMALL)
        page.on("dialog", lambda asked: asked.accept("CODE_128,ZTEG12345678"))
        page.goto(f"{sandbox_root}/phone/lotus-wu")
        page.goto(f"http://lotus.localhost:{port}/w/t/{ticket.public_id}")
        page.wait_for_selector("fs-wx-scan:not([hidden])")
        page.click("fs-wx-scan button")
        field = page.locator(".scan input").first
        page.wait_for_function("document.querySelector('.scan input').value !== ''")
        page.screenshot(path=PICTURES / "scan-375.png", full_page=True)
        typed = opened(browser, **SMALL)  # no WeChat behind it: the button is not there, the field is
        typed.route("**/jweixin-1.6.0.js", lambda route: route.abort())
        typed.goto(f"http://lotus.localhost:{port}/sign-in")
        typed.fill("[name=username]", "wu")
        typed.fill("[name=password]", PASSWORD)
        typed.click("button:not([type=button])")
        typed.goto(f"http://lotus.localhost:{port}/w/t/{ticket.public_id}?wx=0")
        return field.input_value(), typed.locator("fs-wx-scan").first.is_visible()

    assert in_a_browser(work) == ("ZTEG12345678", False)


def test_codes_are_made_listed_and_printed(site, wx):
    _office, port = site
    made = {"grid": "E1", "datum": "wgs84", "by": actor("bai")}
    for number in range(1, 8):
        told = {"label": f"白桦园{number}号楼", "address": f"锡林浩特 白桦园{number}号楼", "point": "43.9340, 116.0870"}
        one = scenes.make_code(kind="building", **told, **made, key=key())
        scenes.draw_code(scene_id=one.entity_id, by=actor("bai"))
    scenes.make_code(kind="grid", **made, key=key())

    def work(browser: Browser) -> int:
        page = opened(browser, viewport={"width": 1440, "height": 900})
        page.goto(f"http://lotus.localhost:{port}/sign-in?next=/console/wechat/codes/")
        page.fill("[name=username]", "bai")
        page.fill("[name=password]", PASSWORD)
        page.click("button:not([type=button])")
        page.goto(f"http://lotus.localhost:{port}/console/wechat/codes/")
        page.screenshot(path=PICTURES / "codes-1440.png", full_page=True)
        page.click("summary:has-text('楼宇'), summary:has-text('Building')")
        page.screenshot(path=PICTURES / "codes-form-1440.png")
        page.set_viewport_size({"width": 375, "height": 812})
        page.screenshot(path=PICTURES / "codes-375.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= 375
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(f"http://lotus.localhost:{port}/console/wechat/codes/print")
        page.screenshot(path=PICTURES / "codes-sheet-1440.png", full_page=True)
        (PICTURES / "codes-sheet.pdf").write_bytes(page.pdf(prefer_css_page_size=True))
        page.set_viewport_size({"width": 375, "height": 812})
        page.screenshot(path=PICTURES / "codes-sheet-375.png")
        assert page.evaluate("document.documentElement.scrollWidth") <= 375
        return page.locator("section.code img.qr").count()

    assert in_a_browser(work) == 7
    pdf = (PICTURES / "codes-sheet.pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 2  # six on the first page, one on the second
