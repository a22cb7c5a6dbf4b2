"""Repeat faults (domain.md §3.5): trouble with the same service of the same customer, soon after it was done."""

from datetime import timedelta

from django.db.models import Q

from apps.tickets.models import Ticket, TypeVersion
from apps.tickets.rules.workflow import State
from tenants.context import policy

URGENT = 1
SAME_TROUBLE = Q(type__kind="trouble") | Q(type__family="install")


def note_repeat(ticket: Ticket, version: TypeVersion) -> None:
    """Link a new trouble ticket to the one it repeats, and make it P1. For a ticket not yet written. One query.

    Same account if it has one, else the same customer; same service is a skill in common.
    """
    if version.type.kind != "trouble" or not (ticket.account_no or ticket.customer_id):
        return
    earlier = _closed_lately(ticket).filter(SAME_TROUBLE, type_version__skills__overlap=version.skills)
    ticket.repeat_of = earlier.only("public_id", "ticket_no").order_by("-closed_at").first()
    if ticket.repeat_of is not None:
        ticket.priority = min(ticket.priority, URGENT)


def _closed_lately(ticket: Ticket):  # type: ignore[no-untyped-def]  # a queryset
    whose = Q(account_no=ticket.account_no) if ticket.account_no else Q(customer_id=ticket.customer_id)
    told = ticket.reported_at  # may lie back: entered later by a technician, or come from another branch
    span = (told - timedelta(days=policy().repeat_days), told)
    return Ticket.objects.filter(whose, status=State.CLOSED, close_code="done", closed_at__range=span)
