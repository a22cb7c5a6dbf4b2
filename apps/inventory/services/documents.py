"""The life of a document: written, submitted, approved by somebody else, posted; withdrawn or taken back."""

from collections.abc import Sequence
from dataclasses import replace

from django.db import connection
from django.utils.translation import gettext as _

from apps.inventory.errors import BadDocument, NeedsReceiver, OwnDocument, OwnReversal, WrongState
from apps.inventory.models import Document, Movement, Place
from apps.inventory.permissions import APPROVERS, KEEPERS
from apps.inventory.rules import documents as rule
from apps.inventory.services import _lines as lines
from apps.inventory.services import _papers as papers
from apps.inventory.services._ledger import post_entry
from apps.inventory.services._values import post_revaluation
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command
from tenants.context import policy

_NEXT_ID = "SELECT nextval(pg_get_serial_sequence('inventory_document', 'id'))"
REVERSIBLE = ("receipt", "issue", "return", "repair", "supplier_return", "scrap")


@command("inventory.write_document")
def write_document(
    *, kind: str, source: str = "", target: str = "", told: Sequence[lines.Told], reason: str = "", origin: str = "",
    by: Actor,
) -> Receipt:  # fmt: skip
    """A new draft. Places by code; a kind of place of which there is one may be left out.

    Raises BadDocument, PlaceNotFound, NotYourPlace.
    """
    found = rule.KINDS.get(kind)
    if found is None or not found.by_hand:
        raise BadDocument({"kind": [_("There is no such kind of document.")]})
    places = papers.place_at(source, found.sources), papers.place_at(target, found.targets)
    papers.check_reach(by, KEEPERS, *(places[:1] if found.far else places))
    if places[0] == places[1]:
        raise BadDocument({"target": [_("It is there already: choose another place.")]})
    document = new_document(found, *places, by=by, reason=reason, origin=origin)
    lines.write_lines(document, told, costed=found.costed)
    papers.announce(document)
    return papers.receipt(document)


@command("inventory.change_document")
def change_document(*, number: str, told: Sequence[lines.Told], version: int | None = None, by: Actor) -> Receipt:
    """Other lines in a draft."""
    document = papers.lock_document(number, by, KEEPERS, version=version, states=[rule.DRAFT])
    papers.check_hand(by, document)
    lines.write_lines(document, told, costed=papers.rule_of(document).costed)
    return papers.step(document, rule.DRAFT)


@command("inventory.submit_document")
def submit_document(*, number: str, version: int | None = None, by: Actor) -> Receipt:
    """Asks for the approval that this kind needs."""
    document = papers.lock_document(number, by, KEEPERS, version=version, states=[rule.DRAFT])
    papers.check_hand(by, document)
    if not papers.rule_of(document).approval:
        raise WrongState(number=number)
    return papers.step(document, rule.SUBMITTED, submitted_by=by.ref)


@command("inventory.approve_document")
def approve_document(*, number: str, version: int | None = None, by: Actor) -> Receipt:
    """Agreed by somebody else than who submitted it; a new value is in the books with that. Raises OwnDocument."""
    document = papers.lock_document(number, by, APPROVERS, version=version, states=[rule.SUBMITTED])
    papers.check_reach(by, APPROVERS, document.source)
    if by.ref in {document.submitted_by, document.made_by}:
        raise OwnDocument(number=number)
    done = papers.step(document, rule.APPROVED, approved_by=by.ref)
    return post_revaluation(document, by) if document.kind == "revaluation" else done


@command("inventory.withdraw_document")
def withdraw_document(*, number: str, version: int | None = None, by: Actor) -> Receipt:
    """Nothing has moved yet, and nothing will. Not a claim: what is on the way has to be accounted for."""
    document = papers.lock_document(
        number, by, KEEPERS, version=version, states=[rule.DRAFT, rule.SUBMITTED, rule.APPROVED]
    )
    papers.check_hand(by, document)
    if not papers.rule_of(document).by_hand:
        raise WrongState(number=number)
    return papers.step(document, rule.WITHDRAWN)


@command("inventory.post_document")
def post_document(*, number: str, version: int | None = None, by: Actor) -> Receipt:
    """Into the books. Raises NotEnough, SerialElsewhere, SerialKnown, NeedsReceiver, WrongState."""
    document = papers.lock_document(number, by, KEEPERS, version=version, states=[rule.DRAFT, rule.APPROVED])
    papers.check_reach(by, KEEPERS, document.source, document.target)
    if not (rule.may_post(document.kind, document.state) or _straight(document)):
        raise WrongState(number=number)
    if document.kind == "receipt":
        lines.check_unknown(document)
    moves = lines.moves_of(document, document.source, document.target)
    post_entry(document=document, what="post", moves=moves, by=by)
    return papers.step(document, rule.POSTED, posted_by=by.ref, posted_at=clock.now())


def _straight(document: Document) -> bool:
    """An issue in one step, where the branch lets its storekeeper hand out alone. Raises NeedsReceiver."""
    if document.kind != "issue" or document.state != rule.DRAFT:
        return False
    if policy().issue_needs_receiver:
        raise NeedsReceiver(number=document.number, place=document.target.name)
    return True


@command("inventory.reverse_document")
def reverse_document(*, number: str, reason: str, version: int | None = None, by: Actor) -> Receipt:
    """The opposite entry, with a reason: nothing is ever taken out of the books.

    What came in goes out at today's average; what went out comes back at what it was worth then. What two had to agree
    to, one of them does not undo alone: it takes who may approve, and is not who wrote it. Raises OwnReversal.
    """
    if not reason.strip():
        raise BadDocument({"reason": [_("Say why it is taken back.")]})
    document = papers.lock_document(number, by, (*KEEPERS, *APPROVERS), version=version, states=[rule.POSTED])
    _check_reverser(document, by)
    if document.kind not in REVERSIBLE:
        raise WrongState(number=number)
    gone = _gone(document)
    arrived = True if document.shipped_at else None  # what never arrived is the claim's
    moves = [
        replace(move, value=gone[move.item.pk, move.batch_id]) if move.comes_in else move
        for move in lines.moves_of(document, document.target, document.source, arrived=arrived)
    ]
    post_entry(document=document, what="reverse", moves=moves, by=by)
    return papers.step(document, rule.REVERSED, reversed_because=reason.strip()[:200])


def _check_reverser(document: Document, by: Actor) -> None:
    decided = papers.rule_of(document).approval
    papers.check_reach(by, APPROVERS if decided else KEEPERS, document.source, document.target)
    if decided and by.ref in {document.made_by, document.submitted_by}:
        raise OwnReversal(number=document.number)


def _gone(document: Document) -> dict[tuple[int, int | None], int]:
    """What each line took out of the branch's stock when it was posted, in fen. One query."""
    rows = Movement.objects.filter(entry__key=f"{document.number}/post", place=document.source)
    return {(item, batch): -value for item, batch, value in rows.values_list("item", "batch", "value")}


def new_document(
    kind: rule.Kind, source: Place, target: Place, *, by: Actor, reason: str = "", origin: str = "", ticket: str = "",
    follows: Document | None = None,
) -> Document:  # fmt: skip
    """A row with its number, which is made of the id that is taken first. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_ID)
        [row_id] = cursor.fetchone()
    now = clock.now()
    number = rule.number_of(kind.code, year=now.astimezone(clock.BUSINESS_ZONE).year, document_id=row_id)
    return Document.objects.create(
        id=row_id, number=number, kind=kind.code, source=source, target=target, reason=reason[:200],
        origin=origin[:20], ticket=ticket, follows=follows, made_by=by.ref, made_at=now,
    )  # fmt: skip
