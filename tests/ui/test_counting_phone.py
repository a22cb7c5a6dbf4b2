"""Counting on a weak line: what was counted stays on the phone until the server has it, and counts once."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page

from apps import mobile
from tests.ui.branch_stand_in import StandIn, running
from tests.ui.browser import until, watched_page

pytestmark = pytest.mark.journey
SCRIPT = Path(mobile.__file__).parent / "static/mobile/js/fs-count.js"
KEPT = "JSON.parse(localStorage.getItem('steppe.count.PD-1.staff:1') || '[]')"
PAGE = """<script type="module" src="/static/ui/js/scan.js"></script><script type="module" src="/fs-count.js"></script>
<fs-count data-number="PD-1" data-who="staff:1" data-t-waiting="{n} kept"><form action="/scan" data-count="scan">
<input id="code" name="code" data-scan="many"><button>Count</button><div data-whose hidden><select name="item">
<option value="">?</option></select></div></form><p data-said></p><p data-waiting hidden></p>
<form data-undo hidden></form>
<form action="/tally" data-count="tally"><input id="many" name="quantity"><button id="add">Add</button></form>
</fs-count>"""


@pytest.fixture
def world() -> Iterator[StandIn]:
    with running() as world:
        world.body = PAGE
        world.more["/fs-count.js"] = "text/javascript", SCRIPT.read_text().replace("../../ui/", "/static/ui/")
        yield world


@pytest.fixture
def page(browser: Browser, world: StandIn) -> Iterator[Page]:
    page = watched_page(browser)
    page.goto(f"http://127.0.0.1:{world.web_port}/")
    until(page, "customElements.get('fs-count') !== undefined")
    yield page
    troubles = page.troubles  # type: ignore[attr-defined]
    page.close()
    assert troubles == []


def sent(world: StandIn) -> list[tuple[str, str]]:
    """What arrived: where, and with which key."""
    return [(one["path"], one["headers"]["Idempotency-Key"]) for one in world.posts]


def codes(world: StandIn) -> list[str]:
    return [parse_qs(one["body"].decode())["code"][0] for one in world.posts]


def all_sent(page: Page, world: StandIn, count: int) -> None:
    """A scan is kept a moment after its Enter, so that nothing kept may also mean: not yet."""
    limit = time.monotonic() + 15
    while len(world.posts) < count:
        assert time.monotonic() < limit, world.posts
        page.wait_for_timeout(40)
    until(page, f"{KEPT}.length === 0")


def shoot(page: Page, code: str) -> None:
    page.keyboard.type(code, delay=4)
    page.keyboard.press("Enter")


def test_scans_are_sent_one_after_the_other_each_with_a_key_of_its_own(page: Page, world: StandIn) -> None:
    page.focus("#code")
    for code in ("SN0000001", "SN0000002", "SN0000003"):
        shoot(page, code)
    all_sent(page, world, 3)
    assert codes(world) == ["SN0000001", "SN0000002", "SN0000003"]
    assert len({key for _path, key in sent(world)}) == 3


def test_a_lost_answer_is_asked_for_again_with_the_same_key(page: Page, world: StandIn) -> None:
    world.post_answers = [0, 503, 200]
    page.fill("#many", "12")
    page.click("#add")
    until(page, "!document.querySelector('[data-waiting]').hidden")
    assert page.inner_text("[data-waiting]") == "1 kept"
    until(page, f"{KEPT}.length === 0", timeout=20)
    assert len(world.posts) == 3 and len(set(sent(world))) == 1


def test_what_was_counted_outlives_the_page(page: Page, world: StandIn) -> None:
    world.post_answers = [0, 0]
    page.fill("#many", "12")
    page.click("#add")
    until(page, f"{KEPT}.length === 1")
    kept = json.loads(page.evaluate(f"JSON.stringify({KEPT})"))[0]["key"]
    page.reload()
    until(page, f"{KEPT}.length === 0", timeout=20)
    assert {key for _path, key in sent(world)} == {kept}


def test_a_refusal_is_said_and_does_not_hold_up_what_comes_after(page: Page, world: StandIn) -> None:
    world.post_answers = [422, 200]
    page.focus("#code")
    shoot(page, "SN0000001")
    shoot(page, "SN0000002")
    all_sent(page, world, 2)
    assert codes(world) == ["SN0000001", "SN0000002"]
