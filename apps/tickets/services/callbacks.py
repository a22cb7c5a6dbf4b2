"""T18–T20: somebody asks the customer. “Fixed?” decides the state, the score nothing but the score.

One or two stars given by the customer alone decide nothing either: they say why, and wait for the call.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from apps.people import selectors as people_reads
from apps.people import services as people
from apps.tickets import own_reports, rated_read
from apps.tickets.errors import (
    Archived,
    DissatisfactionUnexplained,
    IllegalTransition,
    RatingUnexplained,
    ReopenLimit,
    ReopenTooLate,
    SelfCallback,
    TicketNotFound,
)
from apps.tickets.events import TicketClosed, TicketRated, TicketReopened, TicketSentBack, TicketUnreached
from apps.tickets.models import Assignment, CallbackAttempt, CallbackRecord, Ticket, TicketEvent
from apps.tickets.rules import sampling
from apps.tickets.rules.workflow import State
from apps.tickets.services import _steps as step
from apps.tickets.services.dispatching import NO_SLOT, back_to_pool
from apps.tickets.services.waves import push_wave
from apps.tickets.states import state_label
from apps.tickets.wording import SENTENCES
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM, Actor
from steppe.kernel.commands import Receipt, command
from steppe.kernel.errors import Conflict, Invalid
from tenants.context import policy

EXECUTION = ("grab", "dispatch", "reassign", "check_in", "start_remote", "complete", "fail_work")
LATER = "later"
ATTEMPTS = ("no_answer", "busy", "switched_off", "wrong_number", LATER)
NOT_FIXED = "not_fixed"
COMPLAINTS = ("attitude", NOT_FIXED, "late", "charges", "other")
DISSATISFIED = (1, 2)
BATCH = 50
log = logging.getLogger("steppe.sweep")


@dataclass(frozen=True)
class Answers:
    """What the customer said besides “fixed?”: 1–5, overcharged, on time, and why not satisfied (`complaint`)."""

    score: int | None = None
    overcharged: bool | None = None
    on_time: bool | None = None
    complaint: str = ""
    note: str = ""


@command("tickets.callback_ok")
def callback_ok(
    *,
    public_id: str,
    score: int | None,
    overcharged: bool | None = None,
    on_time: bool | None = None,
    complaint: str = "",
    note: str = "",
    version: int | None = None,
    by: Actor,
) -> Receipt:
    """T18 by the callback agent: fixed, so the ticket closes; 1 or 2 only with what was wrong.

    What the agent leaves out stands as the customer has rated it themselves.
    Raises SelfCallback for who worked on it, DissatisfactionUnexplained.
    """
    step.authorise(by, "callback_ok")
    ticket = step.lock_ticket(public_id, by=by, action="callback_ok", version=version)
    _check_not_self(ticket, by)
    said = _with_the_rating(ticket, Answers(score, overcharged, on_time, complaint, note))
    if said.score in DISSATISFIED and said.complaint not in COMPLAINTS:
        raise DissatisfactionUnexplained({"complaint": [str(DissatisfactionUnexplained.message)]})
    return _close(ticket, by, "phone", said)


@command("tickets.rate")
def rate_ticket(
    *,
    public_id: str,
    fixed: bool,
    score: int | None,
    overcharged: bool | None = None,
    on_time: bool | None = None,
    complaint: str = "",
    note: str = "",
    by: Actor,
) -> Receipt:
    """T18/T19 by the customer: one's own ticket only; “not fixed” sends it back, with or without a score.

    1 or 2 only with what was wrong, and then somebody of ours calls before it closes. Raises RatingUnexplained.
    """
    ticket = _own_ticket(public_id, by, "callback_ok" if fixed else "callback_reject")
    low = score in DISSATISFIED
    answers = Answers(score, overcharged, on_time, complaint if complaint in COMPLAINTS else "", note)
    if not fixed or (low and complaint == NOT_FIXED):
        return _send_back(ticket, by, "wechat", answers, note)
    return _await_call(ticket, by, answers) if low else _close(ticket, by, "wechat", answers)


@command("tickets.callback_reject")
def callback_reject(
    *,
    public_id: str,
    reason: str,
    score: int | None = None,
    overcharged: bool | None = None,
    on_time: bool | None = None,
    complaint: str = "",
    note: str = "",
    version: int | None = None,
    by: Actor,
) -> Receipt:
    """T19: not fixed; back to the same technician, or to the pool if they are gone.

    After the branch's number of times (three) to the dispatcher: in the pool, and nobody gets a card.
    """
    step.authorise(by, "callback_reject")
    step.check_reason("callback_reject", reason)
    ticket = step.lock_ticket(public_id, by=by, action="callback_reject", version=version)
    _check_not_self(ticket, by)
    said = Answers(score, overcharged, on_time, complaint if complaint in COMPLAINTS else "", note or reason)
    return _send_back(ticket, by, "phone", _with_the_rating(ticket, said), reason)


@command("tickets.callback_attempt")
def log_attempt(*, public_id: str, outcome: str, note: str = "", version: int | None = None, by: Actor) -> Receipt:
    """Nobody answered (`outcome` of ATTEMPTS). After the branch's last try the ticket closes as not reached.

    Who asks to be called later was reached: noted, and no try in vain. Raises SelfCallback.
    """
    step.authorise(by, "callback_ok")
    if outcome not in ATTEMPTS:
        raise Invalid({"outcome": [str(SENTENCES["choice"])]})
    ticket = step.lock_ticket(public_id, by=by, action="callback_ok", version=version)
    _check_not_self(ticket, by)
    CallbackAttempt.objects.create(
        ticket_id=ticket.pk, outcome=outcome, note=note[:200], actor=by.ref, actor_name=by.name, at=clock.now()
    )
    count = ticket.unreached_count + (outcome != LATER)
    before = step.flag(ticket, unreached_count=count)
    step.record(ticket, "callback_attempt", before, by, reason=note, data={"outcome": outcome, "count": count})
    step.announce(TicketUnreached, ticket, before, count=count)
    if outcome != LATER and count >= policy().callback_attempts:
        return _close_unanswered(ticket, SYSTEM)
    return step.receipt(ticket, count=count)


@command("tickets.close_silent")
def close_silent(*, public_id: str, by: Actor) -> Receipt:
    """Nobody said anything for the branch's patience: closed as not reached. Nothing if it moved on meanwhile.

    Who rated it low was not silent: from then on it is ours to call, for as long again.
    """
    ticket = step.lock_ticket(public_id, by=by, action="callback_ok")
    rating = rated_read.rating_of(ticket)
    since = rating.at if rating else ticket.finished_at
    if since is None or since > _patient_since():
        return step.receipt(ticket, closed=False)
    return _close_unanswered(ticket, by)


def sweep_silence() -> int:
    """Close what has waited for an answer long enough; how many."""
    until = _patient_since()
    rated = TicketEvent.objects.filter(ticket=OuterRef("pk"), action=rated_read.RATE, at__gt=until)
    waiting = Ticket.objects.filter(status=State.AWAITING_CALLBACK, finished_at__lte=until)
    waiting = waiting.filter(Q(satisfaction=None) | ~Exists(rated))
    names = waiting.order_by("finished_at").values_list("public_id", flat=True)[:BATCH]
    return sum(_close_one(public_id) for public_id in names)


def _close_one(public_id: str) -> bool:
    try:
        close_silent(public_id=public_id, by=SYSTEM, key=uuid4().hex)
    except Exception:
        log.exception("a silent callback did not close", extra={"ticket": public_id})
        return False
    return True


def _patient_since() -> datetime:
    """Silence that began before this has lasted long enough."""
    return clock.now() - timedelta(hours=policy().callback_silence_hours)


@command("tickets.reopen")
def reopen_ticket(*, public_id: str, reason: str, version: int | None = None, by: Actor) -> Receipt:
    """T20: it broke again within the branch's days; back to the pool, the customer's clock goes on from its start.

    Raises ReopenTooLate, ReopenLimit, Archived.
    """
    step.authorise(by, "reopen")
    step.check_reason("reopen", reason)
    ticket = step.lock_ticket(public_id, by=by, action="reopen", version=version)
    put_back(ticket, {}, by=by, reason=reason)
    return step.receipt(ticket)


def put_back(ticket: Ticket, asked: dict[str, Any], *, by: Actor, reason: str) -> None:
    """Into the pool again. The caller has locked the ticket. Raises what `check_reopen` raises."""
    check_reopen(ticket, asked)
    left = _incident_left(ticket)
    back = back_to_pool(ticket) | {"return_count": ticket.return_count} | _anew(ticket)
    before = step.move(ticket, "reopen", State.POOLED, closed_at=None, **back)
    step.record(ticket, "reopen", before, by, reason=reason, data=left)
    step.announce(TicketReopened, ticket, before)
    push_wave(ticket)


def _anew(ticket: Ticket) -> dict[str, Any]:
    """The columns of a ticket whose work begins again. Not mended with its incident, it has a cause of its own: left
    linked, the incident's end would end it again at once.
    """
    return {
        "reopen_count": ticket.reopen_count + 1, "finished_at": None, "close_code": "", "satisfaction": None,
        "incident_id": None,
    }  # fmt: skip


def _incident_left(ticket: Ticket) -> dict[str, str]:
    """For the history: the number of the incident it belonged to."""
    return {"incident_left": ticket.incident.ticket_no} if ticket.incident else {}


def check_reopen(ticket: Ticket, asked: dict[str, Any]) -> dict[str, Any]:
    """May it be opened again at all? Raises Archived, IllegalTransition, ReopenTooLate, ReopenLimit."""
    rules = policy()
    if ticket.archived_at is not None:
        raise Archived
    if ticket.close_code == "transferred" or ticket.parent_id is not None:
        raise IllegalTransition(state=state_label(ticket.status))
    if ticket.closed_at is None or clock.now() - ticket.closed_at > timedelta(days=rules.reopen_days):
        raise ReopenTooLate(days=f"{rules.reopen_days:g}")
    if ticket.reopen_count >= rules.reopen_max:
        raise ReopenLimit(times=ticket.reopen_count)
    return {}


def over(ticket: Ticket) -> State:
    """Where a ticket goes whose work is over: to its callback; a child ends, its parent's customer is asked once."""
    return State.CLOSED if ticket.parent_id is not None else State.AWAITING_CALLBACK


