"""The little map: fields around the seats, tickets, people on one sheet (steppe/ui/sketch.py draws). Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import hypot

from steppe.ui.sketch import XY, Box, Label, Sheet, heart

SHEET = Sheet(392, 232)
NEAR = 21  # markers closer than this become one with a number
CROWD = 9  # seats; above it people are dots without names


@dataclass(frozen=True)
class Seat:
    """A node of the organisation with a place."""

    code: str
    name: str
    lat: float
    lng: float


@dataclass(frozen=True)
class Spot:
    """Something to mark: a ticket's id and look, or a person's name."""

    lat: float
    lng: float
    name: str
    status: str = ""
    late: bool = False


@dataclass
class Marker:
    """Spots that stand together; the last one drawn on top gives the look."""

    x: float
    y: float
    spots: list[Spot]

    @property
    def top(self) -> Spot:
        return next((spot for spot in self.spots if spot.late), self.spots[0])

    @property
    def late(self) -> bool:
        return any(spot.late for spot in self.spots)

    @property
    def names(self) -> str:
        return " ".join(spot.name for spot in self.spots)


@dataclass(frozen=True)
class Field:
    """A seat's cell as `points` of an SVG polygon."""

    seat: Seat
    points: str


@dataclass(frozen=True)
class Drawing:
    fields: list[Field]
    markers: list[Marker]
    people: list[XY]
    seat_labels: list[Label]
    person_labels: list[Label]


def draw(seats: Sequence[Seat], tickets: Sequence[Spot], people: Sequence[Spot]) -> Drawing:
    """Everything placed on the sheet, no two labels over each other."""
    spots: list[Seat | Spot] = list(seats) or [*tickets, *people]
    place = SHEET.projection(heart(spots))
    sites = {seat: place(seat.lat, seat.lng) for seat in seats}
    markers = _markers(tickets, place)
    folk = [(person, place(person.lat, person.lng)) for person in people]
    taken = [_ground(marker) for marker in markers] + [(x - 5, y - 5, x + 5, y + 5) for _, (x, y) in folk]
    seat_labels = SHEET.labels(((seat.name, at) for seat, at in sites.items()), taken, sites=list(sites.values()))
    room = 8 if len(seats) <= CROWD else 0  # on a sheet of the whole league names would only cover each other
    person_labels = SHEET.labels(((person.name, at) for person, at in folk), taken, most=room)
    cells = zip(sites, SHEET.fields(list(sites.values())), strict=True)
    fields = [Field(seat, points) for seat, points in cells if points]
    return Drawing(fields, markers, [at for _, at in folk], seat_labels, person_labels)


def _markers(spots: Iterable[Spot], place: Callable[[float, float], XY]) -> list[Marker]:
    found: list[Marker] = []
    for spot in spots:
        x, y = place(spot.lat, spot.lng)
        near = next((m for m in found if hypot(m.x - x, m.y - y) < NEAR), None)
        if near:
            near.spots.append(spot)
        else:
            found.append(Marker(x, y, [spot]))
    return sorted(found, key=lambda marker: marker.late)


def _ground(marker: Marker) -> Box:
    """What a marker covers: its ring, the triangle above when it is late, the number below when it is several."""
    right = 26 if len(marker.spots) > 1 else 16 if marker.late else 12
    return marker.x - 12, marker.y - (16 if marker.late else 12), marker.x + right, marker.y + 16
