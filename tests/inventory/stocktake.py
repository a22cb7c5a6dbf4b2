"""Counts for the tests, through the real commands: Ku opens and counts, Ji decides."""

from decimal import Decimal
from typing import Any

from apps.inventory import services
from apps.inventory.models import Count, CountFinding, CountLine
from steppe.kernel.commands import Receipt
from tests.make import actor, key


def opened(place: str = "main", by: str = "ku", **more: Any) -> str:
    return services.open_count(place=place, by=actor(by), key=key(), **more).public_id


def tally(number: str, item: str, quantity: int | str, by: str = "ku", **more: Any) -> Receipt:
    told = {"number": number, "item": item, "quantity": Decimal(quantity), **more}
    return services.tally_quantity(**told, by=actor(by), key=key())


def scan(number: str, *codes: str, by: str = "ku", **more: Any) -> Receipt:
    for code in codes:
        done = services.tally_scan(number=number, code=code, by=actor(by), key=key(), **more)
    return done


def close(number: str, by: str = "ku", recount: bool = False, **more: Any) -> Receipt:
    return services.close_count(number=number, recount=recount, by=actor(by), key=key(), **more)


def approve(number: str, by: str = "ji", **more: Any) -> Receipt:
    return services.approve_count(number=number, by=actor(by), key=key(), **more)


def count(number: str) -> Count:
    return Count.objects.get(number=number)


def line(number: str, item: str, batch: str = "") -> CountLine:
    rows = CountLine.objects.filter(count__number=number, item__code=item)
    return rows.get(batch__number=batch) if batch else rows.get()


def differences(number: str) -> dict[str, Decimal]:
    rows = CountLine.objects.filter(count__number=number).exclude(difference=None)
    return {item: difference for item, difference in rows.values_list("item__code", "difference") if difference}


def findings(number: str) -> dict[str, str]:
    rows = CountFinding.objects.filter(line__count__number=number)
    return dict(rows.values_list("number", "kind"))
