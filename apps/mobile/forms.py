"""What the phone pages accept. Shapes only; what is allowed is decided by the services."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.tickets.errors import LikelyDuplicate
from apps.tickets.services import Report
from steppe.kernel.errors import DomainError, Invalid

if TYPE_CHECKING:
    from apps.people.models import Customer

SAID = ("message", "code")  # a place somebody named on purpose; any other one was read from the phone
SOURCES = ("jssdk", "browser", "message", "code")  # a position sent in the chat, a printed code


class LooseFloat(forms.FloatField):
    """A hidden coordinate: what is no number counts as not given, nobody could correct it anyway."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> float | None:
        try:
            found = super().clean(value)
        except forms.ValidationError:
            return None
        return found


class ReportForm(forms.Form):
    """A fault as its reporter tells it. A known customer's phone may stay blank: we have it."""

    type_code = forms.CharField(max_length=30, error_messages={"required": _("Please choose what is broken.")})
    address = forms.CharField(label=_("Address"), required=False, max_length=200)
    contact_name = forms.CharField(label=_("Your name"), required=False, max_length=40)
    contact_phone = forms.CharField(label=_("Phone"), required=False, max_length=20)
    description = forms.CharField(label=_("What is wrong"), required=False, max_length=500)
    anyway = forms.BooleanField(required=False)  # another matter than the open ticket that was pointed out
    lat = LooseFloat(required=False)
    lng = LooseFloat(required=False)
    accuracy_m = LooseFloat(required=False)
    source = forms.CharField(required=False, max_length=10)
    crs = forms.CharField(required=False, max_length=8)
    place_consent = forms.CharField(required=False, max_length=20)  # which text stood beside the button

    def __init__(self, *given: Any, known: "Customer | None" = None, **more: Any) -> None:
        super().__init__(*given, **more)
        self.known = known
        self.refusal = ""
        self.said_before = ""  # public_id of the open ticket that may be the same

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        phone = data.get("contact_phone") or (self.known and self.known.phone)
        if not phone and "contact_phone" not in self.errors:
            self.add_error("contact_phone", _("Please leave a phone number, so that we can call you."))
        return data

    @property
    def placed_by_phone(self) -> bool:
        """Does the valid form carry a position that was read from the phone?"""
        data = self.cleaned_data
        return data["lat"] is not None and data["lng"] is not None and data["source"] not in SAID

    def drop_place(self) -> None:
        """The report goes without its position: the address is worth the same."""
        self.cleaned_data |= {"lat": None, "lng": None}

    def report(self, photos: tuple[str, ...], photo_owner: str, fields: Mapping[str, Any] | None = None) -> Report:
        """The valid form as the service wants it; `fields`: what the type asks."""
        data, known = self.cleaned_data, self.known
        placed = data["lat"] is not None and data["lng"] is not None
        return Report(
            type_code=data["type_code"], contact_phone=data["contact_phone"] or (known.phone if known else ""),
            contact_name=data["contact_name"] or (known.name if known else ""), address=data["address"],
            description=data["description"], lat=data["lat"] if placed else None, lng=data["lng"] if placed else None,
            datum="gcj02" if data["crs"] == "gcj02" else "wgs84",
            location_source=data["source"] if placed and data["source"] in SOURCES else "manual",
            photos=photos, photo_owner=photo_owner, fields=dict(fields or {}), anyway=data["anyway"],
        )  # fmt: skip

    def refuse(self, refusal: DomainError) -> None:
        """Show the service's refusal at its field, or above the form; everything entered stays.

        Answers to the type's own fields (`fields.…`) are shown by their form (tickets.asking).
        """
        names = {"phone": "contact_phone"}
        fields = refusal.fields if isinstance(refusal, Invalid) else {}
        own = {name: sentences for name, sentences in fields.items() if not name.startswith("fields.")}
        self.refusal = "" if own else refusal.sentence
        self.said_before = refusal.params["public_id"] if isinstance(refusal, LikelyDuplicate) else ""
        for name, sentences in own.items():
            self.add_error(names.get(name, name if name in self.fields else None), sentences)

    @property
    def place_known(self) -> bool:
        """Does the form carry a position (of this or the former try)?"""
        return bool(self["lat"].value() and self["lng"].value())


class RateForm(forms.Form):
    """Fixed or not decides; the stars are only the stars. One or two say what was wrong."""

    fixed = forms.ChoiceField(
        choices=[("yes", _("Fixed")), ("no", _("Not fixed"))],
        error_messages={"required": _("Please tell us whether it works again.")},
    )
    score = forms.IntegerField(required=False, min_value=1, max_value=5)
    on_time = forms.NullBooleanField(required=False)
    overcharged = forms.NullBooleanField(required=False)
    complaint = forms.CharField(required=False, max_length=20)
    note = forms.CharField(required=False, max_length=300)

    def refuse(self, refusal: DomainError) -> None:
        """Show the service's refusal at its field; what has none is said above the form."""
        fields = refusal.fields if isinstance(refusal, Invalid) else {}
        for name, sentences in fields.items():
            self.add_error(name if name in self.fields else None, sentences)
