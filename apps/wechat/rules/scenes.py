"""Printed QR codes: what they stand for, and what a form says of one. Pure."""

import re
from collections.abc import Mapping, Sequence

GRID, BUILDING, TECHNICIAN, BIND = "grid", "building", "technician", "bind"
KINDS = (GRID, BUILDING, TECHNICIAN)  # those that are printed; a code to bind somebody lives on a screen
LABEL, ADDRESS = 60, 200
DATUMS = ("wgs84", "gcj02")
_POINT = re.compile(r"\s*(-?\d{1,3}(?:\.\d+)?)\s*[,，;；\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*")


def judge(given: Mapping[str, str]) -> dict[str, str]:
    """Field to broken rule: missing, long, point, kind, datum. The rest is asked of the organisation."""
    wrong: dict[str, str] = {}
    if given["kind"] not in KINDS:
        return {"kind": "kind"}
    if given["kind"] == BUILDING and not given["label"].strip():
        wrong["label"] = "missing"
    for name, most in (("label", LABEL), ("address", ADDRESS)):
        if len(given[name].strip()) > most:
            wrong[name] = "long"
    if given["point"].strip() and point_of(given["point"]) is None:
        wrong["point"] = "point"
    if given["datum"] not in DATUMS:
        wrong["datum"] = "datum"
    return wrong


def point_of(text: str) -> tuple[float, float] | None:
    """`43.93, 116.08`: latitude, then longitude, as maps show it; None for anything else or nowhere on earth."""
    found = _POINT.fullmatch(text)
    if found is None:
        return None
    lat, lng = float(found[1]), float(found[2])
    return (lat, lng) if -90 <= lat <= 90 and -180 <= lng <= 180 and (lat, lng) != (0.0, 0.0) else None


def findable(address: str, keywords: Sequence[str], name: str) -> str:
    """An address by which intake finds the grid: one of its keywords stands in it."""
    if any(word and word in address for word in keywords):
        return address
    word = next((one for one in keywords if one), name)
    return f"{word} {address}".strip()
