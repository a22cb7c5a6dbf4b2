"""Commands and subscribers of a test's own, forgotten afterwards."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from apps.people.models import Customer
from apps.tickets.events import WavePushed
from steppe.kernel.actors import Actor
from steppe.kernel.commands import COMMANDS, Receipt, command, emit
from steppe.kernel.events import SUBSCRIBERS

UseCase = Callable[..., Receipt]


@pytest.fixture
def a_command() -> Iterator[Callable[[UseCase], UseCase]]:
    """Make a command of a function, under a name of the test's own."""
    known = dict(COMMANDS)
    yield lambda use_case: command(f"test.{use_case.__name__}")(use_case)
    COMMANDS.clear()
    COMMANDS.update(known)


@pytest.fixture
def own_subscribers() -> Iterator[dict[str, Any]]:
    """The register of subscribers, put back afterwards."""
    known = dict(SUBSCRIBERS)
    yield SUBSCRIBERS
    SUBSCRIBERS.clear()
    SUBSCRIBERS.update(known)


def write_down(*, word: str, by: Actor, **_more: Any) -> Receipt:
    """The smallest use case: one row, one event."""
    row = Customer.objects.create(name=word)
    emit(WavePushed(entity_id=row.pk, public_id=f"c{row.pk}", version=1, wave_id=0, chosen=0))
    return Receipt("customer", row.pk, f"c{row.pk}", 1, {"word": word})


@pytest.fixture
def write(a_command: Callable[[UseCase], UseCase]) -> UseCase:
    """`write(word=…, by=…, key=…)`: a command with one effect and one event."""
    return a_command(write_down)
