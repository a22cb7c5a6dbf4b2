"""What goods are worth, changed without moving any: an accountant says it, another agrees, the average follows."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from apps.inventory.errors import BadDocument
from apps.inventory.models import Document, Line, Valuation
from apps.inventory.permissions import REVALUERS
from apps.inventory.rules import documents as rule
from apps.inventory.services import _lines as lines
from apps.inventory.services import _papers as papers
from apps.inventory.services.documents import new_document
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command


@command("inventory.write_revaluation")
def write_revaluation(*, told: Sequence[lines.Told], reason: str, by: Actor) -> Receipt:
    """Each line's `unit_cost` is what one unit is worth from now on; waits at once for somebody else's approval, and
    is posted with it. For who keeps the whole branch's accounts. Raises BadDocument.
    """
    _check_accountant(by)
    if not reason.strip():
        raise BadDocument({"reason": [_("Say why the goods are worth more, or less.")]})
    nowhere = papers.place_at("", ["loss"])
    document = new_document(rule.KINDS["revaluation"], nowhere, nowhere, by=by, reason=reason.strip())
    _write_lines(document, told)
    return papers.step(document, rule.SUBMITTED, submitted_by=by.ref)


@command("inventory.withdraw_revaluation")
def withdraw_revaluation(*, number: str, version: int | None = None, by: Actor) -> Receipt:
    """Nobody has agreed yet, and nobody will be asked."""
    _check_accountant(by)
    document = papers.lock_document(number, by, REVALUERS, version=version, states=[rule.SUBMITTED])
    if document.kind != "revaluation":
        raise papers.WrongState(number=number)
    return papers.step(document, rule.WITHDRAWN)


def _check_accountant(by: Actor) -> None:
    """Whoever keeps a part of the branch cannot change what is worth the same everywhere."""
    require(by, REVALUERS)
    papers.check_whole_branch(by, REVALUERS)


def _write_lines(document: Document, told: Sequence[lines.Told]) -> None:
    """A line for each item (drum) the branch has; its quantity is what there is now, for whoever has to agree."""
    if not 0 < len(told) <= lines.MOST_LINES:
        raise BadDocument({"lines": [_("Between 1 and %(most)s lines, please.") % {"most": lines.MOST_LINES}]})
    found = {(row.item.code, row.batch.number if row.batch else ""): row for row in _valued(told)}
    wrong = {
        f"lines.{place}.{field}": [why] for place, one in enumerate(told) for field, why in _wrong(one, found, told)
    }
    if wrong:
        raise BadDocument(wrong)
    rows = [(found[one.item, one.batch], one) for one in told]
    Line.objects.bulk_create(
        Line(document=document, item=row.item, batch=row.batch, quantity=row.quantity, unit_cost=one.unit_cost)
        for row, one in rows
    )


def _valued(told: Sequence[lines.Told]) -> list[Valuation]:
    """What the branch has of these, with its value. One query."""
    rows = Valuation.objects.filter(item__code__in={one.item for one in told}, quantity__gt=0)
    return list(rows.select_related("item", "batch"))


def _wrong(
    one: lines.Told, found: dict[tuple[str, str], Valuation], told: Sequence[lines.Told]
) -> list[tuple[str, str]]:
    wrong = []
    if (one.item, one.batch) not in found:
        wrong.append(("item", _("The branch has nothing of this.")))
    if sum((other.item, other.batch) == (one.item, one.batch) for other in told) > 1:
        wrong.append(("item", _("This stands in another line already.")))
    if one.unit_cost is None or not lines.fits(one.unit_cost, lines.DEAREST, 4):
        wrong.append(("unit_cost", _("Between nothing and a million yuan; of a fen four decimals at most.")))
    return wrong
