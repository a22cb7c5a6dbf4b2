"""Wake-ups of the settlement. The truth is in the rows; running twice or at the same time is harmless."""

from celery import shared_task

from apps.costing.services import calculating, confirming, disputes
from tenants.fanout import nightly, sweep


@shared_task(name="costing.calculate")
def calculate(public_id: str) -> str:
    """Go on with a calculation; what is left after this slice wakes itself again."""
    state = calculating.work_on(public_id)
    if state == "waiting":
        calculate.wake(public_id)
    return state


@sweep("costing.runs")
def sweep_runs() -> None:
    """What a lost wake-up or a worker that died left behind."""
    for public_id in calculating.waiting_runs():
        calculate.wake(public_id)


@nightly("costing.silence")
def agree_by_silence() -> None:
    """Lines nobody spoke of in time are confirmed; disputes whose time is over go on."""
    confirming.sweep_silence()
    disputes.sweep_disputes()
