"""Parsing only; what is right and wrong stands in the services."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.tickets.reasons import reason_from

BIGGEST = 2**31 - 1
CHANNELS = (
    ("shop", pgettext_lazy("channel", "Shop")),
    ("hotline_96066", pgettext_lazy("channel", "Hotline 96066")),
    ("local_line", pgettext_lazy("channel", "Branch telephone")),
    ("tech_direct", pgettext_lazy("channel", "Told to a technician")),
    ("noc", pgettext_lazy("channel", "Network monitoring")),
)
PRIORITIES = (
    (1, pgettext_lazy("priority", "P1 urgent")),
    (2, pgettext_lazy("priority", "P2 normal")),
    (3, pgettext_lazy("priority", "P3 can wait")),
)


class StepForm(forms.Form):
    """A step of a ticket: the version the person saw, a reason, a few words."""

    version = forms.IntegerField(required=False, min_value=0, max_value=BIGGEST)
    reason = forms.CharField(required=False, max_length=300)
    note = forms.CharField(required=False, max_length=200)

    def parsed(self) -> dict[str, Any]:
        """`version` and `reason`; what cannot be read is missing."""
        self.full_clean()
        given = self.cleaned_data
        return {
            "version": given.get("version"),
            "reason": reason_from(given.get("reason", ""), given.get("note", "")),
        }


class GridForm(StepForm):
    """A step that names a grid by its code."""

    grid = forms.CharField(required=False, max_length=20)

    def parsed(self) -> dict[str, Any]:
        return {"version": super().parsed()["version"], "grid": self.cleaned_data.get("grid", "")}


class PersonForm(StepForm):
    """A step that names a technician."""

    technician_id = forms.IntegerField(required=False, min_value=1, max_value=BIGGEST)

    def parsed(self) -> dict[str, Any]:
        return super().parsed() | {"technician_id": self.cleaned_data.get("technician_id")}


class CallbackForm(StepForm):
    """What the customer said on the telephone."""

    fixed = forms.ChoiceField(choices=(("yes", ""), ("no", "")), required=False)
    score = forms.IntegerField(required=False, min_value=0, max_value=9)
    words = forms.CharField(required=False, max_length=300)
    overcharged = forms.NullBooleanField(required=False)
    on_time = forms.NullBooleanField(required=False)
    complaint = forms.CharField(required=False, max_length=20)

    def parsed(self) -> dict[str, Any]:
        given = super().parsed()
        names = ("fixed", "score", "words", "overcharged", "on_time", "complaint", "note")
        return given | {name: self.cleaned_data.get(name) for name in names} | {"code": self.cleaned_data.get("reason")}


class AttemptForm(StepForm):
    """Nobody was reached: how it was."""

    outcome = forms.CharField(required=False, max_length=20)

    def parsed(self) -> dict[str, Any]:
        given = super().parsed()
        return {"version": given["version"], "outcome": self.cleaned_data.get("outcome", "")}


class TicketForm(forms.Form):
    """Six fields; Enter walks, Ctrl+Enter sends."""

    phone = forms.CharField(
        label=_("Phone"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off", "type": "tel"}),
    )
    type_code = forms.ChoiceField(label=_("Type"), widget=forms.RadioSelect)
    address = forms.CharField(
        label=_("Address"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    contact_name = forms.CharField(
        label=pgettext_lazy("desk", "Name"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    account_no = forms.CharField(
        label=_("Account number"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    node_code = forms.CharField(
        label=_("Node"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": _("OLT, box or station, if known")}),
    )
    follows = forms.CharField(required=False, max_length=20)  # the ticket it follows
    anyway = forms.BooleanField(required=False)  # another matter than the open ticket that was pointed out
    description = forms.CharField(
        label=pgettext_lazy("desk", "What is wrong"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    priority = forms.TypedChoiceField(
        label=_("Priority"), choices=PRIORITIES, coerce=int, initial=2, widget=forms.RadioSelect
    )
    channel = forms.ChoiceField(label=_("Came by"), choices=CHANNELS)

    def __init__(self, *args: Any, types: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["type_code"].choices = types  # type: ignore[attr-defined]
