"""Steps shared by the documents' commands: reach, lock, state, event."""

from collections.abc import Iterable

from apps.inventory.errors import DocumentNotFound, NotYourPlace, PlaceNotFound, StaleDocument, WrongState
from apps.inventory.events import DocumentChanged
from apps.inventory.models import Document, Place
from apps.inventory.permissions import KEEPERS
from apps.inventory.rules.documents import KINDS, Kind
from apps.inventory.rules.places import ONLY_ONE, is_whole_branch
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, emit
from steppe.kernel.db import connection
from steppe.kernel.errors import NotAllowed

WHOLE_BRANCH = "/"


def place_at(code: str, kinds: Iterable[str]) -> Place:
    """The place of this code; without one, that of the first kind if a branch has only one. Raises PlaceNotFound."""
    wanted = tuple(kinds)
    rows = Place.objects.filter(kind__in=wanted, enabled=True)
    if not code and wanted[0] not in ONLY_ONE:
        raise PlaceNotFound
    found = rows.filter(code=code).first() if code else rows.filter(kind=wanted[0]).order_by("id").first()
    if found is None:
        raise PlaceNotFound
    return found


def check_reach(by: Actor, roles: Iterable[str], *places: Place) -> None:
    """May this role use every one of these physical places? Raises NotAllowed, NotYourPlace."""
    require(by, roles)
    if by.kind == "system":
        return
    for place in places:
        if place.physical and not reaches(by.scopes(roles), place):
            raise NotYourPlace(place=place.name)


def check_whole_branch(by: Actor, roles: Iterable[str]) -> None:
    """Does one of these roles stand for the branch itself, not for a part of it? Raises NotAllowed."""
    if by.kind != "system" and not any(is_whole_branch(path) for path in by.scopes(roles)):
        raise NotAllowed


def check_hand(by: Actor, document: Document) -> None:
    """May this keeper write in the document? Whoever uses its places; a transfer is its sender's until it is shipped.

    Raises NotAllowed, NotYourPlace.
    """
    places = [document.source] if rule_of(document).far else [document.source, document.target]
    check_reach(by, KEEPERS, *places)


def reaches(paths: Iterable[str], place: Place) -> bool:
    """Does one of these nodes stand at or above the place? The branch's own places belong to its root."""
    if place.org_path == WHOLE_BRANCH:
        return any(is_whole_branch(path) for path in paths)
    return any(place.org_path.startswith(path) for path in paths)


def lock_document(
    number: str, by: Actor, roles: Iterable[str], *, version: int | None, states: Iterable[str]
) -> Document:
    """The document, locked; who holds none of the roles does not learn whether there is one.

    Raises NotAllowed, DocumentNotFound, StaleDocument, WrongState.
    """
    assert connection.in_atomic_block
    require(by, roles)
    rows = Document.objects.select_for_update(of=("self",)).select_related("source", "target")
    document = rows.filter(number=number).first()
    if document is None:
        raise DocumentNotFound
    if version is not None and version != document.version:
        raise StaleDocument(number=number)
    if document.state not in tuple(states):
        raise WrongState(number=number)
    return document


def step(document: Document, state: str, **more: object) -> Receipt:
    """The document's next state, its version, the event. One query."""
    for field, value in {"state": state, **more}.items():
        setattr(document, field, value)
    document.version += 1
    document.save(update_fields=["state", "version", *more])
    announce(document)
    return receipt(document)


def announce(document: Document) -> None:
    emit(
        DocumentChanged(
            entity_id=document.pk, public_id=document.number, version=document.version, document=document.kind,
            state=document.state, number=document.number,
        )
    )  # fmt: skip


def receipt(document: Document) -> Receipt:
    facts = {"number": document.number, "state": document.state}
    return Receipt("stock_document", document.pk, document.number, document.version, facts)


def rule_of(document: Document) -> Kind:
    """The row of the table for this document's kind."""
    return KINDS[document.kind]
