"""The documents an actor may see: those from or to a place of theirs, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from apps.inventory.errors import DocumentNotFound
from apps.inventory.models import Document, Line
from apps.inventory.rules.documents import APPROVED, DRAFT, SHIPPED, SUBMITTED
from apps.inventory.selectors import MOST, PAGE, Page, page_of, places_for
from apps.inventory.steps_read import OPEN, steps_for
from apps.people import selectors as people
from steppe.kernel.actors import Actor


@dataclass(frozen=True)
class Paper:
    """A document with its lines, each with its numbers."""

    document: Document
    lines: Sequence[Line]


@dataclass(frozen=True)
class Waiting:
    """What waits in stock: `to_approve` by this actor, the others for somebody."""

    to_approve: Sequence[Document]
    unfinished: Sequence[Document]
    asked: Sequence[Document]
    on_the_way: Sequence[Document]
    claims: Sequence[Document]


def documents_for(
    actor: Actor, *, kind: str = "", state: str = "", place: str = "", ticket: str = "", start: datetime | None = None,
    until: datetime | None = None, after: str = "", limit: int = PAGE,
) -> Page[Document]:  # fmt: skip
    """Documents by when they were written; `after` is the number of the last one. Raises NotAllowed. One query."""
    told = {"kind": kind, "state": state, "ticket": ticket, "made_at__gte": start, "made_at__lt": until}
    rows = visible_documents(actor).filter(**{field: value for field, value in told.items() if value})
    if place:
        rows = rows.filter(Q(source__code=place) | Q(target__code=place))
    if after:
        last = Document.objects.filter(number=after)
        when, which = last.values("made_at")[:1], last.values("pk")[:1]
        rows = rows.filter(Q(made_at__lt=when) | Q(made_at=when, pk__lt=which))
    limit = min(limit, MOST)
    found = list(rows.order_by("-made_at", "-id")[: limit + 1])
    return page_of(found, limit, "number") if found else Page([], None)


def document_for(actor: Actor, number: str) -> Paper:
    """One document. Raises NotAllowed, DocumentNotFound, also for what exists but is not theirs. Three queries."""
    found = visible_documents(actor).filter(number=number).first()
    if found is None:
        raise DocumentNotFound
    lines = found.lines.select_related("item", "batch").prefetch_related("serials").order_by("id")
    return Paper(found, list(lines))


def followers_of(document: Document) -> list[Document]:
    """What followed from it: the claim for what did not arrive. One query."""
    return list(document.followers.select_related("source", "target").order_by("id"))


def people_of(document: Document) -> dict[str, str]:
    """The names of who wrote, submitted, approved, handed out and posted it, by their journal's names. One query."""
    told = (document.made_by, document.submitted_by, document.approved_by, document.shipped_by, document.posted_by)
    return people.names_of(filter(None, told))


def waiting_for(actor: Actor) -> Waiting:
    """The newest papers that are not in the books yet, by what they wait for. Raises NotAllowed. One query."""
    rows = visible_documents(actor).filter(state__in=(*OPEN, SHIPPED)).order_by("-made_at", "-id")[:MOST]
    found = list(rows)
    mine = [one for one in found if "approve" in steps_for(actor, one)]
    rest = [one for one in found if one.pk not in {each.pk for each in mine}]
    claims, others = [one for one in rest if one.kind == "claim"], [one for one in rest if one.kind != "claim"]
    return Waiting(
        to_approve=mine,
        unfinished=[one for one in others if one.state in (DRAFT, APPROVED)],
        asked=[one for one in others if one.state == SUBMITTED],
        on_the_way=[one for one in others if one.state == SHIPPED],
        claims=claims,
    )


def visible_documents(actor: Actor) -> QuerySet[Document]:
    """Documents from or to a place the actor may look into. Raises NotAllowed. No query by itself."""
    seen = places_for(actor).order_by().values("pk")
    rows = Document.objects.select_related("source", "target", "follows")
    return rows.filter(Q(source__in=seen) | Q(target__in=seen))
