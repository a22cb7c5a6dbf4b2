"""The page of settings: every value as a form field, read back as JSON has it. What is wrong says the service."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from apps.console import settings_words as words
from apps.console import type_words
from apps.tickets.asking import UnjudgedForm
from apps.tickets.rules.branch_settings import GROUPS, SCHEMA
from apps.tickets.rules.judging import shown
from apps.tickets.settings_read import Change

Errors = Mapping[str, list[str]]
RULES = SCHEMA["properties"]
CLOCKED = ("service", "quiet")  # minutes of the day, typed as 08:30
BY_AREA = ("resolve_hours", "legal_hours")


@dataclass(frozen=True)
class Cell:
    """One of the four areas of a row."""

    name: str
    value: str
    label: str
    error: str


@dataclass(frozen=True)
class Group:
    """A part of the page: single fields, and rows with a number for each area."""

    name: str
    title: str
    hint: str
    fields: list[forms.BoundField]
    rows: list[tuple[str, list[Cell]]]

    @property
    def areas(self) -> Any:
        return type_words.AREAS


class SettingsForm(UnjudgedForm):
    """A field for every single value; a list has one for each of its places: `wave_minutes.0`."""

    def __init__(self, values: Mapping[str, Any], errors: Errors | None = None) -> None:
        self.values = {name: _text(name, value) for name, value in _single(values)}
        super().__init__(initial=self.values)
        for name in self.values:
            if not name.startswith(BY_AREA):
                self.fields[name] = _field(name)
        self.wrong = dict(errors or {})
        for name, sentences in self.wrong.items():
            if name in self.fields:
                self.blame(name, sentences)

    def groups(self) -> Iterator[Group]:
        """The parts in their order."""
        for group, names in GROUPS.items():
            title, hint = words.GROUPS[group]
            fields = [self[key] for key in self.fields if key.partition(".")[0] in names]
            rows = [(str(words.FIELDS[name][0]), self._cells(name)) for name in names if name in BY_AREA]
            yield Group(group, str(title), str(hint), fields, rows)

    def _cells(self, name: str) -> list[Cell]:
        label = str(words.FIELDS[name][0])
        return [
            Cell(key, self.values[key], f"{label} {area}", " ".join(self.wrong.get(key, ())))
            for area, key in ((area, f"{name}.{place}") for place, area in enumerate("ABCD"))
        ]


def read(posted: QueryDict) -> dict[str, Any]:
    """What was typed, as JSON. A number that is none stays a text, and the service says so."""
    return {name: _read(name, posted) for name in RULES}


def _read(name: str, posted: QueryDict) -> Any:
    rule = RULES[name]
    if rule["type"] == "array":
        places = [f"{name}.{place}" for place in range(rule["maxItems"])]
        turn = _minute if name in CLOCKED else _number
        return [turn(posted.get(place, "")) for place in places]
    return bool(posted.get(name)) if rule["type"] == "boolean" else _number(posted.get(name, ""))


def _number(text: str) -> Any:
    try:
        value = float(text.strip())
    except ValueError:
        return text
    return int(value) if value.is_integer() else value


def _minute(text: str) -> Any:
    """`08:30` as minutes of the day; 24:00 is its end."""
    hour, colon, minute = text.strip().partition(":")
    if not (colon and hour.isdecimal() and minute.isdecimal() and int(minute) < 60):
        return text
    return int(hour) * 60 + int(minute)


def _single(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, list | tuple):
            yield from ((f"{name}.{place}", one) for place, one in enumerate(value))
        else:
            yield name, value


def _text(name: str, value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return _clock(value) if name.partition(".")[0] in CLOCKED else shown(value)


def _clock(minutes: float) -> str:
    return f"{int(minutes) // 60:02d}:{int(minutes) % 60:02d}"


def _field(name: str) -> forms.Field:
    label, unit = words.FIELDS[name]
    if RULES[name.partition(".")[0]]["type"] == "boolean":
        return forms.Field(label=str(label), required=False, widget=forms.CheckboxInput())
    attrs = {"autocomplete": "off", "maxlength": 8, "inputmode": "numeric" if name.startswith(CLOCKED) else "decimal"}
    return forms.Field(label=str(label), widget=forms.TextInput(attrs={**attrs, "class": "num"}), help_text=str(unit))


@dataclass(frozen=True)
class Line:
    """One change of the history in words."""

    change: Change
    what: str
    before: str
    after: str


def lines(changes: Iterable[Change]) -> list[Line]:
    """The history in words, in the given order."""
    return [_line(one) for one in changes]


def _line(change: Change) -> Line:
    what = str(words.HISTORY.get(change.name) or words.FIELDS[change.name][0])
    if change.name.startswith("day_"):
        facts = change.after
        hours = " – ".join(text[:5] for text in facts["hours"]) if facts["hours"] else _("closed all day")
        told = f"{facts['title']} · {hours}" if facts["title"] else ""
        return Line(change, f"{what} {change.before}", "", told)
    return Line(change, what, _said(change.name, change.before), _said(change.name, change.after))


def _said(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return " / ".join(_clock(one) if name in CLOCKED else shown(one) for one in value) or "–"
    return shown(value)
