"""Every read of tickets for pages, API and other rooms. Each takes the actor; no actor, no rows.

What a person may see of a ticket is decided here, once: `reveal` says whether contact and door may be shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Subquery

from apps.people.geo import distance_m
from apps.people.selectors import Candidate, freest_technicians, nearest_technicians, point_above
from apps.tickets.errors import TicketNotFound
from apps.tickets.listed import listed
from apps.tickets.matching import Ranked, rank
from apps.tickets.models import Photo, PushCandidate, PushWave, Ticket, TicketEvent, TicketType
from apps.tickets.permissions import (
    ACTIONS,
    CONTACT_VIEWERS,
    CREATORS,
    POOL_VIEWERS,
    VIEWERS,
)
from apps.tickets.workflow import FINAL, HELD, TABS, State, actions_from
from steppe.kernel.actors import Actor, require
from steppe.kernel.errors import Invalid
from tenants.context import policy

PAGE = 50
_REVEALED_BY_NODE = tuple(role for role in CONTACT_VIEWERS if role not in CREATORS)


@dataclass(frozen=True)
class TicketView:
    """A ticket as this actor may see it. `reveal`: name, phone and full address may be shown."""

    ticket: Ticket
    reveal: bool
    actions: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        return self.ticket.address if self.reveal else self.ticket.coarse_address


def visible_tickets(actor: Actor) -> QuerySet[Ticket]:
    """The rows this actor may know of; nothing for who is not signed in. No query by itself."""
    rows = Ticket.objects.select_related("type", "grid", "technician__user")
    if actor.kind == "system":
        return rows
    if actor.kind == "customer":
        # Own reports only: a phone number anybody may type proves nothing until it is verified.
        return rows.filter(customer_id=actor.id or 0, created_by=actor.ref)
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
    ticket = visible_tickets(actor).filter(public_id=public_id).first()
    if ticket is None:
        raise TicketNotFound
    return view_of(actor, ticket)


def view_of(actor: Actor, ticket: Ticket) -> TicketView:
    """Wrap a row that `visible_tickets` has let through. No query."""
    return TicketView(ticket, may_reveal(actor, ticket), tuple(actions_for(actor, ticket)))


def may_reveal(actor: Actor, ticket: Ticket) -> bool:
    """May this actor see the contact and the door? The assignee from acceptance until the ticket is final.

    `revealed` says the same as a condition on rows; a test keeps both alike.
    """
    if actor.kind in {"customer", "system"}:
        return True
    mine = actor.technician_id is not None and actor.technician_id == ticket.technician_id
    if mine and ticket.status not in FINAL and ticket.status != State.ASSIGNED:
        return True
    if actor.scopes(CREATORS) and ticket.created_by == actor.ref:
        return True
    return any(ticket.org_path.startswith(path) for path in actor.scopes(_REVEALED_BY_NODE))


def actions_for(actor: Actor, ticket: Ticket) -> list[str]:
    """What this actor could do with the ticket now (buttons); services check again."""
    if actor.kind != "staff":
        return []
    mine = actor.technician_id is not None and actor.technician_id == ticket.technician_id
    own = {"confirm", "decline", "check_in", "complete"}
    return [
        action
        for action in actions_from(ticket.status)
        if (mine if action in own else _in_reach(actor, action, ticket)) and not (action == "place" and ticket.grid_id)
    ]


def _in_reach(actor: Actor, action: str, ticket: Ticket) -> bool:
    if action == "grab" and actor.technician_id is None:
        return False
    return any(ticket.org_path.startswith(path) for path in actor.scopes(ACTIONS[action]))


@dataclass(frozen=True)
class Page:
    """One page of a list; `next_after` continues it (keyset), None at the end."""

    rows: Sequence[TicketView]
    next_after: str | None


@dataclass(frozen=True)
class Filter:
    """What the list shows: a tab, free text, a grid, a technician, a type."""

    tab: str = "pooled"
    text: str = ""
    grid_id: int | None = None
    technician_id: int | None = None
    type_code: str = ""


def ticket_list(actor: Actor, wanted: Filter, *, after: str | None = None, size: int = PAGE) -> Page:
    """A page of tickets, newest report first within the tab, paged by (reported_at, id). At most four queries."""
    rows = _filtered(visible_tickets(actor), wanted, actor).order_by("-reported_at", "-id")
    if after:
        rows = rows.filter(_beyond(after))
    found = listed(rows[: size + 1])
    more = f"{found[size - 1].reported_at.isoformat()}|{found[size - 1].pk}" if len(found) > size else None
    return Page([view_of(actor, ticket) for ticket in found[:size]], more)


def rows_by_id(actor: Actor, public_ids: Sequence[str], wanted: Filter | None = None) -> list[TicketView]:
    """The named tickets that the actor may see (and that still fit the filter). One query."""
    rows = visible_tickets(actor).filter(public_id__in=list(public_ids)[:100])
    if wanted is not None:
        rows = _filtered(rows, wanted, actor)
    return [view_of(actor, ticket) for ticket in rows]


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
    return fits & (Q(accept_overdue=True) | Q(resolve_overdue=True)) if tab == "overdue" else fits


def _filtered(rows: QuerySet[Ticket], wanted: Filter, actor: Actor) -> QuerySet[Ticket]:
    if wanted.tab in TABS:
        rows = rows.filter(_tab(wanted.tab))
    if wanted.grid_id:
        rows = rows.filter(grid_id=wanted.grid_id)
    if wanted.technician_id:
        rows = rows.filter(technician_id=wanted.technician_id)
    if wanted.type_code:
        rows = rows.filter(type__code=wanted.type_code)
    if text := wanted.text.strip():
        contact = Q(contact_phone__contains=text) | Q(address__icontains=text) | Q(contact_name__icontains=text)
        open_words = Q(ticket_no__icontains=text) | Q(coarse_address__icontains=text)
        rows = rows.filter(open_words | (contact & revealed(actor)))
    return rows


def revealed(actor: Actor) -> Q:
    """Where the hidden columns may be searched: `may_reveal` as a condition, or a search would tell a phone number."""
    if actor.kind in {"customer", "system"}:
        return Q()
    seen = Q(pk__in=[])
    if actor.technician_id:
        seen |= Q(technician_id=actor.technician_id) & ~Q(status__in=[*FINAL, State.ASSIGNED])
    if actor.scopes(CREATORS):
        seen |= Q(created_by=actor.ref)
    for path in actor.scopes(_REVEALED_BY_NODE):
        seen |= Q(org_path__startswith=path)
    return seen


def _beyond(after: str) -> Q:
    """The place in the list that `next_after` named. Raises Invalid for a name we never gave."""
    try:
        moment, pk = after.rsplit("|", 1)
        at = datetime.fromisoformat(moment)
        if at.tzinfo is None or not 2000 <= at.year <= 3000:
            raise ValueError
        return Q(reported_at__lt=at) | Q(reported_at=at, id__lt=int(pk))
    except ValueError as error:
        raise Invalid({"after": ["?"]}) from error


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
    found = visible_tickets(actor).filter(status=State.POOLED)
    if only is not None:
        found = found.filter(public_id__in=list(only)[:100])
    rows = found.order_by("accept_due_at")[:300]

    def metres(ticket: Ticket) -> float | None:
        if None in (lat, lng, ticket.lat, ticket.lng):
            return None
        return distance_m(lat, lng, ticket.lat, ticket.lng)  # type: ignore[arg-type]

    def card(ticket: Ticket) -> PoolCard:
        view, away = view_of(actor, ticket), metres(ticket)
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
    rows = Ticket.objects.select_related("type", "technician__user").filter(scope, public_id__in=list(public_ids)[:100])
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
    return [view_of(actor, ticket) for ticket in rows.order_by("resolve_due_at")]


def tickets_of_customer(actor: Actor, *, limit: int = 20) -> list[TicketView]:
    """The customer's own tickets, newest first. One query."""
    return [view_of(actor, ticket) for ticket in visible_tickets(actor).order_by("-reported_at")[:limit]]


