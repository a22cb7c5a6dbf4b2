"""Every step of a ticket by its name in the table, done by whoever usually does it (cast.py)."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from apps.people import roles
from apps.tickets import services
from apps.tickets.models import Ticket
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM, Actor, Grant
from steppe.kernel.commands import Receipt
from tests import make
from tests.cast import NEAR

Service = Callable[..., Receipt]
Facts = dict[str, Any]


@dataclass(frozen=True)
class Usual:
    """Who usually does it, by which command, with what; `before` is what must have happened, for this ticket."""

    who: str
    service: Service
    told: Callable[[], Facts] = dict
    before: Callable[[Ticket], object] = field(default=lambda ticket: None)


def _hold() -> Facts:
    return {"hold_class": "customer", "resume_at": clock.now() + timedelta(hours=5)}


def _slot() -> Facts:
    start = clock.now() + timedelta(hours=2)
    return {"start": start, "end": start + timedelta(hours=2)}


def ask(kind: str, public_id: str, *, by: Actor, reason: str = "please", **asked: Any) -> Receipt:
    """Ask for a step that another decides."""
    return services.ask_for(public_id=public_id, kind=kind, reason=reason, asked=asked, by=by, key=make.key())


def shown(to: str = "wu") -> tuple[str, ...]:
    """A photo of what this technician found there, not hung on a ticket yet."""
    return (_picture(make.actor(to)),)


def _picture(by: Actor) -> str:
    kept = services.upload_photo(content=make.picture(), stage="finish", by=by, key=make.key())
    return kept.public_id


def _asked(kind: str, who: str, facts: Callable[[], Facts] = dict) -> Callable[[Ticket], object]:
    def before(ticket: Ticket) -> object:
        told = facts()
        grabbed_long_ago(ticket)
        if kind == "return" and ticket.status == "in_progress":
            told["photos"] = [_picture(make.actor(who))]
        return ask(kind, ticket.public_id, by=make.actor(who), **told)

    return before


def grabbed_long_ago(ticket: Ticket) -> None:
    """Giving back needs somebody's consent by now."""
    Ticket.objects.filter(id=ticket.pk).update(accepted_at=clock.now() - timedelta(hours=1))


def asking(kind: str, facts: Callable[[], Facts] = dict) -> Callable[[], Facts]:
    """The body of a request of this kind."""
    return lambda: {"kind": kind, "reason": "please", "asked": facts()}


def _other(ticket_status: str = "pooled", **fields: Any) -> str:
    return make.make_ticket(status=ticket_status, **fields).public_id


def _incident() -> Facts:
    master = _other(contact_phone="13900007777")
    services.declare_incident(public_id=master, reports=[], by=make.actor("lin"), key=make.key())
    return {"master": master}


def _report_of(ticket: Ticket) -> None:
    """An incident that is repaired, with this ticket among its reports."""
    services.link_incident(public_id=ticket.public_id, by=make.actor("lin"), key=make.key(), **_incident())


def _resolve(*, public_id: str, by: Actor, key: str, **more: Any) -> Receipt:
    """Seen from the report: its incident is resolved."""
    report = Ticket.objects.select_related("incident").filter(public_id=public_id).first()
    master = report.incident.public_id if report and report.incident else public_id
    done = services.resolve_incident(public_id=master, solution="spliced", by=by, key=key)
    found = Ticket.objects.get(public_id=public_id)
    facts = {"status": str(found.status)}
    return Receipt("ticket", found.pk, public_id, found.version, facts, replayed=done.replayed)


def _wish() -> Facts:
    return {"technician_id": make.actor("bo").technician_id}


def _waits(who: str) -> Callable[[Ticket], object]:
    """Something is asked for that fits where the ticket stands."""

    def before(ticket: Ticket) -> object:
        if ticket.status != "closed":
            return _asked("transfer", who, lambda: dict(UNIT))(ticket)
        asker = make.actor(who)
        grants = (*asker.grants, Grant(roles.AGENT, asker.grants[0].org_path))
        return ask("reopen", ticket.public_id, by=replace(asker, grants=grants))

    return before


CHILD = {"type_code": "line_repair", "unit": "CARE", "mandatory": True}
UNIT = {"unit": "CARE"}

