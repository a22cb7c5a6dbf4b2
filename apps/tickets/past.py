"""Tickets of the past, written in bulk with the history the services would have left (demo, bench).

One `Past` names how far a ticket came; every row that a service writes is written here too: ticket, history,
assignment, callback and outbox, so that replaying a ticket's history gives its present state.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import F

from apps.tickets.models import Assignment, CallbackRecord, Charge, Ticket, TicketEvent, TicketType, TypeVersion
from apps.tickets.rules.calendar import ServiceCalendar
from apps.tickets.rules.clocks import Step, replay
from apps.tickets.rules.workflow import HELD, State
from apps.tickets.services import _clocks as clocks
from apps.tickets.services._steps import new_public_id
from steppe.kernel import clock
from steppe.kernel.clock import BUSINESS_ZONE
from steppe.kernel.journal.models import OutboxEvent
from tenants.context import current_branch

if TYPE_CHECKING:
    from apps.people.models import OrgUnit

# state reached → the steps that led there: action, state after, who
ROADS: dict[str, tuple[tuple[str, State, str], ...]] = {}
_OPEN = ("submit", State.POOLED, "desk")
_GRAB = ("grab", State.ACCEPTED, "technician")
_CALL = ("contact", State.ACCEPTED, "technician")
_ARRIVE = ("check_in", State.IN_PROGRESS, "technician")
_DONE = ("complete", State.AWAITING_CALLBACK, "technician")
ROADS |= {
    State.SUBMITTED: (("submit", State.SUBMITTED, "desk"),),
    State.POOLED: (_OPEN,),
    State.ASSIGNED: (_OPEN, ("dispatch", State.ASSIGNED, "dispatcher")),
    State.ACCEPTED: (_OPEN, _GRAB, _CALL),
    State.IN_PROGRESS: (_OPEN, _GRAB, _CALL, _ARRIVE),
    State.ON_HOLD: (_OPEN, _GRAB, _CALL, _ARRIVE, ("hold", State.ON_HOLD, "dispatcher")),
    State.AWAITING_CALLBACK: (_OPEN, _GRAB, _CALL, _ARRIVE, _DONE),
    State.CLOSED: (_OPEN, _GRAB, _CALL, _ARRIVE, _DONE, ("callback_ok", State.CLOSED, "callback")),
    State.CANCELLED: (_OPEN, ("cancel", State.CANCELLED, "desk")),
    State.VOID: (_OPEN, ("void", State.VOID, "dispatcher")),
}
KINDS = {
    "submit": "opened", "grab": "grabbed", "dispatch": "dispatched", "check_in": "work_started", "void": "voided",
    "complete": "completed", "callback_ok": "closed",
}  # fmt: skip
STAMPS = {
    "submit": "pooled_at", "dispatch": "assigned_at", "grab": "accepted_at", "contact": "contacted_at",
    "check_in": "arrived_at",
    "complete": "finished_at", "callback_ok": "closed_at", "void": "closed_at", "cancel": "closed_at",
}  # fmt: skip
HELPS = 40  # per cent of the work that a helper has
CALL_AFTER = 5.0  # minutes after taking it
MODES = {"grab": "grab", "dispatch": "dispatch"}


@dataclass(frozen=True)
class Past:
    """One ticket to write. `steps` are the minutes between the steps, the first is 0; actors as (ref, name)."""

    state: State
    type: TicketType
    grid: "OrgUnit"
    reported_at: datetime
    steps: tuple[float, ...]
    address: str
    coarse: str
    phone: str
    lat: float
    lng: float
    actors: dict[str, tuple[str, str]]
    name: str = ""
    channel: str = "hotline_96066"
    description: str = ""
    technician_id: int | None = None
    customer_id: int | None = None
    score: int | None = None
    priority: int = 2
    helper_id: int | None = None  # who had forty per cent of the work
    fees: tuple[tuple[str, str, int], ...] = ()  # code, name, fen; all paid


@dataclass
class _Rows:
    """What one bulk write holds."""

    calendar: ServiceCalendar
    versions: dict[int, TypeVersion]
    tickets: list[Ticket] = field(default_factory=list)
    history: list[TicketEvent] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    callbacks: list[CallbackRecord] = field(default_factory=list)
    charges: list[Charge] = field(default_factory=list)
    outbox: list[OutboxEvent] = field(default_factory=list)


@transaction.atomic
def write_past(pasts: Iterable[Past]) -> list[Ticket]:
    """Write them all; the technicians' open counts are brought up to date in the same transaction."""
    pasts = list(pasts)
    rows = _Rows(clocks.service_calendar(), _versions())
    for number, past in zip(_ids(len(pasts)), pasts, strict=True):
        _add(rows, number, past)
    Ticket.objects.bulk_create(rows.tickets, batch_size=500)
    TicketEvent.objects.bulk_create(rows.history, batch_size=1000)
    Assignment.objects.bulk_create(rows.assignments, batch_size=1000)
    CallbackRecord.objects.bulk_create(rows.callbacks, batch_size=1000)
    Charge.objects.bulk_create(rows.charges, batch_size=1000)
    OutboxEvent.objects.bulk_create(rows.outbox, batch_size=1000)
    recount_open()
    return rows.tickets


