"""Posting: the one way goods move in the books. Steps of commands; they demand an open transaction.

Numbered, because the order is the order of locks (docs/locking.md: document, balances, serials, value):
 1. each balance, by place, item and drum: an update that finds no row is "not enough";
 2. the entry, whose key can be posted once. Its time is read only now: whoever waited for a shelf is later than who
    had it, so that in one place the order of times is the order of movements, and a past balance is one look;
 3. each numbered unit, all by their id: it moves only from where it is;
 4. the value, by item and drum: in at its own cost, out at the average;
 5. the movements. What does not sum to nothing is refused by the database at the commit.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from apps.inventory.errors import NotEnough, SerialElsewhere, SerialHeld
from apps.inventory.events import StockPosted
from apps.inventory.models import Balance, Document, Entry, Item, Movement, Place, Serial, SerialStep, Valuation
from apps.inventory.rules.places import SERIAL_STATE
from apps.inventory.rules.valuation import Book
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import emit
from steppe.kernel.db import connection
from steppe.kernel.money import Fen

NAMED = 5  # numbers in a sentence
Shelf = tuple[int, int, int]  # place, item, drum (0: none)

_MAKE = """
INSERT INTO inventory_balance (place_id, item_id, batch_id, physical, quantity, reserved, changed_at)
SELECT place, item, nullif(batch, 0), physical, 0, 0, %(now)s
  FROM unnest(%(places)s::bigint[], %(items)s::bigint[], %(batches)s::bigint[], %(physical)s::boolean[])
    AS shelf (place, item, batch, physical) ORDER BY place, item, batch
ON CONFLICT DO NOTHING
"""
_CHANGE = """
UPDATE inventory_balance SET quantity = quantity + %(delta)s, reserved = reserved + %(held)s, changed_at = %(now)s
 WHERE place_id = %(place)s AND item_id = %(item)s AND batch_id IS NOT DISTINCT FROM %(batch)s
   AND (NOT physical OR quantity - reserved + %(delta)s - %(held)s >= 0) RETURNING quantity
"""
_LOCK = """
SELECT FROM inventory_balance JOIN unnest(%(places)s::bigint[], %(items)s::bigint[], %(batches)s::bigint[])
    AS shelf (place, item, batch) ON place_id = place AND item_id = item AND coalesce(batch_id, 0) = batch
 ORDER BY place_id, item_id, coalesce(batch_id, 0) FOR NO KEY UPDATE OF inventory_balance
"""
_MOVE = """
UPDATE inventory_serial SET place_id = %(target)s, state = %(state)s, ticket = %(ticket)s, account = %(account)s,
       held_for = %(held_for)s, moved_at = %(now)s
 WHERE id = ANY(%(ids)s) AND place_id = %(source)s AND held_for IN ('', %(own)s) RETURNING id
