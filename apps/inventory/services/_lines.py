"""From what was told to lines and moves: items by code, drums and numbers looked up, everything judged at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from apps.inventory.errors import BadDocument, SerialKnown
from apps.inventory.models import Batch, Document, Item, Line, LineSerial, Place, Serial
from apps.inventory.rules import serials as numbers_of
from apps.inventory.rules.places import SERIAL_STATE
from apps.inventory.rules.valuation import line_value
from apps.inventory.services._ledger import Move
from steppe.kernel import clock

NAMED = 5
MOST_LINES = 500
MOST_SERIALS = 20_000
MOST = Decimal(10_000_000)  # of one item in a line
DEAREST = Decimal(100_000_000)  # fen of one unit: a million yuan


@dataclass(frozen=True)
class Told:
    """A line as it was told: item by code, quantity, drum by number, numbers of units, fen of one unit."""

    item: str
    quantity: Decimal = Decimal(0)
    batch: str = ""
    serials: tuple[str, ...] = ()
    unit_cost: Decimal | None = None


def write_lines(document: Document, told: Sequence[Told], *, costed: bool, old: bool = False) -> None:
    """The document's lines anew; `costed` ones bring goods in, and only they may name an item that is switched off
    no longer (`old` ones come back and may), or a drum for the first time. Raises BadDocument naming line and field:
    `lines.2.serials`.

    Six queries, and one or two for each new drum.
    """
    if not 0 < len(told) <= MOST_LINES:
        raise BadDocument({"lines": [_("Between 1 and %(most)s lines, please.") % {"most": MOST_LINES}]})
    known = _Known.of(told, costed, old)
    wrong = {f"lines.{place}.{field}": [why] for place, one in enumerate(told) for field, why in _wrong(one, known)}
    wrong |= {f"lines.{place}.item": [_("This stands in another line already.")] for place in _again(told)}
    if wrong:
        raise BadDocument(wrong)
    document.lines.all().delete()
    lines = Line.objects.bulk_create([_line(document, one, known) for one in told])
    rows = [
        LineSerial(line=line, number=number) for line, one in zip(lines, told, strict=True) for number in one.serials
    ]
    LineSerial.objects.bulk_create(rows, batch_size=2000)


@dataclass(frozen=True)
class _Known:
    """What the lines speak of: items by code, drums by item and number."""

    items: dict[str, Item]
    drums: dict[tuple[int, str], Batch]
    costed: bool
    old: bool

    @classmethod
    def of(cls, told: Sequence[Told], costed: bool, old: bool) -> "_Known":
        items = Item.objects.in_bulk({one.item for one in told}, field_name="code")
        rows = Batch.objects.filter(item__in=items.values(), number__in={one.batch for one in told if one.batch})
        return cls(items, {(row.item_id, row.number): row for row in rows}, costed, old)

    def drum(self, item: Item, number: str) -> Batch | None:
        """The drum; one that comes in is known from its first document on."""
        if not number or (item.pk, number) in self.drums:
            return self.drums.get((item.pk, number))
        return Batch.objects.get_or_create(item=item, number=number, defaults={"made_at": clock.now()})[0]


def _again(told: Sequence[Told]) -> list[int]:
    """The lines of an item (and drum) that an earlier line has."""
    first = {(one.item, one.batch): place for place, one in reversed(list(enumerate(told)))}
    return [place for place, one in enumerate(told) if first[one.item, one.batch] != place]


def _wrong(one: Told, known: _Known) -> Iterable[tuple[str, str]]:
    item = known.items.get(one.item)
    if item is None or (known.costed and not known.old and not item.enabled):
        yield "item", _("There is no such item here.")
        return
    if item.by_number:
        yield from _wrong_numbers(one)
    elif one.serials:
        yield "serials", _("This item has no numbers.")
    elif not fits(one.quantity, MOST, 2) or one.quantity == 0:
        yield "quantity", _("More than nothing, at most %(most)s, with two decimals at most.") % {"most": MOST}
    yield from _wrong_drum(one, item, known)
    if one.unit_cost is not None and not fits(one.unit_cost, DEAREST, 4):
        yield "unit_cost", _("Between nothing and a million yuan; of a fen four decimals at most.")


def fits(number: Decimal, most: Decimal, decimals: int) -> bool:
    """Nothing that a column would round, or could not take."""
    return number.is_finite() and 0 <= number <= most and number == round(number, decimals)


def _wrong_drum(one: Told, item: Item, known: _Known) -> Iterable[tuple[str, str]]:
    if item.kind != "batch":
        if one.batch:
            yield "batch", _("This item comes in no drums.")
    elif not one.batch or not numbers_of.is_drum(one.batch):
        yield "batch", _("Which drum? Write its number, with 40 characters at most and no space.")
    elif not known.costed and (item.pk, one.batch) not in known.drums:
        yield "batch", _("There is no such drum here.")


def _wrong_numbers(one: Told) -> Iterable[tuple[str, str]]:
    if not 0 < len(one.serials) <= MOST_SERIALS:
        yield "serials", _("Scan at least one number.")
    if again := numbers_of.twice(one.serials):
        yield "serials", _("These stand there twice: %(numbers)s.") % {"numbers": ", ".join(again[:NAMED])}
    if odd := [number for number in one.serials if numbers_of.normal(number) != number]:
        yield "serials", _("These cannot be numbers: %(numbers)s.") % {"numbers": ", ".join(odd[:NAMED])}


def _line(document: Document, one: Told, known: _Known) -> Line:
    item = known.items[one.item]
    quantity = Decimal(len(one.serials)) if item.by_number else one.quantity
    cost = (Decimal(item.usual_cost) if one.unit_cost is None else one.unit_cost) if known.costed else None
    return Line(document=document, item=item, batch=known.drum(item, one.batch), quantity=quantity, unit_cost=cost)


def moves_of(document: Document, source: Place, target: Place, *, arrived: bool | None = None) -> list[Move]:
    """The document as moves between these places; with `arrived` only what arrived of a transfer, or only the rest.

    Two queries, and those that look up numbers.
    """
    lines = document.lines.select_related("item").prefetch_related("serials").order_by("item_id", "id")
    found = [_move(line, source, target, arrived) for line in lines]
    return [move for move in found if move.quantity]


def _move(line: Line, source: Place, target: Place, arrived: bool | None) -> Move:
    quantity = line.quantity
    if arrived is not None:
        came = line.quantity if line.received is None else line.received
        quantity = came if arrived else line.quantity - came
    names = [one.number for one in line.serials.all() if arrived is None or bool(one.arrived) == arrived]
    _check_kind(line, quantity, names)
    ids = _ids(line.item, names, source) if names else ()
    value = line_value(line.unit_cost, quantity) if line.unit_cost is not None else 0
    return Move(line.item, quantity, source, target, line.batch_id, ids, value)


def _check_kind(line: Line, quantity: Decimal, names: Sequence[str]) -> None:
    """The item may have been made another kind since the draft was written. Raises BadDocument."""
    item = line.item
    if (quantity != len(names) if item.by_number else names) or (item.kind == "batch") != (line.batch_id is not None):
        raise BadDocument({"lines": [_("%(item)s is counted another way now. Write its line anew.") % {"item": item}]})


def _ids(item: Item, names: Sequence[str], source: Place) -> tuple[int, ...]:
    """The units of these numbers; whoever comes in for the first time is written into the books where it comes from."""
    known = dict(Serial.objects.filter(item=item, number__in=names).values_list("number", "pk"))
    new = [name for name in names if name not in known]
    if new and not source.physical:
        known |= _written(item, new, source)
    elif new:
        raise BadDocument({"serials": [_("Not in the books: %(numbers)s.") % {"numbers": ", ".join(new[:NAMED])}]})
    return tuple(sorted(known.values()))


def _written(item: Item, names: Sequence[str], place: Place) -> dict[str, int]:
    """New numbers, in their order; who books the same box at this moment is waited for. Raises SerialKnown."""
    now, state = clock.now(), SERIAL_STATE[place.kind]
    rows = [Serial(item=item, number=name, place=place, state=state, moved_at=now) for name in sorted(names)]
    Serial.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True)
    found = Serial.objects.filter(item=item, number__in=names)
    if elsewhere := list(found.exclude(place=place).order_by("number").values_list("number", flat=True)[:NAMED]):
        raise SerialKnown(numbers=", ".join(elsewhere))
    return dict(found.values_list("number", "pk"))


def check_unknown(document: Document) -> None:
    """What a receipt brings in is nowhere in the branch. Raises SerialKnown. One query."""
    told = LineSerial.objects.filter(line__document=document, line__item=OuterRef("item"), number=OuterRef("number"))
    rows = Serial.objects.filter(Exists(told), item__in=document.lines.values("item")).exclude(place__kind="supplier")
    if known := list(rows.order_by("number").values_list("number", flat=True)[:NAMED]):
        raise SerialKnown(numbers=", ".join(known))
