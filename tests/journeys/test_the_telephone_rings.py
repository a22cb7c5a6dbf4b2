"""来电: the agent's telephone rings, and every open page says who it is; one click further the form is filled in."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.journeys import desk
from tests.journeys.site import Site

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("site")]
SLUG, CALLER = "ordos", "12655570011"


def connect(page: Page) -> str:
    """The administrator connects the telephone system; its token."""
    page.fill("#p-title", "96066")
    page.check("[name=scopes][value=calls]")
    page.locator("form[action*=connect] button.btn-primary").click()
    return page.locator(".ally-secret").first.inner_text()


def ring(site: Site, token: str, call: str, phone: str = CALLER) -> None:
    """As the telephone system does, by address: only browsers resolve *.localhost."""
    body, port = {"call_id": call, "phone": phone, "agent": "clerk"}, site.env["STEPPE_WEB_PORT"]
    headers = {"Authorization": f"Bearer {token}", "Host": f"{SLUG}.localhost:{port}"}
    told = httpx.post(f"http://127.0.0.1:{port}/cti/v1/calls", json=body, headers=headers, trust_env=False)
    assert told.status_code == 201, told.text


def test_who_calls_is_on_every_page_of_the_agent_and_on_nobody_elses(
    site: Site, signed_in: Callable[..., Page], pictures: Path
) -> None:
    form = signed_in(SLUG, "clerk", path="/console/new/")
    ticket = desk.enter(form, phone=CALLER, name="乌云", address="东胜 铁西小区 3-1-201")
    listed = form.context.new_page()  # a page with a list hears it on the list's own socket
    listed.goto(site.url(SLUG, "/console/"))
    other = signed_in(SLUG, "dispatcher", path="/console/")
    token = connect(signed_in(SLUG, "admin", path="/console/partners/"))

    ring(site, token, "1")
    for page in (form, listed):
        expect(page.locator("[data-ring]")).to_contain_text("乌云", timeout=desk.SOON)
        expect(page.locator(f"[data-ring] a[href*='{ticket}']")).to_be_visible()
    listed.screenshot(path=pictures / "console-call.png")
    expect(other.locator("[data-ring]")).to_have_count(0)

    listed.locator("[data-take]").click()
    expect(listed.locator("[name=phone]")).to_have_value(CALLER)
    expect(listed.locator("[name=contact_name]")).to_have_value("乌云")
    expect(listed.locator("[name=channel]")).to_have_value("hotline_96066")
    for page in (form, listed):
        expect(page.locator("[data-ring]")).to_have_count(0, timeout=desk.SOON)

    ring(site, token, "2", "12655570012")
    expect(form.locator("[data-ring]")).to_contain_text("12655570012", timeout=desk.SOON)
    form.locator("[data-put-away]").click()
    form.reload()
    expect(form.locator(".rang")).to_contain_text("12655570012")
    form.wait_for_load_state("networkidle")
    expect(form.locator("[data-ring]")).to_have_count(0)