def after_work(ticket: Ticket, now: datetime) -> dict[str, object]:
    """The columns of a ticket whose work is over: who will ask, from the start; a child is closed."""
    if ticket.parent_id is not None:
        return {"closed_at": now}
    definition = ticket.type_version.definition
    chosen = sampling.mode(
        ticket_no=ticket.ticket_no, family=ticket.type.family, priority=ticket.priority,
        reopened=ticket.reopen_count > 0, channel=ticket.channel, repeat=ticket.repeat_of_id is not None,
        percent=definition.callback_pct,
    )  # fmt: skip
    return {"callback_mode": chosen, "unreached_count": 0}


def _await_call(ticket: Ticket, by: Actor, answers: Answers) -> Receipt:
    """It stands among the calls of ours, with the stars and the reason; who calls decides (domain.md §4)."""
    if not answers.complaint:
        raise RatingUnexplained({"complaint": [str(RatingUnexplained.message)]})
    before = step.flag(ticket, satisfaction=answers.score, callback_mode=sampling.PHONE)
    told = {name: getattr(answers, name) for name in ("score", "complaint", "overcharged", "on_time")}
    step.record(ticket, rated_read.RATE, before, by, reason=answers.note, data=told)
    step.announce(TicketRated, ticket, before, score=answers.score)
    return step.receipt(ticket, waits=True)


