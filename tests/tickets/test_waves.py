"""Who is told first: the grid's own, then the nearest with room and skill; the choice stays on record."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.people.models import Technician
from apps.people.selectors import nearest_technicians
from apps.tickets.matching import rank
from apps.tickets.models import PushCandidate, PushWave
from tests.cast import FAR, NEAR, Branch
from tests.make import events, make_ticket


def test_the_wave_names_who_score_and_distance(lotus_db: Branch) -> None:
    ticket = make_ticket()
    wave = PushWave.objects.get(ticket=ticket)
    found = list(
        PushCandidate.objects.filter(wave=wave).order_by("rank").values_list("technician__user__name", "chosen")
    )
    assert found == [("Wu", True), ("Bo", True)]
    first = wave.candidates.get(rank=1)
    assert first.distance_m < 10 and first.own_grid and first.score_m == pytest.approx(first.distance_m * 1.3, abs=1)


def test_the_decision_is_an_event_of_the_same_transaction(lotus_db: Branch) -> None:
    ticket = make_ticket()
    told = [event for event in events() if event.kind == "ticket.wave_pushed"]
    assert [(event.public_id, event.facts["chosen"]) for event in told] == [(ticket.public_id, 2)]


def test_off_duty_and_unskilled_people_are_not_asked(lotus_db: Branch) -> None:
    Technician.objects.filter(user__username="bo").update(on_duty=False)
    ticket = make_ticket(type_code="line_repair")
    assert not PushCandidate.objects.filter(wave__ticket=ticket).exists()
    names = PushCandidate.objects.filter(wave__ticket=make_ticket()).values_list("technician__user__name", flat=True)
    assert list(names) == ["Wu"]


def test_who_is_full_is_considered_but_not_chosen(lotus_db: Branch) -> None:
    Technician.objects.filter(user__username="wu").update(open_count=3)
    wave = PushWave.objects.get(ticket=make_ticket())
    assert dict(wave.candidates.values_list("technician__user__name", "chosen")) == {"Wu": False, "Bo": True}


def test_a_wave_nobody_is_chosen_in_still_stands(lotus_db: Branch) -> None:
    Technician.objects.update(on_duty=False)
    assert PushWave.objects.get(ticket=make_ticket()).candidates.count() == 0


def test_nearest_is_nearest_on_the_earth_not_in_degrees(lotus_db: Branch) -> None:
    """At 44° a degree of longitude is 80 km, a degree of latitude 111."""
    Technician.objects.filter(user__username="wu").update(lat=44.0, lng=117.0)  # 73 km east
    Technician.objects.filter(user__username="bo").update(lat=44.8, lng=116.087)  # 96 km north
    found = nearest_technicians(lat=NEAR[0], lng=NEAR[1], skill="broadband", limit=2)
    assert [one.name for one in found] == ["Wu", "Bo"]
    assert found[0].distance_m == pytest.approx(73_500, rel=0.03)


def test_the_far_end_of_the_branch_is_asked_for_its_own(lotus_db: Branch) -> None:
    ticket = make_ticket(address="Willow 3", lat=FAR[0], lng=FAR[1])
    wave = PushWave.objects.get(ticket=ticket)
    assert wave.candidates.get(rank=1, chosen=True).technician.user.name == "Xi"


class _Person:
    def __init__(self, technician_id: int, open_count: int, cap: int, distance_m: float, own: bool) -> None:
        self.technician_id, self.open_count, self.cap, self.distance_m = technician_id, open_count, cap, distance_m
        self.org_path = "/1/2/4/" if own else "/1/3/6/"


_people = st.lists(
    st.builds(_Person, st.integers(1, 99), st.integers(0, 6), st.integers(1, 6), st.floats(0, 300_000), st.booleans()),
    max_size=25, unique_by=lambda person: person.technician_id,
)  # fmt: skip


@given(people=_people, size=st.integers(1, 8))
def test_ranking_keeps_its_promises_for_any_crowd(people: list[_Person], size: int) -> None:
    ranked = rank(people, grid_path="/1/2/4/", size=size, penalty_m=3000, road_factor=1.3)
    by_id = {person.technician_id: person for person in people}
    chosen = [one for one in ranked if one.chosen]
    room = [person for person in people if person.open_count < person.cap]
    assert len(ranked) == len(people) and len(chosen) == min(size, len(room))
    assert all(by_id[one.technician_id].open_count < by_id[one.technician_id].cap for one in chosen)
    assert [one.score_m for one in ranked] == sorted(one.score_m for one in ranked)
    if any(person.org_path == "/1/2/4/" for person in room):
        assert any(one.own_grid for one in chosen)
    passed_over = [one.score_m for one in ranked if not one.chosen and by_id[one.technician_id] in room]
    others = [one.score_m for one in chosen if not one.own_grid]
    assert not passed_over or not others or max(others) <= min(passed_over) + 0.1
