"""Wake-ups. The truth is in the rows; running twice or at the same time is harmless."""

from celery import shared_task

from apps.exports import services
from apps.exports.mail_read import is_set_up
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


@shared_task(name="exports.send", queue="reports")
def send_letter(public_id: str) -> str:
    """Send one letter."""
    return services.send_letter(public_id)


@sweep("exports.mail")
def sweep_mail() -> None:
    """Reports whose time has come, files that are ready, letters that wait. Nothing without a mail server."""
    if not is_set_up():
        return
    for schedule in services.due_schedules():
        if export := services.begin(schedule):
            make_export.wake(export)
    services.follow()
    for public_id in services.waiting_letters():
        send_letter.wake(public_id)


@nightly("exports.tidy")
def tidy_exports() -> None:
    """Files of a week ago."""
    services.forget_exports()
