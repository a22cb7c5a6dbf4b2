"""Counting itself: each tap, scan or list is kept at once, whoever counts, on whatever phone.

Nothing that comes back from here says what the books have.
"""

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Subquery
from django.utils.translation import gettext as _

from apps.inventory.errors import BadTally, ScanUnknown, TallyNotFound
from apps.inventory.models import Balance, Batch, Count, CountLine, Item, Movement, Serial, Tally
from apps.inventory.rules import counting as rule
from apps.inventory.rules import serials as numbers_of
from apps.inventory.services import _counts as counts
from apps.inventory.services._lines import MOST, NAMED, fits
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command

MOST_AT_ONCE = 5000


@command("inventory.tally_quantity")
def tally_quantity(*, number: str, item: str, quantity: Decimal, batch: str = "", by: Actor) -> Receipt:
    """So many more of an item (of a drum): several people add up. Nothing at all is an answer too, also for what has
    numbers. Raises BadTally.
    """
    count = _open(number, by)
    found = _item(count, item)
    if not fits(quantity, MOST, 2):
        raise BadTally({"quantity": [_("Between nothing and %(most)s, with two decimals at most.") % {"most": MOST}]})
    if found.by_number and quantity:
        raise BadTally({"quantity": [_("%(item)s has numbers: scan them.") % {"item": found.name}]})
    line = _line(count, found, _drum(found, batch))
    _keep(line, [""], quantity, by)
    return _done(line)


@command("inventory.tally_scan")
def tally_scan(*, number: str, code: str, item: str = "", by: Actor) -> Receipt:
    """What a scanner read: the number of a unit is ticked, the code of an item is one more of it. `item` says whose
    number it is, where the books do not. A number ticked before changes nothing: `again`.

    Raises ScanUnknown, BadTally.
    """
    count, text = _open(number, by), code.strip()[:60]
    if not item and (counted := _by_its_code(count, text)):
        line = _line(count, counted, None)
        _keep(line, [""], Decimal(1), by)
        return _done(line)
    name = numbers_of.normal(text)
    if name is None:
        raise ScanUnknown(code=text)
    line = _line(count, _item(count, item, numbered=True) if item else _whose(count, name), None)
    kept = _keep(line, _unseen(line, [name]), Decimal(1), by)
    return _done(line, scanned=name, again=not kept)


@command("inventory.tally_numbers")
def tally_numbers(*, number: str, numbers: Sequence[str], item: str = "", by: Actor) -> Receipt:
    """A scanned list. With `item` all are its numbers, also those no book has; without, each must be known.

    `kept` says how many are new, `again` how many were ticked before. Raises BadTally, ScanUnknown.
    """
    count = _open(number, by)
    names = list(dict.fromkeys(numbers))
    if not 0 < len(names) <= MOST_AT_ONCE:
        raise BadTally({"numbers": [_("Between 1 and %(most)s numbers, please.") % {"most": MOST_AT_ONCE}]})
    if odd := [name for name in names if numbers_of.normal(name) != name]:
        raise BadTally({"numbers": [_("These cannot be numbers: %(numbers)s.") % {"numbers": ", ".join(odd[:NAMED])}]})
    whose = {name: _item(count, item, numbered=True) for name in names} if item else _all_known(count, names)
    kept = 0
    for one in sorted(set(whose.values()), key=lambda each: each.pk):
        line = _line(count, one, None)
        kept += _keep(line, _unseen(line, [name for name in names if whose[name] == one]), Decimal(1), by)
    return counts.receipt(count, kept=kept, again=len(names) - kept)


@command("inventory.undo_tally")
def undo_tally(*, number: str, tally: int | None = None, by: Actor) -> Receipt:
    """Take back one's own last tally, or the one that is named. Raises TallyNotFound."""
    count = _open(number, by)
    rows = Tally.objects.filter(line__count=count, by=by.ref, undone=False).select_related("line__item", "line__batch")
    found = rows.order_by("-id").first() if tally is None else rows.filter(pk=tally).first()
    if found is None or found.turn != found.line.turn:
        raise TallyNotFound
    Tally.objects.filter(pk=found.pk).update(undone=True)
    return _done(found.line, scanned=found.number)


@command("inventory.count_again")
def count_again(*, number: str, line: int, by: Actor) -> Receipt:
    """Somebody is not sure: this shelf from the beginning; what was counted on it stays to be read. Raises BadTally."""
    count = _open(number, by)
    found = count.lines.select_related("item", "batch").filter(pk=line).first()
    if found is None:
        raise BadTally({"line": [_("There is no such shelf in this count.")]})
    CountLine.objects.filter(pk=found.pk).update(turn=found.turn + 1)
    found.turn += 1
    return _done(found)


def _open(number: str, by: Actor) -> Count:
    count = counts.lock_count(number, by, counts.COUNTERS, states=[rule.COUNTING])
    counts.check_counter(by, count.place)
    return count


