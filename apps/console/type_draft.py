"""A type while its administrator edits it: read from the form as it was typed, changed by a button, shown again.

Nothing is kept and nothing judged here; publishing is the service's. What cannot be read as a number stays as it was
typed, so that the refusal stands beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.http import QueryDict

from apps.tickets.rules.definitions import AREAS, CHOICE_KINDS, FIELD_KINDS, HOURS, STAGES, Definition
from apps.tickets.rules.forms import number

if TYPE_CHECKING:
    from apps.tickets.models import TypeVersion

FACE = ("name_zh", "name_en", "kind", "family", "icon", "hq_code")
NUMBERS = ("accept_minutes", "contact_minutes", "dept_hours", "priority", "callback_pct", "photos")
TEXTS = ("base_points", "script", "appointment", "dispatch_rule", "first_queue")
PARTS = ("key", "kind", "zh", "en", "stage", "unit")
MOST = 100  # rows of one kind that a form may send
Row = dict[str, Any]


@dataclass
class Draft:
    """`number`: the version it started from, 0 for a new type. `touched`: the field a button has just changed."""

    code: str = ""
    number: int = 0
    face: Row = field(default_factory=dict)
    body: Row = field(default_factory=dict)
    note: str = ""
    touched: int | None = None

    @classmethod
    def of(cls, version: "TypeVersion", *, number: int, code: str = "") -> "Draft":
        """A version to be changed; with another `code` a new type that starts from it."""
        kind = version.type
        face = {name: getattr(kind, name) for name in (*FACE, "customer_may_report")}
        return cls(code or kind.code, number, face, version.definition.write())

    @classmethod
    def empty(cls) -> "Draft":
        """A new type."""
        face = {"name_zh": "", "name_en": "", "kind": "work", "family": "", "icon": "wrench", "hq_code": "other"}
        return cls(face={**face, "customer_may_report": False}, body=Definition().write())

    @classmethod
    def read(cls, told: QueryDict) -> "Draft":
        """The form as it stands."""
        face: Row = {name: told.get(name, "").strip() for name in FACE}
        face["customer_may_report"] = bool(told.get("customer_may_report"))
        version = told.get("number", "")
        return cls(
            code=told.get("code", "").strip(), number=int(version) if version.isdecimal() else 0, face=face,
            body=_body(told), note=told.get("note", "").strip(),
        )  # fmt: skip

    def fields_at(self, stage: str) -> list[tuple[int, Row]]:
        """The fields of a stage, each with its place among all."""
        return [(place, one) for place, one in enumerate(self.body["fields"]) if one["stage"] == stage]

    def change(self, do: str, told: QueryDict) -> None:
        """What a button asks: `add:finish`, `up:3`, `option-drop:3:1`, `fee-add`. Anything else changes nothing."""
        name, *given = do.split(":")
        places = [int(one) for one in given if one.isdecimal()]
        if name == "add" and given and given[0] in STAGES:
            self._add(given[0], told.get(f"add_{given[0]}", "text"))
        elif name in {"up", "down"}:
            self._move(places, -1 if name == "up" else 1)
        elif name == "drop":
            _drop(self.body["fields"], places)
        elif name.startswith("option-"):
            self._change_options(name, places)
        elif name == "fee-add":
            self.body["fees"].append({"code": _free("fee", self.body["fees"], "code"), "zh": "", "en": "", "fen": 0})
        elif name == "fee-drop":
            _drop(self.body["fees"], places)

    def _add(self, stage: str, kind: str) -> None:
        kind = kind if kind in FIELD_KINDS else "text"
        options = [{"code": "a", "zh": "", "en": ""}, {"code": "b", "zh": "", "en": ""}]
        fields = self.body["fields"]
        fields.append({
            "key": _free("field", fields, "key"), "kind": kind, "zh": "", "en": "", "stage": stage, "required": False,
            "unit": "", "least": None, "most": None, "options": options if kind in CHOICE_KINDS else [],
        })  # fmt: skip
        self.touched = len(fields) - 1

    def _move(self, places: Sequence[int], way: int) -> None:
        """Past the next field of the same stage."""
        fields = self.body["fields"]
        if not places or places[0] >= len(fields):
            return
        here, stage = places[0], fields[places[0]]["stage"]
        order = [place for place, _ in self.fields_at(stage)]
        there = order.index(here) + way
        if 0 <= there < len(order):
            fields[here], fields[order[there]] = fields[order[there]], fields[here]

    def _change_options(self, name: str, places: Sequence[int]) -> None:
        fields = self.body["fields"]
        if not places or places[0] >= len(fields):
            return
        self.touched, options = places[0], fields[places[0]]["options"]
        if name == "option-add":
            options.append({"code": _free("o", options, "code"), "zh": "", "en": ""})
        elif name == "option-drop":
            _drop(options, places[1:])
        elif name == "option-up" and len(places) > 1 and 0 < places[1] < len(options):
            at = places[1]
            options[at - 1], options[at] = options[at], options[at - 1]


def _drop(rows: list[Row], places: Sequence[int]) -> None:
    if places and places[0] < len(rows):
        rows.pop(places[0])


def _free(stem: str, rows: list[Row], name: str) -> str:
    """A name that no row has yet."""
    taken = {row[name] for row in rows}
    return next(made for place in range(1, len(rows) + 2) if (made := f"{stem}_{place}") not in taken)


def _body(told: QueryDict) -> Row:
    return {
        **{name: _number(told.get(name, "")) for name in NUMBERS},
        **{name: told.get(name, "").strip() for name in TEXTS},
        "remote_allowed": bool(told.get("remote_allowed")),
        "skills": list(dict.fromkeys(told.getlist("skills"))),
        **{name: _hours(told, name.removesuffix("_hours")) for name in HOURS},
        "fields": [_field(told, f"field-{place}-") for place in range(_count(told, "field_count"))],
        "fees": [_fee(told, f"fee-{place}-") for place in range(_count(told, "fee_count"))],
    }


def _hours(told: QueryDict, name: str) -> list[Any]:
    return [_number(told.get(f"{name}-{place}", "")) for place in range(len(AREAS))]


def _field(told: QueryDict, head: str) -> Row:
    row: Row = {name: told.get(head + name, "").strip() for name in PARTS}
    if row["stage"] not in STAGES:
        row["stage"] = STAGES[0]
    options = [_option(told, f"{head}option-{place}-") for place in range(_count(told, f"{head}option_count"))]
    return {
        **row, "required": bool(told.get(f"{head}required")), "options": options,
        **{name: _number(told.get(head + name, ""), empty=None) for name in ("least", "most")},
    }  # fmt: skip


def _option(told: QueryDict, head: str) -> Row:
    return {name: told.get(head + name, "").strip() for name in ("code", "zh", "en")}


def _fee(told: QueryDict, head: str) -> Row:
    return {**_option(told, head), "fen": _fen(told.get(f"{head}yuan", ""))}


def _fen(text: str) -> int | str:
    """Yuan as people write them; what is no amount stays as it was typed."""
    try:
        fen = Decimal(text.strip() or "0") * 100
        return int(fen) if fen == fen.to_integral_value() else text
    except (InvalidOperation, ValueError, OverflowError):
        return text


def _number(text: str, empty: int | None = 0) -> Any:
    return number(text.strip()) if text.strip() else empty


def _count(told: QueryDict, name: str) -> int:
    found = told.get(name, "")
    return min(int(found), MOST) if found.isdecimal() else 0
