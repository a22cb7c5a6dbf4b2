"""Accounts for the tests: what the subscribers make of what happened, and what must hold of all of it."""

from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from apps.costing.models import CostPeriod, MoneyLine, TicketAccount, WorkPointEntry
from apps.costing.services import accounts
from apps.people.models import Technician
from apps.tickets.models import Ticket
from steppe.kernel import clock
from steppe.kernel.events import SUBSCRIBERS
from steppe.kernel.journal import stream
from steppe.kernel.journal.models import ParkedEvent, SubscriberCursor

MONEY = ("costing.money", "costing.material")
NOON = datetime(2026, 3, 10, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def hear() -> None:
    """The subscribers of money take what happened; none of them stumbles."""
    while stream.number_committed()[1]:
        pass
    for name in MONEY:
        while stream.drain(SUBSCRIBERS[name]):
            pass
        assert not SubscriberCursor.objects.get(subscriber=name).attempts
    assert not ParkedEvent.objects.exists()


def hear_again() -> None:
    """Everything once more, as after a crash that lost the cursors."""
    SubscriberCursor.objects.filter(subscriber__in=MONEY).update(seq=0)
    hear()


def earned(ticket: Ticket, points: str, *, by: str = "wu", period: str = "", kind: str = "earn", **work: Any) -> None:
    """Points as the ledger writes them when the ticket closes."""
    number = WorkPointEntry.objects.count()
    inputs = {"work": {"trip_km": "0", "own_km": "0", "all_km": "0"} | work, "factors": [], "total": points, "round": 0}
    WorkPointEntry.objects.create(
        ticket=ticket.public_id, ticket_no=ticket.ticket_no, kind=kind, stage="earned", points=Decimal(points),
        technician=Technician.objects.get(user__username=by), inputs=inputs, key=f"test/{number}", by="system:0",
        by_name="system", at=clock.now(), period=period or clock.today()[:7],
    )  # fmt: skip


def account(ticket: Ticket) -> TicketAccount:
    return TicketAccount.objects.get(ticket=ticket.public_id)


def lines(ticket: Ticket) -> list[tuple[str, int]]:
    """Element and fen of each line, in the order they were written."""
    rows = MoneyLine.objects.filter(account__ticket=ticket.public_id).order_by("id")
    return list(rows.values_list("element", "fen"))


def sums(ticket: Ticket) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for element, fen in lines(ticket):
        found[element] += fen
    return dict(found)


def settle(ticket: Ticket) -> int:
    return accounts.settle(ticket.public_id)


def close(month: str) -> None:
    """Closed, however young the month is."""
    CostPeriod.objects.update_or_create(month=month, defaults={"state": "closed"})


def check_accounts() -> None:
    """What must hold whatever happened: versions count on, lines have their month once the account is frozen."""
    for one in TicketAccount.objects.all():
        rows = MoneyLine.objects.filter(account=one)
        if one.frozen_at is None:
            assert not rows.exclude(period="").exists() and not one.versions.exists()
        else:
            assert not rows.filter(period="").exists()
            last = one.versions.order_by("-number").first()
            found: dict[str, int] = defaultdict(int)
            for side, element, fen in rows.values_list("side", "element", "fen"):
                found[f"{side}.{element}"] += fen
            assert last.number == one.version == one.versions.count()
            assert last.totals == {name: fen for name, fen in found.items() if fen}
