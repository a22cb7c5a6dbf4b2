"""Three equal ways to say where: the JS-SDK, the browser's own position, the address in words. Each is a ticket."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys import phones
from tests.journeys.people import Person
from tests.journeys.site import Site
from tests.journeys.taps import budget

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("site")]
Window = Callable[..., Page]
SLUG = "ordos"
HERE = {"latitude": 39.8201, "longitude": 109.9655, "accuracy": 25}


def test_in_wechat_the_position_comes_through_the_signed_js_sdk(site: Site, window: Window) -> None:
    phone = window(phone=True)
    phones.hold(site, phone, f"{SLUG}-visitor1")
    before = len(sdk_calls(site))
    phones.open_report(phone)
    phone.locator("label:has(input[value=fault_bb])").click()
    phone.locator("[data-wx-locate]").click()
    phones.located(phone, "jssdk")
    phone.fill("[name=address]", "东胜 铁西小区 2-1-301")
    # The sandbox itself has checked the page's signature, and only then told where the phone is.
    assert sdk_calls(site)[before:] == ["config:ok", "getLocation:ok"]
    if not phone.locator("details.fold summary").count():
        phone.fill("input[name=contact_phone]", "12655580001")
    ticket = phones.send(phone)
    seen = seen_by_dispatcher(site, ticket)
    assert seen["lat"] == pytest.approx(whereabouts(site, f"{SLUG}-visitor1"), abs=0.001)
    with Person(site, SLUG, "dispatcher") as desk:  # or the second report would be asked about
        desk.must(f"tickets/{ticket}/cancel", version=seen["version"], reason="recovered")
    # Known by now: phone and address are remembered, three taps are enough.
    assert phones.report_again(site, phone, f"{SLUG}-visitor1")


def test_a_wrong_signature_gets_no_position_and_the_browser_is_asked(site: Site, window: Window) -> None:
    phone = window(phone=True, geolocation=HERE, permissions=["geolocation"])

    def forge(route: Route) -> None:
        told = {**(route.request.post_data_json or {}), "signature": "0" * 40}
        route.continue_(post_data=json.dumps(told))

    phone.route("**/_sandbox/jssdk/verify", forge)
    phones.hold(site, phone, f"{SLUG}-visitor2")
    before = len(sdk_calls(site))
    phones.open_report(phone)
    phone.locator("[data-wx-locate]").click()
    phones.located(phone, "browser")
    assert set(sdk_calls(site)[before:]) == {"config:invalid signature"}


def test_outside_wechat_the_browsers_position_is_taken(site: Site, window: Window) -> None:
    phone = outside_wechat(window(phone=True, geolocation=HERE, permissions=["geolocation"]))
    phone.goto(site.url(SLUG, "/h5/report"))
    with budget(phone, 3, "report outside WeChat, for the first time"):  # one less: there is no menu to tap
        phone.locator("label:has(input[value=fault_bb])").click()
        phone.locator("[data-wx-locate]").click()
        phones.located(phone, "browser")
        phone.fill("input[name=contact_phone]", "12655580002")
        phones.send(phone)
    number = told_number(phone)
    found = found_by(site, number)
    assert (found["lat"], found["lng"]) == (pytest.approx(39.8201, abs=0.001), pytest.approx(109.9655, abs=0.001))
    assert found["status"] == "pooled"


def test_the_address_in_words_is_enough(site: Site, window: Window) -> None:
    """By the poster's QR code, which knows the address: type and send."""
    phone = outside_wechat(window(phone=True))
    phone.goto(site.url(SLUG, "/h5/report?address=东胜 铁西小区 6-3-502"))
    with budget(phone, 2, "report by poster"):
        phone.locator("label:has(input[value=fault_tv])").click()
        phone.fill("input[name=contact_phone]", "12655580003")
        phones.send(phone)
    found = found_by(site, told_number(phone))
    assert "铁西小区" in found["address"]
    assert found["status"] == "pooled"


