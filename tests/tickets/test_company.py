"""Who walks along with a ticket is told of the steps it named, inside them, and may refuse."""

from typing import Any

import pytest

from apps.tickets import company
from apps.tickets.rules.workflow import TRANSITIONS
from steppe.kernel.errors import Conflict
from tests.make import make_ticket
from tests.rules import refused
from tests.tickets.steps import do, now_of


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, company.Standing, str]]:
    """Only this walker, for every step there is."""
    found: list[tuple[str, company.Standing, str]] = []
    monkeypatch.setattr(company, "_walkers", {})
    company.walks_along(TRANSITIONS, lambda action, ticket, by: found.append((action, ticket, by.name)))
    return found


def test_it_hears_of_the_step_with_the_ticket_as_it_stands_then(lotus_db: Any, told: Any) -> None:
    ticket = make_ticket(status="accepted")
    do("check_in", ticket.public_id)
    action, seen, who = told[-1]
    assert (action, seen.public_id, seen.status, who) == ("check_in", ticket.public_id, "in_progress", "Wu")
    assert (seen.type_code, seen.technician_id, seen.round) == ("fault_bb", lotus_db.wu.technician_id, 0)
    do("complete", ticket.public_id), do("callback_reject", ticket.public_id)
    assert told[-1][1].round == 1


def test_the_grab_tells_nobody(lotus_db: Any, told: Any) -> None:
    make_ticket(status="accepted")
    assert not told


def test_what_it_refuses_has_not_happened(lotus_db: Any, told: Any) -> None:
    def refuse(action: str, ticket: company.Standing, by: Any) -> None:
        raise Conflict

    company.walks_along(company.FINISHES, refuse)
    ticket = make_ticket(status="in_progress")
    with refused(Conflict):
        do("complete", ticket.public_id)
    assert now_of(ticket).status == "in_progress"


def test_every_step_it_can_name_is_a_step_of_the_table() -> None:
    groups = (company.FINISHES, company.LEAVES, company.ENDS, company.COMES_BACK)
    assert set().union(*groups) <= set(TRANSITIONS)
    assert sum(map(len, groups)) == len(set().union(*groups))
    ending = {"closed", "cancelled", "void", "awaiting_callback", "pooled"}
    leads_away = {row.action for row in TRANSITIONS.values() if row.targets & ending and row.sources & {"in_progress"}}
    assert leads_away <= set().union(*groups), "a step that leads away from the work tells nobody"
