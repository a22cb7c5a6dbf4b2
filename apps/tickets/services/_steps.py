"""Steps shared by the ticket commands. All of them demand the command's open transaction.

Lock order: key (taken by @command), technicians ascending, ticket. A command that learns the technician from
the ticket reads it unlocked, locks the technician, then the ticket, and checks that nothing moved between.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from apps.people import selectors as people_reads
from apps.people import services as people
from apps.people.errors import TechnicianNotFound
from apps.tickets import company, own_reports
from apps.tickets.errors import (
    IllegalTransition,
    NotYourTicket,
    ReasonMissing,
    StaleVersion,
    TicketNotFound,
    UnknownReason,
)
from apps.tickets.events import TicketChanged
from apps.tickets.models import Assignment, Ticket, TicketEvent, TicketRequest
from apps.tickets.permissions import ACTIONS, ENTERED_TOO, OWN, OWN_TOO
from apps.tickets.reasons import OTHER, REASONS
from apps.tickets.rules.workflow import HELD, TRANSITIONS, State
from apps.tickets.services import _clocks as clocks
from apps.tickets.states import state_label
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, emit
from steppe.kernel.errors import Conflict, NotAllowed
from steppe.kernel.writing import write

OVERTAKEN = "overtaken"
OF_ANY_STAGE = frozenset({"spawn_child", "change_type", "transfer"})  # asked for whatever the work has come to


def new_public_id() -> str:
    """72 random bits: a name that cannot be guessed, and is no secret either."""
    return secrets.token_urlsafe(9)


def authorise(by: Actor, action: str) -> None:
    """Does the actor's role know this action at all? Scope is checked against the ticket."""
    if not (action in OWN_TOO and by.technician_id):
        require(by, (*ACTIONS[action], *ENTERED_TOO.get(action, ())))


def lock_ticket(
    public_id: str,
    *,
    by: Actor,
    action: str,
    version: int | None = None,
    also: Sequence[int | None] = (),
    place: str = "",
    roles: str = "",
) -> Ticket:
    """The ticket, locked, after its technician (and the technicians `also`) and it were locked in that order.

    In the actor's scope is the ticket, or `place` if given, where one of the roles of the action (or of `roles`) is
    held. A customer finds only what they reported themselves. Raises TicketNotFound (also out of scope), StaleVersion,
    IllegalTransition. Two or three queries.
    """
    seen = Ticket.objects.filter(public_id=public_id).values_list("technician_id", flat=True).first()
    people.lock_technicians(seen, *also)
    rows = Ticket.objects.select_for_update(of=("self",), no_key=True).select_related("type", "type_version")
    ticket = rows.filter(public_id=public_id).first()
    if ticket is None or not (_reaches(by, roles or action, place) if place else in_scope(by, roles or action, ticket)):
        raise TicketNotFound
    if ticket.technician_id != seen:
        raise Conflict
    check_version(ticket, version)
    check_state(ticket, action)
    return ticket


def lock_tickets(
    public_ids: Iterable[str], *, by: Actor, action: str, beside: Iterable[str] = ()
) -> dict[str, Ticket]:  # fmt: skip
    """Every named ticket, by name: locked in the order of their ids, after all their technicians.

    `beside` are locked with them, whoever's they are. Raises TicketNotFound when one of the others is not there for
    this person, Conflict when one changed hands meanwhile.
    """
    asked = set(public_ids)
    names = asked | set(beside)
    seen = dict(Ticket.objects.filter(public_id__in=names).values_list("id", "technician_id"))
    people.lock_technicians(*seen.values())
    rows = Ticket.objects.select_for_update(of=("self",), no_key=True).select_related("type", "type_version")
    found = {one.public_id: one for one in rows.filter(public_id__in=names).order_by("id")}
    if not asked or set(found) != names or not all(in_scope(by, action, found[name]) for name in asked):
        raise TicketNotFound
    if any(one.technician_id != seen[one.pk] for one in found.values()):
        raise Conflict
    return found


