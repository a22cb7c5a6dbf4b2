"""Posting what changes only the value: movements of nothing, on the branch's one shelf that is no place.

The order of locks is the ledger's: shelves, entry, valuations. Steps of commands; they demand an open transaction.
"""

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import F
from django.utils.translation import gettext as _

from apps.inventory.errors import BadDocument
from apps.inventory.events import StockPosted
from apps.inventory.models import Balance, Document, Entry, Line, Movement, Valuation
from apps.inventory.permissions import APPROVERS
from apps.inventory.rules import documents as rule
from apps.inventory.rules.valuation import Book
from apps.inventory.services import _papers as papers
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, emit
from steppe.kernel.db import connection
from steppe.kernel.money import Fen


def post_revaluation(document: Document, by: Actor) -> Receipt:
    """From now on one unit of each line is worth what the line says; a step of the approval, as nothing is to be moved
    first. For who approves for the whole branch. Raises NotAllowed, BadDocument when nothing of an item is left.

    Seven queries, and four for each line.
    """
    assert connection.in_atomic_block
    papers.check_whole_branch(by, APPROVERS)
    lines = document.lines.select_related("item", "batch").order_by("item_id", F("batch_id").asc(nulls_first=True))
    _post(document, list(lines), by)
    return papers.step(document, rule.POSTED, posted_by=by.ref, posted_at=clock.now())


def _post(document: Document, lines: Sequence[Line], by: Actor) -> None:
    """One entry; a line that changes nothing writes none."""
    shelves = {line.pk: _locked_shelf(document, line) for line in lines}
    now = clock.now()
    entry = Entry.objects.create(
        key=f"{document.number}/post", document=document, by=by.ref, by_name=by.name[:60], at=now
    )
    changes = {line.pk: _revalue(line) for line in lines}
    Movement.objects.bulk_create(
        Movement(
            entry=entry, place=document.source, item=line.item, batch=line.batch, delta=Decimal(0),
            balance=shelves[line.pk].quantity, value=changes[line.pk], at=now,
        )
        for line in lines if changes[line.pk]
    )  # fmt: skip
    emit(
        StockPosted(
            entity_id=entry.pk, public_id=document.number, version=1, document=document.kind, ticket="",
            value=sum(changes.values()),
        )
    )  # fmt: skip


def _locked_shelf(document: Document, line: Line) -> Balance:
    place = document.source
    made = Balance(place=place, item=line.item, batch=line.batch, physical=place.physical, changed_at=clock.now())
    Balance.objects.bulk_create([made], ignore_conflicts=True)
    rows = Balance.objects.select_for_update(no_key=True).filter(place=place, item=line.item)
    return rows.get(batch=line.batch)


def _revalue(line: Line) -> Fen:
    """By how much the branch's stock of this grows in value, or shrinks."""
    row = Valuation.objects.select_for_update().filter(item=line.item, batch=line.batch, quantity__gt=0).first()
    if row is None or line.unit_cost is None:
        raise BadDocument({"lines": [_("Of %(item)s nothing is left: withdraw this paper.") % {"item": line.item}]})
    book, change = Book(row.quantity, row.value).revalued(line.unit_cost)
    Valuation.objects.filter(pk=row.pk).update(value=book.value)
    return change
