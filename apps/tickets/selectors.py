"""Every read of tickets for pages, API and other rooms. Each takes the actor; no actor, no rows.

Which tickets a person may know of is decided here, once; what they see of each and could do with it, in reader.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform

from apps.people.geo import distance_m
from apps.people.selectors import Candidate, freest_technicians, nearest_technicians, point_above
from apps.tickets import own_reports
from apps.tickets.errors import TicketNotFound
from apps.tickets.models import CallbackAttempt, Photo, PushCandidate, Ticket, TicketEvent, TicketType
from apps.tickets.permissions import CREATORS, POOL_VIEWERS, VIEWERS
from apps.tickets.reader import REVEALED_BY_NODE, Reader, TicketView
from apps.tickets.reader import actions_for as actions_for
from apps.tickets.reader import may_reveal as may_reveal
from apps.tickets.reader import view_of as view_of
from apps.tickets.rules.matching import Ranked, rank
from apps.tickets.rules.workflow import FINAL, HELD, TABS, State
from steppe.kernel.actors import Actor, require
from tenants.context import policy

PAGE = 50
_POINTS = KeyTextTransform("base_points", "type_version__body")  # what the ticket's version pays, for cards


def visible_tickets(actor: Actor) -> QuerySet[Ticket]:
    """The rows this actor may know of; nothing for who is not signed in. No query by itself."""
    rows = Ticket.objects.select_related("type", "grid", "technician__user")
    if actor.kind == "system":
        return rows
    if actor.kind == "customer":
        return rows.filter(own_reports.of(actor))
    if actor.kind != "staff":
        return rows.none()
    return rows.filter(_scope(actor))


def _scope(actor: Actor) -> Q:
    seen = Q(pk__in=[])
    for path in actor.scopes(VIEWERS):
        seen |= Q(org_path__startswith=path)
    if actor.scopes(CREATORS):
        seen |= Q(created_by=actor.ref)
    if actor.technician_id:
        seen |= Q(technician_id=actor.technician_id)
        for path in actor.scopes(POOL_VIEWERS):
            seen |= Q(status=State.POOLED, org_path__startswith=path)
    return seen


def ticket_for(actor: Actor, public_id: str) -> TicketView:
    """One ticket as the actor may see it. Raises TicketNotFound, also for what exists but is not theirs. One query."""
    ticket = visible_tickets(actor).select_related("type_version").filter(public_id=public_id).first()
    if ticket is None:
        raise TicketNotFound
    return view_of(actor, ticket)


def rows_by_id(actor: Actor, public_ids: Sequence[str]) -> list[TicketView]:
    """The named tickets that the actor may see. One query."""
    rows = visible_tickets(actor).filter(public_id__in=list(public_ids)[:100])
    return Reader(actor).views(rows)


def tab_counts(actor: Actor) -> dict[str, int]:
    """How many tickets stand in each tab and state, for the counter strip. One query.

    Keys: the six tabs plus `in_progress` and `on_hold`. Final tabs count everything the actor may see.
    """
    wanted: dict[str, Any] = {tab: Count("id", filter=_tab(tab)) for tab in TABS} | {
        state: Count("id", filter=Q(status=state)) for state in ("in_progress", "on_hold", "submitted")
    }
    return visible_tickets(actor).select_related(None).order_by().aggregate(**wanted)


def _tab(tab: str) -> Q:
    fits = Q(status__in=TABS[tab])
    return fits & ~Q(overdue_clocks=[]) if tab == "overdue" else fits


def revealed(actor: Actor) -> Q:
    """Where the hidden columns may be searched: `may_reveal` as a condition, or a search would tell a phone number."""
    if actor.kind in {"customer", "system"}:
        return Q()
    seen = Q(pk__in=[])
    if actor.technician_id:
        seen |= Q(technician_id=actor.technician_id) & ~Q(status__in=[*FINAL, State.ASSIGNED])
    if actor.scopes(CREATORS):
        seen |= Q(created_by=actor.ref)
    for path in actor.scopes(REVEALED_BY_NODE):
        seen |= Q(org_path__startswith=path)
    return seen


@dataclass(frozen=True)
class PoolCard:
    """A pooled ticket as a technician sees it before taking it; distance in steps of 100 m, or it tells the door."""

    view: TicketView
    distance_m: float | None


def pool_for(
    actor: Actor, *, lat: float | None, lng: float | None, limit: int = 50, only: Sequence[str] | None = None
) -> list[PoolCard]:
    """The pool of the actor's scope (or the named tickets of it), nearest first; not for customers. One query."""
    require(actor, (*POOL_VIEWERS, *VIEWERS))
    found = visible_tickets(actor).filter(status=State.POOLED).annotate(base_points=_POINTS)
    if only is not None:
        found = found.filter(public_id__in=list(only)[:100])
    rows = found.order_by("accept_due_at")[:300]

    def metres(ticket: Ticket) -> float | None:
        if None in (lat, lng, ticket.lat, ticket.lng):
            return None
        return distance_m(lat, lng, ticket.lat, ticket.lng)  # type: ignore[arg-type]

    reader = Reader(actor)

    def card(ticket: Ticket) -> PoolCard:
        view, away = reader.view(ticket), metres(ticket)
        return PoolCard(view, away if view.reveal or away is None else round(away, -2))

    cards = [card(ticket) for ticket in rows]
    return sorted(cards, key=lambda card: (card.distance_m is None, card.distance_m or 0))[:limit]


