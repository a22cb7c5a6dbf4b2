"""The life of a ticket as it was agreed, line by line. Whoever changes it changes this page, and means it.

`*` needs a reason. `own`: only who has the ticket. What is not written here is refused (test_workflow.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from django.db import transaction

from apps.people import services as people
from apps.people.models import OrgUnit
from apps.people.roles import BRANCH_ROLES
from apps.tickets import workflow
from apps.tickets.permissions import ACTIONS
from apps.tickets.services._steps import OWN
from apps.tickets.workflow import TRANSITIONS, State
from steppe.kernel.actors import Actor, Grant
from steppe.kernel.errors import NotAllowed
from tests import make
from tests.cast import Branch
from tests.make import make_ticket
from tests.tickets.steps import STEPS, do, now_of
from tests.tickets.test_workflow import doer, lost

TABLE = """
T1   submit            clerk agent dispatcher dept_manager branch_admin
        nothing            -> submitted pooled
T2   release           agent dispatcher branch_admin
        submitted          -> pooled
T2b  place             agent dispatcher branch_admin
        submitted          -> pooled
        pooled             -> pooled
T3   grab              technician grid_leader
        pooled             -> accepted
T4   dispatch*         dispatcher grid_leader dept_manager branch_admin
        submitted          -> assigned accepted
        pooled             -> assigned accepted
T5   confirm           own technician grid_leader
        assigned           -> accepted
T6   decline*          own technician grid_leader
        assigned           -> pooled
T7   reassign*         dispatcher grid_leader dept_manager branch_admin
        assigned           -> assigned accepted
        accepted           -> assigned accepted
        in_progress        -> assigned accepted
        on_hold            -> assigned accepted
T13  check_in          own technician grid_leader
        accepted           -> in_progress
T16  complete          own technician grid_leader
        in_progress        -> awaiting_callback
T18  callback_ok       callback_agent agent
        awaiting_callback  -> closed
T19  callback_reject*  callback_agent agent
        awaiting_callback  -> accepted pooled
T22  void*             dispatcher branch_admin
        submitted          -> void
        pooled             -> void
        assigned           -> void
        accepted           -> void
"""


@dataclass(frozen=True)
class Agreed:
    """One action as the page says it."""

    code: str
    reason: bool
    own: bool
    roles: frozenset[str]
    leads: dict[str, frozenset[str]]


def _read() -> dict[str, Agreed]:
    found: dict[str, Agreed] = {}
    for line in TABLE.strip().splitlines():
        if line[0] != " ":
            code, action, *who = line.split()
            roles = frozenset(who) - {"own"}
            row = found[action.rstrip("*")] = Agreed(code, action.endswith("*"), "own" in who, roles, {})
        else:
            state, _, targets = line.partition("->")
            row.leads[state.strip()] = frozenset(targets.split())
    return found


AGREED = _read()
CELLS = [(action, state) for action, row in AGREED.items() for state in row.leads if state != "nothing"]


def test_the_programs_table_is_the_agreed_one() -> None:
    for action, row in TRANSITIONS.items():
        agreed = AGREED[action]
        assert (row.code, row.needs_reason, action in OWN) == (agreed.code, agreed.reason, agreed.own), action
        assert row.sources == frozenset(agreed.leads) - {"nothing"}, action
        assert row.targets == frozenset().union(*agreed.leads.values()), action
        assert frozenset(ACTIONS[action]) == agreed.roles, action
    assert set(TRANSITIONS) == set(AGREED) == set(ACTIONS)


@pytest.mark.parametrize("state", list(State))
def test_from_each_state_exactly_the_agreed_steps_are_offered(state: State) -> None:
    assert set(workflow.actions_from(state)) == {action for action, of in CELLS if of == state}


@pytest.mark.parametrize(("action", "state"), CELLS)
def test_each_step_leads_exactly_where_it_was_agreed(lotus_db: Branch, action: str, state: str) -> None:
    """Both ways of the branch's policy, and with a technician who has left."""
    ticket = lost(State(state)) if action == "place" else make_ticket(status=state)
    reached = set()
    for _ in _circumstances(lotus_db, action):
        do(action, ticket.public_id, by=doer(action))
        reached.add(now_of(ticket).status)
    assert reached == AGREED[action].leads[state]


def _circumstances(branch: Branch, action: str) -> Iterator[None]:
    for confirm in (True, False):
        branch.tenant.policy = {"dispatch_needs_confirm": confirm}
        here = transaction.savepoint()
        if action == "callback_reject" and not confirm:
            people.set_active(user_id=branch.wu.id or 0, active=False)
        yield
        transaction.savepoint_rollback(here)


def test_a_report_begins_where_it_was_agreed(lotus_db: Branch) -> None:
    begun = {make_ticket().status, make_ticket(address="somewhere", lat=None, lng=None).status}
    assert begun == AGREED["submit"].leads["nothing"]


@pytest.mark.parametrize("action", STEPS)
def test_exactly_the_agreed_roles_may(lotus_db: Branch, action: str) -> None:
    """Each role by itself, held at the branch's node, by somebody who has no part in the ticket but the holder's."""
    state = next(iter(AGREED[action].leads))
    ticket = lost(State(state)) if action == "place" else make_ticket(status=state)
    person = make.actor("wu" if AGREED[action].own else "bo" if action == "grab" else "ku")
    allowed = {role for role in BRANCH_ROLES if _comes_in(person, role, action, ticket.public_id)}
    assert allowed == AGREED[action].roles


def _comes_in(person: Actor, role: str, action: str, public_id: str) -> bool:
    grants = (Grant(role, OrgUnit.objects.get(kind="branch").path),)
    here = transaction.savepoint()
    try:
        do(action, public_id, by=replace(person, grants=grants))
    except NotAllowed:
        return False
    finally:
        transaction.savepoint_rollback(here)
    return True
