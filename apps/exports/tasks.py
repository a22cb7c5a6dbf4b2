"""Wake-ups. The truth is in the rows; running twice or at the same time is harmless."""

from celery import shared_task

from apps.exports import services
from tenants.fanout import nightly, sweep


@shared_task(name="exports.make", queue="reports", soft_time_limit=1700, time_limit=1800)
def make_export(public_id: str) -> str:
    """Make one file; half an hour is the longest."""
    return services.make(public_id)


@sweep("exports.waiting")
def sweep_exports() -> None:
    """What a lost wake-up or a maker that died left behind."""
    for public_id in services.waiting_exports():
        make_export.wake(public_id)


@nightly("exports.tidy")
def tidy_exports() -> None:
    """Files of a week ago."""
    services.forget_exports()