"""


@dataclass(frozen=True)
class Move:
    """So much of an item from one place to another. `value` (fen): what goods that come in are worth.

    `was_held`: it was reserved at its source, for the entry's ticket; `stays_held`: it is, at its target. `account`:
    whose customer's it becomes.
    """

    item: Item
    quantity: Decimal
    source: Place
    target: Place
    batch_id: int | None = None
    serial_ids: tuple[int, ...] = ()
    value: Fen = 0
    was_held: bool = False
    stays_held: bool = False
    account: str = ""

    @property
    def comes_in(self) -> bool:
        return self.target.valued and not self.source.valued

    @property
    def goes_out(self) -> bool:
        return self.source.valued and not self.target.valued


def post_entry(*, document: Document, what: str, moves: Sequence[Move], by: Actor, key: str = "") -> Entry:
    """Write one entry with all its movements; `key` where another name than the document's may be posted only once.

    Raises NotEnough, SerialElsewhere, SerialHeld. Two to five queries a line.
    """
    assert connection.in_atomic_block
    balances = _change_balances(moves)
    now = clock.now()
    entry = Entry.objects.create(
        key=key or f"{document.number}/{what}", document=document, ticket=document.ticket, by=by.ref,
        by_name=by.name[:60], at=now,
    )  # fmt: skip
    _move_serials(entry, moves, now)
    values = _change_values(moves)
    assert values.keys() <= balances.keys(), "value would change without a movement"
    Movement.objects.bulk_create(_movements(entry, moves, balances, values, now))
    emit(
        StockPosted(
            entity_id=entry.pk, public_id=document.number, version=1, document=document.kind, ticket=document.ticket,
            value=sum(values.values()),
        )
    )  # fmt: skip
    return entry


def _change_balances(moves: Sequence[Move]) -> dict[Shelf, Decimal]:
    """The new balance of every place the moves touch, one after the other in the order of locks."""
    after, places, items = {}, _places(moves), {move.item.pk: move.item for move in moves}
    deltas, held = sorted(_deltas(moves).items()), _held(moves)
    with connection.cursor() as cursor:
        cursor.execute(_MAKE, _shelves([shelf for shelf, _delta in deltas], places))
        for shelf, delta in deltas:
            place, item, batch = shelf
            told = {"place": place, "item": item, "batch": batch or None, "delta": delta, "held": held.get(shelf, 0)}
            cursor.execute(_CHANGE, told | {"now": clock.now()})
            row = cursor.fetchone()
            if row is None:
                raise not_enough(places[place], items[item], batch)
            after[shelf] = row[0]
    return after


def lock_shelves(moves: Sequence[Move]) -> None:
    """Every shelf of several entries, in the order of locks, before the first of them is posted. Two queries."""
    told = _shelves(sorted(_deltas(moves)), _places(moves))
    with connection.cursor() as cursor:
        cursor.execute(_MAKE, told)
        cursor.execute(_LOCK, told)


def _held(moves: Iterable[Move]) -> dict[Shelf, Decimal]:
    """By how much more, or less, is spoken for on each shelf."""
    total: dict[Shelf, Decimal] = defaultdict(Decimal)
    for move in moves:
        total[move.source.pk, move.item.pk, move.batch_id or 0] -= move.quantity * move.was_held
        total[move.target.pk, move.item.pk, move.batch_id or 0] += move.quantity * move.stays_held
    return total


def _shelves(shelves: Sequence[Shelf], places: dict[int, Place]) -> dict[str, object]:
    """The shelves as columns; those that are new are made before any is changed."""
    return {
        "places": [one[0] for one in shelves], "items": [one[1] for one in shelves],
        "batches": [one[2] for one in shelves], "physical": [places[one[0]].physical for one in shelves],
        "now": clock.now(),
    }  # fmt: skip


def _places(moves: Iterable[Move]) -> dict[int, Place]:
    return {place.pk: place for move in moves for place in (move.source, move.target)}


def _deltas(moves: Iterable[Move]) -> dict[Shelf, Decimal]:
    """What the moves change altogether; a shelf that ends as it was is left alone."""
    total: dict[Shelf, Decimal] = defaultdict(Decimal)
    for move in moves:
        total[move.source.pk, move.item.pk, move.batch_id or 0] -= move.quantity
        total[move.target.pk, move.item.pk, move.batch_id or 0] += move.quantity
    return {shelf: delta for shelf, delta in total.items() if delta}


def not_enough(place: Place, item: Item, batch: int) -> NotEnough:
    """The refusal with what there is, not counting what is spoken for. One query."""
    found = Balance.objects.filter(place=place, item=item, batch=batch or None).first()
    free = found.quantity - found.reserved if found else Decimal(0)
    return NotEnough(place=place.name, item=item.name, unit=item.unit, free=f"{free:f}".rstrip("0").rstrip(".") or "0")


def _move_serials(entry: Entry, moves: Sequence[Move], now: datetime) -> None:
    """Every named unit from where it must be to where it goes: all locked by their id, then one statement a move."""
    named = [move for move in moves if move.serial_ids]
    ids = sorted({one for move in named for one in move.serial_ids})
    list(Serial.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))
    steps: list[SerialStep] = []
    for move in named:
        _move_units(entry, move, now)
        told = {"entry": entry, "source": move.source, "target": move.target, "at": now}
        steps += [SerialStep(serial_id=one, **told) for one in sorted(move.serial_ids)]
    SerialStep.objects.bulk_create(steps, batch_size=2000)


def _move_units(entry: Entry, move: Move, now: datetime) -> None:
    told = {
        "ids": list(move.serial_ids), "source": move.source.pk, "target": move.target.pk, "now": now,
        "state": SERIAL_STATE[move.target.kind], "ticket": entry.ticket if move.target.kind == "customer" else "",
        "own": entry.ticket, "held_for": entry.ticket if move.stays_held else "", "account": move.account,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, told)
        moved = {row[0] for row in cursor.fetchall()}
    if others := set(move.serial_ids) - moved:
        raise _not_here(move.source, Serial.objects.filter(pk__in=others))


def _not_here(place: Place, units: QuerySet[Serial]) -> SerialElsewhere | SerialHeld:
    """Which of them are not there, or there and meant for a ticket. One query or two."""
    names = units.order_by("number").values_list("number", flat=True)
    if gone := list(names.exclude(place=place)[:NAMED]):
        return SerialElsewhere(place=place.name, numbers=", ".join(gone))
    return SerialHeld(numbers=", ".join(names[:NAMED]))


def _change_values(moves: Sequence[Move]) -> dict[Shelf, Fen]:
    """The value each move brings in or takes out, by the shelf in the valued place. Locks the valuations in order."""
    crossing = [move for move in moves if move.comes_in or move.goes_out]
    found: dict[Shelf, Fen] = defaultdict(int)
    for move in sorted(crossing, key=lambda one: (one.item.pk, one.batch_id or 0, one.goes_out)):
        row = _locked_valuation(move)
        book = Book(row.quantity, row.value)
        if move.comes_in:
            book, value, shelf = book.take_in(move.quantity, move.value), move.value, move.target.pk
        else:
            book, taken = book.take_out(move.quantity)
            value, shelf = -taken, move.source.pk
        Valuation.objects.filter(pk=row.pk).update(quantity=book.quantity, value=book.value)
        found[shelf, move.item.pk, move.batch_id or 0] += value
    return found


def _locked_valuation(move: Move) -> Valuation:
    Valuation.objects.bulk_create([Valuation(item=move.item, batch_id=move.batch_id)], ignore_conflicts=True)
    return Valuation.objects.select_for_update().get(item=move.item, batch=move.batch_id)


def _movements(
    entry: Entry, moves: Sequence[Move], balances: dict[Shelf, Decimal], values: dict[Shelf, Fen], now: datetime
) -> list[Movement]:
    return [
        Movement(
            entry=entry, place_id=shelf[0], item_id=shelf[1], batch_id=shelf[2] or None, delta=delta,
            balance=balances[shelf], value=values.get(shelf, 0), at=now,
        )
        for shelf, delta in sorted(_deltas(moves).items())
    ]  # fmt: skip
