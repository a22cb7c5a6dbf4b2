"""The ranking is pure: nearest by road and load, own grid first, nobody over the cap, everything explained."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from apps.tickets.rules.matching import Ranked, rank

GRID = "/1/2/4/"


@dataclass(frozen=True)
class Somebody:
    technician_id: int
    org_path: str
    open_count: int
    cap: int
    distance_m: float

    @property
    def has_room(self) -> bool:
        return self.open_count < self.cap


somebody = st.builds(
    Somebody, st.integers(1, 10_000), st.sampled_from([GRID, "/1/2/5/", "/1/2/", "/1/3/40/"]), st.integers(0, 6),
    st.integers(0, 5), st.floats(0, 500_000),
)  # fmt: skip
crew = st.lists(somebody, max_size=12, unique_by=lambda one: one.technician_id)
sizes = st.integers(1, 6)


def ranked(people: list[Somebody], size: int, grid: str = GRID) -> list[Ranked]:
    return rank(people, grid_path=grid, size=size, penalty_m=3000, road_factor=1.3)


@given(crew, sizes)
def test_everybody_is_kept_in_order_of_score(people: list[Somebody], size: int) -> None:
    found = ranked(people, size)
    assert {one.technician_id for one in found} == {one.technician_id for one in people}
    assert [one.score_m for one in found] == sorted(one.score_m for one in found)


@given(crew, sizes)
def test_nobody_without_room_is_chosen_and_never_more_than_asked(people: list[Somebody], size: int) -> None:
    room = {one.technician_id for one in people if one.has_room}
    chosen = {one.technician_id for one in ranked(people, size) if one.chosen}
    assert chosen <= room and len(chosen) == min(size, len(room))


@given(crew, sizes)
def test_the_best_of_the_own_grid_is_always_among_them(people: list[Somebody], size: int) -> None:
    own = [one for one in ranked(people, size) if one.own_grid]
    free = [one for one in own if one.technician_id in {p.technician_id for p in people if p.has_room}]
    assert not free or free[0].chosen


@given(crew, sizes)
def test_of_the_others_no_worse_one_is_chosen_before_a_better(people: list[Somebody], size: int) -> None:
    room = {one.technician_id for one in people if one.has_room}
    for grid in ("", GRID):
        others = [one for one in ranked(people, size, grid) if one.technician_id in room and not one.own_grid]
        assert [one.chosen for one in others] == sorted((one.chosen for one in others), reverse=True)


@given(crew, sizes, st.randoms())
def test_the_order_in_which_they_are_asked_does_not_matter(people: list[Somebody], size: int, random: object) -> None:
    shuffled = list(people)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert ranked(shuffled, size) == ranked(people, size)


@given(somebody)
def test_the_score_is_road_and_load(one: Somebody) -> None:
    [found] = ranked([one], 1)
    assert found.score_m == round(one.distance_m * 1.3 + one.open_count * 3000, 1)
    assert (found.distance_m, found.open_count, found.own_grid) == (
        one.distance_m,
        one.open_count,
        one.org_path == GRID,
    )


def test_the_owner_goes_before_a_nearer_stranger_only_as_far_as_there_is_room() -> None:
    owner, near = Somebody(1, GRID, 0, 5, 9000), Somebody(2, "/1/3/", 0, 5, 10)
    assert [one.technician_id for one in ranked([owner, near], 1) if one.chosen] == [1]
    full = Somebody(1, GRID, 5, 5, 9000)
    assert [one.technician_id for one in ranked([full, near], 1) if one.chosen] == [2]
