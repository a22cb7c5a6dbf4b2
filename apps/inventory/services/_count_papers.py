"""The papers of an approved count: surplus, shortage, and units brought here from where the books had them.

All are written and all their shelves locked before the first is posted (docs/locking.md).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.inventory.errors import CountReserved
from apps.inventory.models import Balance, Count, CountFinding, CountLine, Document, Place
from apps.inventory.rules import documents as rule
from apps.inventory.services import _ledger as ledger
from apps.inventory.services import _lines as lines
from apps.inventory.services import _papers as papers
from apps.inventory.services._figures import unit_cost, worth_of
from apps.inventory.services.documents import new_document
from steppe.kernel import clock
from steppe.kernel.actors import Actor


@dataclass(frozen=True)
class Paper:
    """A written document with its moves."""

    document: Document
    moves: Sequence[ledger.Move]


def post_papers(count: Count, moves: Iterable[str], by: Actor) -> list[str]:
    """Everything the count says, and these units moved here: into the books. The documents' numbers.

    Raises CountReserved, SerialHeld, SerialElsewhere.
    """
    found = list(
        count.lines.select_related("item", "batch").prefetch_related("findings__place").order_by("item_id", "id")
    )
    made = [*_surplus(count, found, by), *_shortage(count, found, by), *_moves(count, found, set(moves), by)]
    if made:
        ledger.lock_shelves([move for paper in made for move in paper.moves])
        _check_free(count, found)
    for paper in made:
        ledger.post_entry(document=paper.document, what="post", moves=paper.moves, by=by)
        told = {"submitted_by": count.closed_by, "approved_by": by.ref, "posted_by": by.ref, "posted_at": clock.now()}
        papers.step(paper.document, rule.POSTED, **told)
    return [paper.document.number for paper in made]


def _surplus(count: Count, found: Sequence[CountLine], by: Actor) -> list[Paper]:
    worth = worth_of(found)
    told = [
        lines.Told(line.item.code, quantity, _drum(line), numbers, unit_cost(line, worth))
        for line in found
        for quantity, numbers in [_more(line)]
        if quantity
    ]
    return _papers(count, "surplus", _loss(), count.place, told, by)


def _shortage(count: Count, found: Sequence[CountLine], by: Actor) -> list[Paper]:
    told = [
        lines.Told(line.item.code, quantity, _drum(line), numbers)
        for line in found
        for quantity, numbers in [_less(line)]
        if quantity
    ]
    return _papers(count, "shortage", count.place, _loss(), told, by)


def _moves(count: Count, found: Sequence[CountLine], names: set[str], by: Actor) -> list[Paper]:
    """A paper for each place that units are brought from."""
    here: dict[Place, list[lines.Told]] = defaultdict(list)
    for line in found:
        for place, numbers in _elsewhere(line, names).items():
            here[place].append(lines.Told(line.item.code, Decimal(len(numbers)), "", tuple(numbers)))
    ordered = sorted(here, key=lambda place: place.pk)
    return [paper for place in ordered for paper in _papers(count, "relocation", place, count.place, here[place], by)]


def _elsewhere(line: CountLine, names: set[str]) -> dict[Place, list[str]]:
    found: dict[Place, list[str]] = defaultdict(list)
    for one in line.findings.all():
        if one.movable and one.place and one.number in names:
            found[one.place].append(one.number)
    return found


def _more(line: CountLine) -> tuple[Decimal, tuple[str, ...]]:
    """How much was found that no book has, or which numbers."""
    if line.item.by_number:
        return _named(line.findings.all(), "new")
    return max(line.difference or Decimal(0), Decimal(0)), ()


def _less(line: CountLine) -> tuple[Decimal, tuple[str, ...]]:
    if line.item.by_number:
        return _named(line.findings.all(), "missing")
    return max(-(line.difference or Decimal(0)), Decimal(0)), ()


def _named(findings: Iterable[CountFinding], kind: str) -> tuple[Decimal, tuple[str, ...]]:
    names = tuple(sorted(one.number for one in findings if one.kind == kind))
    return Decimal(len(names)), names


def _papers(
    count: Count, kind: str, source: Place, target: Place, told: Sequence[lines.Told], by: Actor
) -> list[Paper]:
    """As many documents as the lines fill."""
    parts = [told[at : at + lines.MOST_LINES] for at in range(0, len(told), lines.MOST_LINES)]
    return [_paper(count, rule.KINDS[kind], source, target, part, by) for part in parts]


def _paper(count: Count, kind: rule.Kind, source: Place, target: Place, told: Sequence[lines.Told], by: Actor) -> Paper:
    document = new_document(kind, source, target, by=by, reason=count.number)
    lines.write_lines(document, told, costed=kind.costed, old=True)
    return Paper(document, lines.moves_of(document, source, target))


def _check_free(count: Count, found: Sequence[CountLine]) -> None:
    """What is missing must not be spoken for: somebody waits for it. The shelves are locked. Raises CountReserved."""
    missing = {(line.item_id, line.batch_id): line for line in found if not line.item.by_number and _less(line)[0]}
    rows = Balance.objects.filter(place=count.place, item__in={item for item, _batch in missing})
    for row in rows:
        line = missing.get((row.item_id, row.batch_id))
        if line and row.quantity - row.reserved < _less(line)[0]:
            told = {"missing": _less(line)[0], "free": row.quantity - row.reserved}
            raise CountReserved(
                item=line.item.name, unit=line.item.unit, **{name: f"{one.normalize():f}" for name, one in told.items()}
            )


def _drum(line: CountLine) -> str:
    return line.batch.number if line.batch else ""


def _loss() -> Place:
    return papers.place_at("", ["loss"])