def test_whoever_has_only_the_link_agrees_to_a_later_visit(site: Site, window: Window) -> None:
    """The page of the link in a text message: its form comes from a page that tells nobody else its address."""
    phone = outside_wechat(window(phone=True))
    phone.goto(site.url(SLUG, "/h5/report?address=东胜 铁西小区 6-3-504"))
    phone.locator("label:has(input[value=fault_bb])").click()
    phone.fill("input[name=contact_phone]", "12655580005")
    phones.send(phone)
    ticket = taken_and_left(site, found_by(site, told_number(phone)))
    phone.reload()
    phone.locator("form[action$='/answer-hold'] button[value=yes]").click()
    expect(phone.locator(".banner-good").last).to_be_visible()
    assert seen_by_dispatcher(site, ticket)["status"] == "on_hold"
    expect(phone.locator("form[action$='/answer-hold']")).to_have_count(0)


def taken_and_left(site: Site, ticket: dict[str, Any]) -> str:
    """Somebody is sent, and asks whether a later visit suits the customer; the ticket's public id."""
    name = str(ticket["public_id"])
    with Person(site, SLUG, "dispatcher") as desk, Person(site, SLUG, "tech01") as tech:
        told = {"technician_id": tech.me["technician"]["id"], "reason": "nearest"}
        sent = desk.must(f"tickets/{name}/dispatch", version=ticket["version"], **told)
        if desk.get(f"tickets/{name}")["status"] == "assigned":
            sent = tech.must(f"tickets/{name}/confirm", version=sent["version"])
        later = (datetime.now(UTC) + timedelta(hours=20)).isoformat()
        why = {"reason": "not_at_home", "hold_class": "customer", "resume_at": later}
        tech.must(f"tickets/{name}/ask-hold", version=sent["version"], **why)
    return name


def test_whoever_says_no_is_told_that_the_address_is_enough(site: Site, window: Window) -> None:
    phone = outside_wechat(window(phone=True))
    phone.goto(site.url(SLUG, "/h5/report"))
    phone.locator("[data-wx-locate]").click()
    expect(phone.locator(".place-failed")).to_be_visible()
    phone.locator("label:has(input[value=fault_bb])").click()
    phone.fill("[name=address]", "东胜 天骄路 21 号")
    phone.fill("input[name=contact_phone]", "12655580004")
    phones.send(phone)
    assert found_by(site, told_number(phone))["status"] == "pooled"


def outside_wechat(phone: Page) -> Page:
    """A browser in which no JS-SDK answers; the sandbox's would, for it takes every browser for somebody's phone."""
    phone.route("**/jweixin*", lambda route: route.abort())
    return phone


def sdk_calls(site: Site) -> list[str]:
    """What the sandbox answered to the JS-SDK so far, in order."""
    calls = httpx.get(f"{site.sandbox}/_sandbox/calls", timeout=5).json()
    return [call["errMsg"] for call in calls if "/jssdk/" in call["path"]]


def whereabouts(site: Site, person: str) -> float:
    """The latitude of a simulated person."""
    people = httpx.get(f"{site.sandbox}/_sandbox/users", timeout=5).json()
    return float(next(one["lat"] for one in people if one["user_id"] == person))


def told_number(phone: Page) -> str:
    """The ticket's number as the page that follows a report says it."""
    return phone.locator(".weui-cell__bd.num").inner_text().split()[0]


def found_by(site: Site, number: str) -> dict[str, Any]:
    """The ticket of this number, as the dispatcher reads it."""
    with Person(site, SLUG, "dispatcher") as desk:
        (found,) = desk.get("tickets", text=number)["results"]
    return dict(found)


def seen_by_dispatcher(site: Site, ticket: str) -> dict[str, Any]:
    """A ticket by its public id."""
    with Person(site, SLUG, "dispatcher") as desk:
        return dict(desk.get(f"tickets/{ticket}"))
