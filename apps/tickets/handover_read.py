"""Cases between branches as this branch knows them: what leaves, what is offered; and what the other side is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import Q

from apps.tickets import labels
from apps.tickets.labels import word
from apps.tickets.models import Arrival, Departure, Photo, Ticket, TicketRequest, TicketType
from apps.tickets.permissions import ARRIVALS, HANDOVER_READERS
from apps.tickets.reasons import reason_word
from apps.tickets.services._clocks import service_calendar
from apps.tickets.services._steps import OVERTAKEN
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM, Actor, require

MOST = 100
CASE = ("contact_phone", "contact_name", "address", "description", "lat", "lng", "account_no", "priority", "node_code")


@dataclass(frozen=True)
class Going:
    """A case that leaves, or would. `open`: it can still be kept."""

    departure: Departure
    state: str
    may_withdraw: bool


@dataclass(frozen=True)
class Coming:
    """A case that comes. `types`: as what it can be taken, the likeliest first; `why`: the source's reason."""

    arrival: Arrival
    state: str
    types: tuple[tuple[str, str], ...]
    reported_at: datetime
    why: str
    answer: str

    @property
    def waits(self) -> bool:
        return self.arrival.state == "offered"


@dataclass(frozen=True)
class Ask:
    """What was asked of the branch's administrator, and the answer. `state`: as of a request, or `overtaken`."""

    link_id: str
    state: str
    wish: str
    offer: dict[str, Any]
    asked_by: str
    asked_at: datetime
    decided_by: str
    answer: str
    by_headquarters: bool


def going(actor: Actor) -> list[Going]:
    """What leaves from the person's scope, the newest first; at most a hundred. One query."""
    require(actor, HANDOVER_READERS)
    reach = Q(pk__in=[])
    for path in actor.scopes(HANDOVER_READERS):
        reach |= Q(ticket__org_path__startswith=path)
    rows = Departure.objects.filter(reach).select_related("ticket__type").order_by("-approved_at", "-id")[:MOST]
    return [Going(one, word(labels.DEPARTURES, one.state), one.state == "waiting") for one in rows]


def coming(actor: Actor) -> list[Coming]:
    """What other branches would hand over to us, what waits first; at most a hundred. Two queries."""
    require(actor, HANDOVER_READERS)
    rows = list(Arrival.objects.select_related("ticket").order_by("-offered_at", "-id")[:MOST])
    types = list(TicketType.objects.filter(enabled=True).order_by("position", "id"))
    found = [_coming(one, types) for one in rows]
    return sorted(found, key=lambda one: not one.waits)


def may_answer(actor: Actor) -> bool:
    """Does this person take cases over for the branch?"""
    return actor.holds(*ARRIVALS)


def how_many_wait() -> int:
    """How many cases wait for our answer. One query."""
    return Arrival.objects.filter(state="offered").count()


def way_of(ticket: Ticket) -> Departure | None:
    """The hand-over of this ticket that runs, or that took it away. One query."""
    rows = Departure.objects.filter(ticket_id=ticket.pk, state__in=["waiting", "gone"])
    return rows.order_by("-id").first()


def came_of(ticket: Ticket) -> Arrival | None:
    """What another branch offered, and this ticket is. One query."""
    return Arrival.objects.filter(ticket_id=ticket.pk).first()


def asks_of(public_id: str) -> list[Ask]:
    """Each time this ticket was to be let go, as it stands now, the oldest first. For the system. Three queries."""
    rows = TicketRequest.objects.filter(ticket__public_id=public_id, kind="let_go", asked__has_key="link")
    return [_ask(one) for one in rows.select_related("ticket__type").order_by("id")]


def answered(asks: Mapping[str, str]) -> list[str]:
    """Of tickets by link: those somebody has answered for, or that went on by themselves. For the system. One query."""
    rows = TicketRequest.objects.filter(ticket__public_id__in=asks.values(), asked__link__in=list(asks))
    return list(rows.exclude(state="pending").values_list("ticket__public_id", flat=True).distinct())


def answered_by(link_id: str) -> str:
    """The name of who answered last here for what another branch offered. For the system. One query."""
    return Arrival.objects.filter(link_id=link_id).values_list("decided_by_name", flat=True).first() or ""


def _ask(one: TicketRequest) -> Ask:
    state = "overtaken" if one.answer == OVERTAKEN and one.state == "withdrawn" else one.state
    return Ask(
        one.asked["link"], state, one.asked["branch"], _about(one.ticket, one.reason, ""), one.requested_by_name,
        one.requested_at, one.decided_by_name, one.answer if state == "refused" else "",
        one.requested_by == SYSTEM.ref,
    )  # fmt: skip


def offer_of(link_id: str) -> dict[str, Any]:
    """What the case is about, for who decides about it: no name, no phone, no door. For the system. Two queries."""
    one = Departure.objects.select_related("ticket__type").get(link_id=link_id)
    return _about(one.ticket, one.reason, one.approved_by_name)


def _about(ticket: Ticket, reason: str, agreed_by: str) -> dict[str, Any]:
    served = service_calendar().between(ticket.reported_at, clock.now())
    return {
        "public_id": ticket.public_id, "ticket_no": ticket.ticket_no, "type_code": ticket.type.code,
        "hq_code": ticket.type.hq_code,
        "type_zh": ticket.type.name_zh, "type_en": ticket.type.name_en, "area": ticket.coarse_address,
        "priority": ticket.priority, "reported_at": ticket.reported_at.isoformat(), "reason": reason,
        "agreed_by": agreed_by, "used_minutes": int(served.total_seconds() // 60),
        "promised_by": ticket.resolve_due_at.isoformat() if ticket.resolve_due_at else "",
        "fields": ticket.fields, "state": str(ticket.status),
    }  # fmt: skip


def case_of(link_id: str) -> dict[str, Any]:
    """What the new ticket is opened with. For the system, after both branches have agreed. One query."""
    ticket = Departure.objects.select_related("ticket").get(link_id=link_id).ticket
    told = {name: getattr(ticket, name) for name in CASE} | {"reported_at": ticket.reported_at.isoformat()}
    return told if ticket.has_place else told | {"lat": None, "lng": None}


def pictures_of(link_id: str) -> list[tuple[str, bytes]]:
    """Name and content of what was sent with the report. For the system. One query; reads the files."""
    rows = Photo.objects.filter(ticket__departures__link_id=link_id, stage="report").order_by("id")
    found = []
    for row in rows:
        with default_storage.open(row.path) as file:
            found.append((row.name, file.read()))
    return found


def _coming(one: Arrival, types: list[TicketType]) -> Coming:
    return Coming(
        one, word(labels.ARRIVALS, one.state), _types(one, types), datetime.fromisoformat(one.offer["reported_at"]),
        reason_word("hand_over", one.offer["reason"]),
        reason_word("refuse", one.answer),
    )  # fmt: skip


def _types(arrival: Arrival, types: list[TicketType]) -> tuple[tuple[str, str], ...]:
    """Headquarters' code of the type says what fits; else the same code."""
    code, hq_code = arrival.offer.get("type_code", ""), arrival.offer.get("hq_code", "")

    def fit(one: TicketType) -> int:
        return 0 if hq_code and one.hq_code == hq_code else 1 if one.code == code else 2

    return tuple((one.code, one.name) for one in sorted(types, key=fit))
