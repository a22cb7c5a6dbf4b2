"""What was answered to a type's fields, as people read it: the field's name and the value in words."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from apps.tickets.models import TypeVersion
from apps.tickets.rules.definitions import STAGES, Field, word
from apps.tickets.rules.forms import readable
from steppe.kernel import clock

if TYPE_CHECKING:
    from apps.tickets.models import Ticket, TicketEvent


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


def all_answers(ticket: "Ticket") -> list[Answer]:
    """Whatever was answered: at the report, at the completion, under the types it had before. Two queries at most, if
    the version is there.
    """
    changes = ticket.history.filter(action="change_type").order_by("version")
    return [*answers_of(ticket, "report"), *answers_of(ticket, "finish"), *told_before(ticket, changes)]


def told_before(ticket: "Ticket", history: Iterable["TicketEvent"]) -> list[Answer]:
    """What was answered under the types a ticket had before and its present one does not ask so, by the old form and
    with that type's name. `history`: its changes of type, or all of it. One query if there is any, else none.
    """
    left = [step.data["left"] for step in history if step.action == "change_type" and "left" in step.data]
    forms = TypeVersion.objects.select_related("type").in_bulk([one["version"] for one in left]) if left else {}
    found = (line for one in left for line in _under(forms[one["version"]], _not_back(ticket, forms, one)))
    return list(dict.fromkeys(found))


def _not_back(ticket: "Ticket", forms: Mapping[int, TypeVersion], left: Mapping[str, Any]) -> dict[str, Any]:
    """Without what came back with the type it was told under."""
    if forms[left["version"]].type_id != ticket.type_id:
        return dict(left)
    now = {"report": ticket.fields, "finish": ticket.outcome}
    return {
        stage: {key: value for key, value in left.get(stage, {}).items() if now[stage].get(key) != value}
        for stage in STAGES
    }


def _under(form: TypeVersion, left: Mapping[str, Any]) -> Iterator[Answer]:
    for stage in STAGES:
        told = left.get(stage, {})
        asked = [one for one in form.definition.at(stage) if one.key in told]
        lost = told.keys() - {one.key for one in asked}  # left by a change of type before answers were kept apart
        for field in (*asked, *(Field(key, "text", key) for key in sorted(lost))):
            found, names = answer(field, told), {"type": form.type.name}
            label = pgettext("answer to another type", "%(field)s (%(type)s)") % {"field": found.label, **names}
            yield replace(found, label=label)


def answer(field: Field, told: Mapping[str, Any]) -> Answer:
    """One answer in the reader's language; what is no answer to this field stays as it was told. No query."""
    language, value = get_language() or "", told[field.key]
    tell = _WORDS.get(field.kind, _plain) if readable(field, value) else _plain
    return Answer(field.key, field.kind, word(field, language), tell(field, value, language))


def _plain(field: Field, value: Any, language: str) -> str:
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]
    return ", ".join(map(str, parts))


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
