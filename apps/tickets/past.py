"""Tickets of the past, written in bulk with the history the services would have left (demo, bench).

One `Past` names how far a ticket came; every row that a service writes is written here too: ticket, history,
assignment, callback and outbox, so that replaying a ticket's history gives its present state.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import F

from apps.tickets.models import (
    Assignment,
    Breach,
    CallbackAttempt,
    CallbackRecord,
    Charge,
    ClockNotice,
    Ticket,
    TicketEvent,
    TicketType,
    TypeVersion,
)
from apps.tickets.past_roads import STRAIGHT, Leg, Turns, road
from apps.tickets.rules.calendar import ServiceCalendar
from apps.tickets.rules.clocks import Step, replay
from apps.tickets.rules.escalation import DUE, LASTING
from apps.tickets.rules.workflow import HELD, State
from apps.tickets.services import _clocks as clocks
from apps.tickets.services._steps import new_public_id
from steppe.kernel import clock
from steppe.kernel.clock import BUSINESS_ZONE
from steppe.kernel.journal.models import OutboxEvent
from tenants.context import current_branch

if TYPE_CHECKING:
    from apps.people.models import OrgUnit

KINDS = {
    "submit": "opened", "grab": "grabbed", "dispatch": "dispatched", "check_in": "work_started", "void": "voided",
    "complete": "completed", "callback_ok": "closed", "confirm": "confirmed", "callback_reject": "sent_back",
    "fail_work": "work_failed",
}  # fmt: skip
STAMPS = {
    "submit": "pooled_at", "dispatch": "assigned_at", "grab": "accepted_at", "confirm": "accepted_at",
    "contact": "contacted_at", "check_in": "arrived_at", "complete": "finished_at", "fail_work": "finished_at",
    "callback_ok": "closed_at", "void": "closed_at", "cancel": "closed_at", "urge": "urged_at",
}  # fmt: skip
HELPS = 40  # per cent of the work that a helper has
MODES = {"grab": "grab", "dispatch": "dispatch", "callback_reject": "reopen"}
DONE, ANSWERS = ("complete", "fail_work"), ("callback_ok", "callback_reject")


@dataclass(frozen=True)
class Past:
    """One ticket to write. `steps` are the minutes between the steps, the first is 0; actors as (ref, name).

    `late`: so many times the promised time went by until it was done. `repeats`: one written before it, which this one
    repeats.
    """

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
    turns: Turns = STRAIGHT
    complaint: str = ""  # what was wrong, for a low score
    late: float = 0.0
    repeats: "Past | None" = None


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
    attempts: list[CallbackAttempt] = field(default_factory=list)
    breaches: list[Breach] = field(default_factory=list)
    notices: list[ClockNotice] = field(default_factory=list)
    numbers: dict[int, int] = field(default_factory=dict)  # the ticket of each Past, by its identity


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
    CallbackAttempt.objects.bulk_create(rows.attempts)
    Breach.objects.bulk_create(rows.breaches, batch_size=500)
    ClockNotice.objects.bulk_create(rows.notices, batch_size=500)
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
    way = road(past.state, past.turns)
    ticket = _ticket(rows, number, past, len(way))
    rows.numbers[id(past)] = number
    at, before, latest = past.reported_at, "", clock.now()  # nothing of the past lies ahead
    for version, (leg, gap) in enumerate(zip(way, _gaps(way, past, ticket), strict=True), start=1):
        at, action = min(at + timedelta(minutes=gap), latest), leg.action
        ref, name = past.actors[leg.who]
        if not (action == "submit" and leg.after == State.SUBMITTED):
            setattr(ticket, STAMPS.get(action, "changed_at"), at)
        data = _facts(ticket, past, action, at)
        rows.history.append(_event(number, version, past, action, before, leg.after, ref, name, at, data))
        _side_rows(rows, ticket, past, action, ref, name, at)
        if kind := KINDS.get(action):
            rows.outbox.append(_outbox(ticket, version, kind, before, leg.after, ref, at))
        before = leg.after
    ticket.changed_at = at
    _wind(rows, ticket, rows.history[-len(way) :])
    _finish(ticket, past)
    rows.tickets.append(ticket)


def _gaps(way: Sequence[Leg], past: Past, ticket: Ticket) -> Iterator[float]:
    """The minutes before each step, those before the (first) end of the work long enough to be as late as told."""
    rest, passed, promised = iter(past.steps), 0.0, ticket.terms["resolve"]
    for leg in way:
        gap = next(rest, 0.0) if leg.gap is None else leg.gap
        if leg.action in DONE and leg.gap is None:
            gap = max(gap, past.late * promised - passed)
        passed += gap
        yield gap


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
        type_version=rows.versions[past.type.pk], terms=asdict(terms), urge_count=past.turns.urged,
        repeat_of_id=rows.numbers[id(past.repeats)] if past.repeats else None,
    )  # fmt: skip


def _facts(ticket: Ticket, past: Past, action: str, at: datetime) -> dict[str, Any]:
    """What the services keep beside a step, as far as the clocks need it."""
    if action == "submit":
        return {"channel": past.channel, "terms": ticket.terms}
    if action == "dispatch":
        return {"technician_id": past.technician_id}
    return MORE[action](ticket, past, at) if action in MORE else {}


def _on_hold(ticket: Ticket, past: Past, at: datetime) -> dict[str, Any]:
    ends = timedelta(hours=past.turns.hold_hours) if past.turns.hold_class else timedelta(days=2)
    ticket.hold_class = past.turns.hold_class or "customer"
    ticket.held_from = State.ACCEPTED if past.turns.hold_class else State.IN_PROGRESS
    return {"hold_class": ticket.hold_class, "resume_at": (at + ends).isoformat()}


def _resumed(ticket: Ticket, _past: Past, _at: datetime) -> dict[str, Any]:
    ticket.hold_class = ticket.held_from = ""
    return {}


def _done(ticket: Ticket, past: Past, at: datetime) -> dict[str, Any]:
    ticket.first_finished_at = ticket.first_finished_at or at
    ticket.close_code = "not_done" if past.turns.failed else "done"
    return {} if past.turns.failed else {"result": "done"}


def _back(ticket: Ticket, _past: Past, at: datetime) -> dict[str, Any]:
    """Not fixed: the same technician has it again."""
    ticket.reopen_count += 1
    ticket.finished_at, ticket.close_code, ticket.accepted_at = None, "", at
    ticket.arrived_at = ticket.contacted_at = None
    return {}


def _missed(ticket: Ticket, _past: Past, _at: datetime) -> dict[str, Any]:
    ticket.unreached_count += 1
    return {"outcome": "no_answer", "count": ticket.unreached_count}


def _asked(ticket: Ticket, past: Past, _at: datetime) -> dict[str, Any]:
    ticket.satisfaction = None if past.turns.silent else past.score
    return {"score": ticket.satisfaction, "reached": not past.turns.silent}


# What a step leaves on the ticket and beside itself in the history.
MORE: Mapping[str, Callable[[Ticket, Past, datetime], dict[str, Any]]] = {
    "hold": _on_hold, "resume": _resumed, "complete": _done, "fail_work": _done, "callback_reject": _back,
    "callback_attempt": _missed, "callback_ok": _asked,
}  # fmt: skip


def _wind(rows: _Rows, ticket: Ticket, history: list[TicketEvent]) -> None:
    """The clocks' columns, as its history has them; a promise that was broken is kept. Nobody sweeps the past."""
    steps = [Step(one.action, one.before, one.after, one.at, one.data) for one in history]
    runs = replay(steps, rows.calendar)
    over = {(run.clock, run.number, level): run.stopped_at for run in runs if run.stopped_at for level in LASTING}
    for name, value in clocks.columns_of(ticket, runs, rows.calendar, over).items():
        setattr(ticket, name, value)
    late = [run for run in runs if run.clock == "resolve" and run.late_at(ticket.changed_at)]
    ticket.was_overdue = bool(late)
    broken = [(run, run.due_at) for run in late if run.stopped_at and run.due_at]
    rows.notices += [
        ClockNotice(ticket_id=ticket.pk, clock=run.clock, run=run.number, level=DUE, told="dispatcher", at=due)
        for run, due in broken
    ]
    rows.breaches += [
        Breach(
            ticket_id=ticket.pk, clock=run.clock, due_at=due, breached_at=due, ended_at=run.stopped_at,
            technician_id=ticket.technician_id,
        )
        for run, due in broken
    ]  # fmt: skip


