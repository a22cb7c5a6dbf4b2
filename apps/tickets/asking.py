"""The fields of a type as a page's form: drawn by Django's widgets, read by rules/forms.py, judged by the service.

form = AskedForm(definition.at("report"), prefix="fault_bb")                      # to fill in
form = AskedForm(definition.at("report"), prefix="fault_bb", data=request.POST)   # filled in
open_ticket(report=Report(…, fields=form.answers()), …)                           # or form.refuse(refusal)
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from apps.tickets.rules.definitions import PICTURE_KINDS, Field, word
from apps.tickets.rules.forms import LONGEST_TEXT, MOST_PHOTOS, read_answers, readable
from apps.tickets.rules.judging import shown
from steppe.kernel import clock
from steppe.kernel.errors import DomainError, Invalid

FEW = 6  # choices that may stand side by side
LONG = 100  # characters from which a text gets several lines
DRAWN_APART = (*PICTURE_KINDS, "location")
LINES = ("text", "number", "serial")  # drawn as a line, which shows any text


@dataclass(frozen=True)
class Part:
    """One field as a template draws it: `bound` for Django's widgets, the rest for what has a drawing of its own."""

    field: Field
    bound: forms.BoundField
    label: str
    values: Sequence[str]
    most: int

    @property
    def kind(self) -> str:
        return self.field.kind

    @property
    def name(self) -> str:
        """The name of its input."""
        return self.bound.html_name

    @property
    def apart(self) -> bool:
        """Has it a drawing of its own?"""
        return self.kind in DRAWN_APART

    @property
    def wide(self) -> bool:
        """Does it need a line of its own?"""
        return isinstance(self.bound.field.widget, forms.Textarea | forms.RadioSelect | forms.CheckboxSelectMultiple)


class UnjudgedForm(forms.Form):
    """Draws and reads; what is right and wrong comes back from the service."""

    def full_clean(self) -> None:
        """Nothing is judged here."""
        self._errors, self.cleaned_data = ErrorDict(), {}

    def blame(self, key: str, sentences: Sequence[str]) -> None:
        """Show these sentences at a field."""
        self.errors.setdefault(key, self.error_class()).extend(sentences)  # type: ignore[union-attr]


class AskedForm(UnjudgedForm):
    """The fields of one stage of a type."""

    def __init__(
        self,
        asked: Sequence[Field],
        *,
        prefix: str,
        data: QueryDict | None = None,
        given: Mapping[str, Any] | None = None,
    ) -> None:
        """`given`: what is known already; what is no answer to its field is not filled in."""
        self.asked, known = tuple(asked), given or {}
        fit = {one.key for one in self.asked if one.key in known and _fits(one, known[one.key])}
        self.given = {key: value for key, value in known.items() if key in fit}
        first = {one.key: _text(one, self.given[one.key]) for one in self.asked if one.key in fit}
        super().__init__(data, prefix=prefix, initial=first)
        for one in self.asked:
            self.fields[one.key] = _drawn(one)

    def answers(self, more: Mapping[str, Sequence[str]] | None = None) -> dict[str, Any]:
        """What was filled in; `more` adds pictures that came with the form itself, by field."""
        return read_answers(self.asked, lambda key: [*self._told(key), *(more or {}).get(key, ())])

    def refuse(self, refusal: DomainError, where: str) -> None:
        """Show the service's sentences (`fields.plan`, `outcome.after.0`) at the fields they speak of."""
        if not isinstance(refusal, Invalid):
            return
        for name, sentences in refusal.fields.items():
            head, _dot, rest = name.partition(".")
            key = rest.partition(".")[0]
            if head == where and key in self.fields:
                self.blame(key, sentences)

    def parts(self) -> Iterator[Part]:
        """Every field in its order."""
        for one in self.asked:
            yield Part(one, self[one.key], _label(one), self._values(one), _most(one))

    def _told(self, key: str) -> list[str]:
        found = self.data.getlist(self.add_prefix(key)) if isinstance(self.data, QueryDict) else []
        return [str(text) for text in found]

    def _values(self, field: Field) -> Sequence[str]:
        """The pictures that are named already, the two numbers of a place."""
        if field.kind == "location":
            place = self.given.get(field.key) or {}
            return [
                next(iter(self._told(f"{field.key}-{part}")), str(place.get(part, "")))
                for part in ("lat", "lng", "crs")
            ]
        if not self.is_bound:
            known = self.given.get(field.key, [])
            return known if isinstance(known, list) else [str(known)]
        return [text for text in self._told(field.key) if text]

    def _of_place(self, field: Field, part: str) -> str:
        known = self.given.get(field.key) or {}
        return next(iter(self._told(f"{field.key}-{part}")), str(known.get(part, "")))


