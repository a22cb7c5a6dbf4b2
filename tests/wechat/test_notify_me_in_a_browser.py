"""A real Chromium: the customer taps 通知我 on the progress page, says yes, and the server hears it from WeChat."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from apps.people import selectors as people
from apps.wechat import demo, services, tasks
from apps.wechat.models import CustomerIdentity, NoticeConsent, PushOutbox
from apps.wechat.push import delivery
from apps.wechat.services import channels
from tenants.context import in_branch
from tests import make
from tests.cast import Branch
from tests.conftest import chromium
from tests.journeys.conftest import PHONE, QUIET
from tests.journeys.site import until
from tests.wechat import stand, ways
from tests.wechat.test_shared_in_a_browser import PICTURES, served  # noqa: F401  (a fixture)

pytestmark = pytest.mark.journey
OPENID = "o-mei"


@pytest.fixture
def root(wx: Any, settings: Any) -> str:
    """The sandbox under a name that browsers take for this machine, allowed by the pages' headers."""
    port = urlsplit(wx.root).port
    made = f"http://localhost:{port}"
    settings.STEPPE_WECHAT_OPEN_ROOT = made
    settings.STEPPE_JSSDK_URL = f"{made}/open/js/jweixin-1.6.0.js"
    settings.STEPPE_SANDBOX_ORIGINS = [made, f"http://*.localhost:{port}"]
    return made


def tap(root: str, page_url: str, user_id: str, answer: str) -> dict[str, Any]:
    """What Mei does, in a thread of its own, because Playwright's loop stays in it."""
    seen: dict[str, Any] = {"wrong": []}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        page = browser.new_context(locale="zh-CN", **PHONE).new_page()
        page.on("console", lambda line: seen["wrong"].append(line.text) if line.type == "error" else None)
        page.goto(f"{root}/phone/{user_id}")
        page.goto(page_url)
        button = page.locator("wx-open-subscribe button")
        button.wait_for(timeout=20_000)
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / "h5-notify-me.png")
        button.click()
        page.locator(f"button[data-answer={answer}]").click()
        said = page.locator("[data-wx-yes]" if answer == "accept" else "[data-wx-no]")
        said.wait_for(timeout=10_000)
        seen["said"], seen["still"] = said.inner_text(), button.is_visible()
        browser.close()
    return seen


@pytest.mark.parametrize("answer", ["accept", "cancel"])
def test_one_tap_is_one_notice(committed: Any, served: int, root: str, wx: Any, lotus: Branch, answer: str) -> None:  # noqa: F811
    with in_branch(lotus.tenant):
        account = stand.open_account(wx)
        channels.connect_notices(account, demo.demo_notices("lotus"))
        account.refresh_from_db()
        wx.tell("accounts", stand.introduce.described(account))
        CustomerIdentity.objects.create(account=account, openid=OPENID, customer_id=lotus.mei.id)
        ways.introduce_people(wx, account)
        ticket = make.make_ticket(by=people.actor_for_customer(lotus.mei.id or 0))
        url = f"http://lotus.localhost:{served}/h5/t/{ticket.public_id}"
        with ThreadPoolExecutor(1) as pool:
            seen = pool.submit(tap, root, url, f"lotus-c{lotus.mei.id}", answer).result(120)
        assert seen["said"] and seen["still"] is (answer == "cancel")
        assert services.callback_url(account).startswith(f"http://lotus.localhost:{served}/")
        if answer == "cancel":
            assert not NoticeConsent.objects.exists()
            return
        until(lambda: tasks.handle_inbox() is not None and NoticeConsent.objects.count() == 2, seconds=20)
        make.grab(ticket.public_id)
        stand.relay()
        delivery.send_due()
        assert PushOutbox.objects.get(channel="wx_subscribe").status == "accepted"
        assert [card["title"] for card in wx.cards(channel="subscribe", openid=OPENID)] == ["报修受理通知"]
