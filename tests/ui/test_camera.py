"""The camera where the browser has no reader of its own: ours is fetched, and reads what is held before it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import segno
from playwright.sync_api import Page, sync_playwright

from infra.local.paths import VENDOR
from tests.ui.branch_stand_in import StandIn, running
from tests.ui.browser import CHROMIUM, chromium, until

pytestmark = pytest.mark.journey
WIDE, HIGH, DOT = 640, 480, 12
PAGE = """<div id="scan-words" hidden data-t-scan="Scan" data-t-close="Close" data-t-aim="Aim" data-t-camera="No camera"
 data-t-count="{n} numbers" data-t-twice="" data-t-tidy="" data-reader="/reader.js"></div>
<textarea id="list" data-scan-list></textarea><script type="module" src="/static/ui/js/scan.js"></script>"""


def film(code: str, path: Path) -> Path:
    """One picture of a QR code as a film for Chromium's stand-in camera."""
    matrix = segno.make(code, error="m", micro=False).matrix
    left, top = (WIDE - len(matrix) * DOT) // 2, (HIGH - len(matrix) * DOT) // 2
    light = bytearray(b"\xeb" * (WIDE * HIGH))
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            for line in range(DOT if dark else 0):
                start = (top + y * DOT + line) * WIDE + left + x * DOT
                light[start : start + DOT] = b"\x10" * DOT
    colours = b"\x80" * (WIDE * HIGH // 2)
    head = f"YUV4MPEG2 W{WIDE} H{HIGH} F10:1 Ip A1:1 C420jpeg\n".encode()
    path.write_bytes(head + (b"FRAME\n" + bytes(light) + colours) * 3)
    return path


@pytest.fixture
def world() -> Iterator[StandIn]:
    with running() as world:
        world.body = PAGE
        world.more["/reader.js"] = "text/javascript", (VENDOR / "zxing" / "reader.js").read_text()
        yield world


@pytest.fixture
def page(world: StandIn, tmp_path: Path) -> Iterator[Page]:
    """A phone whose camera looks at a code."""
    with chromium():
        pass  # says loudly that there is none
    args = ["--no-sandbox", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    camera = f"--use-file-for-fake-video-capture={film('SN0000042', tmp_path / 'code.y4m')}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*args, camera])
        page = browser.new_page(is_mobile=True, has_touch=True, viewport={"width": 390, "height": 844})
        page.goto(f"http://127.0.0.1:{world.web_port}/")
        yield page
        browser.close()


def test_a_code_before_the_camera_is_put_into_the_list(page: Page, world: StandIn) -> None:
    assert "/reader.js" not in world.requests
    page.click(".scan-button")
    until(page, "document.getElementById('list').value !== ''", timeout=30)
    assert page.input_value("#list") == "SN0000042\n"
    page.click(".scan-view button")
    assert page.query_selector(".scan-view") is None and "/reader.js" in world.requests
