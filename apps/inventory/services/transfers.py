"""What is handed over in two steps, a transfer or an issue: shipped by one, received by another; what did not arrive
opens a claim.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.inventory.errors import BadDocument, OwnShipment
from apps.inventory.models import Document, Line, LineSerial, Place
from apps.inventory.permissions import HANDS, KEEPERS
from apps.inventory.rules import documents as rule
from apps.inventory.services import _lines as lines
from apps.inventory.services import _papers as papers
from apps.inventory.services._ledger import post_entry
from apps.inventory.services.documents import new_document
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command


@command("inventory.ship_transfer")
def ship_transfer(*, number: str, version: int | None = None, by: Actor) -> Receipt:
    """Out of its store, on the way. Raises NotEnough, SerialElsewhere."""
    document = papers.lock_document(number, by, KEEPERS, version=version, states=[rule.DRAFT])
    papers.check_reach(by, KEEPERS, document.source)
    if not papers.rule_of(document).two_steps:
        raise papers.WrongState(number=number)
    moves = lines.moves_of(document, document.source, on_the_way())
    post_entry(document=document, what="ship", moves=moves, by=by)
    return papers.step(document, rule.SHIPPED, shipped_by=by.ref, shipped_at=clock.now())


@command("inventory.receive_transfer")
def receive_transfer(
    *,
    number: str,
    received: Mapping[str, Decimal] | None = None,
    scanned: Sequence[str] | None = None,
    version: int | None = None,
    by: Actor,
) -> Receipt:
    """What arrived, by who receives it: quantities by item code, numbers as scanned; both left out: everything.

    The rest stays on the way and stands in a claim that somebody else must agree to. Raises BadDocument, OwnShipment.
    """
    document = papers.lock_document(number, by, (*KEEPERS, *HANDS), version=version, states=[rule.SHIPPED])
    _check_receiver(document, by)
    _note_arrived(document, received or {}, None if scanned is None else set(scanned))
    moves = lines.moves_of(document, on_the_way(), document.target, arrived=True)
    if moves:
        post_entry(document=document, what="receive", moves=moves, by=by)
    done = papers.step(document, rule.POSTED, posted_by=by.ref, posted_at=clock.now())
    claim = _open_claim(document, by)
    done.facts["claim"] = claim.number if claim else ""
    return done


def _check_receiver(document: Document, by: Actor) -> None:
    """The technician whose van it is for, or a keeper of the place; never who handed it out: every branch has an
    administrator besides its storekeeper. Raises NotAllowed, NotYourPlace, OwnShipment.
    """
    if document.shipped_by == by.ref:
        raise OwnShipment(number=document.number)
    if by.technician_id is None or document.target.technician_id != by.technician_id:
        papers.check_reach(by, KEEPERS, document.target)


def on_the_way() -> Place:
    """The branch's one place for what is between two stores."""
    return papers.place_at("", ["in_transit"])


def _note_arrived(document: Document, received: Mapping[str, Decimal], scanned: set[str] | None) -> None:
    """Write down what arrived. Seven queries, however many lines. Raises BadDocument."""
    found = list(document.lines.select_related("item", "batch").prefetch_related("serials"))
    names = {line.pk: {one.number for one in line.serials.all()} for line in found}
    if strange := (scanned or set()) - set().union(*names.values()):
        told = {"numbers": ", ".join(sorted(strange)[: lines.NAMED])}
        raise BadDocument({"scanned": [_("Not in this transfer: %(numbers)s.") % told]})
    if strange := received.keys() - {name_of(line) for line in found if not line.item.by_number}:
        raise BadDocument({f"received.{name}": [_("There is no such line in this transfer.")] for name in strange})
    for line in found:
        sent = names[line.pk]
        line.received = Decimal(len(sent if scanned is None else sent & scanned)) if sent else _counted(line, received)
    Line.objects.bulk_update(found, ["received"])
    _mark(document, scanned)


def _counted(line: Line, received: Mapping[str, Decimal]) -> Decimal:
    came = received.get(name_of(line), line.quantity)
    if not lines.fits(came, line.quantity, 2):
        told = {"sent": f"{line.quantity:f}"}
        raise BadDocument({f"received.{name_of(line)}": [_("Between 0 and the %(sent)s that were sent.") % told]})
    return came


def _mark(document: Document, scanned: set[str] | None) -> None:
    rows = LineSerial.objects.filter(line__document=document)
    rows.update(arrived=scanned is None)
    if scanned:
        rows.filter(number__in=scanned).update(arrived=True)


def name_of(line: Line) -> str:
    """How a line is called: its item, and its drum where it has one."""
    return f"{line.item.code}/{line.batch.number}" if line.batch else line.item.code


def _open_claim(transfer: Document, by: Actor) -> Document | None:
    """What is still on the way, asked to be written off: decided by another (or posted to a store if it turns up)."""
    missing = [line for line in transfer.lines.select_related("item", "batch") if line.received != line.quantity]
    if not missing:
        return None
    claim = new_document(
        rule.KINDS["claim"], on_the_way(), papers.place_at("", ["loss"]), by=by, follows=transfer,
        reason=transfer.number,
    )  # fmt: skip
    told = [_missing(line) for line in missing]
    lines.write_lines(claim, told, costed=False)
    papers.step(claim, rule.SUBMITTED, submitted_by=by.ref)
    return claim


def _missing(line: Line) -> lines.Told:
    lost = tuple(line.serials.filter(arrived=False).values_list("number", flat=True))
    left = line.quantity - (line.received or 0)
    return lines.Told(line.item.code, left, line.batch.number if line.batch else "", lost)
