"""One Chromium for each file of page-script tests."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.ui.browser import chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Gone with the file: while it lives, its event loop keeps Django from working in this thread."""
    with chromium() as browser:
        yield browser
