"""What was done on tickets, for the room that counts it (costing): facts, no points and no money.

Read in batches, so that a month of twenty thousand tickets is a few hundred queries and never twenty thousand.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count

from apps.tickets.models import Assignment, Breach, Charge, ServiceDay, Ticket, TicketEvent
from apps.tickets.reasons import ABSENT, is_reason
from apps.tickets.rules.calendar import ServiceCalendar
from apps.tickets.rules.clocks import Run, Step, Terms, current, merged, replay
from apps.tickets.rules.workflow import FINAL, State
from apps.tickets.services._clocks import service_calendar
from steppe.kernel import clock
from steppe.kernel.money import Fen
from tenants.context import policy

WEEKEND = 5
CALLED_OFF = (State.CANCELLED, State.VOID)
ENDINGS = frozenset({"complete", "fail_work", "cancel", "hand_over", "resolve_incident", "void", "merge"})
LEFT = frozenset({"complete", "fail_work", "return", "transfer", "callback_reject", "reopen"})  # nobody is there now
Place = tuple[float, float]


@dataclass(frozen=True)
class Worker:
    """Who had a share of the work, in per cent as the main technician entered it; the main one first."""

    technician_id: int
    share_pct: int


@dataclass(frozen=True)
class Fee:
    """One line of what the customer pays, or was let off (`waived`)."""

    id: int
    code: str
    name: str
    fen: Fen
    waived: bool
    why: str
    receipt_no: str


@dataclass(frozen=True)
class WorkedTicket:
    """A ticket as far as its work is concerned, as it stands now.

    `used_pct`: how much of the promised time was used, in per cent without the pauses; None where no clock ran, and
    where the overrun was exempted. `visits`: who was on the spot and then lost the ticket, or went there for nothing.
    `crew`: who finished it last. `day`: work, rest or holiday, of `worked_at`.
    """

    id: int
    public_id: str
    ticket_no: str
    status: str
    type_code: str
    type_number: int
    kind: str
    family: str
    base_points: Decimal
    result: str
    remote: bool
    on_site: bool
    absent: bool
    area_class: str
    priority: int
    channel: str
    cause_code: str
    responsibility: str
    org_path: str
    grid_id: int | None
    department_id: int | None
    technician_id: int | None
    accept_mode: str
    booked: bool
    satisfaction: int | None
    waiting_bonus_pct: int
    outcome: Mapping[str, Any]
    place: Place | None
    bundle_id: int | None
    parent: bool
    incident: bool
    duplicate: bool
    repeat_of: str
    repeat_family: str
    repeat_after: timedelta | None
    reported_at: datetime
    worked_at: datetime
    finished_at: datetime | None
    closed_at: datetime | None
    day: str
    used_pct: Decimal | None
    reopened: int
    crew: tuple[Worker, ...]
    visits: tuple[int, ...]
    fees: tuple[Fee, ...]

    @property
    def closed(self) -> bool:
        return self.status == State.CLOSED


def worked_ticket(public_id: str) -> WorkedTicket | None:
    """One ticket's work; None if there is no such ticket here. As many queries as a batch."""
    return next(iter(worked_tickets([public_id])), None)


def worked_tickets(public_ids: Collection[str]) -> list[WorkedTicket]:
    """The work of these tickets, by id. Eight queries, however many; some hundreds at once are a good batch."""
    rows = Ticket.objects.filter(public_id__in=public_ids).select_related("type", "type_version", "repeat_of__type")
    tickets = list(rows.order_by("id"))
    if not tickets:
        return []
    about = _About([one.pk for one in tickets])
    return [_worked(one, about) for one in tickets]


@dataclass(frozen=True)
class Title:
    """What a list calls a ticket: its number, its type in the reader's language, and roughly where it is."""

    ticket_no: str
    type_name: str
    where: str
    status: str


