"""Tickets as the interfaces tell them: what the selectors let through, less what the token's scopes do not name.

Read as the system, because a partner is nobody in the branch's organisation: the scope `tickets` is the whole branch,
`contact` decides about people, and nothing else of a ticket is put into a record.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.partners.callers import Caller
from apps.partners.models import OpenedTicket, Partner
from apps.partners.rules import scopes, states
from apps.partners.rules.shapes import Case, Contact
from apps.partners.rules.states import Standing
from apps.tickets.errors import TicketNotFound
from apps.tickets.rules.workflow import State
from apps.tickets.selectors import visible_tickets
from steppe.kernel.actors import SYSTEM

if TYPE_CHECKING:
    from apps.tickets.models import Ticket

TROUBLE, WORK = "trouble", "work"
ENDED = [State.AWAITING_CALLBACK, State.CLOSED]
_TAKEN = Q(taken=True)


@dataclass(frozen=True)
class Wanted:
    """What a list is asked for; empty parts ask for everything."""

    state: str = ""
    type_code: str = ""
    external_id: str = ""
    since: datetime | None = None
    until: datetime | None = None
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True)
class Page:
    """One page, and how many there are in all."""

    cases: list[Case]
    total: int


def cases_for(caller: Caller, kind: str, wanted: Wanted) -> Page:
    """The newest first. Three queries: how many, the page, and what the partner calls them. Raises ScopeMissing."""
    caller.needs(scopes.TICKETS)
    rows = _narrowed(_rows(kind), kind, wanted, caller.partner)
    page = list(rows.order_by("-reported_at", "-id")[wanted.offset : wanted.offset + wanted.limit])
    names = names_of(caller.partner, [one.public_id for one in page])
    return Page([_case(one, caller, names) for one in page], rows.count())


def case_for(caller: Caller, kind: str, public_id: str) -> Case:
    """One of them. Two queries. Raises ScopeMissing, TicketNotFound."""
    caller.needs(scopes.TICKETS)
    found = _rows(kind).filter(public_id=public_id).first()
    if found is None:
        raise TicketNotFound
    return _case(found, caller, names_of(caller.partner, [public_id]))


def opened_case(caller: Caller, public_id: str) -> Case:
    """What the partner itself has just opened or changed: it may know that much without the scope to read. Two
    queries."""
    found = _rows(TROUBLE).get(public_id=public_id)
    return _case(found, caller, names_of(caller.partner, [public_id]))


def names_of(partner: Partner, public_ids: Iterable[str]) -> Mapping[str, str]:
    """What this partner calls them; nobody learns another's names. One query."""
    rows = OpenedTicket.objects.filter(partner=partner, ticket__in=list(public_ids))
    return dict(rows.values_list("ticket", "external_id"))


def was_taken(public_id: str, version: int) -> bool:
    """Had anybody accepted the ticket, up to this version of it? Says the same for ever. One query."""
    rows = visible_tickets(SYSTEM).select_related(None).filter(public_id=public_id)
    return rows.filter(history__after=State.ACCEPTED, history__version__lte=version).exists()


def _rows(kind: str) -> "QuerySet[Ticket]":
    """`taken`: the columns forget who had it; the history does not."""
    ever = visible_tickets(SYSTEM).select_related(None).filter(pk=OuterRef("pk"), history__after=State.ACCEPTED)
    rows = visible_tickets(SYSTEM).filter(type__kind=kind).select_related("type", "grid")
    rows = rows.select_related("type", "grid", "parent", "merged_into", "incident", "repeat_of")
    return rows.annotate(taken=Exists(ever))


def _narrowed(rows: "QuerySet[Ticket]", kind: str, wanted: Wanted, partner: Partner) -> "QuerySet[Ticket]":
    plain: dict[str, Any] = {
        "type__code": wanted.type_code, "reported_at__gt": wanted.since, "reported_at__lt": wanted.until,
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in plain.items() if value})
    if wanted.external_id:
        mine = OpenedTicket.objects.filter(partner=partner, external_id=wanted.external_id)
        rows = rows.filter(public_id__in=mine.values("ticket"))
    return rows.filter(in_words(kind)[wanted.state]) if wanted.state else rows


def in_words(kind: str) -> dict[str, Q]:
    """Each word of the interface as a condition on rows; a test holds it to rules/states.py."""
    waiting, failed = Q(status__in=sorted(states.WAITING)), Q(close_code__in=sorted(states.FAILURES))
    held, theirs = Q(status=State.ON_HOLD), Q(hold_class=states.THEIRS)
    done = Q(status__in=ENDED)
    both = {
        states.ACKNOWLEDGED: waiting & ~_TAKEN,
        states.IN_PROGRESS: Q(status__in=[State.ACCEPTED, State.IN_PROGRESS]) | (waiting & _TAKEN),
        states.PENDING: held & theirs, states.HELD: held & ~theirs,
        states.CANCELLED: Q(status=State.CANCELLED) | (Q(status=State.VOID) & _TAKEN),
        states.REJECTED: Q(status=State.VOID) & ~_TAKEN,
    }  # fmt: skip
    if kind == TROUBLE:
        return both | {states.RESOLVED: Q(status=State.AWAITING_CALLBACK), states.CLOSED: Q(status=State.CLOSED)}
    results = {word: done & Q(close_code=code) for code, word in states.FAILURES.items()}
    return both | {states.COMPLETED: done & ~failed} | results


def _case(ticket: "Ticket", caller: Caller, names: Mapping[str, str]) -> Case:
    start, end = ticket.appointment_start, ticket.appointment_end
    taken = bool(ticket.taken)  # type: ignore[attr-defined]  # annotated by _rows
    return Case(
        public_id=ticket.public_id, number=ticket.ticket_no, type_code=ticket.type.code, type_name=ticket.type.name,
        standing=Standing(ticket.status, taken, ticket.hold_class, ticket.close_code),
        priority=ticket.priority, channel=ticket.channel, area=ticket.coarse_address,
        reported_at=ticket.reported_at, changed_at=ticket.changed_at, promised_at=ticket.resolve_due_at,
        booked=(start, end) if start and end else None, started_at=ticket.arrived_at,
        finished_at=ticket.finished_at, closed_at=ticket.closed_at, external_id=names.get(ticket.public_id, ""),
        contact=_contact(ticket) if caller.has(scopes.CONTACT) else None, related=_related(ticket),
    )  # fmt: skip


def _contact(ticket: "Ticket") -> Contact:
    return Contact(
        ticket.contact_name, ticket.contact_phone, ticket.address, ticket.account_no, ticket.description
    )  # fmt: skip


def _related(ticket: "Ticket") -> tuple[tuple[str, str], ...]:
    """TM Forum's words for what hangs together (domain.md §10)."""
    found = (
        ("isChild", ticket.parent), ("duplicates", ticket.merged_into), ("causedBy", ticket.incident),
        ("dependent", ticket.repeat_of),
    )  # fmt: skip
    return tuple((kind, other.public_id) for kind, other in found if other is not None)