def _label(field: Field) -> str:
    name = word(field, get_language() or "")
    return (
        pgettext("field with its unit", "%(name)s (%(unit)s)") % {"name": name, "unit": field.unit}
        if field.unit
        else name
    )


def _most(field: Field) -> int:
    return 1 if field.kind == "signature" else int(field.most or MOST_PHOTOS)


def _hint(field: Field) -> str:
    """The bounds of a number, where it has some."""
    if field.kind != "number" or field.least is None or field.most is None:
        return ""
    return _("%(least)s to %(most)s") % {"least": shown(field.least), "most": shown(field.most)}


def _drawn(field: Field) -> forms.Field:
    widget = _WIDGETS[field.kind](field)
    return forms.Field(label=_label(field), required=field.required, widget=widget, help_text=_hint(field))


def _line(field: Field) -> forms.Widget:
    longest = int(field.most or LONGEST_TEXT)
    if longest > LONG:
        return forms.Textarea(attrs={"rows": 2, "maxlength": longest, **_may(field)})
    return forms.TextInput(attrs={"maxlength": longest, "autocomplete": "off", **_may(field)})


def _may(field: Field) -> dict[str, str]:
    """What may be left out says so in its place."""
    return {} if field.required else {"placeholder": _("optional")}


def _number(field: Field) -> forms.Widget:
    """Phones leave the minus off their number pads."""
    pad = {"inputmode": "decimal"} if field.least is not None and field.least >= 0 else {}
    return forms.TextInput(attrs={**pad, "autocomplete": "off", "maxlength": 20, **_may(field)})


def _choice(field: Field) -> forms.Widget:
    return _pick(field, [(one.code, word(one, get_language() or "")) for one in field.options])


def _yes_no(field: Field) -> forms.Widget:
    return _pick(field, [("yes", _("Yes")), ("no", _("No"))])


def _pick(field: Field, choices: list[tuple[str, str]]) -> forms.Widget:
    """Side by side where one must be chosen; a list where one may be left out again."""
    if field.required and len(choices) <= FEW:
        return forms.RadioSelect(choices=choices)
    return forms.Select(choices=[("", pgettext("nothing chosen", "Please choose")), *choices])


def _typed(kind: str) -> Callable[[Field], forms.Widget]:
    return lambda field: forms.TextInput(attrs={"type": kind})


_WIDGETS: dict[str, Callable[[Field], forms.Widget]] = {
    "text": _line,
    "number": _number,
    "choice": _choice,
    "choices": lambda field: forms.CheckboxSelectMultiple(
        choices=[(one.code, word(one, get_language() or "")) for one in field.options]
    ),
    "date": _typed("date"),
    "datetime": _typed("datetime-local"),
    "yes_no": _yes_no,
    "serial": lambda field: forms.TextInput(
        attrs={"autocomplete": "off", "autocapitalize": "characters", "maxlength": 40, "class": "mono", **_may(field)}
    ),
    "photo": lambda field: forms.HiddenInput(),
    "location": lambda field: forms.HiddenInput(),
    "signature": lambda field: forms.HiddenInput(),
}


def _fits(field: Field, value: Any) -> bool:
    return (field.kind in LINES and isinstance(value, str)) or readable(field, value)


def _text(field: Field, value: Any) -> Any:
    """A kept answer as the widget shows it."""
    if field.kind == "yes_no":
        return "yes" if value else "no"
    if field.kind == "datetime":
        return datetime.fromisoformat(value).astimezone(clock.BUSINESS_ZONE).strftime("%Y-%m-%dT%H:%M")
    return value if isinstance(value, list) else str(value)
