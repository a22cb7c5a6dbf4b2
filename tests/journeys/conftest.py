"""Journeys: the running product and real browser windows. Without a Chromium they are not run, loudly."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.journeys import ears, taps
from tests.journeys.site import PASSWORD, Site, running

FAILED = pytest.StashKey[bool]()
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
DESK = {"viewport": {"width": 1440, "height": 900}}
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP *.localhost 127.0.0.1",
]  # fmt: skip


@pytest.fixture(scope="package")
def site() -> Iterator[Site]:
    """The whole product, once for all journeys."""
    with running() as found:
        yield found


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Gone with the last journey: while Playwright lives, its event loop runs in this thread and Django refuses."""
    path = os.environ.get("STEPPE_CHROMIUM") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Lets `window` know whether the test failed."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture
def window(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Open windows of separate people: `window(phone=True)`; all are closed after the test.

    When it failed, what every window showed is kept in build/pictures/failed-*.png.
    """
    contexts: list[BrowserContext] = []

    def open_window(*, phone: bool = False, **options: object) -> Page:
        context = chromium.new_context(
            locale="zh-CN", timezone_id="Asia/Shanghai", **(PHONE if phone else DESK), **options
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        return ears.listen(taps.watch(context.new_page()))

    yield open_window
    if request.node.stash.get(FAILED, False):
        _keep_sight(contexts, request.node.name)
    for context in contexts:
        context.close()


def _keep_sight(contexts: list[BrowserContext], name: str) -> None:
    folder = Path("build/pictures")
    folder.mkdir(parents=True, exist_ok=True)
    for number, page in enumerate(page for context in contexts for page in context.pages):
        page.screenshot(path=folder / f"failed-{name}-{number}.png")
        print(f"window {number}: {page.url}")


@pytest.fixture
def signed_in(site: Site, window: Callable[..., Page]) -> Callable[..., Page]:
    """A window of somebody at a branch, signed in through the page."""

    def enter(slug: str, username: str, *, path: str = "", phone: bool = False) -> Page:
        page = window(phone=phone)
        page.goto(site.url(slug, "/sign-in/"))
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda url: "/sign-in/" not in url)
        if path:
            page.goto(site.url(slug, path))
        return page

    return enter


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where screenshots go: the docs' own folder when asked to renew them, else a build folder."""
    folder = Path("docs/pictures" if os.environ.get("STEPPE_PICTURES") else "build/pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
