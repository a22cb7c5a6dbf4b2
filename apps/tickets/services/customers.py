"""Reports follow their customer: two records turned out to be one person, or somebody asks to be forgotten."""

from apps.tickets.models import Ticket
from apps.tickets.rules.workflow import State
from steppe.kernel.db import connection

OVER = (State.CLOSED, State.CANCELLED, State.VOID)


def move_reports(*, from_customer: int, to_customer: int) -> int:
    """All tickets of one record become the other's; what the customer reported stays their own report. How many.

    A step in an open transaction: locks the tickets, after nothing else that the lock order puts behind them.
    """
    assert connection.in_atomic_block
    former, ref = f"customer:{from_customer}", f"customer:{to_customer}"
    rows = Ticket.objects.filter(customer_id=from_customer)
    rows.filter(created_by=former).update(created_by=ref)
    return rows.update(customer_id=to_customer)


def has_open_reports(customer_id: int) -> bool:
    """Is anything of this customer still being worked on? One query."""
    return Ticket.objects.filter(customer_id=customer_id).exclude(status__in=OVER).exists()
