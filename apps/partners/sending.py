"""Sending one event: look again whether it may be told, call outside any transaction, keep what came of it."""

import logging

from apps.partners import credentials, outbound, queue
from apps.partners.models import AllowedHost, Delivery
from apps.partners.outbound import Answer
from apps.partners.rules import addresses, scopes, signing
from steppe.kernel import clock

MOST = 50  # in one turn of a worker, which may wait a quarter of a minute for each; the sweep wakes the next
WHOLE_TURN_S = 60
log = logging.getLogger("steppe.partners")


def send_due(limit: int = MOST) -> int:
    """Send what is due, one after the other; how many were looked at."""
    began, done = clock.now(), 0
    while done < limit and (clock.now() - began).total_seconds() < WHOLE_TURN_S:
        row = queue.claim_next()
        if row is None:
            break
        deliver(row)
        done += 1
    return done


def deliver(row: Delivery) -> None:
    """One claimed event. The world may have moved on since it was noted: the token, the listener, the list of hosts."""
    if why := why_not(row):
        queue.bury(row, why)
        return
    queue.close(row, _sent(row))


def why_not(row: Delivery) -> str:
    """Why nobody may be told of this any more; empty when they may. One query."""
    listener, now = row.listener, clock.now()
    partner = listener.partner
    if partner.revoked_at or partner.expires_at <= now:
        return "the token is not valid any more"
    if listener.ended_at:
        return "the listener was removed"
    if not scopes.may_hear(row.event_type, partner.scopes):
        return "the token does not have the scope"
    return "" if _allowed(listener.callback) else "the host is not allowed any more"


def _allowed(callback: str) -> bool:
    to = addresses.parse(callback)
    return to is not None and AllowedHost.objects.filter(host=to.allowed_as).exists()


def _sent(row: Delivery) -> Answer:
    to, body = addresses.parse(row.listener.callback), row.body.encode()
    assert to is not None  # why_not has parsed it
    key = credentials.signing_key_of(row.listener.partner)
    answer = outbound.post(to, body, signing.headers(key, str(row.event_id), int(clock.now().timestamp()), body))
    log.info("event sent", extra={"delivery": row.pk, "try": row.tries, "status": answer.status})
    return answer
