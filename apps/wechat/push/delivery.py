"""Sending one card: look again whether it still makes sense, call the other side outside any transaction, keep the
outcome. How a channel does it stands in push/channels/."""

import logging
import random
import time
from datetime import datetime

from django.db import transaction

from apps.people import selectors as people
from apps.tickets import selectors as tickets
from apps.tickets.errors import TicketNotFound
from apps.tickets.rules.workflow import HELD, State
from apps.wechat.calls.gate import CircuitOpen
from apps.wechat.errors import WeChatError
from apps.wechat.models import PushOutbox, Status
from apps.wechat.push import outbox, trouble
from apps.wechat.push.channels import CHANNELS, Channel
from apps.wechat.push.gates import Door, door_of
from apps.wechat.push.turn import SLOW_S, WHOLE_TURN_S, Turn
from apps.wechat.rules import policy
from apps.wechat.rules.cards import CARDS, Card
from apps.wechat.rules.policy import Rule, Then
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM

log = logging.getLogger("steppe.wechat.push")
End = tuple[Status, str]


def send_due(limit: int = 100) -> int:
    """Send what is due, one card after the other; how many were looked at.

    An account that must not be asked now, or that let us wait for nothing, rests while the others' cards go.
    """
    turn, done = Turn(), 0
    while done < limit:
        row = outbox.claim_next(besides=turn.resting())
        if row is not None:
            turn.rest(row, deliver(row))
            done += 1
        elif not turn.nap():
            break
    return done


def deliver(row: PushOutbox) -> float:
    """One claimed card; the seconds for which this worker should let its account alone.

    No transaction is open while the other side is asked.
    """
    channel = CHANNELS[row.channel]
    if end := why_end(row, channel):
        finish(row, channel, *end)
        return 0.0
    door = door_of(channel.account_of(row))
    if wait_s := door.wait_s():
        return outbox.wait(row, wait_s)
    if why := channel.prepare(row):  # only now: it takes what the message needs (a consent)
        finish(row, channel, _unsent(row), why)
        return 0.0
    return _send(row, channel, door)


def _send(row: PushOutbox, channel: Channel, door: Door) -> float:
    started, began = clock.now(), time.monotonic()
    try:
        with door.passing():
            sent = channel.send(row)
    except CircuitOpen as error:  # nobody was asked
        return outbox.wait(row, error.wait_s)
    except WeChatError as error:
        _failed(row, channel, error, started)
        return WHOLE_TURN_S if time.monotonic() - began > SLOW_S else 0.0
    outbox.accept(row, sent, at=started)
    channel.arrived(row)
    return 0.0


def why_end(row: PushOutbox, channel: Channel) -> End | None:
    """Why this card must not be sent (any more); None when it may. Up to five queries."""
    now = clock.now()
    if row.sent_at and not _may_repeat(row, channel, now):
        return Status.UNKNOWN, "ambiguous_too_long"  # a repetition could be a second card
    if row.expires_at <= now:
        return (Status.UNKNOWN if row.sent_at else Status.EXPIRED), "expired"
    why = channel.why_not(row) or outdated(row, CARDS[row.template_key])
    return (_unsent(row), why) if why else None


def _unsent(row: PushOutbox) -> Status:
    """It may be on the phone already."""
    return Status.UNKNOWN if row.sent_at else Status.SKIPPED


def finish(row: PushOutbox, channel: Channel, status: Status, reason: str, **facts: object) -> None:
    """Close the card; what it held is given back if surely nothing was sent."""
    if outbox.end(row, status, reason, **facts) and status != Status.UNKNOWN:
        channel.release(row)


def outdated(row: PushOutbox, card: Card) -> str:
    """Has the world moved on since the card was decided? Up to two queries."""
    if card.customer or card.farewell or card.ticketless:
        return ""
    try:
        ticket = tickets.ticket_for(SYSTEM, row.ticket).ticket
    except TicketNotFound:
        return "ticket_gone"
    if card.key == "escalated":
        return ""
    if not card.wave:
        return "" if ticket.technician_id == row.technician_id and ticket.status in HELD else "given_to_another"
    if ticket.status != State.POOLED:
        return "not_in_pool"
    return "" if people.technician(row.technician_id or 0).on_duty else "off_duty"


def _may_repeat(row: PushOutbox, channel: Channel, now: datetime) -> bool:
    assert row.sent_at is not None
    in_time = now - row.sent_at <= policy.REPEATABLE and row.attempts <= policy.MOST_TRIES
    return in_time and channel.repeats(row)


def _failed(row: PushOutbox, channel: Channel, error: WeChatError, started: datetime) -> None:
    """What the policy says about this answer: to the card, to the account, to the person, to whoever repairs."""
    rule, now = channel.rule_for(row, error), clock.now()
    maybe_sent_at = row.sent_at or (started if error.ambiguous else None)
    facts = {"errcode": error.errcode, "rid": error.rid, "sent_at": maybe_sent_at}
    reason = rule.reason or rule.mark or type(error).__name__
    hopeless = maybe_sent_at is not None and not channel.repeats(row)
    with transaction.atomic():
        channel.remember(row, rule, error)
        trouble.note(channel.account_of(row), row, rule, error, now)
        if hopeless:
            finish(row, channel, Status.UNKNOWN, "ambiguous", **facts)
        elif again := _next_try(rule, row, now):
            outbox.postpone(row, again, reason=reason[:30], **facts)
        else:
            tired = rule.then in {Then.RETRY, Then.WAIT}
            ended = Status.FAILED if tired else Status(rule.then)
            # A clear no says nothing of an earlier try whose answer got lost: that one may be on the phone.
            ended = Status.UNKNOWN if maybe_sent_at else ended
            finish(row, channel, ended, "too_many_tries" if tired else reason, **facts)


def _next_try(rule: Rule, row: PushOutbox, now: datetime) -> datetime | None:
    if rule.then == Then.WAIT:
        return policy.pause_until(rule.pause, now)
    if rule.then == Then.RETRY:
        return policy.retry_at(attempts=row.attempts, now=now, jitter=random.random())  # noqa: S311
    return None
