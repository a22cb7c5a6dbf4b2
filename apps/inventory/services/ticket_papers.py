"""The papers of a ticket: what it used up, what it brought back. Parts of the ticket's step, in its transaction.

All are written and all their shelves locked before the first is posted, so that two tickets that use and bring back
the same items the other way round wait for each other and do not block each other.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from apps.inventory.models import Document, Material, Place, Recovered
from apps.inventory.rules import documents as rule
from apps.inventory.rules.material import GOES_TO, POSTED
from apps.inventory.rules.valuation import refurbished
from apps.inventory.services import _ledger as ledger
from apps.inventory.services import _lines as lines
from apps.inventory.services import _papers as papers
from apps.inventory.services.documents import new_document
from apps.inventory.services.material import van_for
from apps.tickets.company import Standing
from steppe.kernel import clock
from steppe.kernel.actors import Actor

ORIGIN = "customer"


@dataclass(frozen=True)
class Paper:
    """A written document with its moves; `key`: a ticket posts it once in each round. `rows` are its lines."""

    document: Document
    moves: Sequence[ledger.Move]
    key: str
    rows: Sequence[Material] | Sequence[Recovered]


def post_papers(ticket: Standing, used: Sequence[Material], back: Sequence[Recovered], by: Actor) -> None:
    """Everything into the books. Raises NoVan, SerialElsewhere, SerialKnown."""
    made = [*_consumptions(ticket, used, by), *_recoveries(ticket, back, by)]
    if made:
        ledger.lock_shelves([move for paper in made for move in paper.moves])
    for paper in made:
        ledger.post_entry(document=paper.document, what="post", moves=paper.moves, by=by, key=paper.key)
        papers.step(paper.document, rule.POSTED, posted_by=by.ref, posted_at=clock.now())
        rows = type(paper.rows[0])._default_manager.filter(pk__in=[one.pk for one in paper.rows])
        rows.update(state=POSTED, document=paper.document)


def _consumptions(ticket: Standing, used: Sequence[Material], by: Actor) -> list[Paper]:
    """One paper for each van or counter that something comes from."""
    found: dict[int, list[Material]] = defaultdict(list)
    for line in used:
        found[line.place_id].append(line)
    return [_consumption(ticket, found[place], by) for place in sorted(found)]


def _consumption(ticket: Standing, used: Sequence[Material], by: Actor) -> Paper:
    source, target = used[0].place, papers.place_at("", ["customer"])
    why = "；".join(dict.fromkeys(line.reason for line in used if line.reason))
    document = new_document(rule.KINDS["consumption"], source, target, by=by, ticket=ticket.public_id, reason=why)
    lines.write_lines(document, _told(used), costed=False)
    moves = [
        replace(move, was_held=True, account=ticket.account_no) for move in lines.moves_of(document, source, target)
    ]
    return Paper(document, moves, f"{ticket.public_id}/{ticket.round}/{source.pk}/used", used)


def _told(used: Sequence[Material]) -> list[lines.Told]:
    """The ticket's lines as a document has them: one for each item and drum, with all its numbers."""
    found: dict[tuple[str, str], list[Material]] = defaultdict(list)
    for line in used:
        found[line.item.code, line.batch.number if line.batch else ""].append(line)
    return [
        lines.Told(item, sum((one.quantity for one in some), Decimal(0)), batch, _numbers(some))
        for (item, batch), some in sorted(found.items())
    ]


def _numbers(some: Sequence[Material]) -> tuple[str, ...]:
    return tuple(sorted(one.serial.number for one in some if one.serial))


def _recoveries(ticket: Standing, back: Sequence[Recovered], by: Actor) -> list[Paper]:
    """One paper for each place that a device goes to, by its condition."""
    found: dict[str, list[Recovered]] = defaultdict(list)
    for one in back:
        if one.item_id:
            found[GOES_TO[one.condition]].append(one)
    return [_recovery(ticket, kind, found[kind], by) for kind in sorted(found)]


def _recovery(ticket: Standing, kind: str, back: Sequence[Recovered], by: Actor) -> Paper:
    source = papers.place_at("", ["customer"])
    target = van_for(by) if kind == "van" else papers.place_at("", [kind])
    document = new_document(rule.KINDS["recovery"], source, target, by=by, ticket=ticket.public_id, origin=ORIGIN)
    lines.write_lines(document, _back(back, target), costed=True, old=True)
    moves = lines.moves_of(document, source, target)
    return Paper(document, moves, f"{ticket.public_id}/{ticket.round}/{target.pk}/back", back)


def _back(back: Sequence[Recovered], target: Place) -> list[lines.Told]:
    """Good ones come back at what a refurbished one is worth; what must be repaired is worth nothing before."""
    found: dict[str, list[Recovered]] = defaultdict(list)
    for one in back:
        if one.item:
            found[one.item.code].append(one)
    return [
        lines.Told(code, serials=tuple(sorted(one.number for one in some)), unit_cost=_worth(some[0], target))
        for code, some in sorted(found.items())
    ]


def _worth(one: Recovered, target: Place) -> Decimal:
    usual = one.item.usual_cost if one.item and target.kind == "van" else 0
    return Decimal(refurbished(usual, Decimal(1)))