def _with_the_rating(ticket: Ticket, said: Answers) -> Answers:
    """What was told on the telephone; where nothing was, what the customer had rated."""
    rating = rated_read.rating_of(ticket)
    if rating is None:
        return said
    score = rating.score if said.score is None else said.score
    return Answers(
        score,
        rating.overcharged if said.overcharged is None else said.overcharged,
        rating.on_time if said.on_time is None else said.on_time,
        said.complaint or (rating.complaint if score in DISSATISFIED else ""),
        said.note or rating.note,
    )


def _close_unanswered(ticket: Ticket, by: Actor) -> Receipt:
    """Nobody answered: what the customer has rated stands; without that nothing is known and nothing is counted."""
    rating = rated_read.rating_of(ticket)
    if rating is None:
        return _close(ticket, by, "none", Answers())
    return _close(ticket, by, "wechat", _with_the_rating(ticket, Answers()), said_by=rating.by)


def _close(ticket: Ticket, by: Actor, channel: str, answers: Answers, *, said_by: str = "") -> Receipt:
    """`channel` none: nobody answered. `said_by`: whose answers these are, if not of who closes it."""
    _check_score(answers.score)
    fixed = None if channel == "none" else True
    before = step.move(
        ticket, "callback_ok", State.CLOSED, closed_at=clock.now(), close_code=ticket.close_code or "done",
        satisfaction=answers.score,
    )  # fmt: skip
    _keep(ticket, said_by or by.ref, channel, fixed, answers)
    step.record(ticket, "callback_ok", before, by, data={"score": answers.score, "reached": fixed is True})
    step.announce(TicketClosed, ticket, before, score=answers.score)
    return step.receipt(ticket, reached=fixed is True)


