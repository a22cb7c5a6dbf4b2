"""The table is the truth: every step from every state, through the real services."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.db import transaction
from django.utils import translation

from apps.people.models import OrgUnit
from apps.tickets import states
from apps.tickets.errors import AlreadyTaken, IllegalTransition, NotInPool, ReasonMissing, StaleVersion, TicketNotFound
from apps.tickets.models import Ticket
from apps.tickets.permissions import ACTIONS, MARKS, OWN_TOO
from apps.tickets.rules import workflow
from apps.tickets.rules.workflow import FINAL, OPEN, TABS, TRANSITIONS, State
from steppe.kernel.actors import Actor, Grant
from tests import make
from tests.cast import Branch
from tests.make import make_ticket
from tests.rules import refused, sent_twice
from tests.tickets.steps import STEPS, UNVERSIONED, do, now_of, ready, who_does

HELD_BY_ANOTHER = {State.ACCEPTED, State.IN_PROGRESS, State.ON_HOLD, State.AWAITING_CALLBACK, State.CLOSED}


def everywhere(who: Actor) -> Actor:
    """The same person with the same roles, held at the branch's own node: scope is another test's matter."""
    root = OrgUnit.objects.get(kind="branch").path
    return replace(who, grants=tuple(Grant(grant.role, root) for grant in who.grants))


def doer(action: str) -> Actor:
    """Bo grabs, because Wu holds what is held, and the holder may tap again."""
    return everywhere(make.actor("bo") if action == "grab" else who_does(action))


def lost(state: State) -> Ticket:
    """A ticket in this state whose place nobody knows."""
    ticket = make_ticket(status="submitted")
    if state == State.POOLED:
        do("release", ticket.public_id)
    return now_of(ticket)


def undone_afterwards(actions: list[str]) -> Iterator[str]:
    """Each action upon the same ticket, as if the others had not been tried."""
    for action in actions:
        here = transaction.savepoint()
        yield action
        transaction.savepoint_rollback(here)


@pytest.mark.parametrize("state", list(State))
def test_every_step_the_table_allows_works_and_leads_where_it_says(lotus_db: Branch, state: State) -> None:
    found = make_ticket(status=state)
    for action in undone_afterwards(workflow.actions_from(state)):
        ticket = ready(action, lost(state) if action == "place" else found)
        receipt = do(action, ticket.public_id, by=doer(action))
        after = Ticket.objects.get(id=ticket.pk)
        assert (
            after.status in (TRANSITIONS[action].targets or {ticket.status}) and receipt.facts["status"] == after.status
        )
        assert (receipt.version, after.version) == (ticket.version + 1, ticket.version + 1)


@pytest.mark.parametrize("state", list(State))
def test_every_other_step_is_refused_and_changes_nothing(lotus_db: Branch, state: State) -> None:
    ticket = make_ticket(status=state)
    for action in [name for name in STEPS if not workflow.may(name, state) and name not in WAITS_FOR_REQUEST]:
        error: type = TicketNotFound if action in BY_HOLDER and not ticket.technician_id else IllegalTransition
        facts = STEPS[action].told()
        if action == "grab":
            error = AlreadyTaken if state in HELD_BY_ANOTHER else NotInPool
        with refused(error):
            do(action, ticket.public_id, by=doer(action), facts=facts)


def test_the_refusal_names_the_state_in_the_readers_words(lotus_db: Branch) -> None:
    ticket = make_ticket(status="void")
    with translation.override("en"), refused(IllegalTransition, state="Void"):
        do("void", ticket.public_id)


# Taken by who approves: what is refused there stands in test_requests.py.
WAITS_FOR_REQUEST = {
    "transfer",
    "let_go",
    "return",
    "hold",
    "refuse",
    "withdraw",
    "resolve_incident",
    "unlink_incident",
}
# No role of theirs shows them the ticket.
BY_HOLDER = {action for action in OWN_TOO - MARKS if STEPS[action].who == "wu"}
ALLOWED_FROM = {action: next(s for s in State if workflow.may(action, s)) for action in STEPS}


@pytest.mark.parametrize("action", [action for action in STEPS if action not in UNVERSIONED])
def test_a_stale_version_is_refused(lotus_db: Branch, action: str) -> None:
    ticket = ready(action, make_ticket(status=ALLOWED_FROM[action]))
    facts = STEPS[action].told()
    with refused(StaleVersion):
        do(action, ticket.public_id, by=doer(action), facts=facts, version=ticket.version - 1)
    assert do(action, ticket.public_id, by=doer(action), version=ticket.version).version == ticket.version + 1


@pytest.mark.parametrize(
    "action", [row.action for row in TRANSITIONS.values() if row.needs_reason and row.action not in WAITS_FOR_REQUEST]
)
@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_step_that_needs_a_reason_is_refused_without(lotus_db: Branch, action: str, reason: str) -> None:
    ticket, facts = make_ticket(status=ALLOWED_FROM[action]), STEPS[action].told()
    with refused(ReasonMissing):
        do(action, ticket.public_id, by=doer(action), facts=facts, reason=reason)


@pytest.mark.parametrize("action", STEPS)
def test_every_step_sent_twice_with_one_key_happens_once(lotus_db: Branch, action: str) -> None:
    ticket, by = ready(action, make_ticket(status=ALLOWED_FROM[action])), doer(action)
    facts = STEPS[action].told()
    sent_twice(lambda key: do(action, ticket.public_id, by=by, key=key, facts=facts))


def test_every_step_of_the_table_has_a_service_a_permission_and_a_word() -> None:
    assert set(TRANSITIONS) == {"submit", *STEPS} == set(ACTIONS) - MARKS
    assert set(TRANSITIONS) <= set(states.ACTION_LABELS)
    assert set(states.LABELS) == set(State) and set(states.TAB_LABELS) == set(TABS)


def test_only_reopening_leads_out_of_a_final_state_and_something_out_of_every_other() -> None:
    for state in State:
        onward = set(workflow.actions_from(state)) - {"archive", "reopen", "request_reopen", "refuse", "withdraw"}
        assert bool(onward) == (state not in FINAL)


def test_every_open_state_can_come_to_an_end() -> None:
    def ends(state: State, seen: frozenset[State]) -> bool:
        if state in FINAL:
            return True
        targets = {t for row in TRANSITIONS.values() if state in row.sources for t in row.targets} - seen
        return any(ends(target, seen | {target}) for target in targets)

    assert all(ends(state, frozenset({state})) for state in OPEN)


def test_every_state_stands_in_exactly_one_tab_besides_the_flag() -> None:
    for state in State:
        assert sum(state in found for tab, found in TABS.items() if tab != "overdue") == 1


def test_the_database_knows_the_states_too(lotus_db: Branch) -> None:
    from django.db import IntegrityError

    ticket = make_ticket()
    for nonsense in ({"status": "lost"}, {"status": "accepted"}, {"technician_id": lotus_db.wu.technician_id}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Ticket.objects.filter(id=ticket.pk).update(**nonsense)
