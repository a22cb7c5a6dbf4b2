"""管理 → 微信 in a browser: a refused address is copied and mended by keyboard; the same without any script."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.sheets import Sheet, looked_at
from tests.journeys.site import PASSWORD, Site

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("site")]
Window = Callable[..., Page]
GUIDE = "/console/wechat/"
REFUSED = {"errcode": 40164, "errmsg": "invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist"}
LOOKED_AT = Path("build/pictures")
SMALL = {"width": 375, "height": 812}


def test_a_missing_address_is_copied_and_tested_again(
    site: Site, window: Window, signed_in: Window, pictures: Path
) -> None:
    page = signed_in("xilingol", "admin", path=GUIDE)
    rule = {"path": "/cgi-bin/stable_token", "action": REFUSED}
    assert httpx.post(f"{site.sandbox}/_sandbox/inject", json=rule, timeout=5).status_code == 200
    press(page, "token", "测试连接")
    step = page.locator("#at-token")
    expect(step.locator(".wx-stand")).to_have_text("不通")
    expect(step.locator("#copy-token")).to_have_value("203.0.113.9")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    step.locator("[data-copy]").focus()
    page.keyboard.press("Enter")
    expect(step.locator("[data-copy]")).to_contain_text("已复制")
    assert page.evaluate("navigator.clipboard.readText()") == "203.0.113.9"
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=pictures / "wechat-guide.png")
    page.set_viewport_size(SMALL)
    page.screenshot(path=LOOKED_AT / "wechat-refused-375.png", full_page=True)
    press(page, "token", "测试连接")
    expect(page.locator("#at-token .wx-stand")).to_have_text("正常")


def test_nothing_is_cut_and_everybody_can_read_it(site: Site, signed_in: Window) -> None:
    page = signed_in("xilingol", "admin")
    parts = ("", "?suggest=1", "cards/?at=new_ticket", "menu/", "inbox/")
    wrong = list(looked_at(page, site, [Sheet(GUIDE + part) for part in parts]))
    page.emulate_media(color_scheme="light")
    for size, name in ((SMALL, "375"), ({"width": 1440, "height": 900}, "1440")):
        page.set_viewport_size(size)
        for part, what in zip(parts, ("guide", "suggest", "cards", "menu", "inbox"), strict=True):
            page.goto(site.url("xilingol", GUIDE + part))
            page.screenshot(path=LOOKED_AT / f"wechat-{what}-{name}.png", full_page=True)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append(f"{part} is wider than {name}")
    assert not wrong, "\n".join(wrong)


def test_every_button_works_without_a_script(site: Site, window: Window) -> None:
    page = window(java_script_enabled=False)
    page.goto(site.url("xilingol", "/sign-in/"))
    page.fill("input[name=username]", "admin")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.goto(site.url("xilingol", GUIDE))
    press(page, "token", "测试连接")
    expect(page.locator("#at-token .wx-stand")).to_have_text("正常")
    page.goto(site.url("xilingol", f"{GUIDE}cards/"))
    page.get_by_role("button", name="获取服务号的模板").click()
    expect(page.locator(".wx-summary .wx-stand")).to_have_text("正常")
    page.goto(site.url("xilingol", f"{GUIDE}menu/"))
    page.get_by_role("button", name="保存并发布").click()
    expect(page.locator(".wx-summary .wx-stand")).to_have_text("正常")


def press(page: Page, step: str, word: str) -> None:
    """A button of a step, which may be folded."""
    part = page.locator(f"#at-{step}")
    button = part.get_by_role("button", name=word)
    if not button.is_visible():
        part.locator("summary").first.click()
    button.click()
    page.wait_for_load_state()
