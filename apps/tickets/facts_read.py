"""Tickets as far as figures go, for headquarters' sums: no name, no phone, no address.

Read in batches, called inside the branch by the system. Days are business days (Asia/Shanghai).
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Min, Q

from apps.tickets.models import Arrival, Breach, CallbackAttempt, CallbackRecord, Ticket, TicketEvent
from apps.tickets.rules.clocks import Step
from apps.tickets.rules.measured import Beside, Life, measured
from apps.tickets.rules.workflow import State
from apps.tickets.services._clocks import service_calendar
from steppe.kernel import clock

_COLUMNS = tuple(one.name for one in fields(Life))
Named = tuple[str, str, str]  # code, name, name in English


@dataclass(frozen=True)
class TicketFacts:
    """A ticket's place in every table, and what it adds (rules/measured.py). `due`: only while open and late."""

    ticket: str
    ticket_no: str
    type: Named
    grid: Named
    department: Named
    area_class: str
    channel: str
    priority: int
    status: str
    reported_at: datetime
    due_at: datetime | None
    created: date
    closed: date | None
    due: date | None
    is_open: bool
    overdue: bool
    measures: dict[str, int]


def facts_of(public_ids: Collection[str]) -> list[TicketFacts]:
    """The facts of these tickets, by id; who is not there is missing. Eight queries, however many; two hundred at once
    are a good batch.
    """
    rows = Ticket.objects.filter(public_id__in=public_ids)
    return _facts(list(rows.select_related("type", "grid", "department", "repeat_of").order_by("id")))


def facts_page(after: int, size: int = 200) -> tuple[list[TicketFacts], int]:
    """The next tickets behind the id `after`, and the id to go on from; 0 at the end. Eight queries."""
    rows = Ticket.objects.filter(id__gt=after).select_related("type", "grid", "department", "repeat_of")
    found = list(rows.order_by("id")[:size])
    return _facts(found), found[-1].pk if len(found) == size else 0


def touched_by(public_ids: Collection[str]) -> list[str]:
    """The tickets whose facts change with these: what they repeat. One query."""
    rows = Ticket.objects.filter(public_id__in=public_ids, repeat_of__isnull=False)
    return list(rows.values_list("repeat_of__public_id", flat=True))


def known(public_ids: Collection[str]) -> set[str]:
    """Those of these tickets that there are. One query."""
    return set(Ticket.objects.filter(public_id__in=public_ids).values_list("public_id", flat=True))


def _facts(tickets: Sequence[Ticket]) -> list[TicketFacts]:
    if not tickets:
        return []
    about, calendar = _About([one.pk for one in tickets]), service_calendar()
    return [_fact(one, measured(_life(one), about.beside(one), calendar)) for one in tickets]


def _life(ticket: Ticket) -> Life:
    return Life(**{name: getattr(ticket, name) for name in _COLUMNS})


def _fact(ticket: Ticket, measures: dict[str, int]) -> TicketFacts:
    kind, grid, department = ticket.type, ticket.grid, ticket.department
    late = "open_late" in measures
    return TicketFacts(
        ticket=ticket.public_id, ticket_no=ticket.ticket_no, type=(kind.code, kind.name_zh, kind.name_en),
        grid=(grid.code, grid.name, "") if grid else ("", "", ""),
        department=(department.code, department.name, "") if department else ("", "", ""),
        area_class=ticket.area_class, channel=ticket.channel, priority=ticket.priority, status=str(ticket.status),
        reported_at=ticket.reported_at, due_at=ticket.due_at, created=_day(ticket.reported_at),
        closed=_day(ticket.closed_at) if ticket.closed_at else None,
        due=_day(ticket.resolve_due_at) if late and ticket.resolve_due_at else None,
        is_open=ticket.is_open, overdue=ticket.overdue, measures=measures,
    )  # fmt: skip


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.BUSINESS_ZONE).date()


class _About:
    """What stands in other tables about a batch of tickets. Six queries."""

    def __init__(self, ids: Sequence[int]) -> None:
        self.steps: dict[int, list[Step]] = defaultdict(list)
        history = TicketEvent.objects.filter(ticket_id__in=ids).order_by("ticket_id", "version")
        for ticket, *step in history.values_list("ticket_id", "action", "before", "after", "at", "data"):
            self.steps[ticket].append(Step(*step))
        late = Breach.objects.filter(ticket_id__in=ids, clock="resolve").order_by().values_list("ticket_id")
        self.breaches = {one: (own, left) for one, own, left in late.annotate(
            own=Count("id"), left=Count("id", filter=Q(exempted_at=None))
        )}  # fmt: skip
        said = CallbackRecord.objects.filter(ticket_id__in=ids).exclude(channel="none").order_by()
        by_phone = Count("id", filter=Q(channel="phone"))
        self.answers = dict(said.values_list("ticket_id").annotate(n=by_phone))
        tries = CallbackAttempt.objects.filter(ticket_id__in=ids).order_by().values_list("ticket_id")
        self.missed = dict(tries.annotate(n=Count("id")))
        self.arrived = set(Arrival.objects.filter(ticket_id__in=ids).values_list("ticket_id", flat=True))
        self.back = _came_back(ids)

    def beside(self, ticket: Ticket) -> Beside:
        own, left = self.breaches.get(ticket.pk, (0, 0))
        earlier = ticket.repeat_of
        return Beside(
            kind=ticket.type.kind, family=ticket.type.family, steps=self.steps[ticket.pk],
            excused=bool(own and not left), came_from=ticket.pk in self.arrived,
            answered=ticket.pk in self.answers, calls_reached=self.answers.get(ticket.pk, 0),
            calls_missed=self.missed.get(ticket.pk, 0), back_after=self.back.get(ticket.pk),
            since_earlier=ticket.reported_at - earlier.finished_at if earlier and earlier.finished_at else None,
        )  # fmt: skip


def _came_back(ids: Sequence[int]) -> dict[int, timedelta]:
    """How soon after its completion each was repeated by a ticket that is not void."""
    rows = Ticket.objects.filter(repeat_of_id__in=ids, type__kind="trouble").exclude(status=State.VOID).order_by()
    spans = rows.values_list("repeat_of_id").annotate(soon=Min(F("reported_at") - F("repeat_of__finished_at")))
    return {one: soon for one, soon in spans if soon is not None}
