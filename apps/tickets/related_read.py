"""Which tickets belong to a ticket, and how; only those that the reader may see."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import pgettext_lazy

from apps.tickets import own_reports
from apps.tickets.models import Ticket, TicketLink, TripBundle
from apps.tickets.selectors import TicketView, view_of, visible_tickets
from apps.tickets.states import state_label
from steppe.kernel.actors import Actor

MOST = 100
FURTHEST = 5  # a ticket that was merged may have been merged into a ticket that was merged
KINDS = {
    "parent": pgettext_lazy("relation", "Parent ticket"),
    "child": pgettext_lazy("relation", "Child ticket"),
    "master": pgettext_lazy("relation", "Merged into"),
    "duplicate": pgettext_lazy("relation", "Duplicate of this"),
    "incident": pgettext_lazy("relation", "Network incident"),
    "report": pgettext_lazy("relation", "Report of this incident"),
    "repeat_of": pgettext_lazy("relation", "Repeats"),
    "repeat": pgettext_lazy("relation", "Repeated by"),
    "follow_up": pgettext_lazy("relation", "Follow-up of"),
    "followed_by": pgettext_lazy("relation", "Followed by"),
    "related": pgettext_lazy("relation", "Related"),
    "trip": pgettext_lazy("relation", "Same trip"),
}
BACKWARDS = {"follow_up": "followed_by", "repeat_of": "repeat"}  # a link seen from its other end


@dataclass(frozen=True)
class Relation:
    """Another ticket and what it is to this one."""

    kind: str
    view: TicketView

    @property
    def word(self) -> str:
        return str(KINDS[self.kind])

    @property
    def mandatory(self) -> bool:
        """Must this child be done before its parent?"""
        return self.kind == "child" and self.view.ticket.mandatory


@dataclass(frozen=True)
class Related:
    """All of them, in the order of KINDS; `more` when there are more than are shown. `trip` is the journey it is on."""

    rows: list[Relation]
    trip: TripBundle | None = None
    more: bool = False


def related_to(actor: Actor, ticket: Ticket) -> Related:
    """The tickets that belong to this one. Three queries; two for a ticket that is on no trip."""
    links = list(TicketLink.objects.filter(Q(source_id=ticket.pk) | Q(target_id=ticket.pk)).order_by("id")[:MOST])
    rows = visible_tickets(actor).filter(_kin(ticket, links)).exclude(id=ticket.pk)
    found = list(rows.order_by("-reported_at", "-id")[: MOST + 1])
    relations = [Relation(kind, view_of(actor, one)) for one in found[:MOST] for kind in _ways(ticket, one, links)]
    relations.sort(key=lambda relation: list(KINDS).index(relation.kind))
    trip = TripBundle.objects.filter(id=ticket.bundle_id).first() if ticket.bundle_id else None
    return Related(relations, trip, len(found) > MOST)


def _kin(ticket: Ticket, links: Iterable[TicketLink]) -> Q:
    mine = {ticket.parent_id, ticket.merged_into_id, ticket.incident_id, ticket.repeat_of_id}
    named = {end for link in links for end in (link.source_id, link.target_id)} | mine
    kin = Q(id__in=[pk for pk in named if pk])
    for column in ("parent_id", "merged_into_id", "incident_id", "repeat_of_id"):
        kin |= Q(**{column: ticket.pk})
    return kin | Q(bundle_id=ticket.bundle_id) if ticket.bundle_id else kin


def _ways(ticket: Ticket, other: Ticket, links: Iterable[TicketLink]) -> Iterator[str]:
    """Everything the other is to this one; the same thing is said once."""
    said = dict.fromkeys(kind for kind, is_so in _columns(ticket, other) if is_so)
    for link in links:
        if (link.source_id, link.target_id) == (ticket.pk, other.pk):
            said[link.kind] = None
        if (link.source_id, link.target_id) == (other.pk, ticket.pk):
            said[BACKWARDS.get(link.kind, link.kind)] = None
    yield from (kind for kind in said if kind in KINDS)


def _columns(ticket: Ticket, other: Ticket) -> list[tuple[str, bool]]:
    return [
        ("parent", ticket.parent_id == other.pk),
        ("child", other.parent_id == ticket.pk),
        ("master", ticket.merged_into_id == other.pk),
        ("duplicate", other.merged_into_id == ticket.pk),
        ("incident", ticket.incident_id == other.pk),
        ("report", other.incident_id == ticket.pk),
        ("repeat_of", ticket.repeat_of_id == other.pk),
        ("repeat", other.repeat_of_id == ticket.pk),
        ("trip", ticket.bundle_id is not None and ticket.bundle_id == other.bundle_id),
    ]


@dataclass(frozen=True)
class GoesOn:
    """The ticket in which a merged one's matter goes on, as whoever reported it may know of it: it may be a
    stranger's, so its number and state and nothing else. `public_id` where it is the reader's own report.
    """

    number: str
    state: str
    public_id: str = ""


def goes_on_in(actor: Actor, ticket: Ticket) -> GoesOn | None:
    """None for a ticket that was not merged. One query for each on the way, mostly one."""
    kept = ticket
    for _ in range(FURTHEST):
        if kept.merged_into_id is None:
            break
        kept = Ticket.objects.select_related("customer").get(pk=kept.merged_into_id)
    if kept is ticket:
        return None
    own = actor.kind == "customer" and own_reports.is_own(actor, kept)
    return GoesOn(kept.ticket_no, state_label(kept.status), kept.public_id if own else "")
