"""What one person asks for and another decides, and the decision."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.tickets import labels, services
from apps.tickets.rules.clocks import HOLD_CLASSES
from apps.tickets.step_forms import fields
from apps.tickets.step_forms.base import AskForm, StepForm

_ASKED = _("Asked. Somebody else decides.")


class AskTransfer(AskForm):
    slug, action, kind, reasons = "ask-transfer", "request_transfer", "transfer", "transfer"
    verb, done = pgettext_lazy("button", "Transfer"), _("Asked. The other department decides.")
    hint = _("The ticket goes to the pool of the other department once its people accept.")
    unit = fields.choice(_("To"))
    service = services.ask_for

    def offer(self) -> None:
        self.choose("unit", fields.units(self.ticket.org_path))


class AskHold(AskForm):
    slug, action, kind, reasons = "ask-hold", "request_hold", "hold", "hold"
    verb, done = pgettext_lazy("button", "Hold"), _ASKED
    hint = _("The clocks of this class stand still until then.")
    hold_class = fields.choice(_("Because of"), widget=forms.RadioSelect)
    resume_at = fields.moment(_("Until"))
    service = services.ask_for

    def offer(self) -> None:
        self.initial["resume_at"] = fields.next_morning()
        self.choose("hold_class", [(name, labels.HOLDS[name]) for name in HOLD_CLASSES], empty=False)


class AskReturn(AskForm):
    slug, action, kind, reasons = "ask-return", "request_return", "return", "return"
    verb, done = pgettext_lazy("button", "Give it back"), _ASKED
    hint = _("Just after the grab it goes back at once; later somebody has to agree.")
    photos = forms.MultipleChoiceField(required=False)
    takes_photos = True
    service = services.ask_for

    def offer(self) -> None:
        sent = self.data.getlist("photos") if hasattr(self.data, "getlist") else []
        self.fields["photos"].choices = [(name, name) for name in sent[:9]]  # type: ignore[attr-defined]


class AskReassign(AskForm):
    slug, action, kind, reasons = "ask-reassign", "request_reassign", "reassign", "reassign"
    verb, done = pgettext_lazy("button", "Hand it to a colleague"), _ASKED
    technician_id = forms.TypedChoiceField(label=_("Who goes"), coerce=int)
    service = services.ask_for

    def offer(self) -> None:
        self.choose("technician_id", fields.technicians(self.view))


class AskVoid(AskForm):
    slug, action, kind, reasons = "ask-void", "request_void", "void", "void"
    verb, done = pgettext_lazy("button", "Nothing to do here"), _ASKED
    service = services.ask_for


class AskChild(AskForm):
    slug, action, kind, reasons = "ask-child", "request_child", "spawn_child", "spawn_child"
    verb, done = pgettext_lazy("button", "Another department is needed"), _ASKED
    unit = fields.choice(_("Department"))
    type_code = fields.choice(_("Type"))
    mandatory = forms.BooleanField(label=_("I cannot finish before they have"), required=False, initial=True)
    service = services.ask_for

    def offer(self) -> None:
        self.choose("unit", fields.units())
        self.choose("type_code", fields.types())


class Approve(StepForm):
    slug, action = "approve", "refuse"
    verb, done = pgettext_lazy("button", "Approve"), _("Approved and done.")
    service = services.approve_request


class Refuse(StepForm):
    slug, action, reasons = "refuse", "refuse", "refuse"
    verb, done = pgettext_lazy("button", "Refuse"), _("Refused. Who asked is told why.")
    service = services.refuse_request


class Withdraw(StepForm):
    slug, action = "withdraw", "withdraw"
    verb, done = pgettext_lazy("button", "Take the request back"), _("Taken back.")
    service = services.withdraw_request

    def told(self) -> dict[str, Any]:
        return {}