def in_scope(by: Actor, action: str, ticket: Ticket) -> bool:
    """Is the ticket at or below a node where the actor may do this? For the work itself an own ticket always is, for
    some steps one they entered."""
    if by.kind == "system":
        return True
    if by.kind == "customer":
        return own_reports.is_own(by, ticket)
    if action in OWN | OWN_TOO and by.technician_id and by.technician_id == ticket.technician_id:
        return True
    held = ACTIONS[action] if ticket.created_by != by.ref else (*ACTIONS[action], *ENTERED_TOO.get(action, ()))
    return any(ticket.org_path.startswith(path) for path in by.scopes(held))


def _reaches(by: Actor, action: str, path: str) -> bool:
    return by.kind == "system" or any(path.startswith(own) for own in by.scopes(ACTIONS[action]))


def check_reach(by: Actor, action: str, technician_id: int) -> None:
    """Nobody is sent by who has no say there: the technician's node is at or below the actor's. One query.

    Raises TechnicianNotFound, as for a technician of another branch.
    """
    path = people_reads.path_of_technician(technician_id)
    if path is None or not (by.kind == "system" or any(path.startswith(own) for own in by.scopes(ACTIONS[action]))):
        raise TechnicianNotFound


def check_version(ticket: Ticket, version: int | None) -> None:
    if version is not None and version != ticket.version:
        raise StaleVersion


def check_state(ticket: Ticket, action: str) -> None:
    """What is no step of the table (an exemption) is a mark, and may be set in every state."""
    if action in TRANSITIONS and ticket.status not in TRANSITIONS[action].sources:
        raise IllegalTransition(state=state_label(ticket.status))


def check_reason(action: str, reason: str) -> None:
    if TRANSITIONS[action].needs_reason and not reason.strip():
        raise ReasonMissing({"reason": [str(ReasonMissing.message)]})


def check_choice(action: str, code: str, note: str) -> None:
    """One of the step's own reasons, by its code; `other` says which. Raises ReasonMissing, UnknownReason."""
    check_reason(action, code)
    if code not in REASONS[action]:
        words = ", ".join(str(word) for word in REASONS[action].values())
        raise UnknownReason({"reason": [str(UnknownReason.message) % {"reasons": words}]}, reasons=words)
    if code == OTHER and not note.strip():
        raise ReasonMissing({"note": [str(ReasonMissing.message)]})


def check_assignee(by: Actor, ticket: Ticket) -> None:
    """Only the main assignee works on a ticket."""
    if by.technician_id is None:
        raise NotAllowed
    if ticket.technician_id != by.technician_id:
        holder = ticket.technician.user.name if ticket.technician else _("nobody")
        raise NotYourTicket(holder=holder)


def move(ticket: Ticket, action: str, target: State, **changes: Any) -> str:
    """Write the new state; the state check stands in the UPDATE's own WHERE. Returns the state before."""
    before, row = ticket.status, TRANSITIONS[action]
    assert target == before if row.stays else target in row.targets
    if ticket.pending_request and not row.stays and not _waits_on(ticket, action, target, changes):
        overtake(ticket)
        changes["pending_request"] = ""
    if target != State.POOLED:
        changes.setdefault("next_wave_at", None)
    moved = Ticket.objects.filter(
        id=ticket.pk, status=before, version=ticket.version, status__in=TRANSITIONS[action].sources
    ).update(status=target, version=F("version") + 1, changed_at=clock.now(), **changes)
    if not moved:
        raise Conflict
    ticket.status, ticket.version = target, ticket.version + 1
    for name, value in changes.items():
        setattr(ticket, name, value)
    return before


def _waits_on(ticket: Ticket, action: str, target: State, changes: Mapping[str, Any]) -> bool:
    """Does what was asked still wait after this step? What fits any stage of the work does, while the same person has
    the ticket and the step is not the very one asked for. A ticket that may go to another branch is worked on as ever:
    the question goes along (domain.md §3.6.1).
    """
    request = ticket.pending_request
    if target not in TRANSITIONS[request].sources:
        return False
    same_hands = changes.get("technician_id", ticket.technician_id) == ticket.technician_id
    return request == "let_go" or (request in OF_ANY_STAGE and request != action and same_hands)


