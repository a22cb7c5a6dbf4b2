"""What is on the way to whom: issues to a van, transfers to a store, waiting for who receives them."""

from django.db.models import QuerySet

from apps.inventory.models import Document
from apps.inventory.papers_read import Paper, document_for, visible_documents
from apps.inventory.permissions import KEEPERS
from apps.inventory.rules.documents import SHIPPED
from apps.inventory.services import _papers as papers
from apps.inventory.services.transfers import name_of
from steppe.kernel.actors import Actor

__all__ = ["may_receive", "name_of", "paper_for", "waiting_for", "waiting_in_van"]


def waiting_for(actor: Actor) -> list[Document]:
    """The papers this person may receive, the oldest first. Raises NotAllowed. One query."""
    return [paper for paper in _shipped(actor) if may_receive(actor, paper)]


def waiting_in_van(technician_id: int) -> int:
    """How many papers wait for a technician's own van. One query."""
    return Document.objects.filter(state=SHIPPED, target__technician_id=technician_id).count()


def paper_for(actor: Actor, number: str) -> Paper:
    """One of them with its lines and numbers. Raises NotAllowed, DocumentNotFound. Three queries."""
    return document_for(actor, number)


def may_receive(actor: Actor, document: Document) -> bool:
    """As services/transfers.py decides: for the own van, or as a keeper of the place; never what one shipped."""
    if document.shipped_by == actor.ref:
        return False
    own = actor.technician_id is not None and document.target.technician_id == actor.technician_id
    return own or (actor.holds(*KEEPERS) and papers.reaches(actor.scopes(KEEPERS), document.target))


def _shipped(actor: Actor) -> QuerySet[Document]:
    return visible_documents(actor).filter(state=SHIPPED).order_by("shipped_at", "id")
