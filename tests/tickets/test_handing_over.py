"""T8b, the two branches' sides: here the case only ends, there it begins with what was promised."""

from datetime import timedelta

import pytest

from apps.tickets.errors import ChildrenOpen, HandOverOver, ReasonMissing
from apps.tickets.models import Ticket
from apps.tickets.services import hand_over_ticket, open_ticket, withdraw_hand_over
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM, Actor
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tests import make
from tests.cast import Branch
from tests.make import key, make_ticket
from tests.rules import refused, sent_twice
from tests.tickets.steps import do, load_of, now_of


@pytest.mark.parametrize("status", ["pooled", "assigned", "accepted", "in_progress", "on_hold"])
def test_it_closes_as_transferred_with_its_link_and_its_report_time(lotus_db: Branch, wu: Actor, status: str) -> None:
    """domain.md §12 rule 22, the source."""
    ticket = make_ticket(status=status)
    do("hand_over", ticket.public_id, link_id="XL-HU-7")
    found, last = now_of(ticket), ticket.history.last()
    assert (found.status, found.close_code, found.reported_at) == ("closed", "transferred", ticket.reported_at)
    assert (last.data["link"], last.reason, load_of(wu)) == ("XL-HU-7", "their district", 0)


def test_repeated_it_ends_once(lotus_db: Branch) -> None:
    """domain.md §12 rule 21, the source."""
    ticket = make_ticket()
    more = {"public_id": ticket.public_id, "link_id": "l-1", "reason": "their district", "by": SYSTEM}
    sent_twice(lambda once: hand_over_ticket(key=once, **more))
    assert ticket.history.filter(action="hand_over").count() == 1


def test_what_others_still_work_at_does_not_go(lotus_db: Branch) -> None:
    ticket = make_ticket(status="accepted")
    do("spawn_child", ticket.public_id)
    with refused(ChildrenOpen):
        do("hand_over", ticket.public_id)


def test_what_the_branch_kept_does_not_go(lotus_db: Branch, lin: Actor) -> None:
    ticket = make_ticket(status="accepted")
    do("request_hand_over", ticket.public_id)
    do("let_go", ticket.public_id)
    link = ticket.departures.get().link_id
    withdraw_hand_over(link_id=link, by=lin, key=key())
    with refused(HandOverOver):
        do("hand_over", ticket.public_id, link_id=link)
    assert (now_of(ticket).status, ticket.departures.get().state) == ("accepted", "withdrawn")


def test_no_person_of_the_branch_does_it_alone(lotus_db: Branch, bai: Actor, lin: Actor) -> None:
    ticket = make_ticket()
    for who in (bai, lin):
        with refused(NotAllowed):
            do("hand_over", ticket.public_id, by=who)
    with refused(ReasonMissing):
        hand_over_ticket(public_id=ticket.public_id, link_id="l", reason=" ", by=SYSTEM, key=key())


def test_the_screens_are_told(lotus_db: Branch) -> None:
    do("hand_over", make_ticket().public_id)
    assert make.events()[-1].kind == "ticket.handed_over"


def arrives(maple: Branch, source: Ticket, once: str, by: Actor = SYSTEM) -> Ticket:
    """What the other branch opens for it."""
    told = make.report(reported_at=source.reported_at, contact_phone=source.contact_phone)
    with in_branch(maple.tenant):
        made = open_ticket(report=told, channel="handover", by=by, key=once)
        return Ticket.objects.get(id=made.entity_id)


def test_the_other_branch_has_it_in_its_pool_with_the_customers_clock_going_on(lotus_db: Branch, maple: Branch) -> None:
    """domain.md §3.6: the internal clocks start anew, the customer's runs from the report."""
    with clock.frozen(clock.now() - timedelta(hours=5)):
        source = make_ticket()
    target = arrives(maple, source, key())
    assert (target.status, target.channel, target.reported_at) == ("pooled", "handover", source.reported_at)
    assert target.resolve_due_at == source.resolve_due_at and target.accept_due_at > source.accept_due_at
    with in_branch(maple.tenant):
        assert target.waves.count() == 1


def test_repeated_it_opens_once(lotus_db: Branch, maple: Branch) -> None:
    """domain.md §12 rule 21, the target: the link is the key."""
    source = make_ticket()
    assert arrives(maple, source, "hand-over:XL-HU-7").pk == arrives(maple, source, "hand-over:XL-HU-7").pk
    with in_branch(maple.tenant):
        assert Ticket.objects.filter(channel="handover").count() == 1


def test_no_person_says_that_it_comes_from_another_branch(lotus_db: Branch, maple: Branch) -> None:
    source = make_ticket()
    for who in (maple.lin, maple.bai, maple.mei):
        with pytest.raises(NotAllowed):
            arrives(maple, source, key(), by=who)
