"""What the technician does with an own ticket besides arriving and finishing."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.tickets import services
from apps.tickets.files_read import may_attach
from apps.tickets.selectors import TicketView
from apps.tickets.step_forms import fields
from apps.tickets.step_forms.base import StepForm
from steppe.kernel.actors import Actor

FEN = 100


class Contact(StepForm):
    slug, action = "contact", "contact"
    verb, done = pgettext_lazy("button", "I called the customer"), _("Noted.")
    said = fields.words(_("What was said"), required=False, rows=2)
    service = services.log_contact

    def told(self) -> dict[str, Any]:
        return {"note": self.cleaned_data["said"]}


class FailWork(StepForm):
    slug, action, reasons, danger = "fail-work", "fail_work", "fail_work", True
    verb, done = pgettext_lazy("button", "It cannot be done"), _("Noted; the customer is told.")
    hint = _("The ticket ends without the work. Say why; usually another ticket follows.")
    service = services.fail_work


class AddCharge(StepForm):
    slug, action = "charge", "add_work"
    verb, done = pgettext_lazy("button", "The customer pays"), _("The charge is kept.")
    name = forms.CharField(label=_("What for"), max_length=60)
    yuan = forms.DecimalField(label=_("Amount in yuan"), min_value=0, max_value=99999, decimal_places=2)
    receipt_no = forms.CharField(label=_("Receipt no."), max_length=40, required=False)
    waived_why = forms.CharField(label=_("Waived, because"), max_length=200, required=False)
    service = services.add_charge

    def told(self) -> dict[str, Any]:
        given = super().told()
        yuan: Decimal = given.pop("yuan")
        return given | {"code": "other", "unit_fen": int(yuan * FEN)}


class AddCoWorker(StepForm):
    slug, action = "co-worker", "add_work"
    verb, done = pgettext_lazy("button", "A colleague helped"), _("The shares are kept.")
    technician_id = forms.TypedChoiceField(label=_("Who"), coerce=int)
    share_pct = forms.IntegerField(label=_("Their share in per cent"), min_value=1, max_value=99)
    service = services.add_co_worker

    def offer(self) -> None:
        self.choose("technician_id", fields.technicians(self.view, limit=20))


class AddPhotos(StepForm):
    slug, action, versioned = "photos", "attach", False
    verb, done = pgettext_lazy("button", "Add photos"), _("The files hang on the ticket.")
    hint = _("What you found, a meter reading, a paper. Photos of the finished work belong to the completion.")
    photos = forms.MultipleChoiceField(required=False)
    takes_photos = True
    service = services.attach_files

    @classmethod
    def fits(cls, view: TicketView, actor: Actor) -> bool:
        return may_attach(actor, view)

    def offer(self) -> None:
        sent = self.data.getlist("photos") if hasattr(self.data, "getlist") else []
        self.fields["photos"].choices = [(name, name) for name in sent[:9]]  # type: ignore[attr-defined]

    def told(self) -> dict[str, Any]:
        return {"photos": tuple(self.cleaned_data["photos"])}
