"""The states' names as people read them (domain.md §3.1)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.tickets.rules.workflow import State

LABELS = {
    State.SUBMITTED: pgettext_lazy("ticket state", "To be checked"),
    State.POOLED: pgettext_lazy("ticket state", "In the pool"),
    State.ASSIGNED: pgettext_lazy("ticket state", "Dispatched"),
    State.ACCEPTED: pgettext_lazy("ticket state", "Accepted"),
    State.IN_PROGRESS: pgettext_lazy("ticket state", "In progress"),
    State.ON_HOLD: pgettext_lazy("ticket state", "On hold"),
    State.AWAITING_CALLBACK: pgettext_lazy("ticket state", "Awaiting callback"),
    State.CLOSED: pgettext_lazy("ticket state", "Closed"),
    State.CANCELLED: pgettext_lazy("ticket state", "Cancelled"),
    State.VOID: pgettext_lazy("ticket state", "Void"),
}
TAB_LABELS = {
    "pooled": pgettext_lazy("ticket tab", "In the pool"),
    "accepted": pgettext_lazy("ticket tab", "Accepted"),
    "awaiting_callback": pgettext_lazy("ticket tab", "Awaiting callback"),
    "closed": pgettext_lazy("ticket tab", "Closed"),
    "overdue": pgettext_lazy("ticket tab", "Overdue"),
    "void": pgettext_lazy("ticket tab", "Void"),
}
ACTION_LABELS = {
    "submit": _("Ticket opened"),
    "release": _("Released to the pool"),
    "place": _("Placed in a grid"),
    "grab": _("Grabbed"),
    "dispatch": _("Dispatched"),
    "confirm": _("Dispatch confirmed"),
    "decline": _("Dispatch declined"),
    "reassign": _("Reassigned"),
    "check_in": _("Checked in on site"),
    "complete": _("Work completed"),
    "callback_ok": _("Callback: satisfied"),
    "callback_reject": _("Callback: sent back"),
    "rate": _("Not satisfied, waits for our call"),
    "void": _("Voided"),
    "transfer": _("Transferred"),
    "hand_over": _("Handed over to another branch"),
    "return": _("Returned to the pool"),
    "book": _("Appointment made"),
    "contact": _("Customer contacted"),
    "hold": _("Put on hold"),
    "resume": _("Resumed"),
    "start_remote": _("Handled remotely"),
    "add_work": _("Work added"),
    "fail_work": _("Could not be done"),
    "callback_attempt": _("Customer not reached"),
    "reopen": _("Reopened"),
    "cancel": _("Cancelled"),
    "merge": _("Merged as a duplicate"),
    "merged": _("A duplicate was merged in"),
    "bundle": _("Trip changed"),
    "link_incident": _("Linked to a network incident"),
    "resolve_incident": _("Network incident resolved"),
    "unlink_incident": _("Taken out of the network incident"),
    "spawn_child": _("Child ticket raised"),
    "urge": _("Urged"),
    "change_type": _("Type changed"),
    "change_priority": _("Priority changed"),
    "archive": _("Archived"),
    "request_reassign": _("Reassignment requested"),
    "request_transfer": _("Transfer requested"),
    "request_return": _("Return requested"),
    "request_hold": _("Hold requested"),
    "request_void": _("Voiding requested"),
    "request_child": _("Child ticket requested"),
    "request_type": _("Another type requested"),
    "request_reopen": _("Reopening requested"),
    "request_hand_over": _("Hand-over to another branch requested"),
    "let_go": _("Hand-over agreed by our branch"),
    "keep_ticket": _("Kept here after all"),
    "refuse": _("Request refused"),
    "withdraw": _("Request withdrawn"),
    "overdue": _("Time limit exceeded"),
    "exempt": _("Breach exempted"),
    "compensate": _("Compensation decided"),
    "attach": _("Files added"),
    "detach": _("File taken off"),
}


def state_label(state: str) -> str:
    """The state's name in the active language."""
    return str(LABELS[State(state)])
