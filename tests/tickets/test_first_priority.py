"""How urgent a ticket is when it is opened: the type's own, unless staff judge otherwise."""

import pytest

from apps.tickets.errors import BadPriority
from steppe.kernel.actors import Actor
from tests.cast import Branch
from tests.make import make_ticket
from tests.rules import refused
from tests.tickets.types import publish

NORMAL = 2


@pytest.mark.parametrize(
    ("usual", "asked", "expected"),
    [
        (3, NORMAL, 3),  # an inspection is planned work
        (3, 1, 1),
        (2, NORMAL, 2),
        (2, 3, 3),  # “can wait” is taken at its word
        (2, 0, 0),
        (1, NORMAL, 1),
        (1, 3, 1),  # a complaint stays urgent
        (0, 1, 0),
    ],
)
def test_the_type_says_and_staff_may_judge(lotus_db: Branch, usual: int, asked: int, expected: int) -> None:
    publish("fault_bb", priority=usual)
    assert make_ticket(priority=asked).priority == expected


@pytest.mark.parametrize("usual", range(4))
def test_a_customer_does_not_judge(lotus_db: Branch, mei: Actor, usual: int) -> None:
    publish("fault_bb", priority=usual)
    assert make_ticket(by=mei, priority=0).priority == usual


@pytest.mark.parametrize("asked", [-1, 4, 9])
def test_there_are_four_and_no_more(lotus_db: Branch, asked: int) -> None:
    with refused(BadPriority):
        make_ticket(priority=asked)


def test_the_promise_is_that_of_area_and_priority(lotus_db: Branch) -> None:
    """P3 has a promise of its own where the type names one; where it is 0, that of the area."""
    publish("fault_bb", priority=2, resolve_hours=[24, 36, 48, 72], p3_hours=[100, 0, 0, 0])
    hours = {asked: make_ticket(priority=asked).terms["resolve"] / 60 for asked in (1, 2, 3)}
    assert hours == {1: 24, 2: 24, 3: 100}
