"""The editor of a type as a page: simple fields by Django's widgets, rows of fields and fees by their own template."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.console import type_words as words
from apps.console.type_draft import NUMBERS, TEXTS, Draft
from apps.tickets.asking import AskedForm, UnjudgedForm
from apps.tickets.rules.bodies import body_complaints
from apps.tickets.rules.definitions import BOUND_KINDS, CHOICE_KINDS, STAGES, Definition
from apps.tickets.rules.judging import shown

if TYPE_CHECKING:
    from apps.people.models import OrgUnit

Errors = Mapping[str, list[str]]
OPEN_LIST = {"inputmode": "decimal", "autocomplete": "off"}


def _pick(choices: Mapping[Any, Any]) -> forms.Widget:
    return forms.Select(choices=list(choices.items()))


def _line(longest: int, **more: Any) -> forms.Widget:
    return forms.TextInput(attrs={"maxlength": longest, "autocomplete": "off", **more})


class TypeForm(UnjudgedForm):
    """Everything of a type that is one value."""

    code = forms.Field(label=_("Code"), widget=_line(30, pattern="[a-z][a-z0-9_]*"), help_text=_("Small letters, digits and _; it stays for ever."))  # fmt: skip  # noqa: E501
    name_zh = forms.Field(label=words.NAMES["name_zh"], widget=_line(40))
    name_en = forms.Field(label=words.NAMES["name_en"], required=False, widget=_line(40))
    kind = forms.Field(label=words.NAMES["kind"], widget=_pick(words.WORKS))
    hq_code = forms.Field(label=words.NAMES["hq_code"], widget=forms.Select())
    icon = forms.Field(label=words.NAMES["icon"], widget=forms.HiddenInput())
    customer_may_report = forms.Field(label=words.NAMES["customer_may_report"], required=False, widget=forms.CheckboxInput())  # fmt: skip  # noqa: E501
    accept_minutes = forms.Field(label=words.NAMES["accept_minutes"], required=False, widget=_line(8, **OPEN_LIST), help_text=_("0: as the branch has it"))  # fmt: skip  # noqa: E501
    contact_minutes = forms.Field(label=words.NAMES["contact_minutes"], required=False, widget=_line(8, **OPEN_LIST), help_text=_("0: as the branch has it"))  # fmt: skip  # noqa: E501
    dept_hours = forms.Field(label=words.NAMES["dept_hours"], required=False, widget=_line(8, **OPEN_LIST))
    priority = forms.Field(label=words.NAMES["priority"], widget=_pick(words.PRIORITIES))
    dispatch_rule = forms.Field(label=words.NAMES["dispatch_rule"], widget=_pick(words.DISPATCH_RULES))
    first_queue = forms.Field(label=words.NAMES["first_queue"], required=False, widget=forms.Select())
    appointment = forms.Field(label=words.NAMES["appointment"], widget=_pick(words.APPOINTMENTS))
    remote_allowed = forms.Field(label=words.NAMES["remote_allowed"], required=False, widget=forms.CheckboxInput())  # fmt: skip  # noqa: E501
    skills = forms.Field(label=words.NAMES["skills"], required=False, widget=forms.CheckboxSelectMultiple())
    base_points = forms.Field(label=words.NAMES["base_points"], widget=_line(8, **OPEN_LIST))
    photos = forms.Field(label=words.NAMES["photos"], required=False, widget=_line(1, inputmode="numeric"))
    callback_pct = forms.Field(label=words.NAMES["callback_pct"], required=False, widget=_line(3, inputmode="numeric"))
    script = forms.Field(label=words.NAMES["script"], required=False, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 1000}), help_text=_("{branch} stands for the branch's name."))  # fmt: skip  # noqa: E501
    note = forms.Field(label=pgettext_lazy("version", "What changes, and why"), required=False, widget=_line(200))

    @classmethod
    def of(cls, draft: Draft, errors: Errors, departments: "list[OrgUnit]") -> "TypeForm":
        """The draft's values, and the refusal's sentences at their fields."""
        body = {name: _shown(draft.body[name]) for name in (*NUMBERS, *TEXTS)}
        body |= {"skills": draft.body["skills"], "remote_allowed": draft.body["remote_allowed"]}
        form = cls(initial={**draft.face, **body, "code": draft.code, "note": draft.note})
        form._choose(draft, departments)
        for name, sentences in errors.items():
            key = name.removeprefix("definition.").partition(".")[0]
            if key in form.fields:
                form.blame(key, sentences)
        return form

    def _choose(self, draft: Draft, departments: "list[OrgUnit]") -> None:
        queue = draft.body["first_queue"]
        queues = {"": _("The grid")} | {one.code: one.name for one in departments}
        self.fields["first_queue"].widget.choices = list(({queue: queue} | queues).items())  # type: ignore[attr-defined]
        self.fields["hq_code"].widget.choices = words.hq_types()  # type: ignore[attr-defined]
        self.fields["skills"].widget.choices = words.skills(draft.body["skills"])  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Row:
    """One row of a list in the editor: its place, its values, what is wrong with each."""

    place: int
    values: Mapping[str, Any]
    errors: Mapping[str, str]
    open: bool = False
    options: "tuple[Row, ...]" = ()

    @property
    def head(self) -> str:
        return f"field-{self.place}-"

    @property
    def kind_word(self) -> str:
        return str(words.KINDS.get(self.values["kind"], self.values["kind"]))

    @property
    def has_bounds(self) -> bool:
        return self.values["kind"] in BOUND_KINDS

    @property
    def has_options(self) -> bool:
        return self.values["kind"] in CHOICE_KINDS


def field_rows(draft: Draft, stage: str, errors: Errors) -> list[Row]:
    """The fields of a stage; one that was just changed, or is wrong, stands open."""
    return [_field_row(place, one, errors, draft.touched) for place, one in draft.fields_at(stage)]


def fee_rows(draft: Draft, errors: Errors) -> list[Row]:
    """The fees, in yuan."""
    return [
        Row(place, {**fee, "yuan": _yuan(fee["fen"])}, _at(f"definition.fees.{place}.", errors))
        for place, fee in enumerate(draft.body["fees"])
    ]


def hours(draft: Draft, errors: Errors) -> Iterator[tuple[str, str, list[Row]]]:
    """The promise, the promise by priority, and the law: four areas each."""
    for name, word in words.HOURS.items():
        wrong = _at(f"definition.{name}_hours.", errors)
        cells = [
            Row(place, {"name": f"{name}-{place}", "value": _shown(value)}, {"value": wrong.get(str(place), "")})
            for place, value in enumerate(draft.body[f"{name}_hours"])
        ]
        yield name, str(word), cells


def previews(draft: Draft) -> dict[str, AskedForm] | None:
    """Both forms as people will see them; None while the draft has a field that cannot be drawn."""
    fields = _named(draft)
    if body_complaints({"fields": fields}):
        return None
    definition = Definition.read({"fields": fields})
    return {stage: AskedForm(definition.at(stage), prefix=f"preview-{stage}") for stage in STAGES}


def _named(draft: Draft) -> list[dict[str, Any]]:
    """A field without a name yet can be drawn all the same."""
    return [
        {**one, "zh": one["zh"] or "…", "options": [{**opt, "zh": opt["zh"] or "…"} for opt in one["options"]]}
        for one in draft.body["fields"]
    ]


def _field_row(place: int, one: Mapping[str, Any], errors: Errors, touched: int | None) -> Row:
    head = f"definition.fields.{place}."
    wrong = _at(head, errors)
    options = tuple(
        Row(number, option, _at(f"{head}options.{number}.", errors)) for number, option in enumerate(one["options"])
    )
    values = {**one, "least": _shown(one["least"]), "most": _shown(one["most"])}
    return Row(place, values, wrong, open=touched == place or bool(wrong), options=options)


def _at(head: str, errors: Errors) -> dict[str, str]:
    """The sentences below a path, by the first name behind it."""
    found: dict[str, str] = {}
    for name, sentences in errors.items():
        if name.startswith(head):
            key = name.removeprefix(head).partition(".")[0]
            found[key] = " ".join([*filter(None, [found.get(key)]), *sentences])
    return found


def _shown(value: Any) -> str:
    return "" if value is None else shown(value)


def _yuan(fen: Any) -> str:
    return f"{fen / 100:.2f}".removesuffix(".00") if isinstance(fen, int) else str(fen)
