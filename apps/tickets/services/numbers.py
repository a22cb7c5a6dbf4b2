"""The numbers tickets are known by."""

from typing import Any

from django.db import connection

from steppe.kernel import clock
from tenants.context import current_branch

_NEXT_ID = "SELECT nextval(pg_get_serial_sequence('tickets_ticket', 'id'))"


def next_id() -> int:
    """The id is taken first, because the ticket's number is made of it: one insert instead of two writes."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_ID)
        row: tuple[Any, ...] = cursor.fetchone()
    return int(row[0])


def number_of(ticket_id: int) -> str:
    """`XL-2026-000123`: the branch, the business year, the ticket."""
    return f"{current_branch().code}-{clock.now().astimezone(clock.BUSINESS_ZONE).year}-{ticket_id:06d}"