def titles_of(public_ids: Collection[str]) -> dict[str, Title]:
    """Titles by name, for lists of what belongs to tickets. One query, none for no ticket."""
    rows = Ticket.objects.filter(public_id__in=public_ids).select_related("type") if public_ids else ()
    return {one.public_id: Title(one.ticket_no, one.type.name, one.coarse_address, str(one.status)) for one in rows}


@dataclass(frozen=True)
class Standing:
    """Where a ticket stands, and what it is called; `ended`: nothing more will be done on it."""

    public_id: str
    ticket_no: str
    type_code: str
    ended: bool


def standings_of(public_ids: Collection[str]) -> list[Standing]:
    """Where these tickets stand, by name. One query."""
    rows = Ticket.objects.filter(public_id__in=public_ids).order_by("public_id")
    told = rows.values_list("public_id", "ticket_no", "type__code", "status")
    return [Standing(name, number, code, status in FINAL) for name, number, code, status in told]


def named_by_number(ticket_no: str) -> str:
    """The name of the ticket people call by this number; empty for none. One query."""
    found = Ticket.objects.filter(ticket_no=ticket_no.strip()).values_list("public_id", flat=True).first()
    return found or ""


def closed_between(start: datetime, end: datetime, *, after: int = 0, limit: int = 500) -> list[tuple[int, str]]:
    """Id and name of tickets closed in this time, by id, those after `after`. One query."""
    rows = Ticket.objects.filter(closed_at__gte=start, closed_at__lt=end, id__gt=after)
    return list(rows.order_by("id").values_list("id", "public_id")[:limit])


def count_closed_between(start: datetime, end: datetime) -> int:
    """How many these are. One query."""
    return Ticket.objects.filter(closed_at__gte=start, closed_at__lt=end).count()


def open_by_type(paths: Collection[str]) -> dict[str, int]:
    """How many tickets at or below these nodes are not ended yet, by the code of their type. One query."""
    rows = Ticket.objects.exclude(status__in=FINAL).values_list("type__code", "org_path").order_by()
    found: dict[str, int] = defaultdict(int)
    for code, path, count in rows.annotate(n=Count("id")):
        if path.startswith(tuple(paths)):
            found[code] += count
    return dict(found)


def types_of_open(public_ids: Collection[str]) -> dict[str, tuple[str, str]]:
    """Type and place (`org_path`) of those of these tickets that are not ended. One query."""
    rows = Ticket.objects.filter(public_id__in=public_ids).exclude(status__in=FINAL)
    return {one: (code, path) for one, code, path in rows.values_list("public_id", "type__code", "org_path")}


def stops_of_trip(bundle_id: int) -> list[tuple[str, Place]]:
    """The places of a trip that somebody came to, in order of arrival. One query."""
    return stops_of_trips([bundle_id]).get(bundle_id, [])


def stops_of_trips(bundle_ids: Collection[int]) -> dict[int, list[tuple[str, Place]]]:
    """By trip the places that somebody came to, in order of arrival. One query, none for no trip."""
    found: dict[int, list[tuple[str, Place]]] = defaultdict(list)
    if not bundle_ids:
        return found
    rows = Ticket.objects.filter(bundle_id__in=bundle_ids, arrived_at__isnull=False).order_by("arrived_at", "id")
    for one in rows:
        if one.has_place and one.bundle_id is not None:
            found[one.bundle_id].append((one.public_id, (one.lat or 0.0, one.lng or 0.0)))
    return found


def on_trips_with(public_ids: Collection[str]) -> list[str]:
    """The other tickets of the trips these are on. One query."""
    trips = Ticket.objects.filter(public_id__in=public_ids, bundle_id__isnull=False).values("bundle_id")
    rows = Ticket.objects.filter(bundle_id__in=trips).exclude(public_id__in=public_ids)
    return list(rows.order_by("id").values_list("public_id", flat=True))


@dataclass(frozen=True)
class Returned:
    """A ticket went back to the pool: who had it, since when, and `silent`: the system took it, nobody had called."""

    version: int
    technician_id: int
    accepted_at: datetime | None
    at: datetime
    silent: bool


