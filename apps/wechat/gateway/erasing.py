"""What WeChat told about a person who left: the callbacks stay as counts, without words, places or the openid."""

from django.db import transaction

from apps.wechat.gateway.models import Inbox
from apps.wechat.gateway.services import MOST_TRIES
from steppe.kernel import clock
from tenants.context import in_public

KEPT = ("MsgType", "Event", "CreateTime")
AT_ONCE = 500


def redact(*, appid: str, openid: str, schema_name: str) -> int:
    """Strike out the person's callbacks of this branch that are done or given up; how many.

    What still waits to be taken in is left to the next turn. One transaction in `public`, never inside one.
    """
    with in_public(), transaction.atomic(durable=True):
        rows = Inbox.objects.select_for_update().filter(
            appid=appid, schema_name=schema_name, payload__FromUserName=openid
        )
        over = [row for row in rows.order_by("id")[:AT_ONCE] if row.done_at or row.attempts >= MOST_TRIES]
        for row in over:
            row.payload = {name: row.payload[name] for name in KEPT if name in row.payload}
            row.done_at, row.error = row.done_at or clock.now(), ""
            row.outcome = row.outcome or "erased"
        Inbox.objects.bulk_update(over, ["payload", "done_at", "error", "outcome"])
    return len(over)
