"""The life of a ticket as it was agreed, line by line. Whoever changes it changes this page, and means it.

`*` needs a reason. `own`: only who has the ticket; `own+`: who has it, besides these roles; nobody:
the system. What is not written here is refused (test_workflow.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from django.db import transaction

from apps.people import services as people
from apps.people.models import OrgUnit
from apps.people.roles import BRANCH_ROLES
from apps.tickets.models import Ticket
from apps.tickets.permissions import ACTIONS, ENTERED_TOO, MARKS, OWN, OWN_TOO
from apps.tickets.rules import workflow
from apps.tickets.rules.workflow import TRANSITIONS, State
from steppe.kernel.actors import Actor, Grant
from steppe.kernel.errors import DomainError, NotAllowed
from tests import make
from tests.cast import Branch
from tests.make import make_ticket
from tests.tickets.steps import STEPS, do, now_of, ready
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
T8   transfer*         dispatcher dept_manager branch_admin
        submitted          -> pooled
        pooled             -> pooled
        assigned           -> pooled
        accepted           -> pooled
        in_progress        -> pooled
        on_hold            -> pooled
T8b  hand_over*
        submitted          -> closed
        pooled             -> closed
        assigned           -> closed
        accepted           -> closed
        in_progress        -> closed
        on_hold            -> closed
T9   return*           dispatcher grid_leader dept_manager branch_admin
        accepted           -> pooled
        in_progress        -> pooled
T10  book              own+ agent dispatcher
        accepted           -> accepted
        on_hold            -> on_hold
T10b contact           own technician grid_leader
        accepted           -> accepted
        in_progress        -> in_progress
        on_hold            -> on_hold
T11  hold*             dispatcher grid_leader dept_manager branch_admin
        accepted           -> on_hold
        in_progress        -> on_hold
T12  resume            own+ dispatcher branch_admin
        on_hold            -> accepted in_progress
T13  check_in          own technician grid_leader
        accepted           -> in_progress
T14  start_remote      own+ agent
        accepted           -> in_progress
T15  add_work          own technician grid_leader
        in_progress        -> in_progress
T16  complete          own technician grid_leader
        in_progress        -> awaiting_callback closed
T17  fail_work*        own technician grid_leader
        in_progress        -> awaiting_callback closed
T18  callback_ok       callback_agent agent
        awaiting_callback  -> closed
T19  callback_reject*  callback_agent agent
        awaiting_callback  -> pooled accepted
T20  reopen*           callback_agent dept_manager branch_admin
        closed             -> pooled
T21  cancel*           clerk agent dispatcher branch_admin
        submitted          -> cancelled
        pooled             -> cancelled
        assigned           -> cancelled
        accepted           -> cancelled
        in_progress        -> cancelled
        on_hold            -> cancelled
T22  void*             agent dispatcher branch_admin
        submitted          -> void
        pooled             -> void
        assigned           -> void
        accepted           -> void
T23  merge             agent dispatcher
        submitted          -> void
        pooled             -> void
        assigned           -> void
        accepted           -> void
        in_progress        -> void
        on_hold            -> void
T24  link_incident     agent dispatcher
        submitted          -> submitted
        pooled             -> pooled
        assigned           -> assigned
        accepted           -> accepted
        in_progress        -> in_progress
        on_hold            -> on_hold
T24b resolve_incident  dispatcher branch_admin
        submitted          -> awaiting_callback closed
        pooled             -> awaiting_callback closed
        assigned           -> awaiting_callback closed
        accepted           -> awaiting_callback closed
        in_progress        -> awaiting_callback closed
        on_hold            -> awaiting_callback closed
T24c unlink_incident* agent dispatcher
        submitted          -> submitted
        pooled             -> pooled
        assigned           -> assigned
        accepted           -> accepted
        in_progress        -> in_progress
        on_hold            -> on_hold
T25  spawn_child       grid_leader dispatcher dept_manager branch_admin
        accepted           -> accepted
        in_progress        -> in_progress
        on_hold            -> on_hold
T26  urge              clerk agent dispatcher callback_agent
        submitted          -> submitted
        pooled             -> pooled
        assigned           -> assigned
        accepted           -> accepted
        in_progress        -> in_progress
        on_hold            -> on_hold
        awaiting_callback  -> awaiting_callback
T27  change_type*      agent dispatcher dept_manager branch_admin
        submitted          -> submitted
        pooled             -> pooled
        assigned           -> assigned
        accepted           -> accepted
        in_progress        -> in_progress
        on_hold            -> on_hold
T27b change_priority*  agent grid_leader dispatcher dept_manager branch_admin
        submitted          -> submitted
        pooled             -> pooled
        assigned           -> assigned
        accepted           -> accepted
        in_progress        -> in_progress
        on_hold            -> on_hold
T28  archive
        closed             -> closed
        cancelled          -> cancelled
        void               -> void
T7a  request_reassign* own technician grid_leader
        assigned           -> assigned
        accepted           -> accepted
        in_progress        -> in_progress
        on_hold            -> on_hold
T8a  request_transfer* own+ grid_leader agent dispatcher branch_admin dept_manager
        submitted          -> submitted
        pooled             -> pooled
        assigned           -> assigned
        accepted           -> accepted
        in_progress        -> in_progress
        on_hold            -> on_hold
T8c  request_hand_over* dispatcher branch_admin
        submitted          -> submitted
        pooled             -> pooled
        assigned           -> assigned
        accepted           -> accepted
        in_progress        -> in_progress
        on_hold            -> on_hold
T8d  let_go            branch_admin
        submitted          -> submitted
        pooled             -> pooled
        assigned           -> assigned
        accepted           -> accepted
        in_progress        -> in_progress
        on_hold            -> on_hold
T9a  request_return*   own technician grid_leader
        accepted           -> accepted
        in_progress        -> in_progress
T11a request_hold*     own+ grid_leader dispatcher entered:agent
        accepted           -> accepted
        in_progress        -> in_progress
T22a request_void*     own+ grid_leader
        assigned           -> assigned
        accepted           -> accepted
T25a request_child*    own technician grid_leader
        accepted           -> accepted
        in_progress        -> in_progress
        on_hold            -> on_hold
T27a request_type*     own technician grid_leader
        accepted           -> accepted
        in_progress        -> in_progress
        on_hold            -> on_hold
T20a request_reopen*   agent dispatcher
        closed             -> closed
T9c  refuse*           dispatcher grid_leader dept_manager branch_admin callback_agent
        submitted          -> submitted
        pooled             -> pooled
        assigned           -> assigned
        accepted           -> accepted
        in_progress        -> in_progress
        on_hold            -> on_hold
        closed             -> closed
T9d  withdraw          own+ grid_leader clerk agent dispatcher dept_manager branch_admin
        submitted          -> submitted
        pooled             -> pooled
        assigned           -> assigned
        accepted           -> accepted
        in_progress        -> in_progress
        on_hold            -> on_hold
        closed             -> closed
"""


