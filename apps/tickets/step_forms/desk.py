"""What the desk does with a ticket besides giving it to somebody."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.tickets import services
from apps.tickets.selectors import TicketView
from apps.tickets.step_forms import fields
from apps.tickets.step_forms.base import StepForm
from steppe.kernel.actors import Actor

URGENCIES = (
    (0, pgettext_lazy("priority", "P0 network down")),
    (1, pgettext_lazy("priority", "P1 urgent")),
    (2, pgettext_lazy("priority", "P2 normal")),
    (3, pgettext_lazy("priority", "P3 can wait")),
)


class Urge(StepForm):
    slug, action = "urge", "urge"
    verb, done = pgettext_lazy("button", "Urge"), _("Urged.")
    said = fields.words(_("What the customer said"), required=False, rows=2)
    service = services.urge_ticket

    def told(self) -> dict[str, Any]:
        return {"note": self.cleaned_data["said"]}


class ChangeType(StepForm):
    slug, action = "change-type", "change_type"
    verb, done = pgettext_lazy("button", "Change the type"), _("The type was changed.")
    hint = _("The clocks start anew from the report; what was promised before stays on record.")
    reasons = "change_type"
    type_code = fields.choice(_("Type"))
    service = services.change_type

    def offer(self) -> None:
        self.choose("type_code", fields.types(without=self.ticket.type_id))


class ChangePriority(StepForm):
    slug, action = "change-priority", "change_priority"
    verb, done = pgettext_lazy("button", "Change the priority"), _("The priority was changed.")
    reasons = "change_priority"
    priority = forms.TypedChoiceField(label=_("Priority"), coerce=int, widget=forms.RadioSelect)
    service = services.change_priority

    def offer(self) -> None:
        self.choose("priority", [(n, word) for n, word in URGENCIES if n != self.ticket.priority], empty=False)  # type: ignore[misc]


class Merge(StepForm):
    slug, action = "merge", "merge"
    verb, done = pgettext_lazy("button", "Merge"), _("Merged.")
    hint = _("This ticket ends as a duplicate. Its words, photos and the earlier report time go to the other one.")
    danger = True
    master = forms.CharField(label=_("Number of the ticket that stays"), max_length=40)
    service = services.merge_ticket

    def told(self) -> dict[str, Any]:
        return {"master": fields.named(self.actor, "master", self.cleaned_data["master"])}


class DeclareIncident(StepForm):
    slug, action = "declare-incident", "link_incident"
    verb, done = pgettext_lazy("button", "Make it a network incident"), _("This is a network incident now.")
    hint = _("Other reports can be linked to it; they are answered and closed together.")
    service = services.declare_incident

    def told(self) -> dict[str, Any]:
        return {"reports": []}


class LinkIncident(StepForm):
    slug, action = "link-incident", "link_incident"
    verb, done = pgettext_lazy("button", "Link to an incident"), _("Linked. The customer is told.")
    master = fields.choice(_("Network incident"))
    service = services.link_incident

    def offer(self) -> None:
        self.choose("master", fields.incidents(self.actor))


class UnlinkIncident(StepForm):
    slug, action, reasons = "unlink-incident", "unlink_incident", "unlink_incident"
    verb, done = pgettext_lazy("button", "Not this incident"), _("It is repaired by itself again.")
    hint = _("The report has another cause. When the incident ends it stays open.")
    service = services.unlink_incident


class ResolveIncident(StepForm):
    slug, action = "resolve-incident", "resolve_incident"
    verb, done = pgettext_lazy("button", "Incident resolved"), _("Its reports wait for their callback.")
    hint = _("Every open report of this incident goes to the callback.")
    versioned = False
    solution = fields.words(_("What was done"), most=500)
    service = services.resolve_incident


class SpawnChild(StepForm):
    slug, action = "spawn-child", "spawn_child"
    verb, done = pgettext_lazy("button", "Child ticket"), _("The department has its ticket.")
    reasons = "spawn_child"
    unit = fields.choice(_("Department"))
    type_code = fields.choice(_("Type"))
    mandatory = forms.BooleanField(label=_("Must be done before this ticket"), required=False, initial=True)
    service = services.spawn_child

    def offer(self) -> None:
        self.choose("unit", fields.units())
        self.choose("type_code", fields.types())


class Resume(StepForm):
    slug, action = "resume", "resume"
    verb, done = pgettext_lazy("button", "Resume"), _("The work goes on.")
    service = services.resume_ticket


class StartRemote(StepForm):
    slug, action = "start-remote", "start_remote"
    verb, done = pgettext_lazy("button", "Handle remotely"), _("Handled remotely.")
    hint = _("Nobody drives there; it earns fewer points.")
    said = fields.words(_("How"), required=False, rows=2)
    service = services.start_remote

    @classmethod
    def fits(cls, view: TicketView, actor: Actor) -> bool:
        return super().fits(view, actor) and view.ticket.type_version.definition.remote_allowed

    def told(self) -> dict[str, Any]:
        return {"note": self.cleaned_data["said"]}


class Book(StepForm):
    slug, action = "book", "book"
    verb, done = pgettext_lazy("button", "Appointment"), _("The appointment is made; the customer is told.")
    day = fields.choice(_("Day"), widget=forms.RadioSelect)
    slot = fields.choice(_("Time"), widget=forms.RadioSelect)
    service = services.book_appointment

    def offer(self) -> None:
        self.choose("day", fields.days(), empty=False)
        self.choose("slot", fields.slots(), empty=False)
        if self.ticket.appointment_start is not None:
            self.fields["cause"] = fields.choice(_("Moved by"), widget=forms.RadioSelect)
            self.choose("cause", CAUSES, empty=False)

    def told(self) -> dict[str, Any]:
        start, end = fields.slot_of(self.cleaned_data["day"], self.cleaned_data["slot"])
        return {"start": start, "end": end, "cause": self.cleaned_data.get("cause", "")}


CAUSES = (
    ("customer", _("The customer")),
    ("ours", _("Us")),
    ("weather", pgettext_lazy("cause", "The weather")),
)


class Cancel(StepForm):
    slug, action = "cancel", "cancel"
    verb, done = pgettext_lazy("button", "Cancel the ticket"), _("Cancelled.")
    hint = _("The customer withdraws the request; who has it is told.")
    reasons, danger = "cancel", True
    service = services.cancel_ticket


class Reopen(StepForm):
    slug, action = "reopen", "reopen"
    verb, done = pgettext_lazy("button", "Reopen"), _("In the pool again.")
    reasons = "reopen"
    service = services.reopen_ticket
