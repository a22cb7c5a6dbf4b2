"""T13: on site. Near enough, or with a reason and a photo that are kept."""

import pytest

from apps.people import geo
from apps.tickets.errors import ArrivalPhotoMissing, FileStays, NotYourTicket, TooFar
from apps.tickets.services import take_off_file
from steppe.kernel.actors import Actor
from tests.cast import FAR, NEAR, Branch
from tests.make import actor, key, make_ticket
from tests.rules import refused
from tests.tickets.steps import do, now_of, shown

METRE = 1 / 111_320  # of latitude


def test_at_the_door_work_begins(lotus_db: Branch) -> None:
    ticket = make_ticket(status="accepted")
    receipt = do("check_in", ticket.public_id)
    found = now_of(ticket)
    assert found.status == "in_progress" and found.arrived_at and found.check_in_distance_m == 0.0
    assert receipt.facts["distance_m"] == 0.0 and ticket.history.last().data == {"distance_m": 0.0, "far": False}


@pytest.mark.parametrize(("address", "metres", "near"), [
    ("Birch Court 7", 490, True), ("Birch Court 7", 510, False), ("Larch 1", 2900, True), ("Larch 1", 3100, False),
])  # fmt: skip
def test_near_is_half_a_kilometre_in_town_and_three_on_the_steppe(
    lotus_db: Branch, address: str, metres: int, near: bool
) -> None:
    ticket = make_ticket(status="accepted", address=address)
    here = {"lat": NEAR[0] + metres * METRE, "lng": NEAR[1]}
    if near:
        assert do("check_in", ticket.public_id, **here).facts["distance_m"] == pytest.approx(metres, rel=0.01)
        return
    with refused(TooFar, km=f"{metres / 1000:.1f}"):
        do("check_in", ticket.public_id, **here)


def test_from_far_a_reason_and_a_photo_are_kept(lotus_db: Branch) -> None:
    ticket = make_ticket(status="accepted")
    do("check_in", ticket.public_id, lat=FAR[0], lng=FAR[1], reason="at_node", photos=shown())
    last = ticket.history.last()
    assert last.reason == "at_node" and last.data["far"] and last.data["distance_m"] > 100_000
    assert last.data["photos"] == 1 and ticket.photos.get().stage == "arrive"


def test_from_far_without_a_photo_of_ones_own_nobody_has_arrived(lotus_db: Branch) -> None:
    ticket = make_ticket(status="accepted")
    for photos in ((), ("nobody-s",), shown("bo")):
        with refused(ArrivalPhotoMissing):
            do("check_in", ticket.public_id, lat=FAR[0], lng=FAR[1], reason="at_node", photos=photos)
    assert now_of(ticket).status == "accepted" and not ticket.photos.exists()


def test_the_photo_of_the_arrival_is_no_photo_of_the_work_and_stays(lotus_db: Branch) -> None:
    ticket = make_ticket(status="accepted")
    do("check_in", ticket.public_id, lat=FAR[0], lng=FAR[1], reason="at_node", photos=shown())
    photo = ticket.photos.get()
    with refused(FileStays):
        take_off_file(public_id=ticket.public_id, photo=photo.public_id, reason="twice", by=actor("wu"), key=key())
    assert not ticket.photos.filter(stage="finish").exists()


@pytest.mark.parametrize("place", [(None, None), (0.0, 0.0), (91.0, 10.0)])
def test_a_phone_without_a_position_needs_a_reason_too(lotus_db: Branch, place: tuple) -> None:
    ticket = make_ticket(status="accepted")
    with refused(TooFar, km="?"):
        do("check_in", ticket.public_id, lat=place[0], lng=place[1])
    do("check_in", ticket.public_id, lat=place[0], lng=place[1], reason="weak_signal", photos=shown())
    assert now_of(ticket).check_in_distance_m is None


def test_the_maps_own_coordinates_are_understood(lotus_db: Branch) -> None:
    """In GCJ-02 the same door lies half a kilometre away: taken as it comes it would be too far."""
    lat, lng = geo.to_gcj02(*NEAR)
    ticket = make_ticket(status="accepted")
    with refused(TooFar):
        do("check_in", ticket.public_id, lat=lat, lng=lng)
    assert do("check_in", ticket.public_id, lat=lat, lng=lng, datum="gcj02").facts["distance_m"] < 1


def test_only_who_has_the_ticket(lotus_db: Branch, bo: Actor) -> None:
    ticket = make_ticket(status="accepted")
    with refused(NotYourTicket, holder="Wu"):
        do("check_in", ticket.public_id, by=bo)
