"""A map drawn by ourselves, without any tiles: places on a sheet, fields around them, names that cover nobody. Pure.

Fields are the Voronoi cells of the places: a sketch of who is nearest, not a border of anything.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import cos, hypot, radians
from statistics import median
from typing import Protocol, TypeVar

XY = tuple[float, float]
Box = tuple[float, float, float, float]
AROUND = ((0, 20), (0, -15), (1, 4), (-1, 4), (0, 30), (0, -26), (1, 15), (-1, 15), (1, -9), (-1, -9))
CORNERS = ((1, 0.4), (0.4, 1), (-0.4, 1), (-1, 0.4), (-1, -0.4), (-0.4, -1), (0.4, -1), (1, -0.4))


class Placed(Protocol):
    """Anything with a place, WGS-84."""

    @property
    def lat(self) -> float: ...
    @property
    def lng(self) -> float: ...


P = TypeVar("P", bound=Placed)


@dataclass(frozen=True)
class Label:
    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Sheet:
    """The paper: its size, the margin that stays free, how near to the edge anything may come, a letter's size."""

    width: float
    height: float
    margin: float = 30
    edge: float = 14  # what lies outside the sheet stands at its edge
    glyph: float = 11.5
    line: float = 14
    reach: float = 34  # how far the ground goes around a place

    def projection(self, spots: Sequence[P]) -> Callable[[float, float], XY]:
        """Degrees to the sheet: as wide as it must be, true to shape in the middle of the area."""
        lats, lngs = [s.lat for s in spots] or [0.0], [s.lng for s in spots] or [0.0]
        middle, centre = (min(lats) + max(lats)) / 2, (min(lngs) + max(lngs)) / 2
        squeeze = cos(radians(middle))
        wide = max((max(lngs) - min(lngs)) * squeeze, 0.02)
        high = max(max(lats) - min(lats), 0.02)
        scale = min((self.width - 2 * self.margin) / wide, (self.height - 2 * self.margin) / high)

        def place(lat: float, lng: float) -> XY:
            x = self.width / 2 + (lng - centre) * squeeze * scale
            y = self.height / 2 - (lat - middle) * scale
            edge = self.edge
            return round(min(max(x, edge), self.width - edge), 1), round(min(max(y, edge), self.height - edge), 1)

        return place

    def fields(self, sites: Sequence[XY]) -> list[str]:
        """The cell of each site as `points` of an SVG polygon; empty where it has none."""
        if len(sites) < 2:
            return ["" for _ in sites]
        land = self._land(sites)
        return [" ".join(f"{x:.1f},{y:.1f}" for x, y in _cell(here, sites, land)) for here in sites]

    def labels(
        self, wanted: Iterable[tuple[str, XY]], taken: list[Box], most: int = 40, sites: Sequence[XY] = ()
    ) -> list[Label]:
        """Each at the first free place around its point, never in a foreign field; one without a place stays away."""
        found: list[Label] = []
        for text, (x, y) in wanted:
            for dx, dy in AROUND:
                label = self._at(text, x, y, dx, dy)
                box = self._box(label)
                free = self._inside(box) and not any(_meet(box, other) for other in taken)
                if len(found) < most and free and _at_home(label, (x, y), sites):
                    taken.append(box)
                    found.append(label)
                    break
        return found

    def _at(self, text: str, x: float, y: float, dx: float, dy: float) -> Label:
        sideways = dx * (len(text) * self.glyph / 2 + 16)
        return Label(round(x + sideways, 1), round(y + dy, 1), text)

    def _box(self, label: Label) -> Box:
        half = len(label.text) * self.glyph / 2 + 2
        return label.x - half, label.y - self.line + 3, label.x + half, label.y + 3

    def _inside(self, box: Box) -> bool:
        return box[0] >= 2 and box[1] >= 2 and box[2] <= self.width - 2 and box[3] <= self.height

    def _land(self, points: Sequence[XY]) -> list[XY]:
        """The ground under all places: the hull of small octagons around them, cut to the sheet."""
        around = {
            (
                min(max(x + dx * self.reach, 4), self.width - 4),
                min(max(y + dy * self.reach, 4), self.height - 4),
            )
            for x, y in points
            for dx, dy in CORNERS
        }
        return _hull(sorted(around))


def heart(spots: Sequence[P]) -> list[P]:
    """Those that decide the scale: one far away on the steppe must not press a whole town into a dot."""
    if len(spots) < 4:
        return list(spots)
    lat, lng = median(s.lat for s in spots), median(s.lng for s in spots)
    away = [hypot(spot.lat - lat, (spot.lng - lng) * cos(radians(lat))) for spot in spots]
    usual = median(away)
    return [spot for spot, far in zip(spots, away, strict=True) if far <= 5 * usual]


def _at_home(label: Label, own: XY, sites: Sequence[XY]) -> bool:
    """Its middle is nearer to its own point than to any other: nobody reads it as the neighbour's name."""
    nearest = min(sites, key=lambda site: hypot(site[0] - label.x, site[1] - label.y + 4), default=own)
    return nearest == own


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _cell(here: XY, sites: Sequence[XY], land: list[XY]) -> list[XY]:
    """What of the land is nearest to here. The nearest others cut first: soon the rest is too far away to matter."""
    cell = land
    for away, other in sorted((hypot(other[0] - here[0], other[1] - here[1]), other) for other in sites):
        if not away:
            continue  # itself, or another one in the very same place
        if not cell or away > 2 * max(hypot(x - here[0], y - here[1]) for x, y in cell):
            break
        cell = _nearer(cell, here, other)
    return cell if len(cell) > 2 else []


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