@dataclass(frozen=True)
class Agreed:
    """One action as the page says it."""

    code: str
    reason: bool
    own: str
    roles: frozenset[str]
    entered: frozenset[str]  # who may with the tickets they entered themselves
    leads: dict[str, frozenset[str]]


def _read() -> dict[str, Agreed]:
    found: dict[str, Agreed] = {}
    for line in TABLE.strip().splitlines():
        if line[0] != " ":
            code, action, *who = line.split()
            own = who.pop(0) if who and who[0].startswith("own") else ""
            entered = frozenset(one.removeprefix("entered:") for one in who if one.startswith("entered:"))
            roles = frozenset(one for one in who if ":" not in one)
            row = found[action.rstrip("*")] = Agreed(code, action.endswith("*"), own, roles, entered, {})
        else:
            state, _, targets = line.partition("->")
            row.leads[state.strip()] = frozenset(targets.split())
    return found


AGREED = _read()
CELLS = [(action, state) for action, row in AGREED.items() for state in row.leads if state != "nothing"]


def test_the_programs_table_is_the_agreed_one() -> None:
    for action, row in TRANSITIONS.items():
        agreed = AGREED[action]
        own = "own" if action in OWN else "own+" if action in OWN_TOO else ""
        assert (row.code, row.needs_reason, own) == (agreed.code, agreed.reason, agreed.own), action
        assert row.sources == frozenset(agreed.leads) - {"nothing"}, action
        if row.stays:
            assert all(targets == {state} for state, targets in agreed.leads.items()), action
        else:
            assert row.targets == frozenset().union(*agreed.leads.values()), action
        assert frozenset(ACTIONS[action]) == agreed.roles, action
        assert frozenset(ENTERED_TOO.get(action, ())) == agreed.entered, action
    assert set(TRANSITIONS) == set(AGREED) == set(ACTIONS) - MARKS


