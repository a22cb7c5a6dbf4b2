"""The form guard, the countdown and the photo strip in a real browser."""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.ui.branch_stand_in import StandIn, running
from tests.ui.browser import watched_page

pytestmark = pytest.mark.journey
CASES = json.loads((Path(__file__).parent / "due_cases.json").read_text())
FORM = """<fs-once><form id="f" method="post" action="/write">
<input type="hidden" name="idempotency_key" value="server">
<input name="note" value="one"><button>Send</button></form></fs-once>
<fs-photos data-upload="/photos" data-name="photos"><input type="file" name="raw" multiple></fs-photos>"""


@pytest.fixture
def world() -> Iterator[StandIn]:
    with running() as world:
        world.body = FORM
        yield world


@pytest.fixture
def page(browser: Browser, world: StandIn) -> Iterator[Page]:
    page = watched_page(browser)
    page.goto(f"http://127.0.0.1:{world.web_port}/")
    page.wait_for_selector("fs-live[data-state=live]", state="attached")
    # The page stays: what a script-driven form (htmx) would do, without its library.
    page.evaluate(
        "document.getElementById('f').setAttribute('hx-post', '/write');"
        "document.getElementById('f').addEventListener('submit', (event) => event.preventDefault())"
    )
    yield page
    troubles = page.troubles  # type: ignore[attr-defined]
    page.close()
    assert troubles == []


def key(page: Page) -> str:
    return page.input_value("[name=idempotency_key]")


def answered(page: Page, ok: bool) -> None:
    page.evaluate(
        "(ok) => document.getElementById('f').dispatchEvent("
        "new CustomEvent('htmx:afterRequest', { bubbles: true, detail: { successful: ok } }))",
        ok,
    )


def test_the_form_gets_a_fresh_key(page: Page) -> None:
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", key(page))


def test_two_taps_are_one_submit(page: Page) -> None:
    page.evaluate("window.n = 0; document.getElementById('f').addEventListener('submit', () => (window.n += 1))")
    page.evaluate("() => { const b = document.querySelector('#f button'); b.click(); }")
    page.wait_for_selector("#f button:disabled")
    page.evaluate("document.getElementById('f').dispatchEvent(new Event('submit', { cancelable: true }))")
    assert page.evaluate("window.n") == 1


def test_a_retry_after_a_lost_answer_keeps_the_key(page: Page) -> None:
    first = key(page)
    page.click("#f button")
    answered(page, ok=False)
    page.click("#f button")
    assert key(page) == first


def test_a_changed_form_is_another_wish(page: Page) -> None:
    first = key(page)
    page.click("#f button")
    answered(page, ok=False)
    page.fill("[name=note]", "two")
    page.click("#f button")
    assert key(page) != first


def test_after_success_the_next_submit_is_another_wish(page: Page) -> None:
    first = key(page)
    page.click("#f button")
    answered(page, ok=True)
    assert key(page) != first


def test_the_browsers_countdown_says_what_the_server_says(page: Page) -> None:
    said = page.evaluate(
        """async (cases) => {
          const units = { d: "{n} d", h: "{n} h", m: "{n} min", s: "{n} s" };
          const due = await import("/static/ui/js/fs-due.js");
          const word = ([unit, n]) => units[unit].replace("{n}", n);
          const say = (seconds) => due.durationParts(seconds).map(word).join(" ");
          return cases.map(([seconds]) => [seconds, say(seconds) + (seconds < 0 ? " over" : " left")]);
        }""",
        CASES,
    )
    assert said == CASES


def photo(width: int, height: int) -> dict[str, object]:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "at home"
    Image.new("RGB", (width, height), "#336699").save(out, "JPEG", exif=exif)
    return {"name": "IMG.JPG", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def test_a_photo_is_shrunk_stripped_and_sent_with_a_key(page: Page, world: StandIn) -> None:
    page.set_input_files("fs-photos input[type=file]", photo(3000, 2000))  # type: ignore[arg-type]
    page.wait_for_selector(".photo[data-state=sent]")
    sent = world.posts[0]
    jpeg = sent["body"][sent["body"].index(b"\xff\xd8") :]
    picture = Image.open(io.BytesIO(jpeg))
    assert picture.size == (1600, 1067)
    assert not picture.getexif()
    assert len(sent["headers"]["Idempotency-Key"]) == 36
    assert page.input_value("input[name=photos]") == "p-1"


def test_as_proof_of_work_the_cameras_note_goes_along_turned_upright(page: Page, world: StandIn) -> None:
    page.evaluate("document.querySelector('fs-photos').setAttribute('data-keep-note', '')")
    exif, out = Image.Exif(), io.BytesIO()
    exif[0x0112] = 6  # lying on its side
    exif.get_ifd(0x8825).update({1: "N", 2: (43.0, 56.0, 2.4), 3: "E", 4: (116.0, 5.0, 13.2)})
    Image.new("RGB", (300, 200), "#336699").save(out, "JPEG", exif=exif)
    sent = {"name": "IMG.JPG", "mimeType": "image/jpeg", "buffer": out.getvalue()}
    page.set_input_files("fs-photos input[type=file]", sent)  # type: ignore[arg-type]
    page.wait_for_selector(".photo[data-state=sent]")
    body = world.posts[0]["body"]
    picture = Image.open(io.BytesIO(body[body.index(b"\xff\xd8") :]))
    told = picture.getexif()
    assert picture.size == (200, 300)
    assert told[0x0112] == 1
    assert told.get_ifd(0x8825)[2] == (43.0, 56.0, 2.4)


def test_a_failed_upload_is_kept_and_retried_with_the_same_key(page: Page, world: StandIn) -> None:
    world.post_answers = [500]
    page.set_input_files("fs-photos input[type=file]", photo(40, 30))  # type: ignore[arg-type]
    page.wait_for_selector(".photo[data-state=failed]")
    page.evaluate("document.querySelector('.photo-retry').click()")
    page.wait_for_selector(".photo[data-state=sent]")
    keys = [post["headers"]["Idempotency-Key"] for post in world.posts]
    assert len(keys) == 2
    assert keys[0] == keys[1]


def test_a_form_with_a_failed_photo_is_held_once_and_then_goes_without_it(page: Page, world: StandIn) -> None:
    world.post_answers = [500]
    page.evaluate("document.querySelector('fs-photos').dataset.tLeft = 'go without?'")
    page.set_input_files("fs-photos input[type=file]", photo(40, 30))  # type: ignore[arg-type]
    page.wait_for_selector(".photo[data-state=failed]")
    ask = "() => document.querySelector('fs-photos').dispatchEvent(new CustomEvent('once:blocked'))"
    assert page.query_selector("fs-photos[data-blocking]")
    page.evaluate(ask)
    page.wait_for_selector(".toast:has-text('go without?')")
    assert not page.query_selector("fs-photos[data-blocking]")
    world.post_answers = [500]
    page.evaluate("document.querySelector('.photo-retry').click()")  # tried again: what fails anew holds anew
    page.wait_for_selector("fs-photos[data-blocking] .photo[data-state=failed]")
    page.evaluate("document.querySelector('.photo-remove').click()")
    assert not page.query_selector("fs-photos[data-blocking]")


def test_what_is_no_picture_is_refused_on_the_phone(page: Page, world: StandIn) -> None:
    page.evaluate("document.querySelector('fs-photos').dataset.tUnreadable = 'no picture'")
    page.set_input_files(
        "fs-photos input[type=file]", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"not a picture"}
    )
    page.wait_for_selector(".toast-bad")
    assert world.posts == []
