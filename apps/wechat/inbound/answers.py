"""Answers in the chat (客服消息, WeChat doc: §1.7): written with what caused them, sent by a worker, not by a request.

WeChat opens a window with everything a person does and takes a few answers in it. What comes too late is dropped with
a note: 45015 means the window is shut, 45047 that the allowance is used up. A worker may die at any line; whose answer
may have gone out already is not sent again, because WeChat would show it twice.
"""

import logging
import random
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from apps.wechat.calls.client import client_for
from apps.wechat.errors import WeChatError
from apps.wechat.inbound.told import Told
from apps.wechat.models import ChatAnswer, WxAccount
from apps.wechat.push.gates import door_of
from apps.wechat.rules import policy
from apps.wechat.rules.policy import Then
from steppe.kernel import clock

LEASE = timedelta(seconds=60)
AFTER_MESSAGE = timedelta(hours=2)  # WeChat's window is 48 hours; an answer later than this answers nobody
AFTER_TAP = timedelta(minutes=1)  # follow, scan, menu: WeChat's own window
CLOSED = {45015: "window_shut", 45047: "allowance_used_up"}
KEPT = timedelta(days=7)
log = logging.getLogger("steppe.wechat.answers")


def say(told: Told, about: str, text: str, *, within: timedelta = AFTER_MESSAGE) -> None:
    """Answer this callback, once. Runs in the transaction of what it answers; the caller wakes the worker."""
    write(account=told.account, openid=told.openid, cause=told.cause, about=about, text=text, until=told.at + within)


def write(*, account: WxAccount, openid: str, cause: str, about: str, text: str, until: datetime) -> None:
    """The same for what is no callback. Twice the same cause is one answer."""
    row = ChatAnswer(
        account=account, openid=openid, cause=cause, about=about, text=text[:1000], next_try_at=clock.now(),
        made_at=clock.now(), expires_at=until,
    )  # fmt: skip
    ChatAnswer.objects.bulk_create([row], ignore_conflicts=True)


def stands(told: Told, about: str, since: datetime) -> bool:
    """Was this said to the person since then, as far as anybody knows? Waiting counts, lost does not. One query."""
    rows = ChatAnswer.objects.filter(account=told.account, openid=told.openid, about=about, made_at__gt=since)
    return rows.exclude(status__in=("dropped", "unknown")).exists()


def anything_due() -> bool:
    """Is there an answer to send now? One query."""
    return ChatAnswer.objects.filter(_due()).exists()


def send_due(limit: int = 100) -> int:
    """Send what is due, one after the other; how many were looked at. No transaction is open while WeChat is asked."""
    done = 0
    while done < limit and (row := _claim()):
        _deliver(row)
        done += 1
    return done


def forget_old() -> None:
    """What was said to whom is not kept longer than needed."""
    ChatAnswer.objects.filter(made_at__lt=clock.now() - KEPT).exclude(status="sending").delete()


def _due() -> Q:
    now = clock.now()
    speaks = Q(account__paused_until__isnull=True) | Q(account__paused_until__lte=now) | Q(expires_at__lte=now)
    return (Q(status="pending", next_try_at__lte=now) & speaks) | Q(status="sending", locked_until__lte=now)


def _claim() -> ChatAnswer | None:
    """Take the oldest that is due; other workers take the others. Two queries, one transaction."""
    with transaction.atomic():
        rows = ChatAnswer.objects.select_for_update(skip_locked=True, of=("self",)).select_related("account")
        row = rows.filter(_due()).order_by("next_try_at", "id").first()
        if row is None:
            return None
        row.reason = "worker_gone" if row.status == "sending" else ""
        row.status, row.attempts, row.locked_until = "sending", row.attempts + 1, clock.now() + LEASE
        row.save(update_fields=["status", "attempts", "locked_until", "reason"])
    return row


def _deliver(row: ChatAnswer) -> None:
    if row.reason:  # its worker died between send and save: it may be on the phone
        return _close(row, "unknown", row.reason)
    if row.expires_at <= clock.now():
        return _close(row, "dropped", "too_late")
    if not row.account.enabled:
        return _close(row, "dropped", "no_account")
    if wait := door_of(row.account).wait_s():  # no try: nobody was asked
        again = clock.now() + timedelta(seconds=wait)
        return _close(row, "pending", "waiting", next_try_at=again, attempts=row.attempts - 1)
    try:
        client_for(row.account).custom_send(openid=row.openid, text=row.text)
    except WeChatError as error:
        return _failed(row, error)
    return _close(row, "sent", "", sent_at=clock.now())


def _failed(row: ChatAnswer, error: WeChatError) -> None:
    """What the policy of cards says, but for the window's own numbers; ambiguous ones are not repeated."""
    log.warning("answer failed", extra={"answer": row.pk, "errcode": error.errcode, "rid": error.rid})
    rule, now = policy.rule_for(error.errcode), clock.now()
    if error.errcode in CLOSED:
        return _close(row, "dropped", CLOSED[error.errcode])
    if error.ambiguous:
        return _close(row, "unknown", type(error).__name__)
    again = policy.pause_until(rule.pause, now) if rule.then == Then.WAIT else None
    if rule.then == Then.RETRY:
        again = policy.retry_at(attempts=row.attempts, now=now, jitter=random.random())  # noqa: S311
    if again is None:
        return _close(row, "dropped", type(error).__name__)
    return _close(row, "pending", type(error).__name__, next_try_at=again)


def _close(row: ChatAnswer, status: str, reason: str, **more: object) -> None:
    """A worker that was given up changes nothing any more."""
    mine = ChatAnswer.objects.filter(pk=row.pk, status="sending", attempts=row.attempts)
    mine.update(status=status, reason=reason[:30], locked_until=None, **more)