def history(ticket: Ticket) -> list[TicketEvent]:
    """Every step of the ticket. One query; the caller has shown the right to the ticket."""
    return list(ticket.history.order_by("version"))


def history_in(actor: Actor, view: TicketView) -> list[TicketEvent]:
    """The history as this actor may read it: reasons name people and doors, so they follow `reveal`. One query."""
    steps = history(view.ticket)
    if actor.kind == "customer" or not view.reveal:
        for step in steps:
            step.reason, step.data = "", {}
    return steps


def photos(ticket: Ticket) -> list[Photo]:
    """The ticket's pictures. One query."""
    return list(ticket.photos.order_by("id"))


def photos_in(view: TicketView) -> list[Photo]:
    """The pictures this actor may see: with the contact, or not at all. One query at most."""
    return photos(view.ticket) if view.reveal else []


def photo_for(actor: Actor, public_id: str, owner: str = "") -> Photo:
    """A picture, if the actor may see its ticket's contact (or uploaded it). Raises TicketNotFound."""
    photo = Photo.objects.select_related("ticket").filter(public_id=public_id).first()
    if photo is None:
        raise TicketNotFound
    if photo.ticket is None:
        if photo.owner in {actor.ref, owner} and (actor.kind != "anonymous" or owner):
            return photo
        raise TicketNotFound
    if not ticket_for(actor, photo.ticket.public_id).reveal:
        raise TicketNotFound
    return photo


def wave_of(ticket: Ticket) -> list[PushCandidate]:
    """Who was considered in the latest wave, best first; nobody when it found nobody. One query."""
    newest = PushWave.objects.filter(ticket=ticket).order_by("-round").values("id")[:1]
    rows = PushCandidate.objects.filter(wave=Subquery(newest)).select_related("technician__user", "wave")
    return list(rows.order_by("rank"))


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
    rules, skill, place = policy(), ticket.type.skill, _measured_from(ticket)
    people = _around(place) if place else freest_technicians(limit=40)
    ranked = rank(
        people, grid_path=ticket.org_path, size=limit, penalty_m=rules.open_ticket_penalty_m,
        road_factor=rules.road_factor,
    )  # fmt: skip
    by_id = {person.technician_id: person for person in people}
    found = [
        Suggestion(person, one, not skill or skill in person.skills, person.distance_m if place else None)
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
    return nearest_technicians(lat=place[0], lng=place[1], skill="", limit=40, off_duty=True, any_skill=True)


def ticket_types(*, customer: bool = False) -> list[TicketType]:
    """The branch's enabled types, in their order. One query."""
    rows = TicketType.objects.filter(enabled=True)
    return list((rows.filter(customer_may_report=True) if customer else rows).order_by("position"))


def similar_open(actor: Actor, phone: str) -> list[TicketView]:
    """Open tickets with this phone, for the clerk who is typing it. One query."""
    rows = visible_tickets(actor).filter(contact_phone=phone).exclude(status__in=FINAL)
    return [view_of(actor, ticket) for ticket in rows.order_by("-reported_at")[:5]]
