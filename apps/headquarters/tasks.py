"""Wake-ups of headquarters. The truth is in the rows; running twice or at the same time is harmless."""

from celery import shared_task

from apps.headquarters.services import drive, moving_from
from tenants.context import current_branch
from tenants.fanout import sweep


@shared_task(name="headquarters.drive_handover", scope="public")
def drive_handover(link_id: str) -> str:
    """Tell the branches what became of a hand-over."""
    return drive(link_id)


@sweep("headquarters.handovers")
def sweep_handovers() -> None:
    """What a lost wake-up, a worker that died or a branch that was closed left behind."""
    for link_id in moving_from(current_branch()):
        drive(link_id)
