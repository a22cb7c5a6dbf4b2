"""巡回单: tickets that one technician drives to together; under the cap they count as one."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.tickets import services
from apps.tickets.models import Ticket
from apps.tickets.permissions import ACTIONS
from apps.tickets.rules.workflow import HELD
from apps.tickets.selectors import TicketView
from apps.tickets.step_forms import fields
from apps.tickets.step_forms.base import StepForm
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt


class _TripForm(StepForm):
    """A technician plans the own trips, the desk those of whom it may send."""

    action, versioned = "bundle", False

    @classmethod
    def admit(cls, actor: Actor, view: TicketView) -> None:
        require(actor, ACTIONS["contact" if actor.technician_id else "dispatch"])

    @classmethod
    def may_plan(cls, ticket: Ticket, actor: Actor) -> bool:
        """Somebody has it, and this person may say where they drive. No query."""
        if ticket.status not in HELD or actor.kind != "staff":
            return False
        if actor.technician_id:
            return actor.technician_id == ticket.technician_id
        return any(ticket.org_path.startswith(path) for path in actor.scopes(ACTIONS["dispatch"]))


def _bundle(*, public_id: str, others: list[str], **told: Any) -> Receipt:
    return services.bundle_tickets(public_ids=[public_id, *others], **told)


class Trip(_TripForm):
    slug = "trip"
    verb, done = pgettext_lazy("button", "Plan a trip"), _("One trip now; it counts as one ticket.")
    hint = _("Tickets in one direction, one drive: together they take one place under the cap.")
    others = forms.MultipleChoiceField(label=_("Together with"), widget=forms.CheckboxSelectMultiple)
    name = forms.CharField(label=_("Name of the trip"), max_length=60)
    planned_for = fields.choice(_("Day"), widget=forms.RadioSelect)
    service = _bundle

    @classmethod
    def fits(cls, view: TicketView, actor: Actor) -> bool:
        return view.ticket.bundle_id is None and cls.may_plan(view.ticket, actor)

    def offer(self) -> None:
        found = fields.companions(self.view, self.actor)
        self.choose("others", found, empty=False)
        self.choose("planned_for", fields.days(), empty=False)
        self.initial["name"] = self.ticket.coarse_address[:60]
        if not found:
            self.refusal = str(_("There is no other ticket to take along."))

    def told(self) -> dict[str, Any]:
        given = super().told()
        return given | {"planned_for": date.fromisoformat(given["planned_for"])}


class LeaveTrip(_TripForm):
    slug = "leave-trip"
    verb, done = pgettext_lazy("button", "Take it out of the trip"), _("It counts by itself again.")
    service = services.unbundle_ticket

    @classmethod
    def fits(cls, view: TicketView, actor: Actor) -> bool:
        return view.ticket.bundle_id is not None and cls.may_plan(view.ticket, actor)
