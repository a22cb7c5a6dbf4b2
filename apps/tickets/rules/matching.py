"""Who should get the card first. Pure ranking; every number is kept so that a choice can be explained."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol


class Person(Protocol):
    """What the ranking needs to know of a technician."""

    @property
    def technician_id(self) -> int: ...
    @property
    def org_path(self) -> str: ...
    @property
    def open_count(self) -> int: ...
    @property
    def cap(self) -> int: ...
    @property
    def distance_m(self) -> float: ...


@dataclass(frozen=True)
class Ranked:
    """One considered technician; `score_m` is road metres plus load, smaller is better."""

    technician_id: int
    distance_m: float
    open_count: int
    score_m: float
    own_grid: bool
    chosen: bool


def rank(people: Iterable[Person], *, grid_path: str, size: int, penalty_m: int, road_factor: float) -> list[Ranked]:
    """The grid's own people and the nearest by score (domain.md §3.3: road distance + 3 km per open ticket).

    Only who has room under the cap is chosen; the others are kept with their score, unchosen.
    The grid owner's people come first among equals: they are always part of the wave if they have room.
    """
    scored = sorted(people, key=lambda p: (_score(p, penalty_m, road_factor), p.technician_id))
    own = [p for p in scored if _in_grid(p, grid_path) and p.open_count < p.cap][:1]
    nearest = [p for p in scored if p.open_count < p.cap and p not in own][: size - len(own)]
    chosen = {p.technician_id for p in [*own, *nearest]}
    return [
        Ranked(
            p.technician_id, p.distance_m, p.open_count, round(_score(p, penalty_m, road_factor), 1),
            _in_grid(p, grid_path), p.technician_id in chosen,
        )
        for p in scored
    ]  # fmt: skip


def _score(person: Person, penalty_m: int, road_factor: float) -> float:
    return person.distance_m * road_factor + person.open_count * penalty_m


def _in_grid(person: Person, grid_path: str) -> bool:
    return bool(grid_path) and person.org_path == grid_path
