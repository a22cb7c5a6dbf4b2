"""The differences of a count, shelf by shelf: what rules/counting.py says about what was frozen, moved and counted."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, F, OuterRef

from apps.inventory.models import (
    Count,
    CountFinding,
    CountLine,
    CountUnit,
    Movement,
    Serial,
    SerialStep,
    Tally,
    Valuation,
)
from apps.inventory.rules import counting as rule
from apps.inventory.rules.places import STORES
from apps.inventory.rules.valuation import Book, line_value
from steppe.kernel.money import Fen

Shelf = tuple[int, int | None]  # item, drum
# Where the books may have a unit that is found here, so that an approval can bring it: what is on the way has a
# receiver, what is at a customer or with its maker a paper of its own that is still to be written.
MOVABLE = (*STORES, "van", "repair")


@dataclass(frozen=True)
class Figure:
    """What came out for one shelf that somebody counted."""

    line: CountLine
    outcome: rule.Outcome
    findings: tuple[CountFinding, ...] = ()
    value: Fen = 0

    @property
    def differs(self) -> bool:
        return bool(self.outcome.difference or self.findings)


def figures_of(count: Count) -> list[Figure]:
    """Of every shelf with a tally of its last turn. Eight queries, however many there are."""
    lines = list(count.lines.select_related("item", "batch").order_by("item__code", "batch__number"))
    tallies = _tallies(count)
    counted = [line for line in lines if line.pk in tallies]
    worth = worth_of(counted)
    moved = _moved(count, [line for line in counted if not line.item.by_number])
    numbered = [line for line in counted if line.item.by_number]
    found = _findings(count, numbered, tallies)
    return [
        _numbered(line, tallies[line.pk], found.get(line.pk, []), worth)
        if line.item.by_number
        else _by_quantity(line, tallies[line.pk], moved.get((line.item_id, line.batch_id), []), worth)
        for line in counted
    ]


def findings_of(count: Count) -> set[tuple[int, str, str, int | None]]:
    """What the books say today about the numbers of a closed count: line, number, kind, place. Five queries."""
    numbered = [line for line in count.lines.select_related("item") if line.item.by_number]
    tallies = _tallies(count)
    found = _findings(count, [line for line in numbered if line.pk in tallies], tallies)
    return {(one.line_id, one.number, one.kind, one.place_id) for rows in found.values() for one in rows}


def store_figures(count: Count, figures: Sequence[Figure]) -> dict[str, int]:
    """Write them into the lines and findings; what the count itself keeps of them. Four queries."""
    CountFinding.objects.filter(line__count=count).delete()
    count.lines.update(counted=None, expected=None, difference=None, value=0, moved=False)
    for one in figures:
        line, out = one.line, one.outcome
        line.counted, line.expected, line.difference = out.counted, out.expected, out.difference
        line.moved, line.value = out.moved, one.value
    fields = ["counted", "expected", "difference", "value", "moved"]
    CountLine.objects.bulk_update([one.line for one in figures], fields, batch_size=500)
    CountFinding.objects.bulk_create([row for one in figures for row in one.findings], batch_size=1000)
    return {
        "lines_counted": len(figures), "lines_right": sum(not one.differs for one in figures),
        "value": sum(one.value for one in figures),
    }  # fmt: skip


def _tallies(count: Count) -> dict[int, list[Tally]]:
    """By line, those of its last turn, in their order."""
    rows = Tally.objects.filter(line__count=count, undone=False, turn=F("line__turn")).order_by("id")
    found: dict[int, list[Tally]] = defaultdict(list)
    for row in rows:
        found[row.line_id].append(row)
    return found


def _moved(count: Count, lines: Sequence[CountLine]) -> dict[Shelf, list[tuple[int, Decimal]]]:
    """What went in and out of these shelves since the oldest freezing, in order. One query."""
    found: dict[Shelf, list[tuple[int, Decimal]]] = defaultdict(list)
    if not lines:
        return found
    since = min(line.frozen_upto for line in lines)
    rows = Movement.objects.filter(place=count.place_id, item__in={line.item_id for line in lines}, pk__gt=since)
    for item, batch, movement, delta in rows.order_by("id").values_list("item", "batch", "id", "delta"):
        found[item, batch].append((movement, delta))
    return found


def _by_quantity(
    line: CountLine, tallies: Sequence[Tally], moved: Iterable[tuple[int, Decimal]], worth: dict[Shelf, Book]
) -> Figure:
    first, last = min(one.upto for one in tallies), max(one.upto for one in tallies)
    since = [(at, delta) for at, delta in moved if at > line.frozen_upto]
    out = rule.outcome(
        frozen=line.frozen, counted=sum((one.quantity for one in tallies), rule.ZERO),
        spoken_for=max(one.reserved for one in tallies),
        moved_before=[delta for at, delta in since if at <= first],
        moved_during=[delta for at, delta in since if first < at <= last],
    )  # fmt: skip
    return Figure(line, out, value=_value(line, out.difference, worth))


def _numbered(
    line: CountLine, tallies: Sequence[Tally], findings: Sequence[CountFinding], worth: dict[Shelf, Book]
) -> Figure:
    seen = Decimal(sum(bool(one.number) for one in tallies))
    kinds = [one.kind for one in findings]
    missing, new = kinds.count("missing"), kinds.count("new")
    out = rule.Outcome(seen, seen - new - kinds.count("elsewhere") + missing, moved=False)
    value = _value(line, Decimal(new), worth) + _value(line, Decimal(-missing), worth)
    return Figure(line, out, tuple(findings), value)


def _findings(
    count: Count, lines: Sequence[CountLine], tallies: dict[int, list[Tally]]
) -> dict[int, list[CountFinding]]:
    """What is missing and what is strange of the numbered shelves. Four queries."""
    frozen, left = _frozen(lines)
    seen = {line.pk: {one.number for one in tallies[line.pk] if one.number} for line in lines}
    known = _known(count, lines, seen)
    found: dict[int, list[CountFinding]] = {}
    for line in lines:
        theirs = known.get(line.item_id, {})
        came = {name for name, unit in theirs.items() if unit.place_id == count.place_id or unit.was_here}  # type: ignore[attr-defined]
        out = rule.units(frozen=frozen[line.pk], seen=seen[line.pk], left=left[line.pk], came=came)
        rows = [CountFinding(line=line, number=name, kind="missing") for name in sorted(out.missing)]
        found[line.pk] = rows + [_strange(line, name, theirs.get(name)) for name in sorted(out.strange)]
    return found


def _frozen(lines: Sequence[CountLine]) -> tuple[dict[int, set[str]], dict[int, set[str]]]:
    """By line the numbers of the list, and those of them that have taken a step since or that a ticket waits for: they
    may be at the customer already. One query.
    """
    later = SerialStep.objects.filter(serial=OuterRef("serial"), pk__gt=OuterRef("step"))
    frozen: dict[int, set[str]] = defaultdict(set)
    left: dict[int, set[str]] = defaultdict(set)
    for unit in CountUnit.objects.filter(line__in=lines).select_related("serial").annotate(gone=Exists(later)):
        frozen[unit.line_id].add(unit.serial.number)
        if unit.gone or unit.serial.held_for:
            left[unit.line_id].add(unit.serial.number)
    return frozen, left


def _known(count: Count, lines: Sequence[CountLine], seen: dict[int, set[str]]) -> dict[int, dict[str, Serial]]:
    """By item the units of the numbers somebody saw; `was_here`: the books had it here since the freezing."""
    names = set().union(*seen.values()) if seen else set()
    out_of_here = SerialStep.objects.filter(serial=OuterRef("pk"), source=count.place_id, pk__gt=count.frozen_steps)
    rows = Serial.objects.filter(item__in=[line.item_id for line in lines], number__in=names)
    found: dict[int, dict[str, Serial]] = defaultdict(dict)
    for unit in rows.select_related("place").annotate(was_here=Exists(out_of_here)):
        found[unit.item_id][unit.number] = unit
    return found


def _strange(line: CountLine, name: str, unit: Serial | None) -> CountFinding:
    """In no book, or once written off: new. Else the books have it elsewhere."""
    if unit is None or unit.place.kind == "loss":
        return CountFinding(line=line, number=name, kind="new")
    movable = unit.place.kind in MOVABLE and not unit.held_for
    return CountFinding(line=line, number=name, kind="elsewhere", place=unit.place, movable=movable)


def worth_of(lines: Sequence[CountLine]) -> dict[Shelf, Book]:
    """What the branch's stock of these goods is worth now, by item and drum. One query."""
    rows = Valuation.objects.filter(item__in={line.item_id for line in lines})
    return {(row.item_id, row.batch_id): Book(row.quantity, row.value) for row in rows}


def unit_cost(line: CountLine, worth: dict[Shelf, Book]) -> Decimal:
    """Fen of one that was found: the present average, or the item's usual cost where there is none to average."""
    book = worth.get((line.item_id, line.batch_id))
    return round(book.average, 4) if book and book.quantity else Decimal(line.item.usual_cost)


def _value(line: CountLine, difference: Decimal, worth: dict[Shelf, Book]) -> Fen:
    """What a difference is worth, in fen: found at the average, missing at what it would take out of the book."""
    if difference > 0:
        return line_value(unit_cost(line, worth), difference)
    book = worth.get((line.item_id, line.batch_id))
    if not difference or book is None or not book.quantity:
        return 0
    return -book.take_out(min(-difference, book.quantity))[1]