def returns_of(public_ids: Collection[str]) -> dict[str, list[Returned]]:
    """By ticket every time it was given back or taken away, in order. One query; most tickets never were."""
    steps = TicketEvent.objects.filter(ticket__public_id__in=public_ids, ticket__return_count__gt=0)
    history: dict[str, list[TicketEvent]] = defaultdict(list)
    for step in steps.select_related("ticket").order_by("ticket_id", "version"):
        history[step.ticket.public_id].append(step)
    return {name: list(_returns(own)) for name, own in history.items()}


def _returns(history: Iterable[TicketEvent]) -> Iterable[Returned]:
    accepted_at = None
    for step in history:
        if step.action in {"grab", "dispatch", "confirm", "reassign"}:
            accepted_at = step.at if step.after == State.ACCEPTED else None
        elif step.action == "return" and step.data.get("technician_id"):
            silent = step.reason == "no_contact"
            yield Returned(step.version, int(step.data["technician_id"]), accepted_at, step.at, silent)


class _About:
    """What stands in other tables about a batch of tickets."""

    def __init__(self, ids: Sequence[int]) -> None:
        self.calendar: ServiceCalendar = service_calendar()
        self.days = dict(ServiceDay.objects.values_list("day", "opens"))
        self.history = _by_ticket(TicketEvent.objects.filter(ticket_id__in=ids).order_by("version"))
        self.crews = _by_ticket(Assignment.objects.filter(ticket_id__in=ids).order_by("id"))
        self.charges = _by_ticket(Charge.objects.filter(ticket_id__in=ids).order_by("id"))
        exempted = Breach.objects.filter(ticket_id__in=ids, clock="resolve", exempted_at__isnull=False)
        self.exempted = set(exempted.values_list("ticket_id", flat=True))
        children = Ticket.objects.filter(parent_id__in=ids).exclude(status__in=CALLED_OFF)
        self.parents = set(children.values_list("parent_id", flat=True))


def _by_ticket(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.ticket_id].append(row)
    return found


def _worked(ticket: Ticket, about: _About) -> WorkedTicket:
    history: list[TicketEvent] = about.history[ticket.pk]
    worked_at = ticket.arrived_at or ticket.accepted_at or ticket.finished_at or ticket.reported_at
    earlier = ticket.repeat_of
    return WorkedTicket(
        id=ticket.pk, public_id=ticket.public_id, ticket_no=ticket.ticket_no, status=str(ticket.status),
        type_code=ticket.type.code, type_number=ticket.type_version.number, kind=ticket.type.kind,
        family=ticket.type.family, base_points=Decimal(ticket.type_version.definition.base_points),
        result=_result(ticket), remote=ticket.remote, on_site=_on_site(ticket), absent=_absent(ticket, history),
        area_class=ticket.area_class, priority=ticket.priority, channel=ticket.channel, cause_code=ticket.cause_code,
        responsibility=ticket.responsibility, org_path=ticket.org_path, grid_id=ticket.grid_id,
        department_id=ticket.department_id, technician_id=ticket.technician_id, accept_mode=ticket.accept_mode,
        booked=ticket.appointment_start is not None, satisfaction=ticket.satisfaction,
        waiting_bonus_pct=ticket.waiting_bonus_pct, outcome=ticket.outcome,
        place=(ticket.lat, ticket.lng) if ticket.has_place and ticket.lat is not None and ticket.lng else None,
        bundle_id=ticket.bundle_id, parent=ticket.pk in about.parents, incident=ticket.incident_id is not None,
        duplicate=ticket.merged_into_id is not None, repeat_of=earlier.public_id if earlier else "",
        repeat_family=earlier.type.family if earlier else "",
        repeat_after=_since(ticket, earlier), reported_at=ticket.reported_at, worked_at=worked_at,
        finished_at=ticket.finished_at, closed_at=ticket.closed_at, day=_day(worked_at, about.days),
        used_pct=None if ticket.pk in about.exempted else _used(ticket, history, about.calendar),
        reopened=ticket.reopen_count, crew=_crew(about.crews[ticket.pk]), visits=tuple(_visits(history)),
        fees=tuple(map(_fee, about.charges[ticket.pk])),
    )  # fmt: skip


