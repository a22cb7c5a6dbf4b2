"""The ledger as tests look at it: let it follow the tickets, and what stands there by person and stage."""

from collections import defaultdict
from datetime import datetime
from decimal import Decimal

from apps.costing import subscribers
from apps.costing.models import WorkPointEntry
from apps.costing.services import book
from apps.tickets import services as tickets
from apps.tickets.models import Ticket
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM
from steppe.kernel.events import SUBSCRIBERS
from steppe.kernel.journal import stream
from tests.make import actor, key, make_ticket

D = Decimal
MARCH = datetime(2026, 3, 4, 10, tzinfo=clock.BUSINESS_ZONE)  # a working morning
POINTS = SUBSCRIBERS["costing.points"]


def follow() -> None:
    """Hand the ledger every event there is, as the relay does."""
    assert subscribers
    while stream.number_committed()[1]:
        pass
    while stream.drain(POINTS):
        pass


def stands(ticket: Ticket, stage: str = "earned") -> dict[tuple[str, str], Decimal]:
    """(person, code) → points of this ticket, without what sums to nothing."""
    found: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    rows = WorkPointEntry.objects.filter(ticket=ticket.public_id, stage=stage).select_related("technician__user")
    for one in rows:
        found[one.technician.user.username, one.code] += one.points
    return {slot: points for slot, points in found.items() if points}


def waits(ticket: Ticket) -> dict[tuple[str, str], Decimal]:
    return stands(ticket, "provisional")


def entries(ticket: Ticket) -> list[WorkPointEntry]:
    return list(WorkPointEntry.objects.filter(ticket=ticket.public_id).order_by("id"))


def book_again(*tickets: Ticket) -> int:
    """How many entries were still missing."""
    return len(book([one.public_id for one in tickets], by=SYSTEM))


def with_helper(ticket: Ticket, helper: str = "bo", pct: int = 40, main: str = "wu") -> None:
    who = actor(helper).technician_id
    assert who is not None
    tickets.add_co_worker(public_id=ticket.public_id, technician_id=who, share_pct=pct, by=actor(main), key=key())


def worked(status: str = "closed", **more: object) -> Ticket:
    """A ticket that somebody worked on, and the ledger knows."""
    ticket = make_ticket(status=status, **more)  # type: ignore[arg-type]
    follow()
    return ticket
