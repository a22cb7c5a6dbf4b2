"""Wake-ups. The truth is in the rows; running twice or at the same time is harmless."""

from celery import shared_task
from django.db import transaction

from apps.wechat.gateway import membership, visits
from apps.wechat.gateway import services as gateway
from apps.wechat.gateway import waiting as unrouted
from apps.wechat.inbound import answers, pictures
from apps.wechat.inbound import inbox as inbound
from apps.wechat.inbound.tidying import tidy
from apps.wechat.push import delivery, fallback, outbox, reports
from apps.wechat.services import erasing
from tenants.context import current_branch
from tenants.fanout import nightly, sweep


@shared_task(name="wechat.send_pushes")
def send_pushes() -> int:
    """Send the branch's due cards."""
    return delivery.send_due()


@shared_task(name="wechat.handle_inbox")
def handle_inbox() -> int:
    """Take in what WeChat told this branch; answers and pictures follow at once, in tasks of their own."""
    taken = inbound.take_all()
    _wake_after_inbox()
    return taken


@shared_task(name="wechat.send_answers")
def send_answers() -> int:
    """Send the branch's due answers in the chat."""
    return answers.send_due()


@shared_task(name="wechat.fetch_pictures")
def fetch_pictures() -> int:
    """Fetch what people sent, while WeChat has it."""
    return pictures.fetch_due()


def _wake_after_inbox() -> None:
    if answers.anything_due():
        send_answers.wake()
    if pictures.anything_due():
        fetch_pictures.wake()


@shared_task(name="wechat.route_shared", scope="public")
def route_shared() -> int:
    """Find the branches of what shared accounts have heard; wake them."""
    woken = unrouted.route_waiting()
    for schema in woken:
        wake_inbox_of(schema)
    return len(woken)


@shared_task(name="wechat.follow_shared")
def follow_shared() -> bool:
    """Bring the branch's row of a shared account to what headquarters says."""
    return membership.follow()


def wake_inbox_of(schema_name: str) -> None:
    """Another branch has something in its inbox. Without a broker its sweep finds it a few seconds later."""
    headers = {"_schema_name": schema_name}
    transaction.on_commit(lambda: handle_inbox.apply_async(headers=headers, retry=False), robust=True)


@shared_task(name="wechat.take_reports")
def take_reports() -> int:
    """Ask the SMS gateway what became of the branch's messages."""
    return reports.take()


@sweep("wechat.pushes")
def sweep_pushes() -> None:
    """Other channels where one's time is over, and what a lost wake-up left behind; sending itself is the task's,
    because it may take long."""
    fallback.look_at_all()
    if reports.are_due():
        take_reports.wake()
    if outbox.anything_due():
        send_pushes.wake()
    outbox.sweep_receipts()


@sweep("wechat.shared")
def sweep_shared() -> None:
    """What headquarters changed while the branch was closed, or a worker was killed."""
    membership.follow_now_and_then()


@nightly("wechat.visits", headquarters=True)
def forget_visits() -> None:
    """Sign-ins that are over, and callbacks whose people never chose a branch. Both stand in `public`."""
    visits.forget_old()
    unrouted.forget_unanswered()


@sweep("wechat.inbox")
def sweep_inbox() -> None:
    """Callbacks nobody has taken in yet, and those that are old enough to be forgotten."""
    schema = current_branch().schema_name
    if gateway.waiting(schema):
        handle_inbox.wake()
    _wake_after_inbox()
    gateway.forget_old(schema)


@nightly("wechat.chat")
def tidy_chat() -> None:
    """Drafts, answers and marks that are old."""
    tidy()


@sweep("wechat.erasures")
def sweep_erasures() -> None:
    """What stands about people who unfollowed, were unbound or want to be forgotten."""
    erasing.sweep_now_and_then()


@nightly("wechat.erasures")
def erase_again() -> None:
    """What was still on its way then; codes and tries that are over."""
    erasing.sweep_again()
