"""What the branch does about what WeChat told it. Each handler bears being called twice, and in any order."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from apps.wechat import outbox
from apps.wechat.gateway import services as gateway
from apps.wechat.gateway.models import Inbox
from apps.wechat.models import CustomerIdentity, StaffBinding, WxAccount
from steppe.kernel import clock
from tenants.context import current_branch

log = logging.getLogger("steppe.wechat.inbound")
Payload = dict[str, Any]
Handler = Callable[[WxAccount, Payload], None]


def take_all() -> int:
    """Work through the branch's waiting callbacks; one that fails waits for its next try and blocks nobody."""
    rows = gateway.waiting(current_branch().schema_name)
    for row in rows:
        try:
            outcome = take(row)
        except Exception as error:  # noqa: BLE001  anything may stand in a message from outside
            log.warning("callback failed", extra={"inbox": row.pk, "error": type(error).__name__})
            gateway.mark_failed(row, error)
        else:
            gateway.mark_done(row, outcome)
    return len(rows)


def take(row: Inbox) -> str:
    """One callback, in one transaction of the branch: `done` or `ignored`."""
    handler = HANDLERS.get(str(row.payload.get("Event") or row.payload.get("MsgType")))
    if handler is None:
        return "ignored"
    with transaction.atomic():
        handler(WxAccount.objects.get(appid=row.appid), row.payload)
    return "done"


def _followed(account: WxAccount, payload: Payload) -> None:
    _set_followed(account, payload, True)


def _unfollowed(account: WxAccount, payload: Payload) -> None:
    """Cards that still wait are skipped when their turn comes."""
    _set_followed(account, payload, False)


def _set_followed(account: WxAccount, payload: Payload, followed: bool) -> None:
    """Events come late and out of order: only one that is newer than what we know changes anything."""
    at = datetime.fromtimestamp(int(payload["CreateTime"]), UTC)
    newer = Q(follow_seen_at__isnull=True) | Q(follow_seen_at__lte=at)
    for people in (StaffBinding, CustomerIdentity):
        known = people.objects.filter(newer, account=account, openid=payload["FromUserName"])
        known.update(followed=followed, follow_seen_at=at)


def _card_finished(account: WxAccount, payload: Payload) -> None:
    """TEMPLATESENDJOBFINISH: the card arrived, or did not."""
    outbox.keep_receipt(account, int(payload["MsgID"]), str(payload["Status"]), clock.now())


HANDLERS: dict[str, Handler] = {
    "subscribe": _followed,
    "unsubscribe": _unfollowed,
    "TEMPLATESENDJOBFINISH": _card_finished,
}