def _send_back(ticket: Ticket, by: Actor, channel: str, answers: Answers, reason: str) -> Receipt:
    """Once too often, and the dispatcher decides who goes: whoever came three times did not mend it."""
    _check_score(answers.score)
    too_often, left, changes = ticket.reopen_count >= policy().reopen_max, _incident_left(ticket), _anew(ticket)
    if not too_often and ticket.technician_id and people_reads.technician(ticket.technician_id).user.is_active:
        _to_the_same(ticket, changes)
    else:
        back = back_to_pool(ticket) | {"return_count": ticket.return_count} | changes
        step.move(ticket, "callback_reject", State.POOLED, **back)
    _keep(ticket, by.ref, channel, False, answers)
    told: dict[str, Any] = {"to": "dispatcher", "count": ticket.reopen_count} if too_often else {}
    why = reason or "still_broken"
    step.record(ticket, "callback_reject", State.AWAITING_CALLBACK, by, reason=why, data=told | left)
    step.announce(TicketSentBack, ticket, State.AWAITING_CALLBACK)
    if ticket.status == State.POOLED:
        push_wave(ticket, to_dispatcher=too_often)
    return step.receipt(ticket)


def _to_the_same(ticket: Ticket, changes: dict[str, Any]) -> None:
    assert ticket.technician_id is not None
    people.take_slot(technician_id=ticket.technician_id, forced=True)
    fresh = {"accepted_at": clock.now(), "arrived_at": None, "contacted_at": None, "bundle_id": None, "remote": False}
    step.move(ticket, "callback_reject", State.ACCEPTED, **changes, **fresh, **NO_SLOT)
    step.start_assignment(ticket, ticket.technician_id, "reopen", clock.now())


def _own_ticket(public_id: str, by: Actor, action: str) -> Ticket:
    seen = Ticket.objects.filter(public_id=public_id).values_list("technician_id", flat=True).first()
    people.lock_technicians(seen)
    rows = Ticket.objects.select_for_update(of=("self",), no_key=True).select_related("type")
    ticket = rows.filter(own_reports.of(by), public_id=public_id).first()
    if ticket is None or by.kind != "customer":
        raise TicketNotFound
    if ticket.technician_id != seen:
        raise Conflict
    step.check_state(ticket, action)
    return ticket


def _check_not_self(ticket: Ticket, by: Actor) -> None:
    """Separation of duty: who executed, helped or dispatched does not call back (domain.md §1.3)."""
    if TicketEvent.objects.filter(ticket_id=ticket.pk, actor=by.ref, action__in=EXECUTION).exists():
        raise SelfCallback
    if by.technician_id and _helped(ticket, by.technician_id):
        raise SelfCallback


def _helped(ticket: Ticket, technician_id: int) -> bool:
    shares = Assignment.objects.filter(ticket_id=ticket.pk, technician_id=technician_id, role="assist")
    return shares.exists()


def _check_score(score: int | None) -> None:
    if score is not None and not 1 <= score <= 5:
        raise Invalid({"score": [_("One to five stars, please.")]})


def _keep(ticket: Ticket, said_by: str, channel: str, fixed: bool | None, answers: Answers) -> None:
    CallbackRecord.objects.create(
        ticket_id=ticket.pk, channel=channel, fixed=fixed, score=answers.score, overcharged=answers.overcharged,
        on_time=answers.on_time, complaint=answers.complaint, note=answers.note[:300], actor=said_by, at=clock.now(),
    )  # fmt: skip
