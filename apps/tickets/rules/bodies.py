"""Does the body of a type version make sense? Its shape as JSON Schema, and what a schema cannot say. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from apps.tickets.rules.catalogue import CODES, ICONS
from apps.tickets.rules.definitions import (
    APPOINTMENTS,
    BOUND_KINDS,
    CHOICE_KINDS,
    DISPATCH_RULES,
    FIELD_KINDS,
    HOURS,
    STAGES,
)
from apps.tickets.rules.forms import LONGEST_TEXT, MOST_PHOTOS
from apps.tickets.rules.judging import TEXT, Complaint, Json, judge, shown

KEY = "^[a-z][a-z0-9_]{0,29}$"
CODE = "^[A-Za-z0-9][A-Za-z0-9_.-]{0,29}$"
YEAR = 366 * 24  # hours
MOST_FIELDS, MOST_OPTIONS, MOST_FEES, MOST_SKILLS = 40, 60, 20, 10
MOST_OPTIONS_IN_ALL = 200  # each is three inputs of the editor, and a page sends no more inputs than the server reads
MOST_FEN = 10_000_000


def face_complaints(face: Mapping[str, Any]) -> list[Complaint]:
    """What is wrong with what lists and menus show of a type."""
    return judge(FACE, dict(face))


def body_complaints(body: Mapping[str, Any]) -> list[Complaint]:
    """What is wrong with a definition; unknown names too. Its shape first, its sense when the shape is right."""
    return judge(BODY, dict(body)) or list(_senseless(body))


def tidied(value: Any) -> Any:
    """The same without the blanks around texts."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, Mapping):
        return {name: tidied(part) for name, part in value.items()}
    return [tidied(part) for part in value] if isinstance(value, list | tuple) else value


def _words(longest: int) -> Json:
    return {"type": "string", "pattern": TEXT, "maxLength": longest}


def _object(needed: list[str], /, **properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": needed, "additionalProperties": False}


def _list(items: Json, most: int) -> Json:
    return {"type": "array", "items": items, "maxItems": most}


def _number(most: float, least: float = 0) -> Json:
    return {"type": "number", "minimum": least, "maximum": most}


def _whole(most: int) -> Json:
    return {"type": "integer", "minimum": 0, "maximum": most}


_NAME: Json = {**_words(40), "minLength": 1}
_BOUND: Json = {"type": ["number", "null"], "minimum": -1_000_000, "maximum": 1_000_000}
_OPTION = _object(["code", "zh"], code={"type": "string", "pattern": CODE}, zh=_NAME, en=_words(60))
_FIELD = _object(
    ["key", "kind", "zh"],
    key={"type": "string", "pattern": KEY},
    kind={"enum": list(FIELD_KINDS)},
    zh=_NAME,
    en=_words(60),
    stage={"enum": list(STAGES)},
    required={"type": "boolean"},
    unit=_words(12),
    least=_BOUND,
    most=_BOUND,
    options=_list(_OPTION, MOST_OPTIONS),
)
_FEE = _object(
    ["code", "zh", "fen"], code={"type": "string", "pattern": CODE}, zh=_NAME, en=_words(60), fen=_whole(MOST_FEN)
)
_HOURS: Json = {**_list(_number(YEAR), 4), "minItems": 4}
BODY = _object(
    [],
    fields=_list(_FIELD, MOST_FIELDS),
    skills={**_list({"type": "string", "pattern": KEY}, MOST_SKILLS), "uniqueItems": True},
    **dict.fromkeys(HOURS, _HOURS),
    accept_minutes=_number(7 * 24 * 60),
    contact_minutes=_number(7 * 24 * 60),
    dept_hours=_number(YEAR),
    priority=_whole(3),
    base_points={"type": "string", "pattern": r"^\d{1,3}(\.\d{1,2})?$"},
    fees=_list(_FEE, MOST_FEES),
    callback_pct=_whole(100),
    script=_words(1000),
    remote_allowed={"type": "boolean"},
    appointment={"enum": list(APPOINTMENTS)},
    dispatch_rule={"enum": list(DISPATCH_RULES)},
    first_queue=_words(20),
    photos=_whole(MOST_PHOTOS),
)

FACE = _object(
    ["code", "name_zh", "kind", "icon", "hq_code"],
    code={"type": "string", "pattern": KEY},
    name_zh=_NAME,
    name_en=_words(40),
    kind={"enum": ["trouble", "work"]},
    family={"type": "string", "pattern": KEY, "maxLength": 20},
    icon={"enum": list(ICONS)},
    customer_may_report={"type": "boolean"},
    hq_code={"enum": list(CODES)},
    note=_words(200),
)


def _senseless(body: Mapping[str, Any]) -> Iterator[Complaint]:
    fields = body.get("fields", [])
    yield from _twice("fields", "key", fields)
    yield from _twice("fees", "code", body.get("fees", []))
    if sum(len(field.get("options", [])) for field in fields) > MOST_OPTIONS_IN_ALL:
        yield Complaint("fields", "options", str(MOST_OPTIONS_IN_ALL))
    for place, field in enumerate(fields):
        for one in _field_complaints(field):
            yield Complaint(f"fields.{place}.{one.path}", one.rule, one.limit)


def _field_complaints(field: Mapping[str, Any]) -> Iterator[Complaint]:
    kind, options = field["kind"], field.get("options", [])
    if kind in CHOICE_KINDS and not options:
        yield Complaint("options", "no_options")
    if kind not in CHOICE_KINDS and options:
        yield Complaint("options", "other_kind")
    if kind != "number" and field.get("unit"):
        yield Complaint("unit", "other_kind")
    yield from _twice("options", "code", options)
    yield from _bounds(kind, field.get("least"), field.get("most"))


def _bounds(kind: str, least: float | None, most: float | None) -> Iterator[Complaint]:
    """Numbers may be bounded freely; lengths and counts are whole, from 1, and below their own limit."""
    if kind not in BOUND_KINDS:
        yield from (
            Complaint(name, "other_kind") for name, bound in (("least", least), ("most", most)) if bound is not None
        )
        return
    if least is not None and most is not None and most < least:
        yield Complaint("most", "least", shown(least))
    if kind == "number":
        return
    ceiling = {"text": LONGEST_TEXT, "photo": MOST_PHOTOS}.get(kind, MOST_OPTIONS)
    for name, bound in (("least", least), ("most", most)):
        if bound is not None and (bound != int(bound) or not 1 <= bound <= ceiling):
            yield Complaint(name, "count", str(ceiling))


def _twice(where: str, name: str, parts: Iterable[Mapping[str, Any]]) -> Iterator[Complaint]:
    """The second of two parts of one name."""
    seen: Counter[str] = Counter()
    for place, part in enumerate(parts):
        seen[part[name]] += 1
        if seen[part[name]] == 2:
            yield Complaint(f"{where}.{place}.{name}", "twice")
