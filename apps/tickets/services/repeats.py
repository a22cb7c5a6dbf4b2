"""Repeat faults (domain.md §3.5): trouble with the same service of the same customer, soon after it was done."""

from datetime import timedelta

from apps.tickets.models import Ticket, TypeVersion
from steppe.kernel.db import rows_of
from steppe.kernel.light import light
from tenants.context import policy

URGENT = 1
_NAMES = ("id", "public_id", "ticket_no")
_DONE_LATELY = """
SELECT t.id, t.public_id, t.ticket_no FROM tickets_ticket t
  JOIN tickets_tickettype k ON k.id = t.type_id
  JOIN tickets_typeversion v ON v.id = t.type_version_id
 WHERE t.customer_id = %s AND t.status = 'closed' AND t.close_code = 'done' AND t.closed_at BETWEEN %s AND %s
   AND (k.kind = 'trouble' OR k.family = 'install') AND v.skills && %s::varchar[]
 ORDER BY t.closed_at DESC LIMIT 1
"""
_DONE_LATELY_BY_ACCOUNT = _DONE_LATELY.replace("t.customer_id = %s", "t.account_no = %s")


def note_repeat(ticket: Ticket, version: TypeVersion) -> None:
    """Link a new trouble ticket to the one it repeats, and make it P1. For a ticket not yet written. One query.

    Same account if it has one, else the same customer; same service is a skill in common.
    """
    if version.type.kind != "trouble" or not (ticket.account_no or ticket.customer_id):
        return
    told = ticket.reported_at  # may lie back: entered later by a technician, or come from another branch
    since = told - timedelta(days=policy().repeat_days)
    asked = _DONE_LATELY_BY_ACCOUNT if ticket.account_no else _DONE_LATELY
    for row in rows_of(asked, ticket.account_no or ticket.customer_id, since, told, list(version.skills)):
        ticket.repeat_of = light(Ticket, _NAMES, row)
        ticket.priority = min(ticket.priority, URGENT)
