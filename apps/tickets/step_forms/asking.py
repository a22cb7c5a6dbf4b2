"""What one person asks for and another decides, and the decision."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.tickets import labels, services
from apps.tickets.rules.clocks import HOLD_CLASSES
from apps.tickets.step_forms import fields
from apps.tickets.step_forms.base import AskForm, StepForm
from tenants.context import other_branches

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
        fields.sent_photos(self)


class AskReassign(AskForm):
    slug, action, kind, reasons = "ask-reassign", "request_reassign", "reassign", "reassign"
    verb, done = pgettext_lazy("button", "Hand it to a colleague"), _ASKED
    technician_id = forms.TypedChoiceField(label=_("Who goes"), coerce=int)
    service = services.ask_for

    def offer(self) -> None:
        self.choose("technician_id", fields.technicians(self.view))


class AskHandOver(AskForm):
    slug, action, kind, reasons = "ask-hand-over", "request_hand_over", "let_go", "hand_over"
    verb, done = pgettext_lazy("button", "Hand over to another branch"), _("Asked. The branch administrator decides.")
    hint = _("It stays here and can be worked on until the other branch has taken it.")
    branch = fields.choice(_("To branch"), required=False)
    service = services.ask_for

    def offer(self) -> None:
        named = [(one.code, one.name) for one in other_branches()]
        self.choose("branch", [("", _("Headquarters decides")), *named], empty=False)


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


class AskType(AskForm):
    slug, action, kind, reasons = "ask-type", "request_type", "change_type", "change_type"
    verb, done = pgettext_lazy("button", "It is another type"), _ASKED
    type_code = fields.choice(_("Type"))
    service = services.ask_for

    def offer(self) -> None:
        self.choose("type_code", fields.types(without=self.ticket.type_id))


class AskReopen(AskForm):
    slug, action, kind, reasons = "ask-reopen", "request_reopen", "reopen", "ask_reopen"
    verb, done = pgettext_lazy("button", "It is not in order"), _("Asked. We will call you back about it.")
    hint = _("Somebody looks at it and opens the ticket again.")
    service = services.ask_for


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
    hint = _("Nobody decides about it any more, and the ticket stays as it is. It can be asked for again.")
    service = services.withdraw_request

    def told(self) -> dict[str, Any]:
        return {}
