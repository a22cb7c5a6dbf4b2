"""The little map, drawn by ourselves: fields around the seats, tickets, people. Pure; works without any tiles.

Fields are the Voronoi cells of the seats: a sketch of who is nearest, not a border of anything.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import cos, hypot, radians
from statistics import median

WIDTH, HEIGHT, MARGIN = 392, 232, 30
EDGE = 14  # what lies outside the sheet stands at its edge
NEAR = 21  # markers closer than this become one with a number
CROWD = 9  # seats; above it people are dots without names
GLYPH, LINE = 11.5, 14  # a label's size, for the collision test
AROUND = ((0, 20), (0, -15), (1, 4), (-1, 4), (0, 30), (0, -26), (1, 15), (-1, 15), (1, -9), (-1, -9))
XY = tuple[float, float]
Box = tuple[float, float, float, float]


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
class Label:
    x: float
    y: float
    text: str


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
    place = _projection(_heart(list(seats) or [*tickets, *people]))
    sites = {seat: place(seat.lat, seat.lng) for seat in seats}
    markers = _markers(tickets, place)
    folk = [(person, place(person.lat, person.lng)) for person in people]
    taken = [_ground(marker) for marker in markers] + [(x - 5, y - 5, x + 5, y + 5) for _, (x, y) in folk]
    seat_labels = _labels(((seat.name, at) for seat, at in sites.items()), taken, sites=list(sites.values()))
    room = 8 if len(seats) <= CROWD else 0  # on a sheet of the whole league names would only cover each other
    person_labels = _labels(((person.name, at) for person, at in folk), taken, most=room)
    return Drawing(_fields(sites), markers, [at for _, at in folk], seat_labels, person_labels)


def _heart(spots: Sequence[Seat | Spot]) -> list[Seat | Spot]:
    """Those that decide the scale: one far away on the steppe must not press a whole town into a dot."""
    if len(spots) < 4:
        return list(spots)
    lat, lng = median(s.lat for s in spots), median(s.lng for s in spots)
    away = {spot: hypot(spot.lat - lat, (spot.lng - lng) * cos(radians(lat))) for spot in spots}
    usual = median(away.values())
    return [spot for spot in spots if away[spot] <= 5 * usual]


def _projection(spots: Sequence[Seat | Spot]) -> Callable[[float, float], XY]:
    """Degrees to the sheet: as wide as it must be, true to shape in the middle of the area."""
    lats, lngs = [s.lat for s in spots] or [0.0], [s.lng for s in spots] or [0.0]
    middle, centre = (min(lats) + max(lats)) / 2, (min(lngs) + max(lngs)) / 2
    squeeze = cos(radians(middle))
    wide = max((max(lngs) - min(lngs)) * squeeze, 0.02)
    high = max(max(lats) - min(lats), 0.02)
    scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)

    def place(lat: float, lng: float) -> XY:
        x = WIDTH / 2 + (lng - centre) * squeeze * scale
        y = HEIGHT / 2 - (lat - middle) * scale
        return round(min(max(x, EDGE), WIDTH - EDGE), 1), round(min(max(y, EDGE), HEIGHT - EDGE), 1)

    return place


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


# -- labels ------------------------------------------------------------------------------------------------------


def _labels(
    wanted: Iterable[tuple[str, XY]], taken: list[Box], most: int = 40, sites: Sequence[XY] = ()
) -> list[Label]:
    """Each label at the first free place around its point, never in a foreign field; one without a place stays away."""
    found: list[Label] = []
    for text, (x, y) in wanted:
        for dx, dy in AROUND:
            label = _at(text, x, y, dx, dy)
            box = _box(label)
            free = _inside(box) and not any(_meet(box, other) for other in taken)
            if len(found) < most and free and _at_home(label, (x, y), sites):
                taken.append(box)
                found.append(label)
                break
    return found


def _at_home(label: Label, own: XY, sites: Sequence[XY]) -> bool:
    """Its middle is nearer to its own point than to any other: nobody reads it as the neighbour's name."""
    nearest = min(sites, key=lambda site: hypot(site[0] - label.x, site[1] - label.y + 4), default=own)
    return nearest == own


def _ground(marker: Marker) -> Box:
    """What a marker covers: its ring, the triangle above when it is late, the number below when it is several."""
    right = 26 if len(marker.spots) > 1 else 16 if marker.late else 12
    return marker.x - 12, marker.y - (16 if marker.late else 12), marker.x + right, marker.y + 16


def _at(text: str, x: float, y: float, dx: float, dy: float) -> Label:
    sideways = dx * (len(text) * GLYPH / 2 + 16)
    return Label(round(x + sideways, 1), round(y + dy, 1), text)


def _box(label: Label) -> Box:
    half = len(label.text) * GLYPH / 2 + 2
    return label.x - half, label.y - LINE + 3, label.x + half, label.y + 3


def _inside(box: Box) -> bool:
    return box[0] >= 2 and box[1] >= 2 and box[2] <= WIDTH - 2 and box[3] <= HEIGHT


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


# -- fields ------------------------------------------------------------------------------------------------------


def _fields(sites: dict[Seat, XY]) -> list[Field]:
    if len(sites) < 2:
        return []
    land = _land(list(sites.values()))
    cells = []
    for seat, here in sites.items():
        cell = land
        for other in sites.values():
            if other != here:
                cell = _nearer(cell, here, other)
        if len(cell) > 2:
            cells.append(Field(seat, " ".join(f"{x:.1f},{y:.1f}" for x, y in cell)))
    return cells


def _land(points: list[XY], reach: float = 34) -> list[XY]:
    """The ground under all seats: the hull of small octagons around them, cut to the sheet."""
    corners = [(1, 0.4), (0.4, 1), (-0.4, 1), (-1, 0.4), (-1, -0.4), (-0.4, -1), (0.4, -1), (1, -0.4)]
    around = {
        (min(max(x + dx * reach, 4), WIDTH - 4), min(max(y + dy * reach, 4), HEIGHT - 4))
        for x, y in points
        for dx, dy in corners
    }
    return _hull(sorted(around))


def _hull(points: list[XY]) -> list[XY]:
    """Andrew's monotone chain."""

    def half(ordered: list[XY]) -> list[XY]:
        out: list[XY] = []
        for point in ordered:
            while len(out) > 1 and _turn(out[-2], out[-1], point) <= 0:
                out.pop()
            out.append(point)
        return out[:-1]

    return half(points) + half(points[::-1])


def _turn(a: XY, b: XY, c: XY) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _nearer(cell: list[XY], here: XY, other: XY) -> list[XY]:
    """What of the cell is nearer to `here` than to `other`: one cut along the bisector."""

    def side(point: XY) -> float:
        return (hypot(point[0] - other[0], point[1] - other[1]) ** 2) - hypot(
            point[0] - here[0], point[1] - here[1]
        ) ** 2

    out: list[XY] = []
    for number, point in enumerate(cell):
        before, a, b = cell[number - 1], side(cell[number - 1]), side(point)
        if (a >= 0) != (b >= 0):
            share = a / (a - b)
            out.append((before[0] + (point[0] - before[0]) * share, before[1] + (point[1] - before[1]) * share))
        if b >= 0:
            out.append(point)
    return out
