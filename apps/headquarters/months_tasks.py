"""Counting the branches' months: woken by what happened, swept for what a lost wake-up left, compared at night."""

from celery import shared_task

from apps.headquarters.services.months import catch_up, compare
from tenants.context import current_branch
from tenants.fanout import nightly, sweep


@shared_task(name="headquarters.count_months")
def count_months() -> None:
    """One branch's marked months; a branch that is slow or down delays only its own."""
    catch_up(current_branch())


@sweep("headquarters.months")
def sweep_months() -> None:
    """What rested meanwhile, and the months that run."""
    catch_up(current_branch())


@nightly("headquarters.months")
def compare_months() -> None:
    """Every month of the last thirteen as the branch has it; what was otherwise is kept and put right."""
    compare(current_branch())
