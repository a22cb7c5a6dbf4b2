"""A hand scanner is a keyboard: its Enter sends no form, its codes go where they belong; lists count themselves."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.ui.branch_stand_in import StandIn, running
from tests.ui.browser import until, watched_page

pytestmark = pytest.mark.journey
SCANNER, PERSON = 4, 140  # ms between two keys
PAGE = """<div id="scan-words" hidden data-t-count="{n} numbers" data-t-twice="twice: {numbers}"
 data-t-tidy="tidy"></div>
<form id="f" method="post" action="/write"><input id="code" data-scan="many" maxlength="60"><button>Send</button>
<textarea id="list" data-scan="many" data-scan-list></textarea><input id="other"></form>
<script type="module" src="/static/ui/js/scan.js"></script>"""
WATCH = """(() => { window.sent = 0; window.read = [];
document.getElementById("f").addEventListener("submit", (event) => { event.preventDefault(); window.sent += 1; });
document.getElementById("code").addEventListener("scan:read", (event) => window.read.push(event.detail.text)); })()"""


@pytest.fixture
def world() -> Iterator[StandIn]:
    with running() as world:
        world.body = PAGE
        yield world


@pytest.fixture
def page(browser: Browser, world: StandIn) -> Iterator[Page]:
    page = watched_page(browser)
    page.goto(f"http://127.0.0.1:{world.web_port}/")
    until(page, "document.querySelector('.scan-list') !== null")
    page.evaluate(WATCH)
    yield page
    troubles = page.troubles  # type: ignore[attr-defined]
    page.close()
    assert troubles == []


def shoot(page: Page, code: str) -> None:
    """As a scanner on USB types it."""
    page.keyboard.type(code, delay=SCANNER)
    page.keyboard.press("Enter")


def test_a_scanned_code_is_announced_and_sends_no_form(page: Page) -> None:
    page.focus("#code")
    shoot(page, "SN0000001")
    shoot(page, "CODE_128,SN0000002")
    until(page, "window.read.length === 2")
    assert page.evaluate("window.read") == ["SN0000001", "CODE_128,SN0000002"]
    assert page.evaluate("window.sent") == 0


def test_what_a_person_types_is_sent_as_ever(page: Page) -> None:
    page.focus("#code")
    page.keyboard.type("SN123", delay=PERSON)
    page.keyboard.press("Enter")
    until(page, "window.sent === 1")
    assert page.evaluate("window.read.length") == 0 and page.input_value("#code") == "SN123"


def test_codes_scanned_into_a_list_stand_one_below_the_other_and_twice_is_said(page: Page) -> None:
    page.focus("#list")
    for code in ("sn0000001", "SN0000002", "SN0000001"):
        shoot(page, code)
    until(page, "document.getElementById('list').value.split('\\n').length === 4")
    assert page.input_value("#list") == "sn0000001\nSN0000002\nSN0000001\n"
    assert page.inner_text(".scan-list").split("  ")[0].startswith("2 numbers")
    assert "twice: SN0000001" in page.inner_text(".scan-list")
    page.click(".scan-list button")
    assert page.input_value("#list") == "SN0000001\nSN0000002\n" and page.is_hidden(".scan-list .warn")
    assert page.evaluate("window.sent") == 0


def test_a_pasted_list_is_counted_as_the_server_reads_it(page: Page) -> None:
    page.fill("#list", "SN1001，SN1002; sn1003\tCODE_128,SN1001 SN1004")
    assert page.inner_text(".scan-list").startswith("4 numbers") and "SN1001" in page.inner_text(".scan-list")


def test_other_fields_are_left_alone(page: Page) -> None:
    page.focus("#other")
    shoot(page, "SN0000001")
    until(page, "window.sent === 1")
    assert page.input_value("#other") == "SN0000001"
