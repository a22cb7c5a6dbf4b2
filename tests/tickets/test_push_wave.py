"""The wave: who is told first, and why; every number is kept, and nobody stands in the way of the next free one."""

import pytest

from apps.people import geo
from apps.people.models import OrgUnit, Technician
from apps.people.selectors import nearest_technicians
from apps.people.services import add_technician, add_user
from apps.tickets.models import PushCandidate, PushWave, Ticket
from steppe.kernel.actors import Actor
from tests import make
from tests.cast import FAR, NEAR, Branch
from tests.make import make_ticket


def wave(ticket: Ticket) -> list[PushCandidate]:
    return list(PushCandidate.objects.filter(wave__ticket=ticket).order_by("rank"))


def chosen(ticket: Ticket) -> list[int]:
    return [one.technician_id for one in wave(ticket) if one.chosen]


def change(who: Actor, **fields: object) -> None:
    Technician.objects.filter(id=who.technician_id).update(**fields)


def crowd(count: int, grid_code: str = "E1", **fields: object) -> None:
    """So many technicians of the same grid (or of its neighbour) right at the door."""
    grid, east = (OrgUnit.objects.get(code=code) for code in (grid_code, "EAST"))
    for number in range(count):
        user = add_user(username=f"t{number}", name=f"T{number}", encoded="-", grants=[("technician", east.path)])
        made = add_technician(user=user, org_unit=grid, skills=["broadband"], cap=3, lat=NEAR[0], lng=NEAR[1])
        Technician.objects.filter(id=made.pk).update(**{"on_duty": True} | fields)


def test_the_nearest_come_first_with_distance_and_score(lotus_db: Branch, wu: Actor, bo: Actor) -> None:
    one, two = wave(make_ticket())
    assert (one.technician_id, two.technician_id) == (wu.technician_id, bo.technician_id)
    assert (one.distance_m, one.score_m, one.own_grid, one.chosen) == (0.0, 0.0, True, True)
    assert two.distance_m == pytest.approx(327, abs=10) and two.score_m == pytest.approx(two.distance_m * 1.3, abs=0.1)
    assert two.chosen


def test_the_far_end_of_the_branch_is_asked_for_its_own(lotus_db: Branch, xi: Actor) -> None:
    ticket = make_ticket(address="Willow 3", lat=FAR[0], lng=FAR[1])
    assert chosen(ticket)[0] == xi.technician_id


def test_an_open_ticket_weighs_three_kilometres(lotus_db: Branch, wu: Actor, bo: Actor) -> None:
    make.grab(make_ticket().public_id)
    one, two = wave(make_ticket())
    assert (one.technician_id, two.technician_id, two.open_count) == (bo.technician_id, wu.technician_id, 1)
    assert two.score_m == 3000.0


def test_who_is_full_off_duty_or_lacks_the_skill_is_not_even_considered(lotus_db: Branch, wu: Actor, bo: Actor) -> None:
    change(bo, on_duty=False)
    assert chosen(make_ticket()) == [wu.technician_id] and wave(make_ticket(type_code="line_repair")) == []
    change(wu, open_count=3)
    change(bo, on_duty=True)
    assert [one.technician_id for one in wave(make_ticket())] == [bo.technician_id]
    change(bo, skills=["tv"])
    assert wave(make_ticket()) == []


@pytest.mark.parametrize("state", [{"open_count": 3}, {"on_duty": False}, {"skills": ["tv"]}])
def test_a_crowd_that_cannot_come_does_not_hide_who_can(
    lotus_db: Branch, wu: Actor, bo: Actor, state: dict[str, object]
) -> None:
    """Twenty-five at the door, none of them fitting; Wu and Bo stand behind them."""
    crowd(25, **state)
    assert chosen(make_ticket()) == [wu.technician_id, bo.technician_id]


def test_a_ticket_that_needs_no_skill_may_go_to_anybody_on_duty(lotus_db: Branch, wu: Actor, bo: Actor) -> None:
    change(bo, skills=[])
    assert chosen(make_ticket(type_code="other")) == [wu.technician_id, bo.technician_id]


