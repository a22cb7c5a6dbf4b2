"""Goods spoken for: reserved on their shelf, numbered ones held for their ticket. Steps of commands.

Order of locks as everywhere: shelves by place, item, drum, then units by id (docs/locking.md).
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from apps.inventory.errors import SerialElsewhere, SerialHeld
from apps.inventory.models import Material, Place, Serial
from apps.inventory.rules.material import RELEASED, by_shelf
from apps.inventory.services import _ledger as ledger
from steppe.kernel.db import connection

# What is given back is always possible; what is taken must be free.
_RESERVE = """
UPDATE inventory_balance SET reserved = reserved + %(more)s
 WHERE place_id = %(place)s AND item_id = %(item)s AND batch_id IS NOT DISTINCT FROM %(batch)s
   AND (%(more)s < 0 OR quantity - reserved >= %(more)s) RETURNING reserved
"""


def reserve(line: Material, more: Decimal) -> None:
    """So much more (or less) of the line's shelf is spoken for. Raises NotEnough. One query."""
    told = {"place": line.place_id, "item": line.item_id, "batch": line.batch_id, "more": more}
    if not _reserved(told):
        raise ledger.not_enough(line.place, line.item, line.batch_id or 0)


def hold(unit: Serial, place: Place, ticket: str) -> None:
    """The unit is meant for this ticket, if it lies there and is meant for none. Raises SerialElsewhere, SerialHeld."""
    free = Serial.objects.filter(pk=unit.pk, place=place)
    if not free.filter(held_for="").update(held_for=ticket):
        raise (SerialHeld if free.exists() else SerialElsewhere)(place=place.name, numbers=unit.number)


def release(lines: Sequence[Material]) -> None:
    """Free again, each where it lies; the lines stay as what they were. Two queries and one for each shelf."""
    held = by_shelf(((line.place_id, line.item_id, line.batch_id or 0), line.quantity) for line in lines)
    for (place, item, batch), quantity in sorted(held.items()):
        _reserved({"place": place, "item": item, "batch": batch or None, "more": -quantity})
    units = sorted(line.serial_id for line in lines if line.serial_id)
    list(Serial.objects.select_for_update(no_key=True).filter(pk__in=units).order_by("pk").values_list("pk"))
    Serial.objects.filter(pk__in=units).update(held_for="")
    Material.objects.filter(pk__in=[line.pk for line in lines]).update(state=RELEASED)


def _reserved(told: Mapping[str, Decimal | int | None]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_RESERVE, told)
        return cursor.fetchone() is not None
