"""What the branch does about what WeChat told it. Each callback has its effect once, in any order; see HANDLERS."""

import logging
from collections.abc import Callable

from django.db import transaction

from apps.wechat.gateway import services as gateway
from apps.wechat.gateway.models import Inbox
from apps.wechat.inbound import counting, following, position, receipts, scanning, writing
from apps.wechat.inbound.told import Told, kind_of
from apps.wechat.models import Heard, WxAccount
from steppe.kernel import clock
from tenants.context import current_branch

log = logging.getLogger("steppe.wechat.inbound")
Handler = Callable[[Told], None]

EVENTS: dict[str, Handler] = {
    "subscribe": following.followed,
    "unsubscribe": following.unfollowed,
    "SCAN": scanning.scanned,
    "scancode_push": scanning.scanned_in_menu,
    "scancode_waitmsg": scanning.scanned_in_menu,
    "CLICK": writing.clicked,
    "VIEW": counting.viewed,
    "LOCATION": position.seen,
    "TEMPLATESENDJOBFINISH": receipts.card_finished,
    "subscribe_msg_popup_event": receipts.consent_told,
    "subscribe_msg_change_event": receipts.consent_told,
    "subscribe_msg_sent_event": receipts.notice_finished,
}
MESSAGES: dict[str, Handler] = {
    "text": writing.text,
    "image": writing.picture,
    "location": writing.place,
    "voice": writing.unreadable,
    "video": writing.unreadable,
    "shortvideo": writing.unreadable,
    "link": writing.unreadable,
}
HANDLERS: dict[str, Handler] = MESSAGES | EVENTS  # no message is called like an event: location and LOCATION


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
    """One callback, in one transaction of the branch: `done` or `ignored`.

    Two workers may have the same row: the second waits for the first at the row of Heard, and finds it done.
    """
    known = EVENTS if row.payload.get("MsgType") == "event" else MESSAGES
    handler = known.get(kind_of(row.payload))
    if handler is None:
        return "ignored"
    with transaction.atomic():
        account = WxAccount.objects.get(appid=row.appid)
        _mark, first = Heard.objects.get_or_create(cause=row.dedupe, defaults={"at": clock.now()})
        if first:
            handler(Told(account, row.payload, row.dedupe))
    return "done"
