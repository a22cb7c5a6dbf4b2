"""Chromium for the element tests; without one they are reported as not run, never as passed."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = os.environ.get("STEPPE_CHROMIUM", "/usr/bin/chromium")


@contextmanager
def chromium() -> Iterator[Browser]:
    """One browser for a module of tests."""
    if not shutil.which(CHROMIUM):
        pytest.skip(f"NOT RUN: no Chromium at {CHROMIUM} (set STEPPE_CHROMIUM or run `make browser`)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def watched_page(browser: Browser) -> Page:
    """A page whose script errors and refused loads fail the test (`page.troubles`)."""
    page = browser.new_page(locale="zh-CN")
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda line: troubles.append(line.text) if "Content Security" in line.text else None)
    page.troubles = troubles  # type: ignore[attr-defined]
    page.set_default_timeout(8000)
    return page


def until(page: Page, condition: str, timeout: float = 15) -> None:
    """Waits for a JavaScript condition. Playwright's own wait uses eval inside the page, which our policy forbids."""
    limit = time.monotonic() + timeout
    while not page.evaluate(condition):
        assert time.monotonic() < limit, f"never true: {condition}"
        page.wait_for_timeout(40)
