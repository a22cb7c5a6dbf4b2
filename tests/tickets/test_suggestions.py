"""Whom the dispatcher could send: everybody with the reason in numbers, and no distance where there is no place."""

import pytest

from apps.people import geo
from apps.people.models import OrgUnit, Technician
from apps.tickets import selectors
from apps.tickets.models import Ticket
from steppe.kernel.actors import Actor
from tests.cast import FAR, TOWN, Branch
from tests.make import make_ticket


def test_who_could_go_and_who_could_not(lotus_db: Branch, wu: Actor, bo: Actor) -> None:
    Technician.objects.filter(id=bo.technician_id).update(skills=["tv"])
    found = selectors.suggestions(make_ticket())
    assert found[0].person.technician_id == wu.technician_id and found[0].has_skill and found[0].metres == 0.0
    by_name = {one.person.name: one for one in found}
    assert not by_name["Bo"].has_skill and not by_name["Yun"].person.on_duty


def test_without_a_point_the_grid_is_measured_from(lotus_db: Branch) -> None:
    ticket = make_ticket()
    Ticket.objects.filter(id=ticket.pk).update(lat=None, lng=None)
    ticket.refresh_from_db()
    for one in selectors.suggestions(ticket):
        there = Technician.objects.get(id=one.person.technician_id)
        assert one.metres == pytest.approx(geo.distance_m(*TOWN, there.lat, there.lng), rel=1e-3, abs=0.2)


def test_a_grid_without_a_point_is_measured_from_the_unit_above(lotus_db: Branch) -> None:
    ticket = make_ticket()
    OrgUnit.objects.filter(code="E1").update(lat=None, lng=None)
    OrgUnit.objects.filter(code="EAST").update(lat=FAR[0], lng=FAR[1])
    Ticket.objects.filter(id=ticket.pk).update(lat=None, lng=None)
    ticket.refresh_from_db()
    by_name = {one.person.name: one.metres for one in selectors.suggestions(ticket)}
    assert by_name["Xi"] == pytest.approx(0, abs=1)


def test_nobody_is_far_or_near_where_the_place_is_unknown(lotus_db: Branch, wu: Actor, bo: Actor) -> None:
    """The least busy of those on duty comes first; nothing is said of the way, also not on the page."""
    from apps.console.people_near import people_near

    Technician.objects.filter(id=wu.technician_id).update(open_count=2)
    OrgUnit.objects.filter(kind="branch").update(lat=0.0, lng=0.0)  # a whole branch is no place
    ticket = make_ticket(status="submitted")
    found = selectors.suggestions(ticket)
    assert {one.metres for one in found} == {None} and len(found) == 4
    assert found[0].person.technician_id == bo.technician_id
    assert {one.metres for one in people_near(ticket)} == {None}
