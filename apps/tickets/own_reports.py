"""Which tickets are a customer's own: those they reported, and those told with a number that was proved to be theirs.

A number that anybody may type proves nothing, so a record's `phone` alone shows no ticket to anybody. A child ticket
carries the contact of its case, but is a department's part of it: the customer's own is the case (domain.md §3.5).
"""

from django.db.models import F, Q

from apps.tickets.models import Ticket
from steppe.kernel.actors import Actor


def of(actor: Actor) -> Q:
    """The rows that are this customer's own. No query by itself."""
    told = Q(contact_phone=F("customer__proved_phone")) & ~Q(customer__proved_phone="")
    return Q(customer_id=actor.id or 0, parent=None) & (Q(created_by=actor.ref) | told)


def is_own(actor: Actor, ticket: Ticket) -> bool:
    """The same of one row. At most one query."""
    if actor.id is None or ticket.customer_id != actor.id or ticket.parent_id is not None:
        return False
    if ticket.created_by == actor.ref:
        return True
    proved = ticket.customer.proved_phone if ticket.customer else ""
    return bool(proved) and proved == ticket.contact_phone
