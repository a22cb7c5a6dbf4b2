"""Settlement months as tests need them: entries written straight into the ledger, and steps taken by the cast.

    earn("wu", "812.5"); priced(); calculate()
    published(); reviewed(); approved(); locked()

The month is October 2026, the clock stands on 2 November.
"""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from apps.costing.models import Dispute, Period, SettlementLine, WorkPointEntry
from apps.costing.services import calculating, confirming, dispute_decisions, disputes, pay_bases, reviewing, settlement
from apps.costing.services._settling import ensure_month
from apps.people.accounts.models import User
from apps.people.models import OrgUnit, Technician
from apps.tickets.models import Ticket, TicketType
from apps.tickets.past import Past, write_past
from apps.tickets.rules.workflow import State
from steppe.kernel import clock
from steppe.kernel.clock import BUSINESS_ZONE
from steppe.kernel.commands import Receipt
from tests.cast import NEAR
from tests.make import actor, key

MONTH, NEXT = "2026-10", "2026-11"
NUMBERS = itertools.count()


def at(day: int, hour: int = 9, month: int = 11) -> datetime:
    """A moment of the autumn of 2026 in the branch."""
    return datetime(2026, month, day, hour, tzinfo=BUSINESS_ZONE)


@contextmanager
def on(day: int, hour: int = 9, month: int = 11) -> Iterator[None]:
    with clock.frozen(at(day, hour, month)):
        yield


def technician(who: str) -> int:
    return Technician.objects.get(user__username=who).pk


def earn(who: str, points: str, kind: str = "earn", month: str = MONTH, **more: Any) -> WorkPointEntry:
    """An entry of the month, as the ledger would have it."""
    ensure_month(month)
    facts = {"ticket": f"ticket-{next(NUMBERS)}"} if kind in ("earn", "travel") else {}
    return WorkPointEntry.objects.create(
        technician_id=technician(who), kind=kind, stage="earned", points=Decimal(points), period=month,
        key=f"test/{next(NUMBERS)}", by="system:0", by_name="system", at=clock.now(), **facts | more,
    )  # fmt: skip


def period(month: str = MONTH) -> Period:
    return Period.objects.get(month=month)


def line(who: str, month: str = MONTH) -> SettlementLine:
    now = period(month)
    return SettlementLine.objects.get(period=now, version=now.version, technician=technician(who))


def priced(price: str = "350", month: str = MONTH, by: str = "ji", **more: Any) -> Receipt:
    told = {"mode": "fixed", "unit_price": Decimal(price)} | more
    return settlement.set_month_terms(month=month, **told, by=actor(by), key=key())


def pool(fen: int, month: str = MONTH) -> Receipt:
    return priced(month=month, mode="pool", unit_price=None, pool_fen=fen)


def base(who: str, base_fen: int = 0, guarantee_fen: int = 0, month: str = MONTH) -> Receipt:
    told = [pay_bases.Told(technician(who), base_fen, guarantee_fen)]
    return pay_bases.set_pay_bases(from_month=month, told=told, by=actor("ji"), key=key())


def start(month: str = MONTH, by: str = "ji", **more: Any) -> str:
    return calculating.start_calculation(month=month, **more, by=actor(by), key=key()).public_id


def calculate(month: str = MONTH, **more: Any) -> str:
    """From the question to the lines; the state the run ended in."""
    return calculating.work_on(start(month, **more))


def publish(month: str = MONTH, by: str = "ji") -> Receipt:
    return settlement.publish_month(month=month, by=actor(by), key=key())


def confirm(who: str, month: str = MONTH) -> Receipt:
    return confirming.confirm_line(month=month, by=actor(who), key=key())


def dispute(who: str, text: str = "too little", month: str = MONTH, **more: Any) -> str:
    return disputes.raise_dispute(month=month, text=text, **more, by=actor(who), key=key()).public_id


def answer(public_id: str, grant: bool, by: str = "yun", **more: Any) -> Receipt:
    told = {"text": "as it is"} | more
    return dispute_decisions.answer_dispute(public_id=public_id, grant=grant, **told, by=actor(by), key=key())


def appeal(public_id: str, by: str = "wu", text: str = "no") -> Receipt:
    return disputes.appeal(public_id=public_id, text=text, by=actor(by), key=key())


def decide(public_id: str, grant: bool, by: str = "de", **more: Any) -> Receipt:
    told = {"text": "so be it"} | more
    return dispute_decisions.decide_dispute(public_id=public_id, grant=grant, **told, by=actor(by), key=key())


def look(level: str, by: str, month: str = MONTH) -> Receipt:
    return reviewing.review_lines(month=month, level=level, by=actor(by), key=key())


def approve(by: str = "bai", month: str = MONTH) -> Receipt:
    return settlement.approve_month(month=month, by=actor(by), key=key())


def lock(by: str = "bai", month: str = MONTH) -> Receipt:
    return settlement.lock_month(month=month, by=actor(by), key=key())


def published(*who: str) -> None:
    """Everybody named (Wu and Bo) has earned something, and the month is published."""
    for one in who or ("wu", "bo"):
        earn(one, "100.00")
    priced()
    assert calculate() == "done"
    publish()


def reviewed(*who: str) -> None:
    """All have confirmed, Yun, De and Ji have looked."""
    published(*who)
    for one in who or ("wu", "bo"):
        confirm(one)
    for level, by in (("grid_leader", "yun"), ("dept_manager", "de"), ("accountant", "ji")):
        look(level, by)
    assert period().state == "reviewed"


def locked(*who: str) -> None:
    reviewed(*who)
    approve()
    lock()


def user(who: str) -> User:
    return User.objects.get(username=who)


def the_dispute(public_id: str) -> Dispute:
    return Dispute.objects.get(public_id=public_id)


def past(count: int, *, whose: str = "wu", day: int = 10, minutes: float = 30, score: int = 4) -> list[Ticket]:
    """So many closed tickets of October, written in bulk; nobody has booked them."""
    kind, grid = TicketType.objects.get(code="fault_bb"), OrgUnit.objects.get(code="E1")
    actors = dict.fromkeys(("desk", "dispatcher", "callback", "technician"), ("staff:1", "Lin"))
    return write_past(
        Past(
            state=State.CLOSED, type=kind, grid=grid, reported_at=at(day, 8, 10) + timedelta(minutes=n),
            steps=(0.0, 5.0, 10.0, minutes, 5.0), address=f"Birch Court {n}", coarse="Birch Court", phone="13900000000",
            lat=NEAR[0], lng=NEAR[1], actors=actors, technician_id=technician(whose), score=score,
        )
        for n in range(count)
    )  # fmt: skip


def figures(month: str = MONTH) -> list[dict[str, Any]]:
    """All that a month's lines say, without the rows' own numbers."""
    rows = SettlementLine.objects.filter(period=period(month), version=period(month).version).order_by("technician")
    return [{name: value for name, value in row.items() if name not in ("id", "period_id")} for row in rows.values()]