def test_the_first_wave_is_the_grids_best_and_the_nearest_as_many_as_the_branch_wants(
    lotus_db: Branch, wu: Actor, bo: Actor
) -> None:
    lotus_db.tenant.policy = {"wave_size": 2}
    crowd(4)
    assert len(chosen(make_ticket())) == 3
    OrgUnit.objects.filter(code="E1").update(kind="sub_branch")  # now the nearest base is E2: nobody is its own
    assert len(chosen(make_ticket(contact_phone="13900007777"))) == 2


def test_the_grids_best_is_told_however_many_of_other_grids_are_nearer(lotus_db: Branch, wu: Actor, bo: Actor) -> None:
    crowd(45, "E2")
    change(wu, lat=NEAR[0] + 0.05, open_count=1)
    change(bo, lat=NEAR[0] + 0.06)
    found = wave(make_ticket())
    assert [one.technician_id for one in found if one.chosen and one.own_grid] == [bo.technician_id]
    assert sum(one.chosen for one in found) == 6
    assert len(found) == 21 and [one.score_m for one in found] == sorted(one.score_m for one in found)


def test_who_has_nothing_to_do_goes_before_a_nearer_crowd_that_has(lotus_db: Branch, wu: Actor, bo: Actor) -> None:
    """Twenty-five at the door with two tickets each weigh six kilometres; Bo, of no grid nearby, is free."""
    lotus_db.tenant.policy = {"wave_size": 1}
    crowd(25, "E2", open_count=2)
    change(bo, lat=NEAR[0] + 0.01, org_unit=OrgUnit.objects.get(code="EAST"))
    assert chosen(make_ticket()) == [wu.technician_id, bo.technician_id]


def test_a_wave_without_anybody_still_stands(lotus_db: Branch) -> None:
    Technician.objects.update(on_duty=False)
    ticket = make_ticket()
    assert PushWave.objects.get(ticket=ticket).round == 1 and wave(ticket) == []
    told = make.events()[-1]
    assert (told.kind, told.facts["chosen"]) == ("ticket.wave_pushed", 0)


def test_the_decision_is_an_event_of_the_ticket(lotus_db: Branch) -> None:
    ticket = make_ticket()
    told = [event for event in make.events() if event.kind == "ticket.wave_pushed"]
    assert [(event.public_id, event.facts["chosen"]) for event in told] == [(ticket.public_id, 2)]


def test_the_wave_belongs_to_the_ticket_or_to_nothing(lotus_db: Branch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Decided in the ticket's own transaction: no ticket without a wave, no wave without a ticket."""
    from apps.tickets.services import intake

    def fails(*args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(intake, "push_wave", fails)
    with pytest.raises(RuntimeError):
        make_ticket()
    assert not Ticket.objects.exists() and not PushWave.objects.exists()


def test_nearest_is_nearest_on_the_earth_not_in_degrees(lotus_db: Branch, wu: Actor, bo: Actor) -> None:
    """At 44° a degree of longitude is 80 km, a degree of latitude 111."""
    change(wu, lat=44.0, lng=117.0)  # 73 km east
    change(bo, lat=44.8, lng=116.087)  # 96 km north
    found = nearest_technicians(lat=NEAR[0], lng=NEAR[1], skills=["broadband"], limit=2)
    assert [one.name for one in found] == ["Wu", "Bo"]
    assert found[0].distance_m == pytest.approx(73_500, rel=0.03)


def test_the_distance_agrees_with_ours(lotus_db: Branch) -> None:
    for one in nearest_technicians(lat=NEAR[0], lng=NEAR[1], skills=[], off_duty=True):
        there = Technician.objects.get(id=one.technician_id)
        assert one.distance_m == pytest.approx(geo.distance_m(*NEAR, there.lat, there.lng), rel=1e-3, abs=0.2)
