"""Everything of one ticket in one place, as this reader may see it: what its page shows.

Each part is read once; how often the database is asked does not depend on how much there is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from apps.people import selectors as people
from apps.tickets import selectors, sentences
from apps.tickets.clock_read import Clocks, clocks_of
from apps.tickets.files_read import Attachment, attachments_in
from apps.tickets.models import (
    Assignment,
    CallbackAttempt,
    CallbackRecord,
    Charge,
    Ticket,
    TicketEvent,
    TicketRequest,
    TicketType,
)
from apps.tickets.related_read import Related, related_to
from apps.tickets.selectors import TicketView
from apps.tickets.sentences import Names
from steppe.kernel.actors import Actor

if TYPE_CHECKING:
    from apps.people.models import OrgUnit


@dataclass(frozen=True)
class People:
    """Who has to do with it: `assignments` newest first, with everybody who had it; who opened it."""

    assignments: list[Assignment]
    opened_by: str
    department: "OrgUnit | None"

    @property
    def active(self) -> list[Assignment]:
        """The main assignee and who helps now."""
        return sorted((one for one in self.assignments if one.ended_at is None), key=lambda one: one.role == "assist")

    @property
    def former(self) -> list[Assignment]:
        return [one for one in self.assignments if one.ended_at is not None]


@dataclass(frozen=True)
class Call:
    """A callback's answer or a try, by whom; in order of time."""

    at: datetime
    by: str
    actor: str
    answer: CallbackRecord | None = None
    attempt: CallbackAttempt | None = None


@dataclass(frozen=True)
class Dossier:
    """What there is about a ticket."""

    view: TicketView
    history: list[TicketEvent]
    names: Names
    clocks: Clocks
    people: People
    charges: list[Charge]
    files: list[Attachment]
    related: Related
    requests: list[TicketRequest]
    calls: list[Call]

    @property
    def pending(self) -> TicketRequest | None:
        """The step that waits for somebody's decision."""
        return next((one for one in self.requests if one.state == "pending"), None)

    @property
    def due_fen(self) -> int:
        """What the customer pays, without what was waived."""
        return sum(one.amount_fen for one in self.charges if not one.waived)


def dossier_of(actor: Actor, view: TicketView) -> Dossier:
    """All of it for a ticket that `selectors.ticket_for` has let through.

    Eleven queries; one more each for pictures this reader may see, a department, a trip, a change of type.
    """
    ticket = view.ticket
    history = selectors.history(ticket)
    crew = list(
        Assignment.objects.filter(ticket_id=ticket.pk).select_related("technician__user").order_by("-started_at", "-id")
    )
    return Dossier(
        view, history, _names(crew, history), clocks_of(ticket, history, reveal=view.reveal),
        _people(ticket, crew, history, view.reveal), list(Charge.objects.filter(ticket_id=ticket.pk).order_by("id")),
        attachments_in(actor, view), related_to(actor, ticket), requests_in(view), calls_in(view, history),
    )  # fmt: skip


def requests_in(view: TicketView) -> list[TicketRequest]:
    """What was asked for, newest first; reasons and answers name people and doors, so they follow the contact."""
    rows = list(TicketRequest.objects.filter(ticket_id=view.ticket.pk).order_by("-requested_at", "-id"))
    if not view.reveal:
        for one in rows:
            one.reason, one.answer, one.asked = "", "", {}
    return rows


def calls_in(view: TicketView, history: Iterable[TicketEvent]) -> list[Call]:
    """Every answer after the work and every try that brought none. Two queries."""
    named = {step.actor: step.actor_name for step in history}
    records = list(CallbackRecord.objects.filter(ticket_id=view.ticket.pk))
    attempts = list(CallbackAttempt.objects.filter(ticket_id=view.ticket.pk))
    calls = [Call(one.at, named.get(one.actor, ""), one.actor, answer=one) for one in records]
    calls += [Call(one.at, one.actor_name, one.actor, attempt=one) for one in attempts]
    if not view.reveal:
        calls = [replace(call, by=sentences.who(call.by, call.actor, reveal=False)) for call in calls]
        for call in calls:
            _unwrite(call)
    return sorted(calls, key=lambda call: call.at)


def _unwrite(call: Call) -> None:
    """Without what somebody wrote down."""
    if call.answer is not None:
        call.answer.note = ""
    if call.attempt is not None:
        call.attempt.note = ""


def _people(ticket: Ticket, crew: list[Assignment], history: Sequence[TicketEvent], reveal: bool) -> People:
    units = people.units_by_id([ticket.department_id]) if ticket.department_id else {}
    first = history[0] if history else None
    opened_by = sentences.who(first.actor_name, first.actor, reveal=reveal) if first else ""
    return People(crew, opened_by, units.get(ticket.department_id or 0))


def _names(crew: Iterable[Assignment], history: Iterable[TicketEvent]) -> Names:
    """Whom and what the history names. One query where another type is spoken of, else none."""
    events = list(history)
    retyped = {str(step.data.get(end)) for step in events if step.action == "change_type" for end in ("from", "to")}
    retyped |= {str(step.data["asked"]["type_code"]) for step in events if step.action == "request_type"}
    types: Mapping[str, str] = (
        {one.code: one.name for one in TicketType.objects.filter(code__in=retyped)} if retyped else {}
    )
    return Names({one.technician_id: one.technician.user.name for one in crew}, types)
