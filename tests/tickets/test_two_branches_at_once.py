"""Two branches whose types ask and promise other things, worked in at the same moment by the same process."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from apps.tickets.errors import BadAnswers
from apps.tickets.models import Ticket
from steppe.kernel.errors import Invalid
from tenants.context import in_branch
from tests.cast import Branch
from tests.databases import Database
from tests.make import make_ticket
from tests.tickets.steps import do
from tests.tickets.types import ASKED, publish

HANDS, ROUNDS = 3, 4  # of each branch: none of its people has more at once than the cap allows
DBM = {"key": "dbm", "kind": "number", "zh": "光功率", "stage": "finish", "required": True, "least": -40, "most": 10}
MOOD = {"key": "mood", "kind": "yes_no", "zh": "心情", "required": True}
CABLE = {"key": "cable", "kind": "text", "zh": "皮线", "stage": "finish", "required": True}
# by branch: what the type asks at the report and at the end, its promise in hours; an answer to each, the other's too
HERE: dict[str, tuple[list[dict[str, Any]], int, dict[str, Any], dict[str, Any]]] = {
    "lotus": ([ASKED | {"required": True}, DBM], 7, {"plan": "300M"}, {"dbm": -19.5}),
    "maple": ([MOOD, CABLE], 9, {"mood": True}, {"cable": "12 m"}),
}
OTHER = {"lotus": "maple", "maple": "lotus"}


def test_each_is_asked_and_promised_what_its_own_branch_says(committed: Database, lotus: Branch, maple: Branch) -> None:
    branches = {"lotus": lotus, "maple": maple}
    for name, branch in branches.items():
        fields, hours, *_answers = HERE[name]
        with in_branch(branch.tenant):
            publish("fault_bb", *fields, resolve_hours=[hours] * 4)
    start = Barrier(2 * HANDS)
    works = [partial(_day, branch, name, start) for name, branch in branches.items() for _ in range(HANDS)]
    with ThreadPoolExecutor(len(works)) as pool:
        assert [done.result(60) for done in [pool.submit(_alone, work) for work in works]] == [None] * len(works)
    for name, branch in branches.items():
        _, hours, report, outcome = HERE[name]
        with in_branch(branch.tenant):
            found = list(Ticket.objects.select_related("type_version"))
            assert len(found) == HANDS * ROUNDS
            assert {(one.status, one.type_version.number) for one in found} == {("awaiting_callback", 2)}
            assert all(
                (one.fields, one.outcome, one.terms["resolve"]) == (report, outcome, hours * 60) for one in found
            )


def _alone(work: Callable[[], None]) -> None:
    """With connections of this thread's own."""
    try:
        work()
    finally:
        connections.close_all()


def _day(branch: Branch, name: str, start: Barrier) -> None:
    """Report, work, completion, over and over; the other branch's answers are refused each time."""
    _, _, report, outcome = HERE[name]
    _, _, strange, odd = HERE[OTHER[name]]
    start.wait(20)
    for _ in range(ROUNDS):
        with in_branch(branch.tenant):
            with pytest.raises(Invalid):
                make_ticket(fields=strange)
            ticket = make_ticket(status="in_progress", fields=report)
            with pytest.raises(BadAnswers):
                do("complete", ticket.public_id, outcome=odd)
            do("complete", ticket.public_id, outcome=outcome)
