"""Two real browsers: the desk shows a code, a phone scans it, both say yes, and neither is reloaded."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Page, expect, sync_playwright

from apps.wechat import services
from apps.wechat.inbound import inbox
from apps.wechat.models import DataRequest, Scene, StaffBinding
from steppe.kernel.actors import Actor
from tenants.context import in_branch
from tests.cast import Branch
from tests.conftest import chromium
from tests.journeys.conftest import DESK, PHONE, QUIET
from tests.make import client_at, make_ticket
from tests.wechat import stand, ways
from tests.wechat.binding import CAIS, introduce
from tests.wechat.test_notify_me_in_a_browser import root  # noqa: F401  (a fixture)
from tests.wechat.test_shared_in_a_browser import PICTURES, served  # noqa: F401  (a fixture)

pytestmark = pytest.mark.journey


class Story:
    """The desk and the phone, and what they look like on the way."""

    def __init__(self, browser: Any, wechat: str, site: str, cookies: dict[str, str]) -> None:
        self.root, self.site, self.wrong = wechat, site, []
        self.desk = self._page(browser, DESK, cookies["cai"])
        self.admin = self._page(browser, DESK, cookies["bai"])
        self.technician = self._page(browser, PHONE, cookies["wu"])
        self.phone = self._page(browser, PHONE)

    def _page(self, browser: Any, look: dict[str, Any], session: str = "") -> Page:
        context = browser.new_context(locale="zh-CN", **look)
        if session:
            context.add_cookies([{"name": "sessionid", "value": session, "url": self.site}])
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda line: self.wrong.append(line.text) if line.type == "error" else None)
        return page

    def picture(self, page: Page, name: str) -> None:
        """As it is, then as wide and as narrow as it may be."""
        before = page.viewport_size
        for width in (1440, 375):
            page.set_viewport_size({"width": width, "height": 900})
            fits = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
            page.screenshot(path=PICTURES / f"identity-{name}-{width}.png")
            assert fits, f"{name} does not fit {width} px"
        assert before is not None
        page.set_viewport_size(before)


def bind(story: Story, wx: Any, appid: str, lotus: Branch) -> None:
    """From the user menu to a bound WeChat."""
    desk, phone = story.desk, story.phone
    desk.goto(f"{story.site}/console/")
    desk.locator(".user-button").click()
    desk.get_by_role("link", name="绑定微信").click()
    desk.get_by_role("button", name="显示绑定码").click()
    desk.locator(".bind-code").wait_for()
    story.picture(desk, "desk-code")
    with in_branch(lotus.tenant):
        scene = Scene.objects.get(kind="bind")
        wx.tell("act", {"user_id": "cai", "appid": appid, "action": "scan", "scene": scene.name})
        for _ in range(100):
            if inbox.take_all():
                break
            desk.wait_for_timeout(100)
    expect(desk.get_by_role("heading", name="一部微信请求绑定")).to_be_visible()
    story.picture(desk, "desk-asks")
    phone.goto(f"{story.root}/phone/cai")
    phone.goto(f"{story.site}/wx/bind")
    expect(phone.locator(".bind-check")).to_have_text(desk.locator(".bind-check").inner_text())
    story.picture(phone, "phone-confirm")
    phone.get_by_role("button", name="是我，绑定").click()
    phone.get_by_text("您已确认").wait_for()
    story.picture(phone, "phone-waits")
    desk.get_by_role("button", name="是我的手机，确认绑定").click()
    expect(desk.locator(".bind-good")).to_be_visible()
    story.picture(desk, "desk-bound")
    phone.get_by_text("这部微信已绑定").wait_for()  # by itself, as the desk saw the phone ask
    story.picture(phone, "phone-bound")


def look_around(story: Story, ticket: str) -> None:
    """The other pages of this kind."""
    admin, phone, technician = story.admin, story.phone, story.technician
    for name, page, path in (
        ("people", admin, "/console/wechat/people/"),
        ("customer-link", admin, f"/console/wechat/customer/{ticket}/?phone=13900001001"),
        ("tech-me", technician, "/w/me"),
        ("tech-location", technician, "/wx/location"),
        ("tech-binding", technician, "/wx/binding"),
        ("phone-type", phone, "/wx/bind"),
    ):
        if name == "phone-type":
            phone.context.clear_cookies()
            phone.goto(f"{story.root}/phone/su")
        page.goto(story.site + path)
        story.picture(page, name)
    phone.goto(f"{story.site}/h5/mine")
    story.picture(phone, "mine")
    phone.get_by_role("link", name="绑定手机号").click()
    story.picture(phone, "number")
    phone.get_by_label("电话").fill("13800138000")
    phone.get_by_role("button", name="获取验证码").click()
    phone.get_by_label("验证码").wait_for()
    story.picture(phone, "number-code")
    phone.goto(f"{story.site}/wx/data")
    story.picture(phone, "data")
    phone.goto(f"{story.site}/h5/report")
    story.picture(phone, "report")


def snapshot(story: Story, wx: Any) -> None:
    """The page of who is nobody."""
    story.phone.context.clear_cookies()
    story.phone.goto(f"{story.root}/phone/su")
    wx.spoil("connect/oauth2/authorize", {"snapshot": True})
    story.phone.goto(f"{story.site}/h5/mine")
    story.phone.get_by_text("使用完整服务").wait_for()
    story.picture(story.phone, "snapshot")
    story.wrong = [one for one in story.wrong if "403" not in one]


def walk(root: str, site: str, cookies: dict[str, str], wx: Any, appid: str, lotus: Branch, ticket: str) -> list[str]:  # noqa: F811
    """In a thread of its own, because Playwright's loop stays in it."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
            story = Story(browser, root, site, cookies)
            bind(story, wx, appid, lotus)
            look_around(story, ticket)
            snapshot(story, wx)
            browser.close()
            return list(story.wrong)
    finally:
        connections.close_all()


def test_from_the_code_on_the_desk_to_the_bound_phone(
    committed: Any,
    served: int,  # noqa: F811
    root: str,  # noqa: F811
    wx: Any,
    lotus: Branch,
    settings: Any,
    monkeypatch: Any,
) -> None:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the thread's loop is Playwright's, not the product's
    site = f"http://lotus.localhost:{served}"
    with in_branch(lotus.tenant):
        account = stand.open_account(wx)
        stand.bind(wx, account, "wu")
        ways.open_sms(wx)
        for name, openid in (("cai", CAIS), ("su", "o-lotus-su")):
            introduce(wx, account, name, openid)
        visitor = services.recognise_customer(account, "o-lotus-visitor")
        ticket = make_ticket(by=Actor("customer", visitor, ""))
        DataRequest.objects.create(customer_id=lotus.mei.id, asked_at=ticket.reported_at)
    cookies = {name: client_at(lotus, lotus.people[name]).cookies["sessionid"].value for name in ("cai", "bai", "wu")}
    with ThreadPoolExecutor(1) as pool:
        wrong = pool.submit(walk, root, site, cookies, wx, account.appid, lotus, ticket.public_id).result(240)
    assert not [one for one in wrong if "WebSocket" not in one]  # nobody serves sockets here
    with in_branch(lotus.tenant):
        assert StaffBinding.objects.filter(openid=CAIS, user_id=lotus.cai.id).exists()
