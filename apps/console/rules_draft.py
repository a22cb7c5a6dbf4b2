"""The editor's draft of a rule set: the posted form as a body, numbers as they were typed. The service judges it.

Inputs are named by their place in the body: `area.D`, `quantities.0.points`; `quantities.count` says how many rows.
"""

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import QueryDict

from apps.costing.rules.checking import MOST_ROWS, MOST_TEAM
from apps.costing.rules.rulebook import AREAS, SCORES

Row = dict[str, Any]
TEXT, NUMBER, WHOLE, YUAN, FLAG = "text", "number", "whole", "yuan", "flag"
_NAMES = {"zh": TEXT, "en": TEXT, "code": TEXT}
# The lists of the body: what kind each column is.
ROWS: dict[str, dict[str, str]] = {
    "quantities": {**_NAMES, "field": TEXT, "beyond": NUMBER, "per": NUMBER, "points": NUMBER},
    "difficulties": {**_NAMES, "factor": NUMBER, "needs_leader": FLAG},
    "deductions": {**_NAMES, "points": NUMBER, "review": FLAG},
    "quality.steps": {"until_pct": NUMBER, "factor": NUMBER},
    "month.measures": {"code": TEXT, "weight": WHOLE, "low_pct": NUMBER, "high_pct": NUMBER},
}
# What is one value, by the section of the page it stands in.
SINGLE: dict[str, dict[str, str]] = {
    "area": {f"area.{area}": NUMBER for area in AREAS},
    "time": {"time.night_from": TEXT, "time.night_until": TEXT}
    | {f"time.{name}": NUMBER for name in ("night", "rest", "holiday")},
    "quality": {f"quality.{name}": NUMBER for name in ("later", "floor", "ceiling")}
    | {f"quality.scores.{score}": NUMBER for score in SCORES},
    "travel": {"travel.free_km": NUMBER, "travel.per_km": NUMBER, "travel.who": TEXT},
    "special": {
        f"special.{name}": NUMBER for name in ("remote", "empty_trip", "verification", "no_fault_found", "not_done")
    },
    "deductions": {"deduction_cap": NUMBER},
    "repeat": {"repeat.trouble_days": WHOLE, "repeat.install_days": WHOLE, "repeat.clawback": NUMBER},
    "month": {"month.floor": NUMBER, "month.ceiling": NUMBER},
    "rates": {
        "minutes_per_point": WHOLE, "rates.point_fen": YUAN, "rates.on_cost": NUMBER, "rates.own_km_fen": YUAN,
        "rates.company_km_fen": YUAN, "rates.lodging_km": NUMBER, "rates.share_months": WHOLE,
        "rates.share_pct": WHOLE, "rates.residual_pct": WHOLE,
    },
}  # fmt: skip
GROWING = ("quantities", "difficulties", "deductions", "quality.steps", "shares")
_STARTS = {TEXT: "", NUMBER: "1", WHOLE: 0, YUAN: 0, FLAG: False}


@dataclass
class Draft:
    """A version being edited: its number, the version that was seen, the body and the note."""

    number: int
    version: int
    body: Row
    note: str = ""

    @classmethod
    def of(cls, row: Any) -> "Draft":
        """As it is kept."""
        return cls(row.number, row.version, deepcopy(row.body), row.note)

    @classmethod
    def read(cls, told: QueryDict, number: int) -> "Draft":
        """As it was posted. Nonsense stays as it was typed, or is left out where it has no place at all."""
        body: Row = {"base": _base(told), "shares": _shares(told)}
        for kinds in SINGLE.values():
            for path, kind in kinds.items():
                _put(body, path, _value(told, path, kind))
        for path, columns in ROWS.items():
            _put(body, path, [_row(told, f"{path}.{place}", columns) for place in range(_count(told, path))])
        version = told.get("version", "")
        return cls(number, int(version) if version.isdecimal() and len(version) < 9 else 0, body)

    def change(self, do: str) -> None:
        """A button of the editor: `add:<list>`, `drop:<list>:<place>`. Anything else changes nothing."""
        what, _colon, rest = do.partition(":")
        path, _colon, place = rest.partition(":")
        if path not in GROWING:
            return
        rows = self.rows(path)
        if what == "add" and len(rows) < (MOST_TEAM if path == "shares" else MOST_ROWS):
            rows.append(_new(path, rows))
        elif what == "drop" and place.isdecimal() and int(place[:4]) < len(rows):
            rows.pop(int(place[:4]))

    def rows(self, path: str) -> list[Any]:
        """A list of the body."""
        part: Any = self.body
        for name in path.split("."):
            part = part[name]
        rows: list[Any] = part
        return rows

    def at(self, path: str) -> Any:
        """One value of the body; nothing where the form has none."""
        part: Any = self.body
        for name in path.split("."):
            part = part.get(name, "") if isinstance(part, Mapping) else ""
        return part


def _new(path: str, rows: list[Any]) -> Any:
    if path == "shares":
        people = len(rows) + 1
        return [100 - 100 // people * (people - 1), *[100 // people] * (people - 1)]
    made = {name: _STARTS[kind] for name, kind in ROWS[path].items()}
    return made | ({"code": f"own_{len(rows) + 1}"} if "code" in made else {})


def _base(told: QueryDict) -> Row:
    return {
        name.removeprefix("base."): text.strip() for name, text in told.items()
        if name.startswith("base.") and isinstance(text, str) and text.strip()
    }  # fmt: skip


def _shares(told: QueryDict) -> list[list[int]]:
    """`60 / 40`, or with any other sign between the numbers; an empty row is none."""
    rows = ([int(one[:4]) for one in re.findall(r"[0-9]+", told.get(f"shares.{n}", ""))] for n in range(MOST_TEAM))
    return [row for row in rows if row]


def _row(told: QueryDict, head: str, columns: Mapping[str, str]) -> Row:
    return {name: _value(told, f"{head}.{name}", kind) for name, kind in columns.items()}


def _value(told: QueryDict, name: str, kind: str) -> Any:
    text = told.get(name, "").strip()
    if kind == FLAG:
        return bool(text)
    if kind == WHOLE:
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else text
    return _fen(text) if kind == YUAN else text


def _fen(text: str) -> int | str:
    """Yuan as people write them; what is no amount stays as it was typed."""
    try:
        fen = Decimal(text) * 100
        return int(fen) if fen == fen.to_integral_value() and abs(fen) < 10**12 else text
    except (InvalidOperation, ValueError, OverflowError):
        return text


def _put(body: Row, path: str, value: Any) -> None:
    *steps, last = path.split(".")
    for name in steps:
        body = body.setdefault(name, {})
    body[last] = value


def _count(told: QueryDict, path: str) -> int:
    found = told.get(f"{path}.count", "")
    return min(int(found), MOST_ROWS) if found.isdecimal() and len(found) < 5 else 0