def recount_open() -> None:
    """Set every technician's open_count to what the tickets say."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_technician AS who SET open_count = "
            "(SELECT count(*) FROM tickets_ticket AS t WHERE t.technician_id = who.id AND t.status = ANY (%s))",
            [[str(state) for state in HELD]],
        )


def _versions() -> dict[int, TypeVersion]:
    """The version in force of every type."""
    return {one.type_id: one for one in TypeVersion.objects.filter(number=F("type__number"))}


def _ids(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('tickets_ticket', 'id')) FROM generate_series(1, %s)",
            [count],
        )
        return [row[0] for row in cursor.fetchall()]


def _add(rows: _Rows, number: int, past: Past) -> None:
    road = ROADS[past.state]
    ticket = _ticket(rows, number, past, len(road))
    at, before, latest = past.reported_at, "", clock.now()  # nothing of the past lies ahead
    for version, ((action, after, who), gap) in enumerate(zip(road, _gaps(road, past.steps), strict=False), start=1):
        at = min(at + timedelta(minutes=gap), latest)
        ref, name = past.actors[who]
        if not (action == "submit" and after == State.SUBMITTED):
            setattr(ticket, STAMPS.get(action, "changed_at"), at)
        data = _facts(ticket, past, action, at)
        rows.history.append(_event(number, version, action, before, after, ref, name, at, data))
        _side_rows(rows, ticket, past, action, ref, at)
        if kind := KINDS.get(action):
            rows.outbox.append(_outbox(ticket, version, kind, before, after, ref, at))
        before = after
    ticket.changed_at = at
    _wind(ticket, rows.history[-len(road) :], rows.calendar)
    _finish(ticket, past, at)
    rows.tickets.append(ticket)


def _gaps(road: Sequence[tuple[str, State, str]], told: Sequence[float]) -> Iterator[float]:
    """The minutes before each step; everybody calls the customer soon after taking the ticket."""
    rest = iter(told)
    for action, *_ in road:
        yield CALL_AFTER if action == "contact" else next(rest, 0.0)


def _ticket(rows: _Rows, number: int, past: Past, version: int) -> Ticket:
    zone = past.reported_at.astimezone(BUSINESS_ZONE)
    terms = clocks.terms_for(
        rows.versions[past.type.pk].definition, area_class=past.grid.area_class, priority=past.priority
    )
    wants_technician = past.state in HELD or past.state in {State.AWAITING_CALLBACK, State.CLOSED}
    return Ticket(
        id=number, public_id=new_public_id(), ticket_no=f"{current_branch().code}-{zone.year}-{number:06d}",
        type=past.type, status=past.state, version=version, channel=past.channel, priority=past.priority,
        customer_id=past.customer_id, contact_name=past.name, contact_phone=past.phone, address=past.address,
        coarse_address=past.coarse, lat=past.lat, lng=past.lng, datum_in="wgs84", location_source="manual",
        area_class=past.grid.area_class, grid=past.grid, org_path=past.grid.path, description=past.description,
        created_by=past.actors["desk"][0], reported_at=past.reported_at,
        technician_id=past.technician_id if wants_technician else None,
        type_version=rows.versions[past.type.pk], terms=asdict(terms),
    )  # fmt: skip


def _facts(ticket: Ticket, past: Past, action: str, at: datetime) -> dict[str, Any]:
    """What the services keep beside a step, as far as the clocks need it."""
    if action == "submit":
        return {"channel": past.channel, "terms": ticket.terms}
    if action == "hold":
        ticket.hold_class, ticket.held_from = "customer", State.IN_PROGRESS
        return {"hold_class": "customer", "resume_at": (at + timedelta(days=2)).isoformat()}
    return {}


def _wind(ticket: Ticket, history: list[TicketEvent], calendar: ServiceCalendar) -> None:
    """The clocks' columns, as its history has them."""
    runs = replay([Step(one.action, one.before, one.after, one.at, one.data) for one in history], calendar)
    for name, value in clocks.columns_of(ticket, runs, calendar).items():
        setattr(ticket, name, value)
    ticket.was_overdue = any(run.late_at(ticket.changed_at) for run in runs if run.clock == "resolve")


