"""Counts of a whole branch, for headquarters' roll-ups. Called inside the branch, by the system."""

from django.db.models import Count, F, QuerySet
from django.db.models.functions import TruncDate

from apps.tickets.models import Breach, Ticket
from apps.tickets.rules.workflow import State
from steppe.kernel.clock import BUSINESS_ZONE


def counts_by_state() -> dict[str, int]:
    """How many tickets stand in each state. One query."""
    rows = Ticket.objects.order_by().values_list("status").annotate(n=Count("id"))
    return {str(status): n for status, n in rows}


def counts_by_day() -> dict[tuple[str, str], int]:
    """(business day, metric) → how many were opened, closed, voided, became overdue. Four queries."""
    tickets = Ticket.objects.order_by()
    sources: dict[str, tuple[QuerySet, str]] = {
        "opened": (tickets, "reported_at"),
        "closed": (tickets.filter(status=State.CLOSED), "closed_at"),
        "voided": (tickets.filter(status=State.VOID), "closed_at"),
        "overdue": (Breach.objects.order_by(), "breached_at"),
    }
    return {
        (day.isoformat(), metric): n
        for metric, (rows, moment) in sources.items()
        for day, n in _per_day(rows, moment)
        if day is not None
    }


def _per_day(rows: QuerySet, moment: str) -> QuerySet:
    days = rows.annotate(day=TruncDate(F(moment), tzinfo=BUSINESS_ZONE))
    return days.values_list("day").annotate(n=Count("id"))
