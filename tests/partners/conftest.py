"""A connected system at Lotus, and one that listens."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.cast import Branch
from tests.partners.allies import Ally, allow, connected
from tests.partners.receiver import Receiver


@pytest.fixture
def ally(lotus_db: Branch) -> Ally:
    """With every scope."""
    return connected(lotus_db)


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """On this machine, which the setting allows."""
    settings.STEPPE_PARTNERS_LOOPBACK = True
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def heard(ally: Ally, receiver: Receiver) -> Receiver:
    """A receiver that the branch allows and that knows the ally's key."""
    receiver.signing_key = ally.signing_key
    allow(receiver.host)
    return receiver
