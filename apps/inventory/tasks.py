"""Wake-ups. The truth is in the rows; running twice or at the same time is harmless."""

from celery import shared_task

from apps.inventory.services import imports, watching
from tenants.fanout import nightly, sweep


@shared_task(name="inventory.take_in")
def take_in(public_id: str) -> str:
    """Take in one file that was brought."""
    return imports.take_in(public_id)


@sweep("inventory.imports")
def sweep_imports() -> None:
    """What a lost wake-up or a worker that died left behind."""
    for public_id in imports.waiting_imports():
        take_in.wake(public_id)


@nightly("inventory.imports")
def forget_imports() -> None:
    """Files of a week ago."""
    imports.forget_imports()


@nightly("inventory.warnings")
def look_at_the_shelves() -> None:
    """What has too little, or lies too long."""
    watching.sweep_warnings()
