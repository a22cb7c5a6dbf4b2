"""Every page on a phone, once (sheets.py says what is asked of each)."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.journeys import phones
from tests.journeys.sheets import Sheet, check, one_in
from tests.journeys.site import Site

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("site")]
Window = Callable[..., Page]
HELD = ("closed", "assigned", "on_hold", "in_progress", "accepted")
CUSTOMERS = ("/h5/report", "/h5/mine", "/wx/phone", "/wx/data", "/wx/bind")
TECHNICIANS = (
    "/w/pool", "/w/mine", "/w/me", "/w/points", "/w/slips", "/w/hours", "/w/counts", "/w/handovers", "/wx/binding",
    "/wx/location",
)  # fmt: skip


def test_every_page_of_a_customer_can_be_read(site: Site, window: Window) -> None:
    check(customer(site, window), site, [Sheet(path, True) for path in CUSTOMERS])


@pytest.mark.parametrize("state", HELD)
def test_a_technicians_ticket_can_be_read_in_every_state(site: Site, signed_in: Window, state: str) -> None:
    desk = signed_in("xilingol", "dispatcher")
    ticket = one_in(desk, state)
    paths = [f"/w/t/{ticket}{part}" for part in ("", "/story", "/material")]
    paths += [f"/w/points/{ticket}"] if state == "closed" else []
    page = signed_in("xilingol", holder(desk, site, ticket), phone=True)
    check(page, site, [Sheet(path, True) for path in paths])


def test_every_page_of_a_technician_can_be_read(site: Site, signed_in: Window) -> None:
    check(signed_in("xilingol", "tech01", phone=True), site, [Sheet(path, True) for path in TECHNICIANS])


def holder(page: Page, site: Site, ticket: str) -> str:
    """The user name of the technician who holds it: the demo gives XL107 to tech07."""
    page.goto(site.url("xilingol", f"/console/t/{ticket}/"))
    found = re.search(r"XL1(\d\d)", page.locator("dl.kv").first.inner_text())
    assert found, ticket
    return f"tech{found[1]}"


def customer(site: Site, window: Window) -> Page:
    """A customer's phone that has come in through the service account's menu."""
    page = phones.hold(site, window(phone=True), "xilingol-visitor2")
    page.locator(".menu a", has_text="报修").first.click()
    page.wait_for_url("**/h5/report**")
    return page
