"""From GPS coordinates to China's shifted ones, as getLocation offers both (WeChat doc: §1.10)."""

import math

AXIS = 6378245.0
ECCENTRICITY = 0.00669342162296594323


def to_gcj02(lat: float, lng: float) -> tuple[float, float]:
    """The point as Chinese maps draw it; unchanged outside China."""
    if not (0.8293 <= lat <= 55.8271 and 72.004 <= lng <= 137.8347):
        return lat, lng
    x, y = lng - 105.0, lat - 35.0
    north, east = _shift_north(x, y), _shift_east(x, y)
    phi = math.radians(lat)
    magic = 1 - ECCENTRICITY * math.sin(phi) ** 2
    root = math.sqrt(magic)
    meridian = (AXIS * (1 - ECCENTRICITY)) / (magic * root) * math.pi
    parallel = AXIS / root * math.cos(phi) * math.pi
    return lat + north * 180.0 / meridian, lng + east * 180.0 / parallel


def _waves(value: float, *terms: tuple[float, float]) -> float:
    return sum(size * math.sin(value * rate * math.pi) for size, rate in terms) * 2.0 / 3.0


def _shift_north(x: float, y: float) -> float:
    plane = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    return (
        plane
        + _waves(x, (20.0, 6.0), (20.0, 2.0))
        + _waves(y, (20.0, 1.0), (40.0, 1 / 3))
        + _waves(y, (160.0, 1 / 12), (320.0, 1 / 30))
    )


def _shift_east(x: float, y: float) -> float:
    plane = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    return (
        plane
        + _waves(x, (20.0, 6.0), (20.0, 2.0))
        + _waves(x, (20.0, 1.0), (40.0, 1 / 3))
        + _waves(x, (150.0, 1 / 12), (300.0, 1 / 30))
    )
