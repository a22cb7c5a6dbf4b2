"""Nobody keeps tickets in the drawer: who does not call the customer in time loses the ticket to the pool."""

import logging
from uuid import uuid4

from django.db.models import Q

from apps.tickets.models import Ticket
from apps.tickets.rules.workflow import State
from apps.tickets.services.returning import return_silent
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM
from tenants.context import policy

log = logging.getLogger("steppe.sweep")
BATCH = 50


def sweep_hoarded() -> int:
    """Put back what was taken and not followed by a call before the contact clock ran out; how many.

    After the sweep of the clocks: the breach stands in the history before the ticket leaves its technician.
    """
    if not policy().contact_returns:
        return 0
    silent = Ticket.objects.filter(
        ~Q(overdue_clocks=[]), status=State.ACCEPTED, overdue_clocks__contains=["contact"], contacted_at__isnull=True,
        contact_due_at__lte=clock.now(),
    )  # fmt: skip
    names = silent.order_by("contact_due_at", "id").values_list("public_id", flat=True)[:BATCH]
    return sum(map(_return_one, names))


def _return_one(public_id: str) -> bool:
    try:
        return bool(return_silent(public_id=public_id, by=SYSTEM, key=uuid4().hex).facts["returned"])
    except Exception:
        log.exception("a silent ticket was not returned", extra={"ticket": public_id})
        return False
