"""Wake-ups. The truth is in the rows; running twice or at the same time is harmless."""

from celery import shared_task

from apps.partners import queue, sending
from tenants.fanout import nightly, sweep


@shared_task(name="partners.send_events")
def send_events() -> int:
    """Send the branch's due events."""
    return sending.send_due()


@sweep("partners.events")
def sweep_events() -> None:
    """Later tries, and what a lost wake-up or a dead worker left; sending may take long, so a task does it."""
    if queue.anything_due():
        send_events.wake()


@nightly("partners.events")
def forget_events() -> None:
    """Deliveries of more than a month ago."""
    queue.forget_old()
