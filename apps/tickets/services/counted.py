"""Tickets held still while the room that counts work writes what it found. A step of that room's command or subscriber.

No step of the table: nothing of the ticket changes.
"""

from collections.abc import Collection

from apps.tickets.models import Ticket
from steppe.kernel.db import connection


def hold_counted(public_ids: Collection[str]) -> None:
    """Lock these tickets in the order of their ids, so that they stand still and one at a time counts them. One query.

    No technician is locked: whoever needs one as well locks it before (docs/locking.md).
    """
    assert connection.in_atomic_block
    rows = Ticket.objects.select_for_update(of=("self",), no_key=True).filter(public_id__in=public_ids)
    list(rows.order_by("id").values_list("pk"))
