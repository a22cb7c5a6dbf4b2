"""Whom the branch calls back: what matters always, the rest by a chance that anybody can check afterwards."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.tickets.models import Ticket
from apps.tickets.rules.sampling import mode
from tests.cast import Branch
from tests.make import actor, make_ticket
from tests.tickets.steps import do, now_of

ORDINARY: dict[str, Any] = {
    "ticket_no": "LO-2026-000007", "family": "fault", "priority": 2, "reopened": False, "channel": "shop",
    "repeat": False,
}  # fmt: skip


@pytest.mark.parametrize(
    "special",
    [
        {"family": "complaint"}, {"family": "install"}, {"priority": 0}, {"priority": 1}, {"reopened": True},
        {"repeat": True}, {"channel": "tech_direct"},
    ],
)  # fmt: skip
def test_what_matters_is_always_called(special: dict[str, Any]) -> None:
    assert mode(**ORDINARY | special, percent=0) == "phone"
    assert mode(**ORDINARY, percent=0) == "self"


@given(st.integers(0, 10**6), st.integers(0, 100))
def test_the_number_decides_and_decides_the_same_again(number: int, percent: int) -> None:
    told = ORDINARY | {"ticket_no": f"LO-2026-{number:06}"}
    first = mode(**told, percent=percent)
    assert first == mode(**told, percent=percent)
    assert first == "self" or mode(**told, percent=min(percent + 1, 100)) == "phone"  # more percent, never fewer calls


def test_of_many_about_as_many_are_called_as_the_type_says() -> None:
    called = sum(mode(**ORDINARY | {"ticket_no": f"LO-2026-{n:06}"}, percent=30) == "phone" for n in range(5000))
    assert 1350 < called < 1650


def test_it_is_settled_when_the_work_is_done_and_anew_after_every_visit(lotus_db: Branch) -> None:
    ticket = make_ticket(status="in_progress")
    assert now_of(ticket).callback_mode == ""
    do("complete", ticket.public_id)
    expected = mode(**ORDINARY | {"ticket_no": ticket.ticket_no}, percent=30)
    assert now_of(ticket).callback_mode == expected
    do("callback_reject", ticket.public_id)
    for step in ("check_in", "complete"):
        do(step, ticket.public_id, by=actor("wu"))
    assert Ticket.objects.get(id=ticket.pk).callback_mode == "phone"  # sent back once: somebody asks
