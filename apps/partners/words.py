"""What the pages of 对接 say: scopes, states of a delivery, and what was done."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.partners.models import Status
from apps.partners.rules import scopes as s

SCOPES = {
    s.TICKETS: (_("Read tickets"), _("Every ticket of the branch, without name, phone, door and what people wrote")),
    s.OPEN: (pgettext_lazy("scope", "Open tickets"), _("Open faults, add a note to its own ones, cancel them")),
    s.CONTACT: (_("See the contact"), _("Name, phone, address and description of every ticket it reads")),
    s.EVENTS: (_("Hear events"), _("Register listeners; what is told needs the right to read it")),
    s.STOCK: (_("Hear of stock"), _("By how much stock moved, by item and place")),
    s.CALLS: (_("Say who calls"), _("For the telephone system: the caller pops up at the agent whose telephone rings")),
}
STATES = {
    Status.PENDING.value: (pgettext_lazy("delivery", "Waits"), "is-todo", "s-pooled"),
    Status.SENDING.value: (pgettext_lazy("delivery", "Is being sent"), "is-todo", "s-accepted"),
    Status.DELIVERED.value: (pgettext_lazy("delivery", "Arrived"), "is-good", "s-closed"),
    Status.DEAD.value: (pgettext_lazy("delivery", "Given up"), "is-wrong", "overdue"),
}
ALL = pgettext_lazy("deliveries", "All")
DONE = {
    "revoked": _("Revoked. It is refused from now on, and nothing more is sent to it."),
    "allowed": _("This host may be called now."),
    "disallowed": _("This host is not called any more."),
    "resumed": _("Taken up again. What waited goes out now."),
    "ended": _("Removed. It hears nothing more."),
    "retry": _("It is sent again now, under the same id."),
}
# What our own code wrote about a call that had no answer; anything else is the name of an error of the network.
WHY = {
    "the token is not valid any more": _("The token is not valid any more."),
    "the listener was removed": _("The listener was removed."),
    "the token does not have the scope": _("The token does not have the scope any more."),
    "the host is not allowed any more": _("The host is not on the list any more."),
    "only https is called": _("Only https is called."),
    "the name leads to an address that is not public": _("The name leads to an address that is not public."),
    "the name cannot be resolved": _("The name cannot be resolved."),
    "ConnectTimeoutError": _("Nobody answered the connection."),
    "ReadTimeoutError": _("The answer did not come in time."),
    "NewConnectionError": _("The connection was refused."),
    "SSLError": _("The certificate does not prove the name."),
}


def why(answer: str) -> object:
    """In the reader's language where it is a sentence of ours."""
    return WHY.get(answer, answer)
