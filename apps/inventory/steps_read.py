"""What this person may do with a document as it stands: the same questions the commands ask, before a button is shown.

The commands ask again; a button that is gone by then is a refusal in words.
"""

from apps.inventory.models import Document, Place
from apps.inventory.permissions import APPROVERS, KEEPERS
from apps.inventory.rules import documents as rule
from apps.inventory.services._papers import reaches
from apps.inventory.services.documents import REVERSIBLE
from steppe.kernel.actors import Actor
from tenants.context import policy

OPEN = (rule.DRAFT, rule.SUBMITTED, rule.APPROVED)


def steps_for(actor: Actor, document: Document) -> frozenset[str]:
    """The steps by the names of their commands. No query: the document comes with its places."""
    kind = rule.KINDS[document.kind]
    return frozenset(name for name, fits in _STEPS.items() if fits(actor, document, kind))


def _change(actor: Actor, document: Document, kind: rule.Kind) -> bool:
    return document.state == rule.DRAFT and _writes(actor, document, kind)


def _submit(actor: Actor, document: Document, kind: rule.Kind) -> bool:
    return kind.approval and _change(actor, document, kind)


def _approve(actor: Actor, document: Document, kind: rule.Kind) -> bool:
    own = actor.ref in {document.submitted_by, document.made_by}
    return document.state == rule.SUBMITTED and not own and _at(actor, APPROVERS, document.source)


def _post(actor: Actor, document: Document, kind: rule.Kind) -> bool:
    if document.state == rule.SHIPPED:  # what has two steps is posted by who receives it
        return False
    alone = kind.code == "issue" and document.state == rule.DRAFT and not policy().issue_needs_receiver
    turn = alone or rule.may_post(document.kind, document.state)
    return turn and _at(actor, KEEPERS, document.source, document.target)


def _ship(actor: Actor, document: Document, kind: rule.Kind) -> bool:
    return kind.two_steps and document.state == rule.DRAFT and _at(actor, KEEPERS, document.source)


def _receive(actor: Actor, document: Document, kind: rule.Kind) -> bool:
    sent = document.state == rule.SHIPPED and document.shipped_by != actor.ref
    return sent and _at(actor, KEEPERS, document.target)


def _withdraw(actor: Actor, document: Document, kind: rule.Kind) -> bool:
    return kind.by_hand and document.state in OPEN and _writes(actor, document, kind)


def _reverse(actor: Actor, document: Document, kind: rule.Kind) -> bool:
    """What two had to agree to, one of them does not undo alone."""
    roles = APPROVERS if kind.approval else KEEPERS
    own = kind.approval and actor.ref in {document.made_by, document.submitted_by}
    both = _at(actor, roles, document.source, document.target)
    return document.state == rule.POSTED and document.kind in REVERSIBLE and both and not own


def _writes(actor: Actor, document: Document, kind: rule.Kind) -> bool:
    return _at(actor, KEEPERS, *([document.source] if kind.far else [document.source, document.target]))


def _at(actor: Actor, roles: tuple[str, ...], *places: Place) -> bool:
    """Does this role reach every one of these places?"""
    if actor.kind == "system":
        return True
    paths = actor.scopes(roles)
    return bool(paths) and all(not place.physical or reaches(paths, place) for place in places)


_STEPS = {
    "change": _change, "submit": _submit, "approve": _approve, "post": _post, "ship": _ship, "receive": _receive,
    "withdraw": _withdraw, "reverse": _reverse,
}  # fmt: skip