@pytest.mark.parametrize("state", list(State))
def test_from_each_state_exactly_the_agreed_steps_are_offered(state: State) -> None:
    assert set(workflow.actions_from(state)) == {action for action, of in CELLS if of == state}


@pytest.mark.parametrize(("action", "state"), CELLS)
def test_each_step_leads_exactly_where_it_was_agreed(lotus_db: Branch, action: str, state: str) -> None:
    """Both ways of the branch's policy, with a technician who has left, as a child, held before somebody arrived."""
    ticket = ready(action, lost(State(state)) if action == "place" else make_ticket(status=state))
    reached = set()
    for _ in _circumstances(lotus_db, action, ticket):
        do(action, ticket.public_id, by=doer(action))
        reached.add(now_of(ticket).status)
    assert reached == AGREED[action].leads[state]


def _circumstances(branch: Branch, action: str, ticket: Ticket) -> Iterator[None]:
    for confirm in (True, False):
        branch.tenant.policy = {"dispatch_needs_confirm": confirm}
        here = transaction.savepoint()
        if action == "callback_reject" and not confirm:
            people.set_active(user_id=branch.wu.id or 0, active=False)
        if action in {"complete", "fail_work", "resolve_incident"} and not confirm:
            Ticket.objects.filter(id=ticket.pk).update(parent_id=make_ticket(contact_phone="13900006666").pk)
        if action == "resume" and not confirm:
            Ticket.objects.filter(id=ticket.pk).update(held_from="accepted")
        yield
        transaction.savepoint_rollback(here)


def test_a_report_begins_where_it_was_agreed(lotus_db: Branch) -> None:
    begun = {make_ticket().status, make_ticket(address="somewhere", lat=None, lng=None).status}
    assert begun == AGREED["submit"].leads["nothing"]


@pytest.mark.parametrize("action", [action for action in STEPS if action not in {"refuse", "resolve_incident"}])
def test_exactly_the_agreed_roles_may(lotus_db: Branch, action: str) -> None:
    """Each role by itself, held at the branch's node, by somebody who has no part in the ticket but the holder's."""
    state = next(iter(AGREED[action].leads))
    ticket = ready(action, lost(State(state)) if action == "place" else make_ticket(status=state))
    own = AGREED[action].own == "own"
    person = make.actor("wu" if own else "bo" if action == "grab" else "ku")
    allowed = {role for role in BRANCH_ROLES if _comes_in(person, role, action, ticket.public_id)}
    assert allowed == AGREED[action].roles | AGREED[action].entered


def _comes_in(person: Actor, role: str, action: str, public_id: str) -> bool:
    grants = (Grant(role, OrgUnit.objects.get(kind="branch").path),)
    here = transaction.savepoint()
    try:
        do(action, public_id, by=replace(person, grants=grants))
    except NotAllowed:
        return False
    except DomainError:
        pass  # came in, and was told why not here
    finally:
        transaction.savepoint_rollback(here)
    return True
