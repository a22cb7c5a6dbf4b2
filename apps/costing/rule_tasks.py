"""Wake-ups of try-outs. The truth is in the rows; running twice or at the same time is harmless."""

from celery import shared_task

from apps.costing.services import tryouts
from tenants.fanout import sweep


@shared_task(name="costing.try_out")
def try_out(public_id: str) -> str:
    """Try one draft out."""
    return tryouts.try_out(public_id)


@sweep("costing.try_outs")
def sweep_try_outs() -> None:
    """What a lost wake-up or a worker that died left behind."""
    for public_id in tryouts.waiting_tries():
        try_out.wake(public_id)
