"""What a type's fields ask of a ticket, as JSON Schema, and whether the answers are what was asked. Pure.

One row for each kind of field: its schema, and how an answer that came as text (a page's form) becomes a value.
docs/adding/a-field-kind.md names the other places of a kind.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from apps.tickets.rules.calendar import ZONE
from apps.tickets.rules.definitions import PICTURE_KINDS, Field
from apps.tickets.rules.judging import TEXT, Complaint, Json, judge

LONGEST_TEXT = 500
MOST_PHOTOS = 9
PUBLIC_ID = "^[A-Za-z0-9_-]{8,40}$"
SERIAL = "^[A-Za-z0-9][A-Za-z0-9:./-]{3,39}$"
OF_SIZE = frozenset({"least", "most", "shortest", "longest", "fewest", "many"})  # rules that leave a value readable
NOTHING: tuple[Any, ...] = (None, "", [], {})


def schema_of(fields: Iterable[Field], *, proof: bool = True) -> dict[str, Any]:
    """The JSON Schema of these fields' answers. Without `proof` pictures are not demanded (done from afar)."""
    fields = tuple(fields)
    return {
        "type": "object",
        "properties": {one.key: _described(one) for one in fields},
        "required": [one.key for one in fields if one.required and (proof or one.kind not in PICTURE_KINDS)],
        "additionalProperties": False,
    }


def complaints(fields: Sequence[Field], answers: Mapping[str, Any], *, proof: bool = True) -> list[Complaint]:
    """What is wrong with the answers; nothing when everything fits."""
    if not answers and not any(one.required for one in fields):
        return []
    return judge(schema_of(fields, proof=proof), dict(answers))


def readable(field: Field, value: Any) -> bool:
    """Has it the shape of an answer to this field, be it too long or too small? What was told elsewhere may not."""
    return all(one.rule in OF_SIZE for one in judge(schema_of([field]), {field.key: value}))


def same_answers(old: Sequence[Field], new: Sequence[Field], told: Mapping[str, Any]) -> dict[str, Any]:
    """The answers to the old fields that say the same as answers to the new ones, and are right there."""
    was, becomes = ({one.key: one for one in fields} for fields in (old, new))
    both = {key: value for key, value in told.items() if key in was and key in becomes}
    return {key: value for key, value in both.items() if _says_the_same(was[key], becomes[key], value)}


def _says_the_same(old: Field, new: Field, value: Any) -> bool:
    """The key alone proves nothing: the editor gives every type's first field the same one."""
    if (old.kind, old.zh, old.unit) != (new.kind, new.zh, new.unit) or complaints([new], {new.key: value}):
        return False
    codes = value if isinstance(value, list) else [value]
    return [_called(old, code) for code in codes] == [_called(new, code) for code in codes]


def _called(field: Field, code: Any) -> str:
    return next((one.zh for one in field.options if one.code == code), "")


def given(answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers without what was left empty."""
    return {key: value for key, value in answers.items() if value not in NOTHING}


def read_answers(fields: Iterable[Field], told: Callable[[str], Sequence[str]]) -> dict[str, Any]:
    """What a page's form says: `told` gives the texts under a field's key (`lat`, `lng`, `crs` below a location's).

    What cannot be read stays as it came, so that the schema refuses it and the person sees it again.
    """
    return given({one.key: _read(one, told) for one in fields})


def _described(field: Field) -> dict[str, Any]:
    """The kind's schema, with the words a client needs to show it."""
    words = {"title": field.zh, "x-title-en": field.en or field.zh, "x-kind": field.kind}
    more = {"x-unit": field.unit} if field.unit else {}
    if field.options:
        more["x-options"] = [{"code": one.code, "zh": one.zh, "en": one.en} for one in field.options]  # type: ignore[assignment]
    return {**words, **more, **_SCHEMAS[field.kind](field)}


def _text(field: Field) -> Json:
    longest = min(int(field.most or LONGEST_TEXT), LONGEST_TEXT)
    return {"type": "string", "pattern": TEXT, "minLength": int(field.least or 1), "maxLength": longest}


def _number(field: Field) -> Json:
    bounds = {"minimum": field.least, "maximum": field.most}
    return {"type": "number"} | {name: bound for name, bound in bounds.items() if bound is not None}


def _codes(field: Field) -> list[str]:
    return [one.code for one in field.options]


def _many(field: Field, items: Json, most: int) -> Json:
    least, ceiling = int(field.least or 1), min(int(field.most or most), most)
    return {"type": "array", "items": items, "uniqueItems": True, "minItems": least, "maxItems": ceiling}


PLACE: Json = {
    "type": "object",
    "properties": {
        "lat": {"type": "number", "minimum": -90, "maximum": 90},
        "lng": {"type": "number", "minimum": -180, "maximum": 180},
        "datum": {"enum": ["wgs84", "gcj02"]},
    },
    "required": ["lat", "lng"],
    "additionalProperties": False,
}
_SCHEMAS: dict[str, Callable[[Field], Json]] = {
    "text": _text,
    "number": _number,
    "choice": lambda field: {"enum": _codes(field)},
    "choices": lambda field: _many(field, {"enum": _codes(field)}, len(field.options)),
    "date": lambda field: {"type": "string", "format": "date"},
    "datetime": lambda field: {"type": "string", "format": "date-time"},
    "yes_no": lambda field: {"type": "boolean"},
    "serial": lambda field: {"type": "string", "pattern": SERIAL},
    "photo": lambda field: _many(field, {"type": "string", "pattern": PUBLIC_ID}, MOST_PHOTOS),
    "location": lambda field: PLACE,
    "signature": lambda field: {"type": "string", "pattern": PUBLIC_ID},
}


def _read(field: Field, told: Callable[[str], Sequence[str]]) -> Any:
    if field.kind == "location":
        return _place(field.key, told)
    texts = [text.strip() for text in told(field.key) if text.strip()]
    if field.kind in {"choices", "photo"}:
        return list(dict.fromkeys(texts))
    last = texts[-1] if texts else ""
    return _READERS.get(field.kind, str)(last) if last else ""


def _place(key: str, told: Callable[[str], Sequence[str]]) -> Any:
    lat, lng, crs = (_first(told(f"{key}-{part}")) for part in ("lat", "lng", "crs"))
    if not (lat or lng):
        return None
    return {"lat": number(lat), "lng": number(lng)} | ({"datum": "gcj02"} if crs == "gcj02" else {})


def _first(texts: Sequence[str]) -> str:
    return next((text.strip() for text in texts if text.strip()), "")


def number(text: str) -> float | int | str:
    """The number a text says, a whole one where it is; the text itself where it says none."""
    try:
        found = float(text)
    except ValueError:
        return text
    return int(found) if found.is_integer() and abs(found) < 1e15 else found


def _moment(text: str) -> str:
    """A page's clock has no zone: it is the branch's."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (at if at.tzinfo else at.replace(tzinfo=ZONE)).isoformat()


_READERS: dict[str, Callable[[str], Any]] = {
    "number": number,
    "datetime": _moment,
    "yes_no": lambda text: {"yes": True, "no": False}.get(text, text),
    "serial": lambda text: text.upper().replace(" ", ""),
}
