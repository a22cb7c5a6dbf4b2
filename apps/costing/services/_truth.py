"""What the sources of a ticket's account say now: stock, earned points, the road, charges, expenses, the subscription.

Waived fees, one rule: the fee stands in revenue as if it had been paid, and the same fen as `other` cost. Revenue
says what the work was worth, the cost what the branch gave away, and the contribution what it kept. No queries: what
was read is in `Sources`.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import count, groupby
from operator import attrgetter

from apps.costing.models import WorkPointEntry
from apps.costing.rules import ticket_cost as cost
from apps.costing.rules.account_lines import Line, fee_element, outsourced
from apps.costing.services._sources import Sources, share_of
from apps.tickets.worked_read import WorkedTicket

STOCK, POINTS, ROAD, CHARGE, WAIVED, EXPENSE = "stock", "points", "road", "charge", "waived", "expense"
INSTALL, DONE = "install", "done"
Entries = Sequence[WorkPointEntry]


def lines_of(work: WorkedTicket, by: Sources) -> list[Line]:
    """Every line the account of this ticket should have."""
    name = work.public_id
    earned, spent = by.earned.get(name, ()), list(_expenses(by, name))
    return [
        *_material(by, name), *_labour(by, earned, team=outsourced(spent)), *_road(by, work, earned), *spent,
        *_charges(work), *_subscription(by, work, earned),
    ]  # fmt: skip


def km_of(work: WorkedTicket, by: Sources) -> Decimal:
    """This ticket's part of the road."""
    return _km(by.earned.get(work.public_id, ()))


def _material(by: Sources, ticket: str) -> Iterator[Line]:
    """What left stock for it, and came back (negative), at the value of then."""
    lines = by.material.get(ticket, ())
    for entry, rows in groupby(lines, key=attrgetter("entry_id")):
        for number, row in zip(count(1), rows, strict=False):
            inputs = {"document": row.document, "kind": row.kind, "place": row.place, "batch": row.batch}
            yield Line(
                f"{STOCK}/{entry}/{number}", cost.COST, cost.MATERIAL, row.value, item=row.item,
                category=row.category, quantity=row.quantity, inputs=inputs,
            )  # fmt: skip


def _labour(by: Sources, earned: Entries, *, team: bool) -> Iterator[Line]:
    """Each entry of points at the planned price of its rules; nothing where an outside team did it."""
    for one in earned:
        rates = by.rates(one)
        inputs = {
            "kind": one.kind, "points": str(one.points), "point_fen": rates.point_fen, "on_cost": str(rates.on_cost),
            "outsourced": team, "entry": one.pk,
        }  # fmt: skip
        yield Line(
            f"{POINTS}/{one.pk}", cost.COST, cost.LABOUR, cost.labour(one.points, rates, outsourced=team), one.period,
            one.technician_id, quantity=one.points, inputs=inputs,
        )  # fmt: skip


def _road(by: Sources, work: WorkedTicket, earned: Entries) -> Iterator[Line]:
    """This ticket's km by the car it was driven in: the own one if the technician said so and was believed."""
    km = _km(earned)
    if not km:
        return
    said = by.claims.get(work.public_id)
    car = cost.OWN_CAR if said and said.own_car else cost.COMPANY_CAR
    rates = by.rates(_told(earned))
    inputs = {"km": str(km), "car": car, "km_fen": rates.own_km_fen if car == cost.OWN_CAR else rates.company_km_fen}
    yield Line(
        f"{ROAD}/{work.public_id}", cost.COST, cost.TRAVEL, cost.road(km, rates, car=car),
        technician_id=work.technician_id, quantity=km, inputs=inputs,
    )  # fmt: skip


def _told(earned: Entries) -> WorkPointEntry | None:
    """The entry that says how the road went: the first of the work itself."""
    return next((one for one in earned if "work" in one.inputs and one.kind in ("earn", "travel")), None)


def _km(earned: Entries) -> Decimal:
    told = _told(earned)
    work = told.inputs["work"] if told else {}
    trip, own, whole = (Decimal(work.get(name, "0")) for name in ("trip_km", "own_km", "all_km"))
    return round(trip * own / whole if whole else trip, 1)


def _expenses(by: Sources, ticket: str) -> Iterator[Line]:
    """What somebody paid and somebody else agreed to."""
    for one in by.expenses.get(ticket, ()):
        inputs = {"code": one.code, "expense": one.public_id, "approved_by": one.decided_by_name}
        yield Line(
            f"{EXPENSE}/{one.public_id}", cost.COST, one.element, one.fen, technician_id=one.technician_id,
            receipt_no=one.receipt_no, note=one.note, inputs=inputs,
        )  # fmt: skip


def _charges(work: WorkedTicket) -> Iterator[Line]:
    for fee in work.fees:
        inputs = {"code": fee.code, "name": fee.name, "waived": fee.waived}
        yield Line(
            f"{CHARGE}/{fee.id}", cost.REVENUE, fee_element(fee.code), fee.fen, receipt_no=fee.receipt_no,
            note=fee.name, inputs=inputs,
        )  # fmt: skip
        if fee.waived:
            note = f"{fee.name}: {fee.why}"[:200]
            yield Line(f"{WAIVED}/{fee.id}", cost.COST, cost.OTHER, fee.fen, note=note, inputs=inputs)


def _subscription(by: Sources, work: WorkedTicket, earned: Entries) -> Iterator[Line]:
    """A finished installation may claim a part of what the customer will pay; said once, it stays as it was said."""
    source = share_of(work.public_id)
    known = by.shares.get(source)
    if known is not None:
        yield Line(source, cost.SHARE, "service_share", known.fen, quantity=known.quantity, inputs=known.inputs)
    elif work.closed and work.family == INSTALL and work.result == DONE:
        plan = str(work.outcome.get("plan", ""))[:60]
        rates, monthly = by.rates(_told(earned)), by.fees.get(plan, by.fees.get("", 0))
        inputs = {"plan": plan, "monthly": monthly, "months": rates.share_months, "pct": rates.share_pct}
        yield Line(source, cost.SHARE, "service_share", cost.service_share(monthly, rates), inputs=inputs)
