"""Wake-ups. The truth is in the rows; running twice or at the same time is harmless."""

from celery import shared_task

from apps.wechat import delivery, inbound, outbox
from apps.wechat.gateway import services as gateway
from tenants.context import current_branch
from tenants.fanout import sweep


@shared_task(name="wechat.send_pushes")
def send_pushes() -> int:
    """Send the branch's due cards."""
    return delivery.send_due()


@shared_task(name="wechat.handle_inbox")
def handle_inbox() -> int:
    """Take in what WeChat told this branch."""
    return inbound.take_all()


@sweep("wechat.pushes")
def sweep_pushes() -> None:
    """What a lost wake-up left behind; sending itself is the task's, because it may take long."""
    if outbox.anything_due():
        send_pushes.wake()
    outbox.sweep_receipts()


@sweep("wechat.inbox")
def sweep_inbox() -> None:
    """Callbacks nobody has taken in yet, and those that are old enough to be forgotten."""
    schema = current_branch().schema_name
    if gateway.waiting(schema):
        handle_inbox.wake()
    gateway.forget_old(schema)
