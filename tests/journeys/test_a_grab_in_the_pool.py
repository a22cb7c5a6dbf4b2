"""The technician's pool on the phone: a ticket comes in by itself, one tap takes it, one more calls the customer."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import Person
from tests.journeys.site import Site
from tests.journeys.taps import budget

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("site")]
SLUG, CUSTOMER = "ordos", "12655590001"
SOON = 20_000


def test_a_ticket_comes_into_the_pool_and_one_tap_takes_it(site: Site, signed_in: Callable[..., Page]) -> None:
    phone = signed_in(SLUG, "tech04", path="/w/pool", phone=True)
    if phone.locator(".listen[aria-pressed=false]").count():
        with budget(phone, 1, "start listening"):
            phone.locator(".listen").click()
            expect(phone.locator(".listen")).to_have_attribute("aria-pressed", "true", timeout=SOON)
    expect(phone.locator("fs-live[data-state=live]")).to_be_attached(timeout=SOON)
    with Person(site, SLUG, "clerk") as clerk:
        ticket = clerk.open_ticket(address="东胜 天骄路 88 号", phone=CUSTOMER)["public_id"]
    card = phone.locator(f"#t-{ticket}")
    expect(card).to_be_visible(timeout=SOON)  # nobody touched anything
    assert CUSTOMER not in phone.content()
    with budget(phone, 1, "grab in the pool"):
        card.locator("form[action$='/grab'] button").click()
        phone.wait_for_url(f"**/w/t/{ticket}**", timeout=SOON)
    expect(phone.locator(f"a[href='tel:{CUSTOMER}']").first).to_be_visible()
