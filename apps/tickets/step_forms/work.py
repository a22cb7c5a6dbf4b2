"""What the technician does with an own ticket besides arriving and finishing."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.tickets import labels, services
from apps.tickets.files_read import may_attach
from apps.tickets.rules.definitions import Fee, word
from apps.tickets.selectors import TicketView
from apps.tickets.step_forms import fields
from apps.tickets.step_forms.base import StepForm
from steppe.kernel.actors import Actor
from steppe.ui.formatting import money

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
    photos = forms.MultipleChoiceField(required=False)
    takes_photos = True
    service = services.fail_work

    def offer(self) -> None:
        fields.sent_photos(self)

    def told(self) -> dict[str, Any]:
        told = super().told()
        return told | {"photos": tuple(told["photos"])}


class AddCharge(StepForm):
    """One of the type's own fees at its price, or another one under its own name."""

    slug, action = "charge", "add_work"
    verb, done = pgettext_lazy("button", "The customer pays"), _("The charge is kept.")
    fee = fields.choice(_("Fee"), required=False, widget=forms.RadioSelect)
    name = forms.CharField(label=_("What for"), max_length=60)
    yuan = forms.DecimalField(label=_("Amount in yuan"), min_value=0, max_value=99999, decimal_places=2)
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=999, initial=1, required=False)
    receipt_no = forms.CharField(label=_("Receipt no."), max_length=40, required=False)
    waived_why = forms.CharField(label=_("Waived, because"), max_length=200, required=False)
    service = services.add_charge

    def offer(self) -> None:
        self.fees = {one.code: one for one in self.ticket.type_version.definition.fees}
        if not self.fees:
            del self.fields["fee"]
            return
        self.choose("fee", [*map(_priced, self.fees.values()), ("", _("Something else"))], empty=False)
        for name in ("name", "yuan"):
            self.fields[name].required = False
        self.fields["yuan"].help_text = _("Empty: as the fee says")

    def clean(self) -> dict[str, Any]:
        """What is none of the type's fees has a name and a price of its own."""
        given = super().clean() or {}
        if not given.get("fee"):
            for name in ("name", "yuan"):
                if name not in self.errors and given.get(name) in (None, ""):
                    self.add_error(name, str(self.fields[name].error_messages["required"]))
        return given

    def told(self) -> dict[str, Any]:
        given = super().told()
        fee, yuan = self.fees.get(given.pop("fee", "")), given.pop("yuan")
        known = {"code": fee.code if fee else "other", "name": given["name"] or (fee.zh if fee else "")}
        price = fee.fen if fee and yuan is None else int((yuan or Decimal(0)) * FEN)
        return given | known | {"quantity": Decimal(given["quantity"] or 1), "unit_fen": price}


def _priced(fee: Fee) -> tuple[str, str]:
    return fee.code, f"{word(fee, get_language() or '')} · {money(fee.fen)}"


class AddCoWorker(StepForm):
    slug, action = "co-worker", "add_work"
    verb, done = pgettext_lazy("button", "A colleague helped"), _("The shares are kept.")
    technician_id = forms.TypedChoiceField(label=_("Who"), coerce=int)
    share_pct = forms.IntegerField(label=_("Their share in per cent"), min_value=1, max_value=99)
    service = services.add_co_worker

    def offer(self) -> None:
        self.choose("technician_id", fields.technicians(self.view, limit=20))


class SettleCharge(StepForm):
    slug, action = "settle-charge", "add_work"
    verb, done = pgettext_lazy("button", "Receipt or waiver"), _("The charge is settled.")
    hint = _("Every charge needs a receipt, or a reason why nobody pays it, before the work can be finished.")
    charge_id = forms.TypedChoiceField(label=_("Charge"), coerce=int, widget=forms.RadioSelect)
    how = fields.choice(_("What became of it"), widget=forms.RadioSelect)
    said = forms.CharField(label=_("Receipt no., or why"), max_length=200)
    service = services.settle_charge

    def offer(self) -> None:
        found = fields.unsettled(self.ticket.pk)
        self.choose("charge_id", found, empty=False)
        self.choose("how", labels.SETTLED.items(), empty=False)
        if not found:
            self.refusal = str(_("Every charge is settled."))


class TakeOffCoWorker(StepForm):
    slug, action = "co-worker-off", "add_work"
    verb, done = pgettext_lazy("button", "A colleague did not help"), _("The share is yours again.")
    technician_id = forms.TypedChoiceField(label=_("Who"), coerce=int, widget=forms.RadioSelect)
    service = services.take_off_co_worker

    def offer(self) -> None:
        found = fields.helpers(self.ticket.pk)
        self.choose("technician_id", found, empty=False)
        if not found:
            self.refusal = str(_("Nobody else has a share of this ticket."))


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
        fields.sent_photos(self)

    def told(self) -> dict[str, Any]:
        return {"photos": tuple(self.cleaned_data["photos"])}
