"""The map of the region, drawn by ourselves: each branch at its seat with colour, shape and number; a way into each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

from apps.headquarters.branches_read import name_of, seat_of
from apps.headquarters.reporting.figures import LOOKS, level_word
from steppe.ui.sketch import XY, Box, Label, Sheet
from tenants.models import Tenant

SHEET = Sheet(720, 380, margin=70, edge=34, glyph=13, line=16, reach=78)
LARGEST, SMALLEST, CROWD = 30, 17, 40
DOT = 8  # among many branches a dot has no room for a number


@dataclass(frozen=True)
class Shown:
    """What a branch is marked with: the figure's text, how it stands (reporting/figures.py LOOKS), how much is open."""

    text: str
    level: str
    open: int
    link: str


@dataclass(frozen=True)
class Marker:
    """A branch on the sheet. The shape stands at the disc's shoulder."""

    x: float
    y: float
    r: float
    name: str
    shown: Shown
    numbered: bool

    @property
    def look(self) -> str:
        return LOOKS[self.shown.level]

    @property
    def level_word(self) -> str:
        return level_word(self.shown.level)

    @property
    def shoulder(self) -> XY:
        return round(self.x + self.r * 0.55, 1), round(self.y - self.r * 0.55 - 14, 1)


@dataclass(frozen=True)
class Region:
    """The drawing, and who has no place on it yet."""

    fields: Sequence[tuple[str, str, str]]  # points, level, link
    markers: Sequence[Marker]
    labels: Sequence[Label]
    unplaced: Sequence[tuple[str, Shown]]
    width: float = SHEET.width
    height: float = SHEET.height


@dataclass(frozen=True)
class Seat:
    lat: float
    lng: float


def region(branches: Sequence[Tenant], shown: Mapping[str, Shown]) -> Region:
    """All branches; `shown` by their codes. No query."""
    placed = [(one, seat) for one in branches if (seat := seat_of(one)) and one.code in shown]
    sites, cells = _drawn(tuple(seat for _one, seat in placed))
    most = max((shown[one.code].open for one, _seat in placed), default=0) or 1
    crowded = len(placed) > CROWD
    markers = [_marker(one, at, shown[one.code], most, crowded) for (one, _seat), at in zip(placed, sites, strict=True)]
    fields = [
        (points, marker.shown.level, marker.shown.link)
        for points, marker in zip(cells, markers, strict=True) if points
    ]  # fmt: skip
    taken: list[Box] = [(m.x - m.r, m.y - m.r, m.x + m.r, m.y + m.r) for m in markers]
    below = [(m.name, (m.x, m.y + m.r - 6)) for m in markers]
    labels = SHEET.labels(below, taken, most=60, sites=[at for _name, at in below])
    away = [(name_of(one), shown[one.code]) for one in branches if seat_of(one) is None and one.code in shown]
    return Region(fields, markers, labels, away)


@lru_cache(maxsize=16)
def _drawn(seats: tuple[tuple[float, float], ...]) -> tuple[list[XY], list[str]]:
    """Where they stand and the fields around them: the same until a branch comes or moves."""
    place = SHEET.projection([Seat(*seat) for seat in seats])
    sites = [place(*seat) for seat in seats]
    return sites, SHEET.fields(sites)


def _marker(branch: Tenant, at: XY, shown: Shown, most: int, crowded: bool) -> Marker:
    """The disc's area grows with what is open."""
    radius = DOT if crowded else max(LARGEST * sqrt(shown.open / most), SMALLEST)
    return Marker(*at, round(radius, 1), name_of(branch), shown, not crowded)
