"""The one fixture: a sandbox that knows two accounts and one person."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.sandbox.driver import OTHER, Sandbox, account, person


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox of this test alone."""
    with asyncio.Runner() as runner:
        driver = Sandbox(runner)
        driver.control("accounts", **account())
        driver.control("accounts", **account(OTHER, "hulunbuir.localhost"))
        driver.control("users", **person())
        yield driver
        runner.run(driver.world.pusher.close())
