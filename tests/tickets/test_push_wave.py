"""The wave: who is told first, and why; every number is kept."""

import pytest

from apps.people.models import Technician
from apps.tickets import selectors
from apps.tickets.models import PushCandidate, PushWave, Ticket
from steppe.kernel.actors import Actor
from tests import make
from tests.cast import NEAR, Branch
from tests.make import make_ticket
from tests.tickets.steps import do


def wave(ticket: Ticket) -> list[PushCandidate]:
    return list(PushCandidate.objects.filter(wave__ticket=ticket).order_by("rank"))


def chosen(ticket: Ticket) -> list[int]:
    return [one.technician_id for one in wave(ticket) if one.chosen]


def change(who: Actor, **fields: object) -> None:
    Technician.objects.filter(id=who.technician_id).update(**fields)


def test_the_nearest_come_first_with_distance_and_score(lotus_db: Branch, wu: Actor, bo: Actor) -> None:
    one, two = wave(make_ticket())
    assert (one.technician_id, two.technician_id) == (wu.technician_id, bo.technician_id)
    assert (one.distance_m, one.score_m, one.own_grid, one.chosen) == (0.0, 0.0, True, True)
    assert two.distance_m == pytest.approx(327, abs=10) and two.score_m == pytest.approx(two.distance_m * 1.3, abs=0.1)


def test_an_open_ticket_weighs_three_kilometres(lotus_db: Branch, wu: Actor, bo: Actor) -> None:
    make.grab(make_ticket().public_id)
    one, two = wave(make_ticket())
    assert (one.technician_id, two.technician_id, two.open_count) == (bo.technician_id, wu.technician_id, 1)
    assert two.score_m == 3000.0


def test_who_is_full_is_considered_and_not_chosen(lotus_db: Branch, wu: Actor, bo: Actor) -> None:
    change(wu, open_count=3)
    ticket = make_ticket()
    assert chosen(ticket) == [bo.technician_id] and len(wave(ticket)) == 2


def test_who_is_off_duty_or_lacks_the_skill_is_not_even_considered(lotus_db: Branch, wu: Actor, bo: Actor) -> None:
    change(wu, on_duty=False)
    change(bo, skills=["tv"])
    assert wave(make_ticket()) == []


def test_a_ticket_that_needs_no_skill_may_go_to_anybody_on_duty(lotus_db: Branch, wu: Actor, bo: Actor) -> None:
    change(bo, skills=[])
    assert chosen(make_ticket(type_code="complaint")) == [wu.technician_id, bo.technician_id]


def test_a_wave_is_not_larger_than_the_branch_wants(lotus_db: Branch, wu: Actor) -> None:
    lotus_db.tenant.policy = {"wave_size": 1}
    assert chosen(make_ticket()) == [wu.technician_id]


def test_a_wave_without_anybody_still_stands(lotus_db: Branch) -> None:
    Technician.objects.update(on_duty=False)
    ticket = make_ticket()
    assert PushWave.objects.get(ticket=ticket).round == 1
    told = make.events()[-1]
    assert (told.kind, told.facts["chosen"]) == ("ticket.wave_pushed", 0)


def test_the_wave_belongs_to_the_ticket_or_to_nothing(lotus_db: Branch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Decided in the ticket's own transaction: no ticket without a wave, no wave without a ticket."""
    from apps.tickets.services import intake

    def fails(*args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(intake, "push_wave", fails)
    with pytest.raises(RuntimeError):
        make_ticket()
    assert not Ticket.objects.exists() and not PushWave.objects.exists()


def test_every_wave_of_a_ticket_is_kept(lotus_db: Branch) -> None:
    ticket = make_ticket(status="submitted")
    do("release", ticket.public_id)
    assert PushWave.objects.get(ticket=ticket).round == 1


def test_a_dispatcher_is_shown_who_could_go_and_who_could_not(lotus_db: Branch, wu: Actor, bo: Actor) -> None:
    change(bo, skills=["tv"])
    found = selectors.suggestions(make_ticket())
    assert found[0].person.technician_id == wu.technician_id and found[0].has_skill
    by_name = {one.person.name: one for one in found}
    assert not by_name["Bo"].has_skill and not by_name["Yun"].person.on_duty


def test_the_distance_agrees_with_ours(lotus_db: Branch) -> None:
    from apps.people import geo
    from apps.people.selectors import nearest_technicians

    for one in nearest_technicians(lat=NEAR[0], lng=NEAR[1], skill="", off_duty=True):
        there = Technician.objects.get(id=one.technician_id)
        assert one.distance_m == pytest.approx(geo.distance_m(*NEAR, there.lat, there.lng), rel=1e-3, abs=0.2)
