"""T2b: a report whose place nobody knew gets its grid; from then on it is like any other ticket of that grid."""

from datetime import timedelta

import pytest

from apps.people.models import OrgUnit
from apps.tickets import selectors, services
from apps.tickets.errors import AlreadyPlaced, UnknownGrid
from apps.tickets.models import PushCandidate, PushWave, Ticket
from apps.tickets.services import sweep_clocks
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from tests import make
from tests.cast import FAR, TOWN, Branch
from tests.make import key, make_ticket
from tests.rules import refused
from tests.tickets.steps import do, now_of


def asked(ticket: Ticket) -> set[str]:
    rows = PushCandidate.objects.filter(wave__ticket=ticket, chosen=True)
    return set(rows.values_list("technician__user__username", flat=True))


def reaches(ticket: Ticket) -> list[str]:
    return list(PushWave.objects.filter(ticket=ticket).order_by("round").values_list("reach", flat=True))


def lost(**fields: object) -> Ticket:
    """A report that says neither grid nor point."""
    return make_ticket(status="submitted", **fields)


def test_the_grids_people_are_asked_and_one_of_them_takes_it(lotus_db: Branch, wu: Actor, xi: Actor) -> None:
    ticket = lost()
    do("place", ticket.public_id)
    found = now_of(ticket)
    assert (found.status, found.grid.code, found.org_path) == ("pooled", "E1", OrgUnit.objects.get(code="E1").path)
    assert found.pooled_at and found.coarse_address == "E1 · somewhere"
    assert asked(ticket) == {"wu", "bo"}
    assert ticket.public_id in {card.view.ticket.public_id for card in selectors.pool_for(wu, lat=None, lng=None)}
    assert not selectors.pool_for(xi, lat=None, lng=None)
    assert do("grab", ticket.public_id).facts["status"] == "accepted"


def test_released_without_a_place_it_can_still_be_placed(lotus_db: Branch, wu: Actor) -> None:
    ticket = lost()
    do("release", ticket.public_id)
    assert asked(ticket) == set() and not selectors.pool_for(wu, lat=None, lng=None)
    do("place", ticket.public_id)
    assert asked(ticket) == {"wu", "bo"}


def test_dispatched_without_a_place_and_declined_it_can_be_placed(lotus_db: Branch) -> None:
    ticket = lost()
    for step in ("dispatch", "decline", "place"):
        do(step, ticket.public_id)
    assert asked(ticket) == {"bo"}  # not Wu, who declined


def test_the_promise_counts_from_the_report_by_the_grids_class(lotus_db: Branch) -> None:
    """E2 is far out on the steppe: another promise, a longer accept clock; what was promised before is kept."""
    ticket = lost()
    later = ticket.reported_at + timedelta(hours=30)
    with clock.frozen(later):
        sweep_clocks()
        assert "resolve" in now_of(ticket).overdue_clocks
        do("place", ticket.public_id, grid="E2")
    found = now_of(ticket)
    assert found.area_class == "D" and not found.overdue_clocks and found.breaches.filter(clock="resolve").exists()
    assert found.resolve_due_at == ticket.reported_at + timedelta(hours=72)
    assert found.accept_due_at == later + timedelta(minutes=60)
    kept = found.history.last().data
    assert (kept["grid"], kept["resolve_due_at"]) == ("E2", ticket.resolve_due_at.isoformat())
    assert kept["terms"] == found.terms != ticket.terms


def test_whoever_is_asked_after_the_place_was_found_has_the_whole_time_and_then_the_alarm_comes(
    lotus_db: Branch,
) -> None:
    """Released without a place it went by in vain once, alarm and breach included; now it begins anew."""
    ticket = lost()
    do("release", ticket.public_id)
    began = now_of(ticket).pooled_at
    later = began + timedelta(hours=1)
    with clock.frozen(later):
        sweep_clocks()
        assert "accept" in now_of(ticket).overdue_clocks and reaches(ticket)[-1] == "alarm"
        do("place", ticket.public_id)
    found = now_of(ticket)
    assert found.accept_due_at == later + timedelta(minutes=30) and not found.overdue_clocks
    assert found.breaches.get(clock="accept").ended_at == later
    with clock.frozen(later + timedelta(minutes=29)):
        sweep_clocks()
        assert not now_of(ticket).overdue_clocks and reaches(ticket)[-1] != "alarm"
    with clock.frozen(later + timedelta(minutes=31)):
        sweep_clocks()
    assert now_of(ticket).overdue_clocks == ["accept"] and reaches(ticket)[-1] == "alarm"
    assert found.breaches.filter(clock="accept").count() == 2


def test_the_grids_base_is_no_door_but_a_known_point_stays(lotus_db: Branch, lin: Actor) -> None:
    ticket = lost()
    do("place", ticket.public_id)
    found = now_of(ticket)
    assert (found.lat, found.lng) == TOWN and not found.has_place
    OrgUnit.objects.filter(kind="grid").update(lat=None, lng=None, keywords=[])
    told = make.report(lat=FAR[0], lng=FAR[1], address="somewhere")
    receipt = services.open_ticket(report=told, channel="shop", by=lin, key=key())
    do("place", receipt.public_id)
    found = Ticket.objects.get(public_id=receipt.public_id)
    assert (found.lat, found.lng) == pytest.approx(FAR) and found.has_place


def test_the_screens_are_told(lotus_db: Branch) -> None:
    ticket = lost()
    do("place", ticket.public_id)
    told = [(event.kind, event.facts.get("before"), event.facts.get("after")) for event in make.events()][-2:]
    assert told == [("ticket.placed", "submitted", "pooled"), ("ticket.wave_pushed", None, None)]


def test_what_belongs_to_a_grid_is_not_moved_by_this(lotus_db: Branch, lin: Actor) -> None:
    ticket = make_ticket()
    assert "place" not in selectors.ticket_for(lin, ticket.public_id).actions
    with refused(AlreadyPlaced):
        do("place", ticket.public_id, grid="W1")


@pytest.mark.parametrize("grid", ["", "nowhere", "EAST", "CARE"])
def test_only_a_grid_will_do(lotus_db: Branch, grid: str) -> None:
    ticket = lost()
    with refused(UnknownGrid):
        do("place", ticket.public_id, grid=grid)


def test_nobody_places_a_ticket_into_a_grid_beyond_their_reach(lotus_db: Branch, gao: Actor) -> None:
    ticket = lost()
    Ticket.objects.filter(id=ticket.pk).update(org_path=OrgUnit.objects.get(code="WEST").path)
    with refused(UnknownGrid):
        do("place", ticket.public_id, by=gao, grid="E1")
    assert do("place", ticket.public_id, by=gao, grid="W1").facts["status"] == "pooled"
