"""Counting the branches' months: woken by what happened, swept for what a lost wake-up left, compared at night."""

from celery import shared_task

from apps.headquarters.services.months import catch_up, compare
from apps.headquarters.services.types import look_at_types, look_now_and_then
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


@sweep("headquarters.types")
def sweep_types() -> None:
    """What types the branch uses, every ten minutes."""
    look_now_and_then(current_branch())


@nightly("headquarters.types")
def look_nightly() -> None:
    """The same, however lately somebody looked."""
    look_at_types(current_branch())


@nightly("headquarters.months")
def compare_months() -> None:
    """Every month of the last thirteen as the branch has it; what was otherwise is kept and put right."""
    compare(current_branch())