def _finish(ticket: Ticket, past: Past) -> None:
    """What the last step leaves on the ticket itself."""
    given = past.state == State.ASSIGNED or past.turns.dispatched
    ticket.accept_mode = "" if ticket.technician_id is None else "dispatch" if given else "grab"
    if ticket.finished_at:
        ticket.check_in_distance_m = 60.0
        ticket.solution = "" if past.turns.failed else "更换冷接子，光功率正常"


def _event(
    number: int,
    version: int,
    past: Past,
    action: str,
    before: str,
    after: str,
    ref: str,
    name: str,
    at: datetime,
    data: dict[str, Any],
) -> TicketEvent:
    reason = {"hold": "用户改约", "void": "误报", "cancel": "用户自行恢复", "dispatch": "就近"} | {
        "fail_work": past.turns.failed, "callback_reject": past.turns.sent_back,
        **({"hold": past.turns.hold_reason} if past.turns.hold_class else {}),
    }  # fmt: skip
    return TicketEvent(
        ticket_id=number, version=version, action=action, before=before, after=after, actor=ref, actor_name=name,
        reason=reason.get(action, ""), at=at, data=data,
    )  # fmt: skip


def _side_rows(
    rows: _Rows, ticket: Ticket, past: Past, action: str, ref: str, name: str, at: datetime
) -> None:  # fmt: skip
    if action in MODES:
        rows.assignments.append(
            Assignment(ticket_id=ticket.pk, technician_id=past.technician_id or 0, mode=MODES[action], started_at=at)
        )
    if action in DONE:
        _work_done(rows, ticket, past, ref, at)
    if action == "callback_attempt":
        rows.attempts.append(
            CallbackAttempt(ticket_id=ticket.pk, outcome="no_answer", actor=ref, actor_name=name, at=at)
        )
    if action in ANSWERS:
        rows.callbacks.append(_answer(ticket, past, action, ref, at))


def _answer(ticket: Ticket, past: Past, action: str, ref: str, at: datetime) -> CallbackRecord:
    """What the customer said; after the last silence nothing is known."""
    fixed = action == "callback_ok"
    if fixed and past.turns.silent:
        return CallbackRecord(ticket_id=ticket.pk, channel="none", actor=ref, at=at)
    score, complaint = (past.score, past.complaint) if fixed else (2, "not_fixed")
    return CallbackRecord(
        ticket_id=ticket.pk, channel="phone", fixed=fixed, score=score, complaint=complaint, actor=ref, at=at
    )


def _work_done(rows: _Rows, ticket: Ticket, past: Past, ref: str, at: datetime) -> None:
    """Who had which share, and what the customer paid; nothing of that a second time, nor for work that failed."""
    main = rows.assignments[-1]
    main.ended_at, main.end_reason = at, "completed"
    if ticket.reopen_count or past.turns.failed:
        return
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