STEPS: dict[str, Usual] = {
    "release": Usual("lin", services.release_ticket),
    "place": Usual("lin", services.place_ticket, lambda: {"grid": "E1"}),
    "grab": Usual("wu", services.grab_ticket),
    "dispatch": Usual("lin", services.dispatch_ticket, lambda: {"to": "wu", "reason": "nearest"}),
    "confirm": Usual("wu", services.confirm_dispatch),
    "decline": Usual("wu", services.decline_dispatch, lambda: {"reason": "busy"}),
    "reassign": Usual("lin", services.reassign_ticket, lambda: {"to": "bo", "reason": "overloaded"}),
    "transfer": Usual("lin", services.approve_request, before=_asked("transfer", "bai", lambda: dict(UNIT))),
    "hand_over": Usual("system", services.hand_over_ticket, lambda: {"link_id": "l-1", "reason": "their district"}),
    "return": Usual("lin", services.approve_request, before=_asked("return", "wu")),
    "book": Usual("wu", services.book_appointment, _slot),
    "contact": Usual("wu", services.log_contact),
    "hold": Usual("lin", services.approve_request, before=_asked("hold", "wu", _hold)),
    "resume": Usual("lin", services.resume_ticket),
    "check_in": Usual("wu", services.check_in, lambda: {"lat": NEAR[0], "lng": NEAR[1]}),
    "start_remote": Usual("wu", services.start_remote),
    "add_work": Usual("wu", services.add_charge, lambda: {"code": "cable", "name": "Cable", "unit_fen": 0}),
    "complete": Usual("wu", services.complete_ticket, lambda: {"solution": "new plug"}),
    "fail_work": Usual("wu", services.fail_work, lambda: {"reason": "no_resource", "photos": shown()}),
    "callback_ok": Usual("hui", services.callback_ok, lambda: {"score": 5}),
    "callback_reject": Usual("hui", services.callback_reject, lambda: {"reason": "still_broken"}),
    "reopen": Usual("hui", services.reopen_ticket, lambda: {"reason": "came_back"}),
    "cancel": Usual("lin", services.cancel_ticket, lambda: {"reason": "recovered"}),
    "void": Usual("lin", services.void_ticket, lambda: {"reason": "test"}),
    "merge": Usual("lin", services.merge_ticket, lambda: {"master": _other(contact_phone="13900008888")}),
    "link_incident": Usual("lin", services.link_incident, _incident),
    "unlink_incident": Usual("lin", services.unlink_incident, lambda: {"reason": "own_cause"}, _report_of),
    "resolve_incident": Usual("lin", _resolve, before=_report_of),
    "spawn_child": Usual("lin", services.spawn_child, lambda: {**CHILD, "reason": "needs a splice"}),
    "urge": Usual("cai", services.urge_ticket),
    "change_type": Usual("lin", services.change_type, lambda: {"type_code": "fault_tv", "reason": "it is the TV"}),
    "change_priority": Usual("lin", services.change_priority, lambda: {"priority": 1, "reason": "school"}),
    "archive": Usual("system", services.archive_ticket),
    "request_reassign": Usual("wu", services.ask_for, asking("reassign", _wish)),
    "request_transfer": Usual("lin", services.ask_for, asking("transfer", lambda: dict(UNIT))),
    "request_return": Usual(
        "wu", services.ask_for, asking("return", lambda: {"photos": list(shown())}), grabbed_long_ago
    ),
    "request_hold": Usual("wu", services.ask_for, asking("hold", _hold)),
    "request_void": Usual("wu", services.ask_for, asking("void")),
    "request_child": Usual("wu", services.ask_for, asking("spawn_child", lambda: dict(CHILD))),
    "request_hand_over": Usual("lin", services.ask_for, asking("let_go", lambda: {"branch": ""})),
    "let_go": Usual("bai", services.approve_request, dict, _asked("let_go", "lin", lambda: {"branch": ""})),
    "request_type": Usual("wu", services.ask_for, asking("change_type", lambda: {"type_code": "fault_tv"})),
    "request_reopen": Usual("an", services.ask_for, asking("reopen")),
    "refuse": Usual("lin", services.refuse_request, lambda: {"reason": "go on"}, _waits("bai")),
    "withdraw": Usual("lin", services.withdraw_request, before=_waits("lin")),
}
UNVERSIONED = frozenset({"grab", "archive", "hand_over", "resolve_incident"})


def ready(action: str, ticket: Ticket) -> Ticket:
    """What must have happened before this step, if anything; the ticket as it is then."""
    STEPS[action].before(ticket)
    return now_of(ticket)


def who_does(action: str) -> Actor:
    """Whoever usually does it."""
    who = STEPS[action].who
    return SYSTEM if who == "system" else make.actor(who)


def do(
    action: str, public_id: str, *, by: Actor | None = None, key: str = "", facts: Facts | None = None, **more: Any
) -> Receipt:
    """One step; `to` names the technician, `by` another actor than the usual, `key` is fresh if not given.

    `facts`: what the step is told, made beforehand because making it changes the branch.
    """
    wanted = (STEPS[action].told() if facts is None else facts) | more
    if (to := wanted.pop("to", None)) and "technician_id" not in wanted:
        wanted["technician_id"] = make.actor(to).technician_id
    run = partial(STEPS[action].service, public_id=public_id, by=by or who_does(action), key=key or make.key())
    return run(**wanted)


def now_of(ticket: Ticket) -> Ticket:
    """The ticket as it stands in the database."""
    return Ticket.objects.select_related("type").get(id=ticket.pk)


def moment(ticket: Ticket, action: str) -> datetime:
    """When the ticket last took this step, as its history says."""
    return ticket.history.filter(action=action).latest("version").at


def load_of(who: Actor) -> int:
    """How many open tickets are counted for the technician."""
    from apps.people.models import Technician

    return Technician.objects.get(id=who.technician_id).open_count