@dataclass(frozen=True)
class Taken:
    """A ticket that left the pool, as the other technicians know of it: kind, who, when; nothing of the customer."""

    ticket: Ticket

    @property
    def holder(self) -> str:
        """The name of who has it; empty when it was voided or waits for somebody."""
        return self.ticket.technician.user.name if self.ticket.technician else ""

    @property
    def at(self) -> datetime | None:
        return self.ticket.accepted_at or self.ticket.assigned_at or self.ticket.closed_at


def left_pool(actor: Actor, public_ids: Sequence[str]) -> list[Taken]:
    """Of the named tickets those that stood in the technician's pool and are another's now. One query."""
    scope = Q(pk__in=[])
    for path in actor.scopes(POOL_VIEWERS) if actor.technician_id else ():
        scope |= Q(org_path__startswith=path)
    rows = Ticket.objects.select_related("type", "technician__user").annotate(base_points=_POINTS)
    rows = rows.filter(scope, public_id__in=list(public_ids)[:100])
    gone = rows.exclude(status__in=[State.SUBMITTED, State.POOLED]).exclude(technician_id=actor.technician_id or 0)
    return [Taken(ticket) for ticket in gone]


def ticket_by_link(public_id: str) -> TicketView:
    """What the holder of a signed status link may know: progress, no contact. Raises TicketNotFound. One query.

    The caller has checked the link's signature and age.
    """
    rows = Ticket.objects.select_related("type", "technician__user")
    ticket = rows.filter(public_id=public_id).first()
    if ticket is None:
        raise TicketNotFound
    return TicketView(ticket, reveal=False)


def held_by(actor: Actor) -> list[TicketView]:
    """The technician's own open tickets, most urgent first. One query."""
    rows = visible_tickets(actor).filter(technician_id=actor.technician_id or 0, status__in=HELD)
    return Reader(actor).views(rows.order_by("resolve_due_at"))


def tickets_of_customer(actor: Actor, *, limit: int = 20) -> list[TicketView]:
    """The customer's own tickets, newest first. One query."""
    return Reader(actor).views(visible_tickets(actor).order_by("-reported_at")[:limit])


def history(ticket: Ticket) -> list[TicketEvent]:
    """Every step of the ticket. One query; the caller has shown the right to the ticket."""
    return list(ticket.history.order_by("version"))


def history_in(actor: Actor, view: TicketView) -> list[TicketEvent]:
    """The history as this actor may read it: reasons name people and doors, so they follow `reveal`. One query.

    A customer reads of our people the name of who has the ticket, and of nobody else (domain.md §1.2).
    """
    steps = history(view.ticket)
    if actor.kind == "customer" or not view.reveal:
        for step in steps:
            step.reason, step.data = "", {}
            if not view.reveal and step.actor.startswith(("customer", "anonymous")):
                step.actor_name = ""
            if actor.kind == "customer" and step.actor not in _named_to_customers(actor, view.ticket):
                step.actor_name = ""
    return steps


