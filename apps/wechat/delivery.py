"""Sending one card: look again whether it still makes sense, call WeChat outside any transaction, keep the outcome."""

import logging
import random
from datetime import datetime

from django.db import transaction

from apps.people import selectors as people
from apps.tickets import selectors as tickets
from apps.tickets.errors import TicketNotFound
from apps.tickets.rules.workflow import HELD, State
from apps.wechat import accounts, outbox, policy
from apps.wechat.cards import CARDS, Card, rendered
from apps.wechat.client import client_for
from apps.wechat.errors import WeChatError
from apps.wechat.links import page_url
from apps.wechat.models import (
    CustomerIdentity,
    Known,
    PushOutbox,
    StaffBinding,
    Status,
    WxAccount,
)
from apps.wechat.notify import why_not
from apps.wechat.policy import Mark, Rule, Then
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM

log = logging.getLogger("steppe.wechat.push")
End = tuple[Status, str]


def send_due(limit: int = 100) -> int:
    """Send what is due, one card after the other; how many were looked at."""
    done = 0
    while done < limit and (row := outbox.claim_next()):
        deliver(row)
        done += 1
    return done


def deliver(row: PushOutbox) -> None:
    """One claimed card. No transaction is open while WeChat is asked."""
    known = _recipient(row)
    if end := why_end(row, known):
        return outbox.end(row, *end)
    assert row.account is not None
    assert known is not None
    started = clock.now()
    try:
        msgid = _send(row, row.account, known)
    except WeChatError as error:
        return _failed(row, row.account, known, error, started)
    return outbox.accept(row, msgid, at=started)


def why_end(row: PushOutbox, known: Known | None) -> End | None:
    """Why this card must not be sent (any more); None when it may. Up to four queries."""
    now = clock.now()
    unsent = Status.UNKNOWN if row.sent_at else Status.SKIPPED  # it may be on the phone already
    if row.sent_at and (now - row.sent_at > policy.REPEATABLE or row.attempts > policy.MOST_TRIES):
        return Status.UNKNOWN, "ambiguous_too_long"  # a repetition could be a second card
    if row.expires_at <= now:
        return (Status.UNKNOWN if row.sent_at else Status.EXPIRED), "expired"
    why = why_not(row.account, known, row.template_key) or _outdated(row, CARDS[row.template_key])
    return (unsent, why) if why else None


def _outdated(row: PushOutbox, card: Card) -> str:
    """The world has moved on since the card was decided."""
    if card.customer or card.farewell:
        return ""
    try:
        ticket = tickets.ticket_for(SYSTEM, row.ticket).ticket
    except TicketNotFound:
        return "ticket_gone"
    if not card.wave:
        return "" if ticket.technician_id == row.technician_id and ticket.status in HELD else "given_to_another"
    if ticket.status != State.POOLED:
        return "not_in_pool"
    return "" if people.technician(row.technician_id or 0).on_duty else "off_duty"


def _recipient(row: PushOutbox) -> Known | None:
    if row.account is None:
        return None
    if row.technician_id:
        return accounts.binding_of_technician(row.account, row.technician_id)
    return accounts.identity_of_customer(row.account, row.customer_id or 0)


def _send(row: PushOutbox, account: WxAccount, known: Known) -> int:
    template = account.templates[row.template_key]
    page = CARDS[row.template_key].page.format(ticket=row.ticket, card=row.public_id)
    return client_for(account).send_template(
        openid=known.openid, template_id=template["template_id"], url=page_url(page),
        data=rendered(template["keywords"], row.payload), client_msg_id=row.client_msg_id,
    )  # fmt: skip


def _failed(row: PushOutbox, account: WxAccount, known: Known, error: WeChatError, started: datetime) -> None:
    """What the policy says about this answer: to the card, to the account, to the person, to whoever repairs."""
    rule, now = policy.rule_for(error.errcode), clock.now()
    maybe_sent_at = row.sent_at or (started if error.ambiguous else None)
    facts = {"errcode": error.errcode, "rid": error.rid, "sent_at": maybe_sent_at}
    with transaction.atomic():
        _mark(rule.mark, row, account, known, error)
        _pause(account, rule, error, now)
        if again := _next_try(rule, row, now):
            outbox.postpone(row, again, reason=type(error).__name__, **facts)
        elif rule.then in {Then.RETRY, Then.WAIT}:
            outbox.end(row, Status.UNKNOWN if maybe_sent_at else Status.FAILED, "too_many_tries", **facts)
        else:
            outbox.end(row, Status(rule.then), rule.mark or type(error).__name__, **facts)


def _next_try(rule: Rule, row: PushOutbox, now: datetime) -> datetime | None:
    if rule.then == Then.WAIT:
        return policy.pause_until(rule.pause, now)
    if rule.then == Then.RETRY:
        return policy.retry_at(attempts=row.attempts, now=now, jitter=random.random())  # noqa: S311
    return None


def _pause(account: WxAccount, rule: Rule, error: WeChatError, now: datetime) -> None:
    """Silence the account for a while, and say what is wrong in words its administrator can act on."""
    changes: dict[str, object] = {}
    if rule.pause:
        changes["paused_until"] = policy.pause_until(rule.pause, now)
    if rule.alarm:
        changes["trouble"] = f"{error.errcode} {error.errmsg}"[:240]
        facts = {"appid": account.appid, "errcode": error.errcode, "rid": error.rid}
        log.error("service account needs a hand", extra=facts)
    if changes:
        WxAccount.objects.filter(pk=account.pk).update(**changes)


def _mark(mark: Mark, row: PushOutbox, account: WxAccount, known: Known, error: WeChatError) -> None:
    if mark == Mark.TEMPLATE_WRONG:
        return _switch_off(account, row.template_key, error.errcode)
    people_of: type[StaffBinding] | type[CustomerIdentity] = type(known)  # type: ignore[assignment]
    if mark == Mark.NOT_FOLLOWING:
        people_of.objects.filter(pk=known.pk).update(followed=False)
    if mark == Mark.TEMPLATE_REFUSED:
        template_id = account.templates[row.template_key]["template_id"]
        until = (clock.now() + policy.REFUSED_FOR).isoformat()
        people_of.objects.filter(pk=known.pk).update(refused={**known.refused, template_id: until})
    return None


def _switch_off(account: WxAccount, card_key: str, errcode: int | None) -> None:
    """A wrong template fails for everybody: no further card of this kind until somebody has set it up anew."""
    locked = WxAccount.objects.select_for_update().get(pk=account.pk)
    locked.templates[card_key]["broken"] = errcode
    locked.save(update_fields=["templates"])
