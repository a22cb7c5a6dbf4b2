"""Is a value what a JSON Schema asks for? Every fault with the part it is in and the rule it breaks. Pure.

Words for the rules stand in apps/tickets/wording.py; nothing here speaks a language.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

Json = Mapping[str, Any]
# Characters that no column can keep: the zero character and half characters.
TEXT = "^[^\\x00\\ud800-\\udfff]*$"
NAMED = 40  # as much of a stranger's name as we repeat
RULES = {
    "type": "kind", "enum": "choice", "const": "choice", "pattern": "pattern", "format": "kind", "minimum": "least",
    "maximum": "most", "exclusiveMinimum": "least", "minLength": "shortest", "maxLength": "longest",
    "minItems": "fewest", "maxItems": "many", "uniqueItems": "twice",
}  # fmt: skip


@dataclass(frozen=True)
class Complaint:
    """What is wrong with one part: where (`fields.2.most`), which rule it breaks, and the limit of that rule."""

    path: str
    rule: str
    limit: str = ""


def judge(schema: Json, value: Any) -> list[Complaint]:
    """Everything that is wrong with the value, in the order of its parts."""
    errors = _Strict(schema, format_checker=_FORMATS).iter_errors(value)
    found = dict.fromkeys(one for error in errors for one in _complaints(error))  # each missing name is told with all
    return sorted(found, key=lambda one: one.path)


def _complaints(error: ValidationError) -> Iterator[Complaint]:
    path = [_name(part) for part in error.absolute_path]
    limit: Any = error.validator_value
    value: Any = error.instance
    schema: Any = error.schema
    if error.validator == "required":
        yield from (Complaint(".".join([*path, name]), "missing") for name in limit if name not in value)
    elif error.validator == "additionalProperties":
        extra = sorted(set(value) - set(schema["properties"]))
        yield from (Complaint(".".join([*path, _name(name)]), "unknown") for name in extra)
    else:
        yield Complaint(".".join(path), _rule(error), shown(limit) if _is_number(None, limit) else "")


def shown(limit: object) -> str:
    """A number as people write it: 100, not 100.0."""
    return f"{limit:.0f}" if isinstance(limit, float) and limit.is_integer() else str(limit)


def _rule(error: ValidationError) -> str:
    """Too short by everything is the same as missing."""
    if error.validator in {"minLength", "minItems"} and not error.instance and error.validator_value == 1:
        return "missing"
    return RULES[str(error.validator)]


def _name(part: object) -> str:
    """A part's name as it may stand in an answer."""
    return str(part)[:NAMED].replace("\x00", "?").encode(errors="replace").decode()


def _is_number(_checker: object, value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


_Strict = extend(
    Draft202012Validator,
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("number", _is_number),  # NaN is no number
)
_FORMATS = FormatChecker(formats=())


@_FORMATS.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or (date.fromisoformat(value) is not None and len(value) == 10)


@_FORMATS.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    """With its zone: a moment without one is another moment on every machine."""
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None
