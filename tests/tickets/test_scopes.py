"""Gao sees no more than her sub-branch, Chen nothing of Lotus at all; who has no role is told so."""

import pytest

from apps.tickets import duplicates, search, selectors, services
from apps.tickets.errors import TicketNotFound
from apps.tickets.models import Ticket, TicketEvent
from apps.tickets.permissions import ACTIONS, ENTERED_TOO, OWN_TOO
from apps.tickets.wanted import Wanted
from steppe.kernel.actors import ANONYMOUS, Actor
from steppe.kernel.errors import NotAllowed, Unauthenticated
from tenants.context import in_branch
from tests import make
from tests.cast import PEOPLE, Branch
from tests.make import make_ticket
from tests.rules import refused
from tests.tickets.steps import STEPS, do, now_of, ready
from tests.tickets.test_workflow import ALLOWED_FROM

STAFF = [username for username, *_ in PEOPLE]
HERS = [action for action in STEPS if "dispatcher" in ACTIONS[action]]
CUSTOMERS = {
    "book",
    "cancel",
    "urge",
    "request_reopen",
    "withdraw",
}  # also a customer's, of what they reported themselves


def waiting_for(action: str) -> Ticket:
    """A ticket at which this step could be taken now."""
    return ready(action, make_ticket(status=ALLOWED_FROM[action]))


@pytest.mark.parametrize("action", HERS)
def test_gao_does_nothing_outside_her_sub_branch(lotus_db: Branch, gao: Actor, action: str) -> None:
    ticket, facts = waiting_for(action), STEPS[action].told()
    with refused(TicketNotFound):
        do(action, ticket.public_id, by=gao, facts=facts)


def test_gao_sees_nothing_outside_her_sub_branch(lotus_db: Branch, gao: Actor) -> None:
    for status in ("pooled", "accepted", "closed"):
        ticket = make_ticket(status=status)
        with pytest.raises(TicketNotFound):
            selectors.ticket_for(gao, ticket.public_id)
    assert not selectors.visible_tickets(gao).exists()
    assert set(selectors.tab_counts(gao).values()) == {0}
    assert selectors.rows_by_id(gao, [ticket.public_id]) == [] and duplicates.likely(gao, phone=make.PHONE) == []
    assert search.found(gao, Wanted(text="LO-")).rows == []


def test_gao_leads_her_own_sub_branch(lotus_db: Branch, gao: Actor, xi: Actor) -> None:
    ticket = make_ticket(address="Willow Lane 3", by=lotus_db.lin)
    view = selectors.ticket_for(gao, ticket.public_id)
    assert view.reveal and {"dispatch", "request_transfer", "void", "change_type"} <= set(view.actions)
    assert not {"grab", "callback_ok", "archive"} & set(view.actions)
    do("dispatch", ticket.public_id, by=gao, to="xi")
    assert now_of(ticket).technician_id == xi.technician_id


@pytest.mark.parametrize("action", STEPS)
def test_chen_at_maple_does_nothing_with_a_ticket_of_lotus(lotus_db: Branch, maple: Branch, action: str) -> None:
    ticket = waiting_for(action)
    before = list(Ticket.objects.values())
    with in_branch(maple.tenant):
        waiting_for(action)
        facts = STEPS[action].told()
        with refused(TicketNotFound):
            do(action, ticket.public_id, facts=facts)
        with pytest.raises(TicketNotFound):
            selectors.ticket_for(maple.lin, ticket.public_id)
    assert list(Ticket.objects.values()) == before


def test_even_under_the_same_name_it_is_another_ticket(lotus_db: Branch, maple: Branch, chen: Actor) -> None:
    """Ids collide on purpose; were the schema wrong, Lotus's row would change."""
    ours = make_ticket()
    with in_branch(maple.tenant):
        theirs = make_ticket()
        Ticket.objects.filter(id=theirs.pk).update(public_id=ours.public_id)
        do("void", ours.public_id, by=chen)
        assert Ticket.objects.get(id=theirs.pk).status == "void"
        assert TicketEvent.objects.latest("id").actor_name == "Chen"
    assert now_of(ours).status == "pooled" and ours.history.count() == 1


@pytest.mark.parametrize("action", STEPS)
def test_who_does_not_hold_the_role_is_told_so(lotus_db: Branch, action: str) -> None:
    ticket, facts = waiting_for(action), STEPS[action].told()
    people = [make.actor(name) for name in STAFF]
    strangers = [who for who in people if not who.holds(*ACTIONS[action])]
    assert strangers
    for who in strangers:
        own_too = action in OWN_TOO and who.technician_id
        if own_too and who.technician_id == ticket.technician_id:
            continue
        entered_too = who.holds(*ENTERED_TOO.get(action, ()))
        with refused(TicketNotFound if own_too or entered_too else NotAllowed):
            do(action, ticket.public_id, by=who, facts=facts)


@pytest.mark.parametrize("action", STEPS)
def test_a_customer_takes_no_step_and_a_stranger_signs_in_first(lotus_db: Branch, mei: Actor, action: str) -> None:
    """What somebody else entered for her is not hers to cancel either."""
    ticket, facts = waiting_for(action), STEPS[action].told()
    with refused(TicketNotFound if action in CUSTOMERS else NotAllowed):
        do(action, ticket.public_id, by=mei, facts=facts)
    with refused(Unauthenticated):
        do(action, ticket.public_id, by=ANONYMOUS, facts=facts)


@pytest.mark.parametrize("action", STEPS)
def test_headquarters_takes_no_step_in_a_branch(lotus_db: Branch, hq_user: Actor, action: str) -> None:
    ticket, facts = waiting_for(action), STEPS[action].told()
    with refused(NotAllowed):
        do(action, ticket.public_id, by=hq_user, facts=facts)
    assert not selectors.visible_tickets(hq_user).exists()


@pytest.mark.parametrize("action", STEPS)
def test_a_ticket_that_never_was_is_not_found_by_anybody(lotus_db: Branch, action: str) -> None:
    facts = STEPS[action].told()
    with refused(TicketNotFound):
        do(action, "no-such-name", facts=facts)


def test_who_is_nobody_sees_nothing(lotus_db: Branch) -> None:
    make_ticket()
    assert not selectors.visible_tickets(ANONYMOUS).exists()


def test_a_clerk_sees_what_she_entered_and_no_more(lotus_db: Branch, cai: Actor, lin: Actor) -> None:
    hers, other = make_ticket(), make_ticket(by=lin)
    assert [ticket.pk for ticket in selectors.visible_tickets(cai)] == [hers.pk]
    with pytest.raises(TicketNotFound):
        selectors.ticket_for(cai, other.public_id)


def test_each_look_at_a_phone_leaves_a_row(lotus_db: Branch, lin: Actor, wu: Actor, gao: Actor) -> None:
    from steppe.kernel.journal.models import AuditEntry

    ticket = make_ticket()
    services.reveal_contact(public_id=ticket.public_id, by=lin, key=make.key())
    row = AuditEntry.objects.get(action="tickets.reveal_contact")
    assert (row.actor, row.entity_id, row.outcome) == (lin.ref, ticket.pk, "done")
    for who, error in ((wu, NotAllowed), (gao, TicketNotFound)):
        with refused(error):
            services.reveal_contact(public_id=ticket.public_id, by=who, key=make.key())
