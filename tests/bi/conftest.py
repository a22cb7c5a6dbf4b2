"""Lotus's reader, with something to read."""

from collections.abc import Iterator

import pytest

from tenants.context import in_branch
from tests.bi.doors import Door, clear, give
from tests.cast import Branch
from tests.databases import Database
from tests.inventory import stock
from tests.make import make_ticket


@pytest.fixture
def door(committed: Database, lotus: Branch, maple: Branch) -> Iterator[Door]:
    """Lotus has a ticket of a customer and goods; so has Maple."""
    for branch in (maple, lotus):
        with in_branch(branch.tenant):
            make_ticket(status="closed", contact_phone="13900001001")
            stock.cable()
            stock.receive(stock.metres(5))
    with in_branch(lotus.tenant):
        yield Door(committed, give())
    clear(lotus, maple)