def _finish(ticket: Ticket, past: Past, at: datetime) -> None:
    """What the last step leaves on the ticket itself."""
    ticket.accept_mode = "dispatch" if past.state == State.ASSIGNED else "grab" if ticket.technician_id else ""
    if ticket.finished_at:
        ticket.first_finished_at = ticket.finished_at
        ticket.solution, ticket.check_in_distance_m = "更换冷接子，光功率正常", 60.0
    if past.state == State.CLOSED:
        ticket.satisfaction, ticket.close_code = past.score, "done"


def _event(
    number: int,
    version: int,
    action: str,
    before: str,
    after: str,
    ref: str,
    name: str,
    at: datetime,
    data: dict[str, Any],
) -> TicketEvent:
    reason = {"hold": "用户改约", "void": "误报", "cancel": "用户自行恢复", "dispatch": "就近"}.get(action, "")
    return TicketEvent(
        ticket_id=number, version=version, action=action, before=before, after=after, actor=ref, actor_name=name,
        reason=reason, at=at, data=data,
    )  # fmt: skip


def _side_rows(rows: _Rows, ticket: Ticket, past: Past, action: str, ref: str, at: datetime) -> None:
    if action in MODES:
        rows.assignments.append(
            Assignment(ticket_id=ticket.pk, technician_id=past.technician_id or 0, mode=MODES[action], started_at=at)
        )
    if action == "complete":
        _work_done(rows, ticket, past, ref, at)
    if action == "callback_ok":
        rows.callbacks.append(
            CallbackRecord(ticket_id=ticket.pk, channel="phone", fixed=True, score=past.score, actor=ref, at=at)
        )


def _work_done(rows: _Rows, ticket: Ticket, past: Past, ref: str, at: datetime) -> None:
    """Who had which share, and what the customer paid."""
    main = rows.assignments[-1]
    main.ended_at, main.end_reason = at, "completed"
    if past.helper_id is not None:
        main.share_pct = 100 - HELPS
        rows.assignments.append(
            Assignment(
                ticket_id=ticket.pk, technician_id=past.helper_id, role="assist", share_pct=HELPS, mode="assist",
                started_at=main.started_at, ended_at=at, end_reason="completed",
            )
        )  # fmt: skip
    rows.charges += [
        Charge(
            ticket_id=ticket.pk, code=code, name=name, unit_fen=fen, amount_fen=fen, receipt_no=f"SJ{ticket.pk:08d}",
            entered_by=ref, entered_at=at,
        )
        for code, name, fen in past.fees
    ]  # fmt: skip


def _outbox(ticket: Ticket, version: int, kind: str, before: str, after: str, ref: str, at: datetime) -> OutboxEvent:
    facts = {
        "before": before, "after": str(after), "day": at.astimezone(BUSINESS_ZONE).date().isoformat(),
        "type_code": ticket.type.code, "technician_id": ticket.technician_id,
    }  # fmt: skip
    return OutboxEvent(
        kind=f"ticket.{kind}", entity="ticket", entity_id=ticket.pk, public_id=ticket.public_id, version=version,
        facts=json.loads(json.dumps(facts)), actor=ref, occurred_at=at,
    )  # fmt: skip