def flag(ticket: Ticket, **changes: Any) -> str:
    """A mark on a locked ticket that is no step of anybody: a new version, the state stays."""
    Ticket.objects.filter(id=ticket.pk).update(version=F("version") + 1, changed_at=clock.now(), **changes)
    ticket.version += 1
    for name, value in changes.items():
        setattr(ticket, name, value)
    return ticket.status


def overtake(ticket: Ticket) -> None:
    """The ticket moved on before somebody decided: what was asked for is void."""
    asked = TicketRequest.objects.filter(ticket_id=ticket.pk, state="pending")
    asked.update(state="withdrawn", decided_at=clock.now(), answer=OVERTAKEN)


def end_question(ticket: Ticket) -> None:
    """Another pair of hands has the ticket by a statement of its own: `move` was not there to see. Rarely a query."""
    if ticket.pending_request and ticket.pending_request != "let_go":
        overtake(ticket)
        Ticket.objects.filter(id=ticket.pk).update(pending_request="")


def stay(ticket: Ticket, action: str, **changes: Any) -> str:
    """A change that keeps the state: the columns, a new version. Returns the state."""
    return move(ticket, action, State(ticket.status), **changes)


def record(
    ticket: Ticket,
    action: str,
    before: str,
    by: Actor,
    *,
    reason: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    """One row of history for the ticket's present version; the stored clocks follow, and who walks along does too."""
    write(_row(ticket, action, before, by, reason, data or {}, clock.now()))
    clocks.settle(ticket)
    company.walk(ticket, action, by)


def begin(ticket: Ticket, by: Actor, data: dict[str, Any]) -> None:
    """Write the new ticket, its clocks set already, and the first row of its history. One statement."""
    write(ticket, _row(ticket, "submit", "", by, "", data, ticket.changed_at))


def _row(
    ticket: Ticket, action: str, before: str, by: Actor, reason: str, data: dict[str, Any], at: datetime
) -> TicketEvent:
    return TicketEvent(
        ticket_id=ticket.pk, version=ticket.version, action=action, before=before, after=ticket.status,
        actor=by.ref, actor_name=by.name, reason=reason.strip()[:300], data=data, at=at,
    )  # fmt: skip


def announce(event_type: type[TicketChanged], ticket: Ticket, before: str, **more: Any) -> None:
    """Emit the event of this change."""
    emit(
        event_type(
            entity_id=ticket.pk, public_id=ticket.public_id, version=ticket.version, before=before,
            after=ticket.status, day=clock.today(), type_code=ticket.type.code,
            technician_id=ticket.technician_id, **more,
        )
    )  # fmt: skip


def start_assignment(ticket: Ticket, technician_id: int, mode: str, at: datetime) -> None:
    Assignment.objects.create(ticket_id=ticket.pk, technician_id=technician_id, mode=mode, started_at=at)


def end_assignment(ticket: Ticket, why: str) -> None:
    """Close the active assignments, if any, and free the main assignee's slot (already locked).

    A trip takes one place under the cap: it is freed with its last ticket.
    """
    ended = Assignment.objects.filter(ticket_id=ticket.pk, ended_at__isnull=True)
    if ended.update(ended_at=clock.now(), end_reason=why[:200]) and ticket.technician_id and not trip_goes_on(ticket):
        people.free_slot(technician_id=ticket.technician_id)


def trip_goes_on(ticket: Ticket) -> bool:
    """Are other tickets of the same trip still open?"""
    if ticket.bundle_id is None or ticket.technician_id is None:
        return False
    others = Ticket.objects.filter(bundle_id=ticket.bundle_id, technician_id=ticket.technician_id, status__in=HELD)
    return others.exclude(id=ticket.pk).exists()


def receipt(ticket: Ticket, **facts: Any) -> Receipt:
    """The answer of a ticket command."""
    facts = {"ticket_no": ticket.ticket_no, "status": str(ticket.status), **facts}
    return Receipt("ticket", ticket.pk, ticket.public_id, ticket.version, facts)
