"""What a failure means for a whole account: silence for a while, and words its administrator can act on."""

import logging
from datetime import datetime, timedelta

from apps.wechat.errors import GatewayFailed, WeChatError
from apps.wechat.models import PushOutbox, Status, WxAccount
from apps.wechat.push.channels.base import Account
from apps.wechat.push.gates import door_of
from apps.wechat.rules import policy
from apps.wechat.rules.policy import Rule

RATE_OVER = timedelta(minutes=10)
log = logging.getLogger("steppe.wechat.push")


def note(account: Account | None, row: PushOutbox, rule: Rule, error: WeChatError, now: datetime) -> None:
    """Pause the account and name the trouble, as the rule says. At most two queries."""
    changes: dict[str, object] = {}
    if rule.pause:
        changes["paused_until"] = until = policy.pause_until(rule.pause, now)
        _silence(account, until)
    if rule.alarm and _often_enough(row, rule, error, now):
        changes["trouble"] = f"{_number(error)} {error.errmsg}"[:240]
        facts = {"channel": row.channel, "errcode": _number(error), "rid": error.rid}
        log.error("an account for messages needs a hand", extra=facts)
    if account is not None and changes:
        type(account)._default_manager.filter(pk=account.pk).update(**changes)


def _silence(account: Account | None, until: datetime) -> None:
    """Every branch that uses the account learns it before its next card; `paused_until` is only this branch's.

    WeCom and the SMS gateway are the branch's own: their row is enough.
    """
    gate = door_of(account).gate if isinstance(account, WxAccount) else None
    if gate is not None:
        gate.silence(until)


def _often_enough(row: PushOutbox, rule: Rule, error: WeChatError, now: datetime) -> bool:
    """One unknown answer is somebody's odd phone; many of them are a change at the other side."""
    if rule.alarm_after <= 1:
        return True
    like = PushOutbox.objects.filter(channel=row.channel, account=row.account_id, status=Status.FAILED)
    recent = like.filter(watch_at__gt=now - RATE_OVER) | like.filter(made_at__gt=now - RATE_OVER)
    return recent.filter(reason=type(error).__name__).count() + 1 >= rule.alarm_after


def _number(error: WeChatError) -> object:
    return error.code if isinstance(error, GatewayFailed) else error.errcode