def _result(ticket: Ticket) -> str:
    """Nothing was wrong: the cause or the blame says so, whatever the close code."""
    if ticket.close_code == "done" and (ticket.responsibility == "no_fault_found" or ticket.cause_code == "none_found"):
        return "no_fault_found"
    return ticket.close_code


def _on_site(ticket: Ticket) -> bool:
    """Did somebody check in close by? A check-in from afar, or without a position, proves nothing."""
    near = ticket.check_in_distance_m is not None and ticket.check_in_distance_m <= policy().check_in_radius(
        ticket.area_class
    )
    return ticket.arrived_at is not None and not ticket.remote and near


def _absent(ticket: Ticket, history: Sequence[TicketEvent]) -> bool:
    """Was it a trip for nothing, by the way it ended last? The customer was away, or it was called off meanwhile."""
    last = next((one for one in reversed(history) if one.action in ENDINGS), None)
    if last is None or not _on_site(ticket):
        return False
    return last.action in {"cancel", "hand_over"} or (
        last.action == "fail_work" and is_reason("fail_work", ABSENT, last.reason)
    )


def _since(ticket: Ticket, earlier: Ticket | None) -> timedelta | None:
    if earlier is None or earlier.finished_at is None:
        return None
    return ticket.reported_at - earlier.finished_at


def _day(moment: datetime, special: Mapping[date, Any]) -> str:
    """Saturdays and Sundays are days of rest unless the branch works on them; its closed days are holidays."""
    day = moment.astimezone(clock.BUSINESS_ZONE).date()
    if day in special:
        return "holiday" if special[day] is None else "work"
    return "rest" if day.weekday() >= WEEKEND else "work"


def _used(ticket: Ticket, history: Sequence[TicketEvent], calendar: ServiceCalendar) -> Decimal | None:
    steps = [Step(one.action, one.before, one.after, one.at, one.data) for one in history]
    run = current(replay(steps, calendar, Terms.read(ticket.terms), clocks=("resolve",))).get("resolve")
    if run is None or run.stopped_at is None or not run.minutes:
        return None
    spent = run.stopped_at - run.start - _paused(run, run.stopped_at)
    return round(Decimal(spent / timedelta(minutes=run.minutes)) * 100, 2)


def _paused(run: Run, end: datetime) -> timedelta:
    spans = ((max(start, run.start), min(stop, end)) for start, stop in merged(run.pauses))
    return sum((stop - start for start, stop in spans if stop > start), timedelta())


def _crew(rows: Sequence[Assignment]) -> tuple[Worker, ...]:
    """Who finished it, of several times the last: their rows ended together, as completed."""
    ended = [one for one in rows if one.end_reason == "completed" and one.ended_at is not None]
    last = max((one.ended_at for one in ended if one.ended_at), default=None)
    crew = [one for one in ended if one.ended_at == last]
    crew.sort(key=lambda one: (one.role != "main", one.pk))
    return tuple(Worker(one.technician_id, one.share_pct) for one in crew)


def _visits(history: Sequence[TicketEvent]) -> Iterable[int]:
    """Whose check-in came to nothing because the ticket was given to somebody else."""
    on_the_spot = False
    for step in history:
        if step.action == "check_in":
            on_the_spot = not step.data.get("far", False)
        elif step.action == "reassign":
            if on_the_spot and step.data.get("from"):
                yield int(step.data["from"])
            on_the_spot = False
        elif step.action in LEFT:
            on_the_spot = False


def _fee(row: Charge) -> Fee:
    return Fee(row.pk, row.code, row.name, row.amount_fen, row.waived, row.waived_why, row.receipt_no)
