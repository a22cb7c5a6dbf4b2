"""What a report makes of words and points."""

import pytest

from apps.people import selectors as people
from apps.people.models import OrgUnit
from apps.tickets import services
from apps.tickets.errors import TooFar
from apps.tickets.models import PushCandidate, Ticket
from apps.tickets.services._opening import Place, coarse
from steppe.kernel.actors import ANONYMOUS, Actor
from steppe.kernel.commands import Receipt
from tests.cast import FAR, NEAR, TOWN, Branch
from tests.make import key, make_ticket, report

# address → what a technician may read of it before taking the ticket
DOORS = {
    "锡林小区 7-2-301": "锡林小区",
    "幸福小区三号楼二单元五零一": "幸福小区",
    "阳光里甲栋": "阳光里",
    "阳光里 B座 东户": "阳光里",
    "新华街３号": "新华街",
    "五一路东": "五一路东",
    "三道街嘎查": "三道街嘎查",
}


@pytest.mark.parametrize("address", DOORS)
def test_the_coarse_address_stops_before_the_door(address: str) -> None:
    assert coarse(address, Place(None, None, None)) == DOORS[address]


def _open(by: Actor, **fields: object) -> Ticket:
    channel = "shop" if by.kind == "staff" else "h5"
    made: Receipt = services.open_ticket(report=report(**fields), channel=channel, by=by, key=key())
    return Ticket.objects.get(id=made.entity_id)


def test_only_staff_decide_how_urgent_a_report_is(lotus_db: Branch, cai: Actor) -> None:
    assert _open(cai, priority=1).priority == 1
    assert _open(lotus_db.mei, priority=1).priority == 2
    assert _open(ANONYMOUS, priority=1).priority == 2


def test_of_estates_with_one_name_the_nearest_is_meant(lotus_db: Branch) -> None:
    OrgUnit.objects.filter(code="W1").update(keywords=["Willow", "Birch"])
    far = people.grid_for(lat=FAR[0], lng=FAR[1], address="Birch Court 1")
    near = people.grid_for(lat=TOWN[0], lng=TOWN[1], address="Birch Court 1")
    blind = people.grid_for(lat=None, lng=None, address="Birch Court 1")
    assert [one.code if one else "" for one in (far, near, blind)] == ["W1", "E1", "E1"]


def test_where_only_the_address_is_known_nobody_is_too_far(lotus_db: Branch, wu: Actor) -> None:
    """The grid's base is not the customer's door."""
    ticket = make_ticket(status="accepted", lat=None, lng=None)
    assert ticket.lat is not None and ticket.location_source == "grid"
    done = services.check_in(public_id=ticket.public_id, lat=FAR[0], lng=FAR[1], by=wu, key=key())
    assert done.facts["distance_m"] is None and done.facts["status"] == "in_progress"


def test_with_a_point_far_is_far(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(status="accepted")
    with pytest.raises(TooFar):
        services.check_in(public_id=ticket.public_id, lat=FAR[0], lng=FAR[1], by=wu, key=key())


def test_a_card_goes_only_to_who_may_take_the_ticket(lotus_db: Branch) -> None:
    """Xi stands at the door, but works for the other sub-branch: a card would lead to “not found”."""
    xi = lotus_db.xi.technician_id
    OrgUnit.objects.filter(code="W1").update(lat=NEAR[0], lng=NEAR[1])
    type(people.technician(xi or 0)).objects.filter(id=xi).update(lat=NEAR[0], lng=NEAR[1])
    named = set(PushCandidate.objects.filter(wave__ticket=make_ticket()).values_list("technician_id", flat=True))
    assert named == {lotus_db.wu.technician_id, lotus_db.bo.technician_id}
    west = make_ticket(address="Willow Lane 1", by=lotus_db.lin)
    named = set(PushCandidate.objects.filter(wave__ticket=west).values_list("technician_id", flat=True))
    assert named == {xi}


def test_the_history_counts_the_pictures_that_are_there(lotus_db: Branch, wu: Actor) -> None:
    ticket = make_ticket(status="in_progress")
    services.complete_ticket(public_id=ticket.public_id, solution="plug", photos=("nosuchphoto1",), by=wu, key=key())
    assert ticket.history.last().data["photos"] == 0
