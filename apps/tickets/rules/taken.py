"""Where and when a picture says it was taken, and whether that fits its ticket. Pure.

A camera writes this into the file (EXIF); we read it before it is dropped. It is a hint, never a proof: a phone may
not know, and anybody can change it. So it is shown and blocks nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from math import isfinite
from typing import Any

from apps.people import geo
from apps.tickets.rules.calendar import ZONE

TAKEN, WRITTEN, TAKEN_OFFSET = 0x9003, 0x0132, 0x9011
NORTH, LAT, EAST, LNG, DATUM = 1, 2, 3, 4, 18
EARLIEST = datetime(2010, 1, 1, tzinfo=ZONE)  # a camera whose clock was never set says 1970, 1980 or 2000
AHEAD = timedelta(days=1)  # a clock that runs fast is forgiven so much
UNREADABLE = (TypeError, ValueError, ZeroDivisionError, OverflowError, IndexError, KeyError, AttributeError)


@dataclass(frozen=True)
class Taken:
    """What the camera wrote: moment and place (WGS-84); None where it says nothing one could believe."""

    at: datetime | None = None
    lat: float | None = None
    lng: float | None = None


UNKNOWN = Taken()


def read(told: Mapping[int, Any], place: Mapping[int, Any], now: datetime) -> Taken:
    """From the numbered tags of EXIF and of its GPS part."""
    point = _point(place) or (None, None)
    return Taken(_moment(told, now), *point)


def _moment(told: Mapping[int, Any], now: datetime) -> datetime | None:
    """The camera's wall clock; without an offset of its own it is the branch's."""
    written = _text(told.get(TAKEN) or told.get(WRITTEN))
    try:
        at = datetime.strptime(written[:19], "%Y:%m:%d %H:%M:%S").replace(tzinfo=_zone(_text(told.get(TAKEN_OFFSET))))
        return at if EARLIEST <= at <= now + AHEAD else None
    except UNREADABLE:
        return None


def _zone(offset: str) -> timezone:
    """+08:00; anything else is ours."""
    try:
        zone = datetime.strptime(offset, "%z").tzinfo
    except ValueError:
        return ZONE
    return zone if isinstance(zone, timezone) else ZONE


def _point(place: Mapping[int, Any]) -> tuple[float, float] | None:
    """Latitude and longitude in WGS-84; nothing for null island, for half a point or for a datum nobody knows."""
    datum = _text(place.get(DATUM)).upper().replace("-", "").replace(" ", "")
    try:
        lat = _degrees(place[LAT], _text(place.get(NORTH)).upper().startswith("S"))
        lng = _degrees(place[LNG], _text(place.get(EAST)).upper().startswith("W"))
    except UNREADABLE:
        return None
    if not (isfinite(lat) and isfinite(lng) and geo.valid(lat, lng)):
        return None
    if datum.startswith("GCJ"):
        lat, lng = geo.to_wgs84(lat, lng, "gcj02")
    elif datum and not datum.startswith("WGS"):
        return None
    return round(lat, 6), round(lng, 6)


def _degrees(parts: Any, negative: bool) -> float:
    """Degrees, minutes and seconds as one number."""
    degrees, minutes, seconds = (float(part) for part in (*parts, 0, 0)[:3])
    found = degrees + minutes / 60 + seconds / 3600
    return -found if negative else found


def _text(value: Any) -> str:
    raw = value.decode("ascii", "ignore") if isinstance(value, bytes) else str(value or "")
    return raw.strip("\0 ")


@dataclass(frozen=True)
class Check:
    """How a picture fits its ticket. `metres` from the ticket's place, `early` before it could have been taken."""

    metres: float | None = None
    far: bool = False
    early: timedelta | None = None

    @property
    def doubtful(self) -> bool:
        """Should somebody look twice?"""
        return self.far or self.early is not None


def check(taken: Taken, *, place: tuple[float, float] | None, near_m: float, since: datetime) -> Check:
    """Against the ticket's own place (None: not known) and the earliest moment that makes sense."""
    metres = None
    if place is not None and taken.lat is not None and taken.lng is not None:
        metres = round(geo.distance_m(taken.lat, taken.lng, *place), 1)
    early = since - taken.at if taken.at is not None and taken.at < since else None
    return Check(metres, metres is not None and metres > near_m, early)
