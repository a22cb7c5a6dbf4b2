"""Goods for the tests, through the real commands: Ku keeps Lotus's stores, Ji approves, Wu and Bo have vans."""

from collections import Counter
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Sum

from apps.inventory import services
from apps.inventory.models import Balance, Document, Item, Movement, Place, Serial, SerialStep, Valuation
from apps.inventory.services import Told
from apps.people.models import Technician
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt
from tests.make import actor, key

BOXES = ("SN0001", "SN0002", "SN0003", "SN0004", "SN0005")


def item(code: str = "stb", kind: str = "serialized", **more: Any) -> Item:
    told = {"name": code.upper(), "category": "stb", "unit": "台", "usual_cost": 20_000} | more
    services.save_item(code=code, kind=kind, **told, by=actor("ku"), key=key())
    return Item.objects.get(code=code)


def cable() -> Item:
    return item("cable", "quantity", unit="m", usual_cost=50)


def place(code: str) -> Place:
    return Place.objects.get(code=code)


def store(code: str = "east", unit: str = "EAST") -> Place:
    services.open_place(kind="store", code=code, name=code, unit=unit, by=actor("ku"), key=key())
    return place(code)


def van(username: str = "wu") -> Place:
    technician = Technician.objects.get(user__username=username)
    services.open_van(technician_id=technician.pk, by=actor("ku"), key=key())
    return Place.objects.get(technician=technician)


def write(kind: str, *told: Told, by: str = "ku", **more: Any) -> str:
    """A draft; its number."""
    return services.write_document(kind=kind, told=told, by=actor(by), key=key(), **more).public_id


def post(number: str, by: str | Actor = "ku") -> Receipt:
    return services.post_document(number=number, by=actor(by) if isinstance(by, str) else by, key=key())


def forget_plans() -> None:
    """Before thousands of rows at once: PostgreSQL keeps a foreign key's plan for the connection.

    One that was made when the table was a page reads the whole table for every row that points to it.
    """
    with connection.cursor() as cursor:
        cursor.execute("DISCARD PLANS")


def receive(*told: Told, target: str = "main") -> str:
    number = write("receipt", *told, target=target, origin="purchase")
    post(number)
    return number


def boxes(*numbers: str, cost: int | None = None) -> Told:
    return Told("stb", serials=numbers or BOXES, unit_cost=None if cost is None else Decimal(cost))


def metres(quantity: int | str, cost: int | str | None = None) -> Told:
    return Told("cable", quantity=Decimal(quantity), unit_cost=None if cost is None else Decimal(cost))


def on_hand(code: str, what: str) -> Decimal:
    found = Balance.objects.filter(place__code=code, item__code=what).aggregate(total=Sum("quantity"))["total"]
    return found or Decimal(0)


def where(number: str) -> str:
    return Serial.objects.get(number=number).place.code


def document(number: str) -> Document:
    return Document.objects.get(number=number)


def check_books() -> None:
    """What must hold whatever happened (reliability.md S1, S2, S4)."""
    shelves = Balance.objects.values_list("place", "item", "batch", "quantity", "physical", "reserved")
    summed = {
        (place, what, batch): total
        for place, what, batch, total in Movement.objects.values_list("place", "item", "batch").annotate(
            total=Sum("delta")
        )
    }
    for one, what, batch, quantity, physical, reserved in shelves:
        assert quantity == summed.pop((one, what, batch), Decimal(0))
        assert not physical or quantity >= reserved >= 0
    assert not summed, "movements without a balance"
    _check_entries()
    _check_serials()
    _check_values()


def _check_entries() -> None:
    sums = Movement.objects.values("entry", "item", "batch").annotate(total=Sum("delta"))
    assert all(row["total"] == 0 for row in sums)


def _check_serials() -> None:
    """Each unit is where its last step led; each place holds as many units as its balance says."""
    last = dict(SerialStep.objects.order_by("id").values_list("serial", "target"))
    stands = dict(Serial.objects.values_list("id", "place"))
    assert all(stands[unit] == target for unit, target in last.items())
    counted = Counter(Serial.objects.values_list("place", "item"))
    rows = Balance.objects.filter(item__kind__in=Item.BY_NUMBER, physical=True)
    for one, what, quantity in rows.values_list("place", "item", "quantity"):
        assert counted[one, what] == quantity


def _check_values() -> None:
    """The value of each item is the sum of its lines, for as much as lies in valued places."""
    for row in Valuation.objects.all():
        lines = Movement.objects.filter(item=row.item_id, batch=row.batch_id)
        assert row.value == (lines.aggregate(total=Sum("value"))["total"] or 0)
        shelves = Balance.objects.filter(item=row.item_id, batch=row.batch_id, place__valued=True)
        assert row.quantity == (shelves.aggregate(total=Sum("quantity"))["total"] or 0)
