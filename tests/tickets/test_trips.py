"""Trip bundles: several tickets, one drive, one place under the cap."""

from datetime import timedelta

import pytest

from apps.people.errors import CapReached
from apps.tickets.errors import IllegalTransition, NotYourTicket, TicketNotFound
from apps.tickets.models import Ticket, TripBundle
from apps.tickets.rules.workflow import HELD
from apps.tickets.services import bundle_tickets, unbundle_ticket
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tests.cast import Branch
from tests.make import actor, grab, key, make_ticket
from tests.rules import refused, sent_twice
from tests.tickets.steps import do, load_of, now_of


def mine(count: int = 3) -> list[Ticket]:
    return [make_ticket(status="accepted") for _ in range(count)]


def bundle(tickets: list[Ticket], by: Actor, once: str = "") -> Receipt:
    day = (clock.now() + timedelta(days=1)).date()
    names = [one.public_id for one in tickets]
    return bundle_tickets(public_ids=names, name="苏木一线", planned_for=day, by=by, key=once or key())


def recounted(who: Actor) -> int:
    """The places that are taken: a trip of what is still held takes one, and so does each ticket by itself."""
    held = Ticket.objects.filter(technician_id=who.technician_id, status__in=HELD)
    trips = set(held.filter(bundle_id__isnull=False).values_list("bundle_id", flat=True))
    return held.filter(bundle_id=None).count() + len(trips)


def test_a_trip_counts_as_one_under_the_cap(lotus_db: Branch, wu: Actor) -> None:
    tickets = mine()
    fourth = make_ticket()
    with refused(CapReached):
        grab(fourth.public_id)
    sent_twice(lambda once: bundle(tickets, wu, once))
    assert load_of(wu) == 1 and TripBundle.objects.get().technician_id == wu.technician_id
    assert {now_of(one).bundle_id for one in tickets} == {TripBundle.objects.get().pk}
    grab(fourth.public_id)
    assert load_of(wu) == 2


def test_taken_out_it_counts_by_itself_again(lotus_db: Branch, wu: Actor) -> None:
    first, second, third = tickets = mine()
    bundle(tickets, wu)
    unbundle_ticket(public_id=first.public_id, by=wu, key=key())
    assert load_of(wu) == 2 and now_of(first).bundle_id is None
    unbundle_ticket(public_id=first.public_id, by=wu, key=key())  # once more changes nothing
    assert load_of(wu) == 2
    unbundle_ticket(public_id=second.public_id, by=wu, key=key())
    unbundle_ticket(public_id=third.public_id, by=wu, key=key())  # the last one keeps the place it had
    assert load_of(wu) == 3


def test_the_place_is_free_when_the_last_stop_is_done(lotus_db: Branch, wu: Actor) -> None:
    tickets = mine(2)
    bundle(tickets, wu)
    for left, ticket in ((1, tickets[0]), (0, tickets[1])):
        do("check_in", ticket.public_id)
        do("complete", ticket.public_id)
        assert load_of(wu) == left


@pytest.mark.parametrize("end", ["complete", "cancel"])
def test_what_is_over_stays_in_the_trip_and_takes_no_place(lotus_db: Branch, wu: Actor, lin: Actor, end: str) -> None:
    over, open_one = tickets = mine(2)
    bundle(tickets, wu)
    if end == "complete":
        do("check_in", over.public_id)
    do(end, over.public_id)
    for who in (wu, lin):
        with refused(IllegalTransition):
            unbundle_ticket(public_id=over.public_id, by=who, key=key())
    assert load_of(wu) == recounted(wu) == 1
    unbundle_ticket(public_id=open_one.public_id, by=wu, key=key())
    assert load_of(wu) == recounted(wu) == 1


def test_what_is_sent_elsewhere_leaves_the_trip(lotus_db: Branch, wu: Actor, bo: Actor) -> None:
    first, second = tickets = mine(2)
    bundle(tickets, wu)
    do("reassign", first.public_id)
    assert (load_of(wu), load_of(bo), now_of(first).bundle_id) == (1, 1, None)
    assert now_of(second).bundle_id is not None


def test_only_tickets_of_one_technician_who_holds_them(lotus_db: Branch, wu: Actor, lin: Actor) -> None:
    own, others, pooled = mine(1)[0], make_ticket(status="accepted", to="bo"), make_ticket()
    for group in ([own, others], [own, pooled], [pooled]):
        with refused(NotYourTicket):
            bundle(group, lin)
    with refused(NotYourTicket):
        bundle([others], wu)


def test_the_desk_plans_a_trip_for_somebody(lotus_db: Branch, lin: Actor, wu: Actor, cai: Actor) -> None:
    tickets = mine(2)
    with refused(NotAllowed):
        bundle(tickets, cai)
    bundle(tickets, lin)
    assert load_of(wu) == 1 and TripBundle.objects.get().made_by == lin.ref


def test_the_other_branchs_ticket_is_on_no_trip(lotus_db: Branch, maple: Branch) -> None:
    tickets = mine(1)
    with in_branch(maple.tenant):
        mine(1)
        with refused(TicketNotFound):
            bundle(tickets, actor("wu"))
