"""The live stream and the lists say the same about who may know of a ticket."""

import pytest
from django.db.models import F

from apps.people.models import Customer
from apps.tickets import selectors, sight
from apps.tickets.models import Ticket
from steppe.kernel.actors import ANONYMOUS, Actor
from tests import make
from tests.cast import Branch
from tests.tickets.steps import do

STATES = ("submitted", "pooled", "assigned", "accepted", "in_progress", "awaiting_callback", "closed", "void")


@pytest.fixture
def tickets(lotus_db: Branch) -> list[int]:
    """Every state, in two sub-branches, by several hands."""
    made = [make.make_ticket(status=state, to=("wu", "bo")[turn % 2]) for turn, state in enumerate(STATES)]
    made += [make.make_ticket(status=state, to="bo", by=lotus_db.an) for state in STATES[1:3]]
    west = {"address": "Willow Lane 1", "lat": None, "lng": None}
    made += [make.make_ticket(status=state, to="xi", by=lotus_db.lin, **west) for state in ("pooled", "accepted")]
    opened = make.services.open_ticket(report=make.report(), channel="h5", by=lotus_db.mei, key=make.key())
    return [*(ticket.pk for ticket in made), opened.entity_id, _part_of_a_case(lotus_db.mei).pk]


def _part_of_a_case(mei: Actor) -> Ticket:
    """A department's part of what Mei reported with her proved number."""
    Customer.objects.filter(pk=mei.id).update(proved_phone=F("phone"))
    number = Customer.objects.get(pk=mei.id).phone
    case = make.make_ticket(status="in_progress", by=mei, contact_phone=number)
    do("spawn_child", case.public_id)
    return case.children.get()


def test_the_stream_says_the_same_as_the_lists(tickets: list[int], lotus_db: Branch) -> None:
    known = sight.outlines(tickets)
    nobody = Actor(kind="customer", id=None, name="")
    for actor in [*lotus_db.people.values(), ANONYMOUS, nobody]:
        listed = set(selectors.visible_tickets(actor).filter(id__in=tickets).values_list("id", flat=True))
        assert {pk for pk in tickets if sight.sees(actor, known[pk])} == listed, actor


def test_who_may_not_listen_sees_nothing(tickets: list[int], lotus_db: Branch) -> None:
    """Being let in at the door and seeing anything at all belong together."""
    for name, actor in lotus_db.people.items():
        if not sight.may_follow_any(actor):
            assert not selectors.visible_tickets(actor).exists(), name


def test_outlines_are_one_query(tickets: list[int], django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(sight.outlines(tickets)) == len(tickets)


def test_a_former_holder_may_still_follow(lotus_db: Branch, wu: Actor, bo: Actor) -> None:
    ticket = make.make_ticket(status="assigned", to="wu")
    make.services.decline_dispatch(public_id=ticket.public_id, reason="too_far", by=wu, key=make.key())
    Ticket.objects.filter(id=ticket.pk).update(status="submitted")
    outline = sight.outlines([ticket.pk])[ticket.pk]
    assert sight.may_follow(wu, outline, {"assigned", "submitted"})
    assert not sight.may_follow(bo, outline, {"assigned", "submitted"})
