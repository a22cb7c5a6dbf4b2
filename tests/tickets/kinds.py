"""A type that asks a field of every kind: as the editor keeps it, as a page's form sends it, as the ticket keeps it."""

from typing import Any

from apps.tickets.rules.definitions import CHOICE_KINDS, FIELD_KINDS, PICTURE_KINDS

OPTIONS = [{"code": "a", "zh": "甲", "en": "A"}, {"code": "b", "zh": "乙", "en": "B"}]
TEXTS: dict[str, dict[str, Any]] = {
    "text": {"": "皮线 drop"}, "number": {"": "-19.5"}, "choice": {"": "b"}, "choices": {"": ["a", "b"]},
    "date": {"": "2026-03-02"}, "datetime": {"": "2026-03-02T10:00"}, "yes_no": {"": "no"},
    "serial": {"": "zteg 1234"}, "location": {"-lat": "43.95", "-lng": "116.05", "-crs": "wgs84"},
}  # fmt: skip
KEPT: dict[str, Any] = {
    "text": "皮线 drop", "number": -19.5, "choice": "b", "choices": ["a", "b"], "date": "2026-03-02",
    "datetime": "2026-03-02T10:00:00+08:00", "yes_no": False, "serial": "ZTEG1234",
    "location": {"lat": 43.95, "lng": 116.05},
}  # fmt: skip
SHOWN = ("皮线 drop", "-19.5 dBm", "2026-03-02 10:00", "ZTEG1234", "43.95000, 116.05000")


def asked(stage: str) -> list[dict[str, Any]]:
    """A field of every kind, each to be filled in."""
    return [
        {
            "key": kind, "kind": kind, "zh": f"要{kind}", "en": f"The {kind}", "stage": stage, "required": True,
            "unit": "dBm" if kind == "number" else "", "options": OPTIONS if kind in CHOICE_KINDS else [],
        }
        for kind in FIELD_KINDS
    ]  # fmt: skip


def typed(prefix: str) -> dict[str, Any]:
    """What a form sends of them; the pictures are the test's own."""
    return {f"{prefix}-{kind}{part}": text for kind, parts in TEXTS.items() for part, text in parts.items()}


def kept(pictures: dict[str, str]) -> dict[str, Any]:
    """What the ticket keeps; `pictures`: the public id for `photo` and `signature`."""
    return KEPT | {"photo": [pictures["photo"]], "signature": pictures["signature"]}


assert set(KEPT) | set(PICTURE_KINDS) == set(FIELD_KINDS) == set(TEXTS) | set(PICTURE_KINDS)
