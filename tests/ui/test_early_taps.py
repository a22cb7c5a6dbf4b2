"""Nothing a person does before the page's scripts have come is lost, on however weak a line."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.ui.branch_stand_in import StandIn, running
from tests.ui.browser import until
from tests.ui.test_form_elements import photo

pytestmark = pytest.mark.journey
BODY = """<fs-wx data-sdk="https://res.wx.qq.com/open/js/jweixin-1.6.0.js" data-config="/config">
<input data-wx-field="lat"><input data-wx-field="source"><button type="button" data-wx-locate>where</button></fs-wx>
<fs-photos data-upload="/photos" data-name="photos"><input type="file" name="raw"></fs-photos>"""
Release = Callable[[], None]


@pytest.fixture
def world() -> Iterator[StandIn]:
    with running() as world:
        world.body = BODY
        yield world


@pytest.fixture
def slow(browser: Browser, world: StandIn) -> Iterator[tuple[Page, Release]]:
    """A page that shows, and whose scripts come when the test says so."""
    page = browser.new_page(geolocation={"latitude": 43.9, "longitude": 116.1}, permissions=["geolocation"])
    page.set_default_timeout(8000)
    held: list[Route] = []
    page.route("**/ui/js/h5.js", lambda route: held.append(route))
    page.goto(f"http://127.0.0.1:{world.web_port}/", wait_until="commit")
    page.locator("[data-wx-locate]").wait_for()
    yield page, lambda: _let_go(held)
    page.close()


def _let_go(held: list[Route]) -> None:
    for route in held:
        route.continue_()


def test_a_tap_before_the_scripts_is_kept_and_given_back(slow: tuple[Page, Release]) -> None:
    page, release = slow
    page.click("[data-wx-locate]")
    expect(page.locator("[data-wx-locate]")).to_have_class("is-busy")
    assert page.input_value("[data-wx-field=lat]") == ""
    release()
    expect(page.locator("[data-wx-field=lat]")).to_have_value("43.9")
    expect(page.locator("[data-wx-field=source]")).to_have_value("browser")
    expect(page.locator("[data-wx-locate]")).not_to_have_class("is-busy")


def test_three_impatient_taps_are_one(slow: tuple[Page, Release]) -> None:
    page, release = slow
    for _ in range(3):
        page.click("[data-wx-locate]")
    page.evaluate("window.n = 0; document.addEventListener('wx:location', () => (window.n += 1))")
    release()
    expect(page.locator("[data-wx-field=lat]")).to_have_value("43.9")
    assert page.evaluate("window.n") == 1


def test_a_photo_chosen_before_the_scripts_is_sent_once_they_are_there(
    slow: tuple[Page, Release], world: StandIn
) -> None:
    page, release = slow
    page.set_input_files("fs-photos input[type=file]", photo(40, 30))  # type: ignore[arg-type]
    release()
    page.wait_for_selector(".photo[data-state=sent]")
    assert page.input_value("input[name=photos]") == "p-1"
    assert len(world.posts) == 1


def test_scripts_that_never_come_leave_no_button_busy_for_ever(browser: Browser, world: StandIn) -> None:
    page = browser.new_page()
    page.route("**/ui/js/h5.js", lambda route: route.abort())
    page.goto(f"http://127.0.0.1:{world.web_port}/")
    until(page, "document.querySelector('[aria-busy]') === null")
    page.close()