def _item(count: Count, code: str, *, numbered: bool = False) -> Item:
    """An item of this count. Raises BadTally."""
    found = Item.objects.filter(code=code).first()
    if found is None or (numbered and not found.by_number):
        raise BadTally({"item": [_("There is no such item here.")]})
    return _of(count, found)


def _of(count: Count, item: Item) -> Item:
    if count.category and item.category != count.category:
        raise BadTally({"item": [_("%(item)s does not belong to this count.") % {"item": item.name}]})
    return item


def _drum(item: Item, number: str) -> Batch | None:
    """Raises BadTally for a drum nobody knows: it has no cost until a receipt brings it."""
    if item.kind != "batch" and not number:
        return None
    found = Batch.objects.filter(item=item, number=number).first()
    if found is None:
        raise BadTally({"batch": [_("There is no such drum here.")]})
    return found


def _by_its_code(count: Count, text: str) -> Item | None:
    """The item this bar code or item code stands for, unless it is counted another way. Raises BadTally."""
    found = Item.objects.filter(barcode=text).first() or Item.objects.filter(code__iexact=text).first()
    if found is None:
        return None
    if found.by_number:
        raise BadTally({"code": [_("%(item)s has numbers: scan them.") % {"item": found.name}]})
    if found.kind == "batch":
        raise BadTally({"code": [_("%(item)s comes on drums: choose the drum and type its metres.") % {"item": found}]})
    return _of(count, found)


def _whose(count: Count, name: str) -> Item:
    """The item that has a unit of this number. Raises ScanUnknown, BadTally."""
    found = list(Item.objects.filter(serials__number=name)[:2])
    if not found and Batch.objects.filter(number=name).exists():
        raise BadTally({"code": [_("%(item)s comes on drums: choose the drum and type its metres.") % {"item": name}]})
    if len(found) != 1:
        raise ScanUnknown(code=name)
    return _of(count, found[0])


def _all_known(count: Count, names: Sequence[str]) -> dict[str, Item]:
    """Whose each number is. Raises ScanUnknown naming those nobody knows, or that two items have. One query."""
    whose: dict[str, list[Item]] = {}
    for unit in Serial.objects.filter(number__in=names).select_related("item"):
        whose.setdefault(unit.number, []).append(unit.item)
    if unclear := [name for name in names if len(whose.get(name, ())) != 1]:
        raise ScanUnknown(code=", ".join(unclear[:NAMED]))
    return {name: _of(count, items[0]) for name, items in whose.items()}


def _line(count: Count, item: Item, batch: Batch | None) -> CountLine:
    """The shelf; one that was empty when the list was frozen is added as the books have it now. At most three
    queries.
    """
    rows = CountLine.objects.select_related("item", "batch")
    if found := rows.filter(count=count, item=item, batch=batch).first():
        return found
    upto, held, _reserved = _books(count, item.pk, batch.pk if batch else None)
    told = {"listed": False, "frozen": held, "frozen_upto": upto}
    return CountLine.objects.create(count=count, item=item, batch=batch, **told)


def _books(count: Count, item: int, batch: int | None) -> tuple[int, Decimal, Decimal]:
    """Up to which movement the shelf has come, what it holds, how much is spoken for: one statement, one moment."""
    newest = Movement.objects.filter(place=count.place_id, item=item, batch=batch).order_by("batch_id", "-id")
    rows = Balance.objects.filter(place=count.place_id, item=item, batch=batch).annotate(
        newest=Subquery(newest.values("pk")[:1])
    )
    upto, held, reserved = rows.values_list("newest", "quantity", "reserved").first() or (0, Decimal(0), Decimal(0))
    return upto or 0, held, reserved


def _unseen(line: CountLine, names: Sequence[str]) -> list[str]:
    """Those nobody has ticked on this shelf yet. One query; the count is locked."""
    seen = set(
        Tally.objects.filter(line=line, turn=line.turn, undone=False, number__in=names).values_list("number", flat=True)
    )
    return [name for name in names if name not in seen]


def _keep(line: CountLine, names: Sequence[str], quantity: Decimal, by: Actor) -> int:
    """One tally a number (or one without), with the movement the shelf has come to. Two queries."""
    upto, _held, reserved = _books(line.count, line.item_id, line.batch_id)
    told = {"turn": line.turn, "quantity": quantity, "upto": upto, "reserved": reserved, "at": clock.now()}
    rows = [Tally(line=line, number=name, by=by.ref, by_name=by.name[:60], **told) for name in names]
    return len(Tally.objects.bulk_create(rows, batch_size=1000))


def _done(line: CountLine, **facts: object) -> Receipt:
    """What stands on this shelf now, as far as it was counted."""
    live = Tally.objects.filter(line=line, turn=line.turn, undone=False).order_by("-id")
    together = sum(live.values_list("quantity", flat=True), Decimal(0))
    told = {
        "line": line.pk, "item": line.item.code, "name": line.item.name, "unit": line.item.unit,
        "batch": line.batch.number if line.batch else "", "counted": f"{together.normalize():f}", **facts,
    }  # fmt: skip
    return counts.receipt(line.count, **told)
