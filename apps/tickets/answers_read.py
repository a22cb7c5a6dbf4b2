"""What was answered to a type's fields, as people read it: the field's name and the value in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from apps.tickets.rules.definitions import Field, word
from steppe.kernel import clock

if TYPE_CHECKING:
    from apps.tickets.models import Ticket


@dataclass(frozen=True)
class Answer:
    """One answered field: its name, the value in words; `key` and `kind` for who shows it differently."""

    key: str
    kind: str
    label: str
    text: str


def answers_of(ticket: "Ticket", stage: str) -> list[Answer]:
    """The answers of the report or of the completion, in the form's order. One query unless the version is there."""
    told = ticket.fields if stage == "report" else ticket.outcome
    if not told:
        return []
    asked = ticket.type_version.definition.at(stage)
    return [answer(one, told) for one in asked if one.key in told]


def answer(field: Field, told: Mapping[str, Any]) -> Answer:
    """One answer in the reader's language. No query."""
    language = get_language() or ""
    text = _WORDS.get(field.kind, _plain)(field, told[field.key], language)
    return Answer(field.key, field.kind, word(field, language), text)


def _plain(field: Field, value: Any, language: str) -> str:
    return str(value)


def _number(field: Field, value: Any, language: str) -> str:
    return f"{value} {field.unit}".strip()


def _choice(field: Field, value: Any, language: str) -> str:
    known = {one.code: word(one, language) for one in field.options}
    codes = value if isinstance(value, list) else [value]
    return ("、" if language.startswith("zh") else ", ").join(known.get(code, str(code)) for code in codes)


def _yes_no(field: Field, value: Any, language: str) -> str:
    return _("Yes") if value else _("No")


def _moment(field: Field, value: Any, language: str) -> str:
    return datetime.fromisoformat(value).astimezone(clock.BUSINESS_ZONE).strftime("%Y-%m-%d %H:%M")


def _place(field: Field, value: Any, language: str) -> str:
    return f"{value['lat']:.5f}, {value['lng']:.5f}"


def _photos(field: Field, value: Any, language: str) -> str:
    return ngettext("%(n)s photo", "%(n)s photos", len(value)) % {"n": len(value)}


_WORDS: dict[str, Callable[[Field, Any, str], str]] = {
    "number": _number,
    "choice": _choice,
    "choices": _choice,
    "yes_no": _yes_no,
    "datetime": _moment,
    "location": _place,
    "photo": _photos,
    "signature": lambda field, value, language: _("Signed"),
}
