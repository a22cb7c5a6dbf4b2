"""A sandbox that knows two accounts and one person, and one under its real server."""

from collections.abc import Iterator

import pytest

from tests.sandbox.driver import OTHER, Sandbox, account, person
from tests.sandbox.served import serving


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox of this test alone."""
    driver = Sandbox()
    driver.control("accounts", **account())
    driver.control("accounts", **account(OTHER, "hulunbuir.localhost"))
    driver.control("users", **person())
    yield driver
    driver.close()


@pytest.fixture(scope="package")
def served() -> Iterator[str]:
    """The address of a sandbox under its real server."""
    with serving() as address:
        yield address