def _named_to_customers(actor: Actor, ticket: Ticket) -> set[str]:
    who_has_it = {f"staff:{ticket.technician.user_id}"} if ticket.technician else set()
    return {actor.ref} | who_has_it


def photos(ticket: Ticket) -> list[Photo]:
    """The ticket's pictures. One query."""
    return list(ticket.photos.order_by("id"))


def photos_in(actor: Actor, view: TicketView) -> list[Photo]:
    """The pictures this actor may see: with the contact, or not at all. One query at most."""
    return [one for one in photos(view.ticket) if not _is_ours(actor, one)] if view.reveal else []


def _is_ours(actor: Actor, photo: Photo) -> bool:
    """Is it a file that staff added for each other? Customers see the report, the work and what they sent."""
    return actor.kind == "customer" and photo.stage == "added" and photo.owner != actor.ref


def photo_for(actor: Actor, public_id: str, owner: str = "") -> Photo:
    """A picture, if the actor may see its ticket's contact (or uploaded it). Raises TicketNotFound."""
    photo = Photo.objects.select_related("ticket").filter(public_id=public_id).first()
    if photo is None:
        raise TicketNotFound
    if photo.ticket is None:
        if photo.owner in {actor.ref, owner} and (actor.kind != "anonymous" or owner):
            return photo
        raise TicketNotFound
    if not ticket_for(actor, photo.ticket.public_id).reveal or _is_ours(actor, photo):
        raise TicketNotFound
    return photo


@dataclass(frozen=True)
class Chosen:
    """A technician whom a wave chose; `round` counts the ticket's waves from 1."""

    round: int
    technician_id: int


def chosen_in(wave_id: int) -> list[Chosen]:
    """Whom this wave chose, best first. One query."""
    rows = PushCandidate.objects.filter(wave_id=wave_id, chosen=True).order_by("rank")
    return [Chosen(*row) for row in rows.values_list("wave__round", "technician_id")]


@dataclass(frozen=True)
class Suggestion:
    """A technician the dispatcher could send, with the reason in numbers; `metres` where there is a place for it."""

    person: Candidate
    ranked: Ranked
    has_skill: bool
    metres: float | None


def suggestions(ticket: Ticket, *, limit: int = 8) -> list[Suggestion]:
    """Ranked candidates for a forced dispatch; also who is off duty, full or lacks the skill. One or two queries.

    Without a point of its own a ticket is measured from its grid or sub-branch; without any, by load alone.
    """
    rules, skills, place = policy(), set(ticket.type_version.skills), _measured_from(ticket)
    people = _around(place) if place else freest_technicians(limit=40)
    ranked = rank(
        people, grid_path=ticket.org_path, size=limit, penalty_m=rules.open_ticket_penalty_m,
        road_factor=rules.road_factor,
    )  # fmt: skip
    by_id = {person.technician_id: person for person in people}
    found = [
        Suggestion(person, one, skills <= set(person.skills), person.distance_m if place else None)
        for one in ranked
        if (person := by_id[one.technician_id])
    ]
    found.sort(key=lambda s: (not (s.person.on_duty and s.has_skill), s.ranked.score_m))
    return found[:limit]


def _measured_from(ticket: Ticket) -> tuple[float, float] | None:
    if ticket.lat is not None and ticket.lng is not None:
        return ticket.lat, ticket.lng
    return point_above(ticket.org_path)


def _around(place: tuple[float, float]) -> list[Candidate]:
    return nearest_technicians(lat=place[0], lng=place[1], skills=(), limit=40, off_duty=True, any_skill=True)


def ticket_types(*, customer: bool = False) -> list[TicketType]:
    """The branch's enabled types, in their order. One query."""
    rows = TicketType.objects.filter(enabled=True)
    return list((rows.filter(customer_may_report=True) if customer else rows).order_by("position"))


def attempts(ticket: Ticket) -> list[CallbackAttempt]:
    """Calls in vain about the last visit, and how they were. One query."""
    return list(CallbackAttempt.objects.filter(ticket_id=ticket.pk, at__gte=ticket.finished_at).order_by("id"))
