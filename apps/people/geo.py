"""Coordinates: WGS-84 inside; GCJ-02 only at the edges (WeChat's map, 高德, 腾讯). Pure.

The shift formula is the public one used by every Chinese map converter; identity outside China.
"""

from math import asin, cos, pi, radians, sin, sqrt

EARTH_M = 6_378_168.0  # earthdistance's own radius, so that distances agree with the database
_A = 6_378_245.0
_EE = 0.006_693_421_622_965_943


def distance_m(lat1: float, lng1: float, lat2: float, lng2: float) -> float:
    """Great-circle metres between two WGS-84 points."""
    dlat, dlng = radians(lat2 - lat1), radians(lng2 - lng1)
    h = sin(dlat / 2) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(dlng / 2) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(h)))


def to_gcj02(lat: float, lng: float) -> tuple[float, float]:
    """WGS-84 → GCJ-02."""
    if not in_china(lat, lng):
        return lat, lng
    dlat, dlng = _shift(lat, lng)
    return lat + dlat, lng + dlng


def to_wgs84(lat: float, lng: float, datum: str = "gcj02") -> tuple[float, float]:
    """GCJ-02 → WGS-84 by fixed-point steps (error < 1 cm); other datums pass unchanged."""
    if datum != "gcj02" or not in_china(lat, lng):
        return lat, lng
    guess = lat, lng
    for _ in range(5):
        there = to_gcj02(*guess)
        guess = guess[0] + lat - there[0], guess[1] + lng - there[1]
    return guess


def in_china(lat: float, lng: float) -> bool:
    """Roughly: the box in which the shift applies."""
    return 0.8293 < lat < 55.8271 and 72.004 < lng < 137.8347


def valid(lat: float, lng: float) -> bool:
    """A point on earth, and not the null island of a broken phone."""
    return -90 <= lat <= 90 and -180 <= lng <= 180 and (abs(lat) > 1e-6 or abs(lng) > 1e-6)


def _shift(lat: float, lng: float) -> tuple[float, float]:
    x, y = lng - 105.0, lat - 35.0
    wave = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + wave
    north += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3 + (
        160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)
    ) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + wave
    east += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3 + (
        150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)
    ) * 2 / 3
    magic = 1 - _EE * sin(radians(lat)) ** 2
    dlat = north * 180 / (_A * (1 - _EE) / (magic * sqrt(magic)) * pi)
    dlng = east * 180 / (_A / sqrt(magic) * cos(radians(lat)) * pi)
    return dlat, dlng
