"""Wake-ups. The truth is in the rows; running twice or at the same time is harmless."""

from celery import shared_task

from apps.tickets.services import imports
from tenants.fanout import nightly, sweep


@shared_task(name="tickets.take_in", queue="default")  # long, and not to stand before what is urgent
def take_in(public_id: str) -> str:
    """Open tickets from one brought file, some at a time."""
    state = imports.take_in(public_id)
    if state == "waiting":
        take_in.wake(public_id)
    return state


@sweep("tickets.imports")
def sweep_imports() -> None:
    """What a lost wake-up or a worker that died left behind."""
    for public_id in imports.waiting_imports():
        take_in.wake(public_id)


@nightly("tickets.imports")
def forget_imports() -> None:
    """Files nobody decided about, and old ones."""
    imports.forget_imports()
